"""The chain of the history: each row's hash covers the row and the hash before it. Pure."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BEGINNING = "0" * 64


@dataclass(frozen=True)
class Link:
    """What of a row the chain covers: its own words, and the two hashes it stands with."""

    id: int
    words: Sequence[str | None]
    previous_hash: str
    hash: str


def link(previous_hash: str, words: Sequence[str | None]) -> str:
    """The hash of a row: SHA-256, in hexadecimal, over the previous hash and the row's words as JSON."""
    told = json.dumps([previous_hash, *words], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def first_break(links: Iterable[Link]) -> int | None:
    """The id of the first row at which the chain does not hold (edited, or one before it removed)."""
    previous = BEGINNING
    for row in links:
        if row.previous_hash != previous or row.hash != link(previous, row.words):
            return row.id
        previous = row.hash
    return None
