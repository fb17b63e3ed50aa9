"""Settling what is due: who gets it today, in which message, and why others do not. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.outbox.names import CALLS, DIGEST, MANAGER, PRACTICE, WEEKLY
from app.people import standing_in
from app.people.presence import PersonFacts
from app.reminders.due import NEWS, NOBODY, Due

FOR_DEPUTIES = (MANAGER, CALLS, WEEKLY)

LEFT = "left"
ON_LEAVE = "on leave"
ACCESS_OFF = "access turned off"
"""The reason why an email waits that was written: told on pages, and stored with no decision."""
NOBODY_TO_SEND_TO = "nobody to send to"
PROMISED = "promised"
HELD = "held"
ALREADY_SENT = "today's message already sent"
PRACTICE_WAITS = "another practice message goes first"

WRITTEN_THEN = {HELD: "written, then held", PROMISED: "written, then promised"}
"""The reasons for which a reminder was taken out of an email that had not gone, as kept for the day for which
it was written."""

REASONS_IN_WORDS = {
    LEFT: "has left",
    ON_LEAVE: "on leave",
    NOBODY_TO_SEND_TO: "no one to send it to",
    PROMISED: "promised, so not chased",
    HELD: "held by a coordinator",
    ALREADY_SENT: "has already had today’s email",
    PRACTICE_WAITS: "gets another practice message first",
}
"""The reasons in the words of pages. What is stored, and what programs read, keeps its words."""


@dataclass(frozen=True, slots=True)
class NotSentToday:
    """A decision not to send, with its reason."""

    due: Due
    reason: str


def row_of(decision: NotSentToday, on: date) -> dict[str, object]:
    """Return the row that keeps a decision not to send, first made for a day."""
    due = decision.due
    return {
        "on": on,
        "obligation_kind": due.obligation_kind,
        "obligation_id": due.obligation_id,
        "person_id": due.person_id,
        "kind": due.kind,
        "step": due.step,
        "anchor_on": due.anchor_on,
        "leaver_id": due.leaver_id,
        "reference": due.reference,
        "reason": decision.reason,
    }


@dataclass
class Settled:
    """The items that go out today, by receiver and kind of message, and those that do not."""

    messages: dict[tuple[int, str], list[Due]] = field(default_factory=dict)
    not_sent: list[NotSentToday] = field(default_factory=list)


def settle(
    due: Iterable[Due],
    people: Mapping[int, PersonFacts],
    on: date,
    written: set[tuple[int, str]],
    kept_back: Callable[[Due], str] = lambda _: "",
) -> Settled:
    """Put what is due into one message per receiver and kind.

    `kept_back` returns the reason for which a step is kept back today, if it is. `written` are the receivers
    and kinds that have had their message of this day: what comes later waits for the next working day.
    """
    settled = Settled()
    receivers: dict[tuple[int, str], tuple[int | None, str]] = {}
    for item in due:
        whose = (item.person_id, item.kind)
        if whose not in receivers:
            receivers[whose] = receiver_of(*whose, people, on)
        receiver, reason = receivers[whose]
        if receiver is not None:
            reason = kept_back(item) or _waits((receiver, item.kind), settled, written)
        if receiver is None or reason:
            settled.not_sent.append(NotSentToday(item, reason))
        else:
            settled.messages.setdefault((receiver, item.kind), []).append(item)
    for message in [
        message for message, items in settled.messages.items() if is_unwanted(*message, items, people)
    ]:
        del settled.messages[message]
    return settled


def is_unwanted(receiver: int, kind: str, items: Iterable[Due], people: Mapping[int, PersonFacts]) -> bool:
    """True for a daily email with nothing but news, to a person who turned these off."""
    turned_off = kind == DIGEST and not people[receiver].news_by_email
    return turned_off and all(item.obligation_kind == NEWS for item in items)


def _waits(message: tuple[int, str], settled: Settled, written: set[tuple[int, str]]) -> str:
    """Return why what is due waits for the next working day: one message per person, kind and day, and of
    practice messages one quick win at a time. The one that goes first stands first in what is due."""
    if message[1] == PRACTICE:
        return PRACTICE_WAITS if message in written or message in settled.messages else ""
    return ALREADY_SENT if message in written else ""


def receiver_of(
    person_id: int, kind: str, people: Mapping[int, PersonFacts], on: date
) -> tuple[int | None, str]:
    """Return who gets a person's message of this kind on a day; or None and why nobody does.

    A person on leave is not sent to. Their deputy, if the leave names one who is there, gets their manager,
    calls and weekly messages instead; everything else waits.
    """
    if person_id == NOBODY:
        return None, NOBODY_TO_SEND_TO
    person = people[person_id]
    if person.has_left(on):
        return None, LEFT
    if person.is_there(on):
        return person_id, ""
    receiver = standing_in.receiver_of(person, people, on) if kind in FOR_DEPUTIES else None
    return receiver, "" if receiver is not None else ON_LEAVE
