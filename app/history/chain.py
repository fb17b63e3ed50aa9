"""The chain of the history: each row's hash covers the row and the hash before it. Pure."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BEGINNING = "0" * 64


@dataclass(frozen=True)
class Link:
    """The part of a row that the chain covers: its own words, and its two hashes."""

    id: int
    words: Sequence[str | None]
    previous_hash: str
    hash: str


def link(previous_hash: str, words: Sequence[str | None]) -> str:
    """Return a row's hash: SHA-256, in hexadecimal, over the previous hash and the row's words as JSON."""
    text = json.dumps([previous_hash, *words], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_break(links: Iterable[Link]) -> int | None:
    """Return the id of the first row at which the chain does not hold (edited, or one before it removed)."""
    previous = BEGINNING
    for row in links:
        if row.previous_hash != previous or row.hash != link(previous, row.words):
            return row.id
        previous = row.hash
    return None
