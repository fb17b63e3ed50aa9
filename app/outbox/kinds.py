"""The kinds of message, and the function of each kind that looks at its messages again before each try.

Nobody is chased for what is done: before a claimed batch of messages goes, delivery asks the function that
is registered for their kind what of them still holds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

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
    """The verdict on a message of which nothing holds, or whose receiver has left: it is not sent."""

    why: str


@dataclass(frozen=True)
class Waits:
    """The verdict on a message that holds but must not go now, as where the receiver is on leave."""

    why: str
    until: datetime | None = None
    """The next time to ask, in UTC; None for the next pass."""


Verdict = Holds | Changed | Overtaken | Waits

Recheck = Callable[[Sequence[Message], date], Mapping[int, Verdict]]
"""Returns the verdict on each message of a batch, by the message's id, on the day of the delivering run. May
take items out of a message (`carrier_id` None) in the caller's transaction."""


@dataclass(frozen=True)
class Kind:
    """A kind of message: how urgent it is (lower goes first), and how its messages are looked at again."""

    name: str
    urgency: int
    recheck: Recheck


KINDS: dict[str, Kind] = {}


def register(name: str, urgency: int, recheck: Recheck) -> None:
    """Make a kind of message known to the outbox."""
    KINDS[name] = Kind(name, urgency, recheck)


Waiting = Callable[[Sequence[Message], date], Mapping[int, Waits]]
"""Returns those of a batch that wait on a day whatever their kind says, by the message's id."""

WAITING: list[Waiting] = []


def register_waiting(waiting: Waiting) -> None:
    """Make a reason known for which messages wait, whatever their kind."""
    WAITING.append(waiting)


def each(recheck: Callable[[Message, date], Verdict]) -> Recheck:
    """Look at the messages of a batch again one by one: for kinds of which few are written at once."""

    def recheck_each(messages: Sequence[Message], on: date) -> Mapping[int, Verdict]:
        return {message.id: recheck(message, on) for message in messages}

    return recheck_each


def always_holds(messages: Sequence[Message], _on: date) -> Mapping[int, Verdict]:
    """Return that all hold: for messages that nothing can overtake."""
    return {message.id: Holds() for message in messages}
