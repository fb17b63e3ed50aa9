"""The kinds of message, and what whoever writes a kind tells the outbox before each try.

Nobody is chased for what is done: before each try delivery asks, through the function registered for the
message's kind, what of it still holds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from app.outbox.models import Message


@dataclass(frozen=True)
class Rendered:
    """A message in words; plain text and HTML say the same."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Holds:
    """The message is true on the day of the try and may go as it is."""


@dataclass(frozen=True)
class Changed:
    """Part of it no longer holds, or its words are of an earlier day: it goes as rendered anew."""

    rendered: Rendered


@dataclass(frozen=True)
class Overtaken:
    """Nothing of it holds, or the receiver has left: it is not sent."""

    why: str


@dataclass(frozen=True)
class Waits:
    """It holds, but must not go today: the receiver is on leave."""

    why: str


Verdict = Holds | Changed | Overtaken | Waits

Recheck = Callable[[Message, date], Verdict]
"""Asked before each try, with the day of the delivering run. May drop items (`carrier_id` None) in the
caller's transaction."""


@dataclass(frozen=True)
class Kind:
    """A kind of message: how urgent it is (lower goes first), and how to tell whether one still holds."""

    name: str
    urgency: int
    recheck: Recheck


KINDS: dict[str, Kind] = {}


def register(name: str, urgency: int, recheck: Recheck) -> None:
    """Make a kind of message known to the outbox."""
    KINDS[name] = Kind(name, urgency, recheck)


def always_holds(_message: Message, _on: date) -> Verdict:
    """For messages that nothing can overtake."""
    return Holds()
