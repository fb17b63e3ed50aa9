"""The earlier life of what has an owner, from its history: whose it was on a day, and how it had ended. Pure.

Its row has the facts of now: an owner before the last one, and an end that was taken back, are in the history
alone.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from app.moves.owners import OTHER_OWNER

NOT_KNOWN = ""
"""Stands for an owner whose name the history does not have: a file set another one, or it was removed."""

_ENDS = {
    "marked as done": "done",
    "put right": "done",
    "carried out": "carried out",
    "deferred": "deferred",
    "rejected": "rejected",
    "withdrawn": "withdrawn",
}
"""The ends as the history calls them, and how the line about a day says them."""

_OPENS = ("sent back", "opened again", "decision taken back", "accepted", "amended")


class Row(Protocol):
    """A row of the history."""

    @property
    def id(self) -> int: ...

    @property
    def on(self) -> date: ...

    @property
    def what(self) -> str: ...

    @property
    def before(self) -> str | None: ...

    @property
    def why(self) -> str | None: ...

    @property
    def removed(self) -> str | None: ...


def owner_on(history: Iterable[Row], owner_now: str | None, on: date, from_file: str) -> str | None:
    """Return the name of the owner on a day: None where it had none, NOT_KNOWN where no one can tell.

    `from_file` is the reason of what a file changes.
    """
    owner = owner_now
    for row in sorted(history, key=lambda row: row.id, reverse=True):
        if row.what in OTHER_OWNER and row.on > on:
            is_known = row.before is not None or (row.removed is None and row.why != from_file)
            owner = row.before if is_known else NOT_KNOWN
    return owner


def end_on(history: Sequence[Row], on: date) -> tuple[str, date] | None:
    """Return how it had ended by a day, as "done", and the day of that; None while it was open."""
    ended = None
    for row in sorted(history, key=lambda row: (row.on, row.id)):
        if row.on <= on and row.what in (*_ENDS, *_OPENS):
            ended = (_ENDS[row.what], row.on) if row.what in _ENDS else None
    return ended
