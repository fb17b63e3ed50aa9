"""The merge of what two people send who fill in one form. Pure.

A page carries the fingerprint of everything that it showed. So three versions of each answer are known when
it is sent: the one that the person saw, the one that they send, and the one that is stored by now. An answer
that they did not change is left as it is stored; one that only they changed is written; one that both
changed, and differently, is a conflict that the later person decides.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from enum import Enum, auto

from app.answers.answered import Answered

_LINE_BREAK = re.compile(r"\r\n|[\r\v\f\u2028\u2029]")


class Merge(Enum):
    """The outcome for one thing that was sent."""

    LEAVE = auto()
    WRITE = auto()
    CONFLICT = auto()


def merge(seen: str, sent: str, stored: str) -> Merge:
    """Return the outcome for one thing, from the fingerprints of its seen, sent and stored versions."""
    if sent in (seen, stored):
        return Merge.LEAVE
    return Merge.WRITE if seen == stored else Merge.CONFLICT


def fingerprint(*parts: object) -> str:
    """Return a short text that is the same for the same content, and in practice for no other."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def tidied(text: str | None) -> str | None:
    """Return text as it is stored: one kind of line break, no blanks around it; None where it is empty."""
    return _LINE_BREAK.sub("\n", (text or "").replace("\0", "")).strip() or None


@dataclass(frozen=True)
class Content(Answered):
    """An answer as a person gives it, with where its evidence is (ids) and its reason or comment."""

    found_in_id: int | None = None
    looked_in: frozenset[int] = frozenset()
    comment: str | None = None
    above_limit_because: str | None = None
    """The reason for an overall grade that is above its limit."""

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint that a page carries."""
        texts = (tidied(self.comment), tidied(self.above_limit_because))
        return fingerprint(self.said, self.found_in_id, sorted(self.looked_in), *texts)

    @property
    def texts(self) -> list[str]:
        """Return the texts that a person wrote in it."""
        return [text for text in (self.comment, self.above_limit_because) if text]

    @property
    def is_blank(self) -> bool:
        """True where nothing was answered."""
        return self == BLANK


BLANK = Content()


@dataclass(frozen=True)
class Factor:
    """The presence of a context factor in a case, with a note on it."""

    is_there: bool = False
    note: str | None = None

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint that a page carries. A note on a factor that was not there is left out."""
        return fingerprint(self.is_there, tidied(self.note) if self.is_there else None)


NOT_THERE = Factor()
