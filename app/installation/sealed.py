"""A file whose every change is found when it is read, also one that was cut short; encrypted with a key.

It begins with a header: what it is, whether it is encrypted, a salt and a verifier of the key. With a key,
pieces follow that AES-256-GCM encrypts under a key of this file alone (HKDF over the key and the salt); each
piece is bound to the header, to its place and to whether it is the last. Without a key the content follows as
it is, then its SHA-256 with the header.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.refusal import Refused

BEGINNING = b"practice-audits backup 1\n"
PLAIN, ENCRYPTED = b"P", b"E"
SALT, VERIFIER, KEY = 16, 16, 32
HEADER = len(BEGINNING) + 1 + SALT + VERIFIER
PIECE = 1 << 20
TAG = 16
DIGEST = 32

NO_BACKUP = "is not a backup of this service"
CHANGED = "has changed since it was written, or its end is missing"


def write(file: BinaryIO, content: Iterable[bytes], key: str | None) -> None:
    """Write the content sealed, encrypted where there is a key."""
    salt = os.urandom(SALT)
    verifier, cipher = _from_key(key, salt)
    header = BEGINNING + (ENCRYPTED if cipher else PLAIN) + salt + verifier
    file.write(header)
    digest = hashlib.sha256(header)
    for place, (piece, is_last) in enumerate(_with_last(_in_pieces(content))):
        if cipher:
            file.write(cipher.encrypt(_nonce(place, is_last=is_last), piece, header))
        else:
            file.write(piece)
            digest.update(piece)
    if not cipher:
        file.write(digest.digest())


@contextmanager
def opened(path: Path, key: str | None) -> Iterator[Iterator[bytes]]:
    """Yield the content of a sealed file in pieces.

    It is whole only once all pieces were read. Raises Refused, in a sentence that does not name the file, for
    a file that is no backup, needs another key, or was changed.
    """
    with path.open("rb") as file:
        header = file.read(HEADER)
        kind = header[len(BEGINNING) : len(BEGINNING) + 1]
        if len(header) < HEADER or not header.startswith(BEGINNING) or kind not in (PLAIN, ENCRYPTED):
            raise Refused(NO_BACKUP)
        if kind == PLAIN:
            yield _plain(file, header)
            return
        if key is None:
            raise Refused("is encrypted, so set BACKUP_KEY to the key that it was made with")
        salt, verifier = header[-SALT - VERIFIER : -VERIFIER], header[-VERIFIER:]
        made, cipher = _from_key(key, salt)
        if made != verifier or cipher is None:
            raise Refused("was made with another key than the one in BACKUP_KEY, or was changed")
        yield _decrypted(file, header, cipher)


def is_encrypted(path: Path) -> bool:
    """True for a sealed file that needs its key."""
    with path.open("rb") as file:
        return file.read(len(BEGINNING) + 1) == BEGINNING + ENCRYPTED


def _from_key(key: str | None, salt: bytes) -> tuple[bytes, AESGCM | None]:
    """Return the verifier of a key, and the cipher of the file with this salt."""
    if key is None:
        return bytes(VERIFIER), None
    made = HKDF(SHA256(), VERIFIER + KEY, salt, b"practice-audits backup").derive(key.encode())
    return made[:VERIFIER], AESGCM(made[VERIFIER:])


def _nonce(place: int, *, is_last: bool) -> bytes:
    return place.to_bytes(11, "big") + (b"\1" if is_last else b"\0")


def _in_pieces(content: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the content in pieces of one size; the last may be shorter, and empty."""
    rest = b""
    for some in content:
        rest += some
        while len(rest) >= PIECE:
            yield rest[:PIECE]
            rest = rest[PIECE:]
    yield rest


def _with_last(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield each piece with whether it is the last."""
    before: bytes | None = None
    for piece in pieces:
        if before is not None:
            yield before, False
        before = piece
    if before is not None:
        yield before, True


def _read(file: BinaryIO, size: int) -> Iterator[bytes]:
    while piece := file.read(size):
        yield piece


def _decrypted(file: BinaryIO, header: bytes, cipher: AESGCM) -> Iterator[bytes]:
    place = -1
    for place, (piece, is_last) in enumerate(_with_last(_read(file, PIECE + TAG))):
        try:
            yield cipher.decrypt(_nonce(place, is_last=is_last), piece, header)
        except InvalidTag:
            raise Refused(CHANGED) from None
    if place < 0:
        raise Refused(CHANGED)


def _plain(file: BinaryIO, header: bytes) -> Iterator[bytes]:
    """Yield all but the digest at the end, which must be that of what came before."""
    digest, held = hashlib.sha256(header), b""
    for piece in _read(file, PIECE):
        held += piece
        content, held = held[:-DIGEST], held[-DIGEST:]
        digest.update(content)
        yield content
    if held != digest.digest():
        raise Refused(CHANGED)
