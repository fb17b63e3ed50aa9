"""The chain of the history: the keyed hash of each row covers the row and the hash before it. Pure.

The key is never in the database. A row's words are covered by their own digests, each with a salt of its own:
words that are removed leave their digest and take the salt with them, so that the chain holds and nobody can
find out by trying which words they were.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

BEGINNING = "0" * 64
"""Stands before the first row."""

TEXTS = ("before", "after", "why")
"""The words of a row that can be removed."""

WHO = 2
"""The place of who did it among the facts of a row."""

DIGEST, SALT, SEAL = "digest", "salt", "seal"
"""The parts that stand for the salt of a row's words once some were removed: digests of those that went, and
salts of those that stay. Of who did it, once that was removed: its digest, and the seal of what stands in its
place."""

_SALT_BYTES = 16

Fact = str | int | None


class NotTheirs(Exception):
    """Raised where the words of a row and its salts do not belong together."""


class Link(NamedTuple):
    """A row as the chain covers it: its facts, its words, and its two hashes."""

    id: int
    facts: tuple[Fact, ...]
    """The moment, the day, who did it, the subject, and what happened."""
    texts: tuple[Fact, ...]
    """Its words, in the order of TEXTS."""
    salt: Fact
    removed: Fact
    """JSON by the names of the words, once some were removed."""
    previous_hash: Fact
    hash: Fact


def keyed(key: str, kind: str, *parts: Any) -> str:
    """Return the HMAC-SHA256, in hexadecimal, over the parts of something of this kind as JSON."""
    text = json.dumps([kind, *parts], ensure_ascii=False, separators=(",", ":"), default=str)
    return hmac.digest(key.encode(), text.encode(errors="surrogatepass"), "sha256").hex()


def new_salt(texts: Sequence[object]) -> str | None:
    """Return a salt for the words of a row; None where it has none."""
    return None if all(text is None for text in texts) else secrets.token_hex(_SALT_BYTES)


def hash_of(key: str, link: Link) -> str | None:
    """Return the hash that a row must have after its previous one; None where its words are not its own."""
    if link.salt is not None and link.removed is not None:
        return None
    try:
        digests = [_digest(key, link, name, text) for name, text in zip(TEXTS, link.texts, strict=True)]
        who = _digest_of_who(key, link)
    except NotTheirs:
        return None
    facts = [who if place == WHO else fact for place, fact in enumerate(link.facts)]
    return keyed(key, "row", link.previous_hash, link.id, *facts, *digests)


def is_right(key: str, link: Link) -> bool:
    """True when a row has the hash that it must have, whatever stands before it."""
    wanted = hash_of(key, link)
    return wanted is not None and isinstance(link.hash, str) and hmac.compare_digest(wanted, link.hash)


def end_seal(key: str, rows: int, last_hash: str) -> str:
    """Return the seal of the number of rows and the last hash."""
    return keyed(key, "end", rows, last_hash)


def document_digest(key: str, table: str, values: Sequence[Any]) -> str:
    """Return the digest of a document that is frozen, a row of a table, over the values of its columns."""
    return keyed(key, "document", table, *map(_plain, values))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return value


def without(key: str, link: Link, names: Collection[str], who: str | None = None) -> str:
    """Return what a row has instead of its salt once the words of these names are removed; with `who`, once
    that stands in the place of who did it."""
    kept: dict[str, Mapping[str, str]] = {}
    before = _parts(link.removed)
    if who is not None:
        kept["who"] = {DIGEST: _digest_of_who(key, link), SEAL: keyed(key, "instead", link.id, who)}
    elif "who" in before:
        kept["who"] = before["who"]
    for name, text in zip(TEXTS, link.texts, strict=True):
        if text is None:
            if name in before:
                kept[name] = before[name]
        elif name in names:
            digest = _digest(key, link, name, text)
            assert digest is not None
            kept[name] = {DIGEST: digest}
        else:
            kept[name] = {SALT: _salt_of(link, name)}
    return _written(kept)


def _digest_of_who(key: str, link: Link) -> str:
    """Return the digest of who did it. It has no salt: the hash before the row makes it its own.

    Raises NotTheirs where something else stands in the place of who did it than was put there.
    """
    instead = _parts(link.removed).get("who")
    if instead is None:
        return keyed(key, "who", link.previous_hash, link.id, link.facts[WHO])
    if instead.get(SEAL) != keyed(key, "instead", link.id, link.facts[WHO]) or DIGEST not in instead:
        raise NotTheirs
    return instead[DIGEST]


def _digest(key: str, link: Link, name: str, text: Fact) -> str | None:
    """Return the digest of words of a row, whether they are there or were removed; None where it had none.

    Raises NotTheirs where words were put back, or do not have their salt.
    """
    if text is not None:
        return keyed(key, "words", _salt_of(link, name), text)
    if link.removed is None:
        if link.salt is not None and all(each is None for each in link.texts):
            raise NotTheirs
        return None
    instead = _parts(link.removed).get(name)
    if instead is None:
        return None
    if set(instead) != {DIGEST}:
        raise NotTheirs
    return instead[DIGEST]


def _salt_of(link: Link, name: str) -> str:
    """Return the salt of one of a row's words: the salt of another of them does not lead to it."""
    if link.removed is None:
        if not isinstance(link.salt, str):
            raise NotTheirs
        return hashlib.sha256(f"{link.salt} {name}".encode()).hexdigest()[: 2 * _SALT_BYTES]
    own = _parts(link.removed).get(name, {})
    if set(own) != {SALT}:
        raise NotTheirs
    return own[SALT]


def _written(parts: Mapping[str, Mapping[str, str]]) -> str:
    return json.dumps(parts, separators=(",", ":"))


def _parts(removed: Fact) -> Mapping[str, Mapping[str, str]]:
    """Read what a row has instead of its salt. Raises NotTheirs where it is nothing of the kind."""
    if removed is None:
        return {}
    try:
        parts = json.loads(str(removed))
        well_made = set(parts) <= {"who", *TEXTS} and all(
            isinstance(own, dict) and all(isinstance(value, str) for value in own.values())
            for own in parts.values()
        )
        # nothing stands there that the chain does not cover
        well_made = well_made and _written(parts) == removed and any(DIGEST in own for own in parts.values())
    except (ValueError, AttributeError, TypeError):
        raise NotTheirs from None
    if not well_made:
        raise NotTheirs
    return parts  # type: ignore[no-any-return]


def bare_hash(previous_hash: str, words: Sequence[str | None]) -> str:
    """Return the hash that rows had before the chain had a key. Migrations alone need it."""
    text = json.dumps([previous_hash, *words], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
