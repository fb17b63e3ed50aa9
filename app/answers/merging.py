"""Two people fill in one form: what becomes of what each of them sends. Pure.

A page carries the fingerprint of everything that it showed. So three things are known of each answer that
comes back: what the person saw, what they send, and what is stored by now. What they did not change is left
as it is, whatever the other one made of it; what only they changed is written; what both changed, and
differently, is a conflict that the later one decides.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from enum import Enum, auto

_LINE_BREAK = re.compile(r"\r\n|[\r\v\f\u2028\u2029]")


class Merge(Enum):
    """What is done with one thing that was sent."""

    LEAVE = auto()
    WRITE = auto()
    CONFLICT = auto()


def merge(seen: str, sent: str, stored: str) -> Merge:
    """Return what to do with one thing, by the fingerprints of what was seen, what is sent and what is
    stored."""
    if sent in (seen, stored):
        return Merge.LEAVE
    return Merge.WRITE if seen == stored else Merge.CONFLICT


def fingerprint(*parts: object) -> str:
    """A short text that is the same for the same content, and for no other in practice."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def tidied(text: str | None) -> str | None:
    """Text as it is kept: one kind of line break, no blanks around it; None where nothing is left."""
    return _LINE_BREAK.sub("\n", (text or "").replace("\0", "")).strip() or None


@dataclass(frozen=True)
class Content:
    """An answer as a person gives it. All are ids, save the comment; a blank one says nothing at all."""

    response_id: int | None = None
    found_in_id: int | None = None
    looked_in: frozenset[int] = frozenset()
    comment: str | None = None

    @property
    def fingerprint(self) -> str:
        """Return what a page carries of it."""
        return fingerprint(self.response_id, self.found_in_id, sorted(self.looked_in), tidied(self.comment))

    @property
    def is_blank(self) -> bool:
        """True where nothing was said."""
        return self == BLANK


BLANK = Content()


@dataclass(frozen=True)
class Factor:
    """Whether a context factor was there, and a note on it."""

    is_there: bool = False
    note: str | None = None

    @property
    def fingerprint(self) -> str:
        """Return what a page carries of it. A note on a factor that was not there says nothing."""
        return fingerprint(self.is_there, tidied(self.note) if self.is_there else None)


NOT_THERE = Factor()
