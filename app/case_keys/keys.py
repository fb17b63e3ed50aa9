"""The keys of case numbers: what one encrypts, and the keyed hash by which numbers are compared. Pure.

All that a key does follows from one secret, which is never in the database. What is encrypted names its key,
so that two keys can be in use while one replaces the other.
"""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.case_numbers import without_slashes

MARK_LENGTH = 16
"""The characters of a keyed hash in 96 bits: of a million numbers no two have the same."""

ID_LENGTH = 8
"""The characters of a key's fingerprint by which what is encrypted names it."""

_HASHED_BYTES, _NONCE_BYTES, _KEY_BYTES = 12, 12, 32


class NotSealed(ValueError):
    """A text that this key did not encrypt, or that was changed since."""


class CaseKey:
    """A key of case numbers. The secret itself is not kept."""

    def __init__(self, secret: str) -> None:
        self.fingerprint = urlsafe_b64encode(_derived(secret, "fingerprint", _HASHED_BYTES)).decode()
        """The mark of the key that a database has: nobody can find the key by it."""
        self.id = self.fingerprint[:ID_LENGTH]
        self._encrypting = AESGCM(_derived(secret, "encrypting", _KEY_BYTES))
        self._comparing = _derived(secret, "comparing", _KEY_BYTES)

    def __repr__(self) -> str:
        return f"<CaseKey {self.id}>"

    def seal(self, text: str) -> str:
        """Return the text encrypted, behind the id of this key. The same text is never the same twice."""
        return f"{self.id}:{urlsafe_b64encode(self._sealed(text.encode())).decode()}"

    def seal_bytes(self, content: bytes) -> bytes:
        """Return the content of a file encrypted, behind the id of this key."""
        return self.id.encode() + b":" + self._sealed(content)

    def open_bytes(self, sealed: bytes) -> bytes:
        """Return the content that `seal_bytes` encrypted. Raises NotSealed."""
        id_, _, held = sealed.partition(b":")
        try:
            return self._opened(held, id_)
        except InvalidTag:
            raise NotSealed("this key did not encrypt the content") from None

    def open(self, sealed: str) -> str:
        """Return the text that `seal` encrypted. Raises NotSealed."""
        id_, _, content = sealed.partition(":")
        try:
            held = urlsafe_b64decode(content)
            if urlsafe_b64encode(held).decode() != content:
                raise ValueError("other texts decode to the same")
            return self._opened(held, id_.encode()).decode()
        except (InvalidTag, ValueError):
            raise NotSealed("this key did not encrypt the text") from None

    def _sealed(self, content: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._encrypting.encrypt(nonce, content, self.id.encode())

    def _opened(self, held: bytes, id_: bytes) -> bytes:
        return self._encrypting.decrypt(held[:_NONCE_BYTES], held[_NONCE_BYTES:], id_)

    def compared(self, number: str) -> str:
        """Return the keyed hash of a folded number: two cases are one where it is the same.

        Its first half is that of the number without slashes: two cases may be one where that is the same.
        A number of slashes alone is like no other.
        """
        whole, bare = self._hashed(number), without_slashes(number) or number
        return (whole if bare == number else self._hashed(bare)) + whole

    def _hashed(self, number: str) -> str:
        digest = hmac.digest(self._comparing, number.encode(), "sha256")
        return urlsafe_b64encode(digest[:_HASHED_BYTES]).decode()


@lru_cache(maxsize=8)
def key_of(secret: str) -> CaseKey:
    """Return the key of a secret; deriving it takes longer than using it."""
    return CaseKey(secret)


def id_in(sealed: str) -> str:
    """Return the id of the key that encrypted a text."""
    return sealed.partition(":")[0]


def may_be_one(compared: str) -> str:
    """Return the part of a keyed hash that is the same for cases that may be one."""
    return compared[:MARK_LENGTH]


def _derived(secret: str, use: str, length: int) -> bytes:
    info = f"practice-audits case numbers: {use}".encode()
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(secret.encode())
