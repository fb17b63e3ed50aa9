"""The daily run: decide who is written to on a day, and write each message once, with its keys.

Deciding only reads. Writing goes in batches of messages, each one transaction that holds messages and keys
together; where another run has written one of them in the meantime, that batch is undone and the day decided
anew. So running twice, or four times at once, sends nothing twice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import NamedTuple, cast

from sqlalchemy import Table, insert, select, text
from sqlalchemy.exc import IntegrityError

from app import clock
from app.audits.tallies import gather
from app.database import broken_by, db, insert_or_leave, transaction
from app.history import record as history
from app.outbox.in_words import reminder_on
from app.outbox.kinds import KINDS
from app.outbox.models import ITEM_KEY, MESSAGE_KEY, Message, MessageItem
from app.outbox.names import ASSIGNED, AUDITED, DAILY, DIGEST, PRACTICE, WEEKLY
from app.outbox.writing import write
from app.people.closures import working_days
from app.people.queries import everyone
from app.reminders import weekly
from app.reminders.day import Day
from app.reminders.due import CHECK, NEWS, NOBODY, REASSIGN, Due
from app.reminders.due_audits import due_of_audits
from app.reminders.due_news import due_news
from app.reminders.due_owned import due_of_owned
from app.reminders.due_quick_wins import due_checks, due_practice
from app.reminders.due_responses import due_of_responses
from app.reminders.due_workers import due_of_workers
from app.reminders.holding import holding
from app.reminders.kept_back import kept_back
from app.reminders.ladder_book import ladder_book
from app.reminders.ladders import PHONE_CALL
from app.reminders.messages import render_all
from app.reminders.models import DailyRun, NotSent
from app.reminders.recheck import DECIDED_AT
from app.reminders.settle import NotSentToday, Settled, is_unwanted, row_of, settle
from app.reminders.takeover import given_back_of, take_over, with_taken_over, would_take_over
from app.wording import listed

MESSAGES_IN_A_BATCH = 25
ITEMS_AT_ONCE = 5_000
ROUNDS = 10
ADVISORY_LOCK = 7_316_203


Batch = Mapping[tuple[int, str], Sequence[Due]]
"""The items of messages, by receiver and kind."""


class Item(NamedTuple):
    """A line of a message, as `remind --json` tells it."""

    item: str
    step: str
    due_on: date | None


@dataclass(frozen=True)
class Written:
    """A message that this run wrote (or, in a dry run, would have written)."""

    id: int | None
    to: str
    kind: str
    subject: str
    due: Sequence[Due]

    @property
    def items(self) -> tuple[Item, ...]:
        """Its lines, each once, most urgent first (due day, then reference)."""
        if self.kind == WEEKLY:
            return ()
        ordered = sorted(
            self.due,
            key=lambda item: (item.due_on or date.max, item.reference, item.step == REASSIGN, item.step_on),
        )
        lines = {
            (item.obligation_kind, item.obligation_id, item.step): Item(
                item.reference, item.step, item.due_on
            )
            for item in ordered
        }
        return tuple(lines.values())


@dataclass(frozen=True)
class Held:
    """A decision not to send."""

    to: str | None
    item: str
    step: str
    reason: str
    reminder: str
    """The step in words, as it is on the day."""


@dataclass
class Outcome:
    """The outcome of a run."""

    on: date
    working_day: bool
    messages: list[Written] = field(default_factory=list)
    not_sent: list[Held] = field(default_factory=list)


def run(on: date, *, dry_run: bool = False) -> Outcome:
    """Decide and write the messages of a day; delivers nothing.

    On a day that is not a working day it writes none.
    """
    days = working_days()
    outcome = Outcome(on, days.is_working_day(on))
    if not outcome.working_day:
        return outcome
    given_back: list[NotSentToday] = []
    for _ in range(ROUNDS):
        day = day_of(on)
        settled = decide(day)
        if dry_run:
            outcome.messages += _dry(settled, day, given_back)
        elif _write_all(settled, day, outcome, given_back):
            _remember(settled.not_sent, on)
        else:
            continue
        outcome.not_sent = _held([*settled.not_sent, *given_back], day)
        return outcome
    raise RuntimeError("other daily runs interrupted this one 10 times in a row")


def day_of(on: date) -> Day:
    """Return a day with what all decisions about it share, as it is now."""
    return Day(on, history.head(), working_days(), everyone(), ladder_book())


def decide(day: Day, besides: Iterable[Due] | None = None) -> Settled:
    """Return what is due on the day, settled: who gets what, and who does not and why. `besides` is what is
    due besides audits, for whoever has read it already."""
    others = due_besides_audits(day) if besides is None else besides
    due = chain(due_of_audits(day), others)
    keep_back = kept_back(day.audits, day.on).reason
    return settle(due, day.people, day.on, _written_today(day.on), keep_back)


def due_besides_audits(day: Day) -> Iterator[Due]:
    """Yield what is due and no step of an audit's ladder."""
    due = chain(
        due_of_owned(day),
        due_of_responses(day),
        due_of_workers(day),
        weekly.due(day),
        due_checks(day),
        due_practice(day),
        due_news(day),
    )
    return (item for item in due if day.concerns(item.person_id))


def _written_today(on: date) -> set[tuple[int, str]]:
    """Return the receivers that have had their message of a kind for this day, counting all runs of it."""
    query = select(Message.recipient, Message.kind).where(
        Message.on == on, Message.kind.in_(DAILY), Message.once.is_not(None)
    )
    return {(row.recipient, row.kind) for row in db.session.execute(query) if row.recipient is not None}


def _write_all(settled: Settled, day: Day, outcome: Outcome, given_back: list[NotSentToday]) -> bool:
    """Write all messages. Return False when another run wrote one of them first: what was written so far
    stays, and the rest must be decided anew. `given_back` gets what was taken out of earlier messages."""
    receivers = sorted(settled.messages)
    for first in range(0, len(receivers), MESSAGES_IN_A_BATCH):
        batch = {key: settled.messages[key] for key in receivers[first : first + MESSAGES_IN_A_BATCH]}
        try:
            with transaction():
                _lock()
                written, kept_back_now = _write_batch(_still_due(batch, day), day)
        except IntegrityError as error:
            if broken_by(error, MESSAGE_KEY) or broken_by(error, ITEM_KEY):
                return False
            raise
        outcome.messages += written
        given_back += kept_back_now
    return True


def _still_due(batch: Batch, day: Day) -> Batch:
    """Leave out what is done or changed since the day was decided: an audit can be returned while the run
    writes. Nothing is looked at again where nothing has happened."""
    if history.head() == day.head:
        return batch
    due = {
        number: item
        for number, item in enumerate(item for items in batch.values() for item in items)
        if item.kind not in (WEEKLY, PRACTICE)
    }
    over = set(due.values()) - {due[number] for number in holding(due, day)}
    keep_back = kept_back(day.audits, day.on).reason
    over |= {item for item in due.values() if keep_back(item)}
    left = {key: [item for item in items if item not in over] for key, items in batch.items()}
    return {
        (receiver, kind): items
        for (receiver, kind), items in left.items()
        if items and not is_unwanted(receiver, kind, items, day.people)
    }


def _lock() -> None:
    """Let runs at the same time write one after the other on PostgreSQL; SQLite has one writer anyway."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})


def _write_batch(batch: Batch, day: Day) -> tuple[list[Written], list[NotSentToday]]:
    """Write messages; return them, and the decisions not to send what earlier ones still held."""
    if not batch:
        return [], []
    taken = take_over(batch, day)
    rendered = render_all(with_taken_over(batch, taken), day)
    written = []
    items = insert(cast(Table, MessageItem.__table__))
    for (receiver, kind), due in batch.items():
        message = write(
            kind,
            recipient=receiver,
            address=day.people[receiver].email,
            rendered=rendered[receiver, kind],
            why=_why(kind, due, day),
            on=day.on,
            once=_once(kind, receiver, day.on),
            facts={DECIDED_AT: day.head},
            urgency=_urgency(kind, due, day),
        )
        if (receiver, kind) in taken:
            taken[receiver, kind].hand_to(message.id, day.on)
        carries = {"message_id": message.id, "carrier_id": message.id}
        for first in range(0, len(due), ITEMS_AT_ONCE):
            rows = [item._asdict() | carries for item in due[first : first + ITEMS_AT_ONCE]]
            db.session.execute(items, rows)
        written.append(Written(message.id, message.address, kind, message.subject, due))
    return written, given_back_of(taken)


def _once(kind: str, receiver: int, on: date) -> str:
    return f"{kind} {on} {receiver}"


def _urgency(kind: str, due: Sequence[Due], day: Day) -> int | None:
    """A digest with something overdue goes before the others."""
    overdue = kind == DIGEST and any(item.due_on and day.days.is_late(item.due_on, day.on) for item in due)
    return KINDS[kind].urgency - 1 if overdue else None


def _why(kind: str, due: Sequence[Due], day: Day) -> str:
    """Return why a message was written: "Sent because it is due in 5 working days"."""
    if kind == WEEKLY:
        return "Sent to every coordinator on the first working day of the week"
    if kind == PRACTICE:
        return "Sent because a practice message is planned for this date"
    if kind == AUDITED:
        return "Sent because a case of theirs is being audited"
    due = [item for item in due if item.step != NEWS]
    if not due:
        return "Sent because there is news about their work"
    reminders = sorted({(item.step, reminder_on(item.step, item.due_on, day.on, day.days)) for item in due})
    if len(reminders) > 1:
        return f"Sent because of these reminders: {listed(words for _, words in reminders)}"
    [(step, words)] = reminders
    if step in (ASSIGNED, REASSIGN, CHECK, PHONE_CALL):
        return f"Sent because of this reminder: {words}"
    # what a deputy gets for two people is still about one thing
    about = {(item.obligation_kind, item.obligation_id) for item in due}
    return f"Sent because {'it is' if len(about) == 1 else 'they are'} {words}"


def _dry(settled: Settled, day: Day, given_back: list[NotSentToday]) -> list[Written]:
    messages = _still_due(settled.messages, day)
    taken = would_take_over(messages, day)
    given_back += given_back_of(taken)
    rendered = render_all(with_taken_over(messages, taken), day)
    return [
        Written(None, day.people[receiver].email, kind, rendered[receiver, kind].subject, due)
        for (receiver, kind), due in sorted(messages.items())
    ]


def _held(not_sent: Sequence[NotSentToday], day: Day) -> list[Held]:
    decisions = {
        (
            day.people[decision.due.person_id].email if decision.due.person_id != NOBODY else None,
            decision.due.reference,
            decision.due.step,
            decision.reason,
            reminder_on(decision.due.step, decision.due.due_on, day.on, day.days),
        )
        for decision in not_sent
    }
    return [Held(*decision) for decision in sorted(decisions, key=lambda each: (each[0] or "", *each[1:]))]


def _remember(not_sent: Sequence[NotSentToday], on: date) -> None:
    """Keep the decisions not to send, once per key and reason, and that the run of this day happened. Tallies
    are gathered once a day."""
    rows = [row_of(decision, on) for decision in not_sent]
    with transaction():
        _lock()
        gather()
        if rows:
            db.session.execute(insert_or_leave(NotSent), rows)
        db.session.execute(insert_or_leave(DailyRun), [{"on": on, "finished_at": clock.now()}])
