"""A thing that people are reminded of, and what messages and pages say of it. Pure.

All of them: things.py.
"""

from dataclasses import dataclass

from app.outbox.names import CALLS, DIGEST, MANAGER
from app.reminders.ladders import ASKED, AUDITORS, COORDINATORS, LINE_MANAGERS, OWNER, RESPOND_TO

Audience = tuple[str, str, str]
"""The people that a step can go to, in which kind of message, and what the page of the ladder calls them."""

OF_AUDITORS: tuple[Audience, ...] = (
    (AUDITORS, DIGEST, "The auditors"),
    (LINE_MANAGERS, MANAGER, "Their line managers"),
    (COORDINATORS, CALLS, "Coordinators, who then phone"),
)
OF_AN_OWNER: tuple[Audience, ...] = (
    (OWNER, DIGEST, "The owner"),
    (LINE_MANAGERS, MANAGER, "The owner’s line manager"),
    (COORDINATORS, CALLS, "Coordinators, who then phone"),
)
OF_THOSE_ASKED: tuple[Audience, ...] = (
    (ASKED, DIGEST, "The people who are asked"),
    (RESPOND_TO, MANAGER, "The person whom the cycle names, or the line managers of those asked"),
    (COORDINATORS, CALLS, "Coordinators, who then phone"),
)

TODAY = "/"
"""The page of things that have no list of their own: the reader's first page."""


@dataclass(frozen=True)
class Advice:
    """The sentence of a digest on what to do when it cannot be done in time."""

    alone: str
    """The words for a digest about this thing only."""
    among_its_kind: str
    among_others: str


@dataclass(frozen=True)
class ToOthers:
    """Words of the messages to line managers and coordinators about one thing, or about several things."""

    cannot: str = (
        "If it cannot be done, tell an audit coordinator, who can find someone else or change the due date."
    )
    """The last sentence for line managers."""
    otherwise: str = "If something cannot be done, open its page and change its due date or owner."


MIXED = ToOthers()


@dataclass(frozen=True, kw_only=True)
class Thing:
    """A thing that people are reminded of."""

    name: str
    """As in the keys of what was sent, and in words."""
    many: str
    place: str
    """The address of its pages, such as "/audits"."""
    ladder: str | None = None
    """The ladder that chases it; None where it is reminded of on days of its own."""
    audiences: tuple[Audience, ...] = ()
    """The people that the steps of its ladder can go to."""
    advice: Advice | None = None
    to_others: ToOthers = MIXED
