"""The moves after which the grades of an audit are looked at: a return, agreeing, moderation, a decision on
a dispute or on the worker's reply, sending back.

Areas above this one act on a grade. They ask here to be called, in the transaction of the move.
"""

from collections.abc import Callable
from datetime import date
from enum import StrEnum

from app.audits.models import Audit
from app.people.models import Person


class Graded(StrEnum):
    """The move that gave, changed or took away grades."""

    RETURNED = "returned"
    AGREED = "agreed"
    MODERATED = "moderated"
    DISPUTE_DECIDED = "dispute decided"
    REPLY_DECIDED = "reply decided"
    SENT_BACK = "sent back"


Follow = Callable[[Audit, Graded, Person, date], None]

_FOLLOWING: list[Follow] = []


def follow(what_follows: Follow) -> Follow:
    """Let a function be called after each of these moves, in its transaction."""
    _FOLLOWING.append(what_follows)
    return what_follows


def graded(audit: Audit, move: Graded, by: Person, on: date) -> None:
    """Carry out what follows from the grades of an audit after a move."""
    for what_follows in _FOLLOWING:
        what_follows(audit, move, by, on)
