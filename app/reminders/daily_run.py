"""The daily run: decide who is written to on a day, and write each message once, with its keys.

Deciding only reads. Writing goes in batches of messages, each one transaction that holds messages and keys
together; where another run has written one of them in the meantime, that batch is undone and the day decided
anew. So running twice, or four times at once, sends nothing twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import date
from itertools import islice
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app import clock
from app.audits.tallies import gather
from app.database import broken_by, db, insert_many, insert_or_leave, transaction
from app.history import record as history
from app.outbox.in_words import reminder_on
from app.outbox.kinds import KINDS
from app.outbox.models import ITEM_KEY, MESSAGE_KEY, MessageItem
from app.outbox.names import ASSIGNED, AUDITED, DIGEST, PRACTICE, WEEKLY
from app.outbox.writing import made, write_all
from app.people.closures import working_days
from app.reminders.day import Day
from app.reminders.deciding import day_of, decide, portions
from app.reminders.due import CHECK, NEWS, NOBODY, REASSIGN, Due
from app.reminders.holding import holding
from app.reminders.kept_back import kept_back
from app.reminders.ladders import PHONE_CALL
from app.reminders.messages import render_all
from app.reminders.models import DailyRun, NotSent
from app.reminders.recheck import DECIDED_AT
from app.reminders.settle import NotSentToday, Settled, is_unwanted, row_of
from app.reminders.takeover import given_back_of, take_over, with_taken_over, would_take_over
from app.wording import listed

MESSAGES_IN_A_BATCH = 100
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


@dataclass(frozen=True)
class Part:
    """A part of the outcome of a run: messages that were written, decisions not to send."""

    day: Day
    written: Sequence[Written] = ()
    not_sent: Sequence[NotSentToday] = ()


class _Interrupted(Exception):
    """Another run wrote a message first."""


@dataclass
class Outcome:
    """The outcome of a run."""

    on: date
    working_day: bool
    messages: list[Written] = field(default_factory=list)
    not_sent: list[Held] = field(default_factory=list)


def run(on: date, *, dry_run: bool = False) -> Outcome:
    """Decide and write the messages of a day, and tell what became of each step; delivers nothing.

    On a day that is not a working day it writes none.
    """
    outcome = Outcome(on, working_days().is_working_day(on))
    held: set[Held] = set()
    for part in _parts(on, dry_run=dry_run):
        outcome.messages += part.written
        held |= _held(part.not_sent, part.day)
    outcome.not_sent = sorted(held, key=lambda each: (each.to or "", *astuple(each)[1:]))
    return outcome


def write_emails(on: date) -> int:
    """Do the same and return only how many messages were written: it takes no more memory the more there is
    to tell."""
    return sum(len(part.written) for part in _parts(on))


def _parts(on: date, *, dry_run: bool = False) -> Iterator[Part]:
    """Decide and write the messages of a day, and yield what became of it bit by bit."""
    if not working_days().is_working_day(on):
        return
    day = day_of(on)
    for only in portions(day):
        yield from _parts_for(day if only is None else replace(day_of(on), only=only), dry_run=dry_run)
    if not dry_run:
        _finish(on)


def _parts_for(day: Day, *, dry_run: bool) -> Iterator[Part]:
    """Decide and write the messages of a day, to everyone or to some people."""
    for _ in range(ROUNDS):
        settled = decide(day)
        if dry_run:
            yield _dry(settled, day)
            return
        try:
            yield from _write_all(settled, day)
        except _Interrupted:
            day = replace(day_of(day.on), only=day.only)
            continue
        _remember(settled.not_sent, day.on)
        yield Part(day, not_sent=settled.not_sent)
        return
    raise RuntimeError("other daily runs interrupted this one 10 times in a row")


def _write_all(settled: Settled, day: Day) -> Iterator[Part]:
    """Write all messages, and yield them batch by batch. Raises _Interrupted when another run wrote one of
    them first: what was written so far stays, and the rest must be decided anew."""
    for batch in _batches(settled):
        try:
            with transaction():
                _lock()
                written, given_back = _write_batch(_still_due(batch, day), day)
        except IntegrityError as error:
            if broken_by(error, MESSAGE_KEY) or broken_by(error, ITEM_KEY):
                raise _Interrupted from error
            raise
        yield Part(day, written, given_back)


def _batches(settled: Settled) -> Iterator[Batch]:
    """Yield messages that are written in one transaction, and forget them."""
    batch: dict[tuple[int, str], Sequence[Due]] = {}
    for receiver in sorted(settled.messages):
        batch[receiver] = settled.messages.pop(receiver)
        if len(batch) == MESSAGES_IN_A_BATCH or sum(map(len, batch.values())) >= ITEMS_AT_ONCE:
            yield batch
            batch = {}
    if batch:
        yield batch


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
    messages = {
        (receiver, kind): made(
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
        for (receiver, kind), due in batch.items()
    }
    write_all(list(messages.values()))
    for key, earlier in taken.items():
        earlier.hand_to(messages[key].id, day.on)
    _write_items(batch, {key: message.id for key, message in messages.items()})
    written = [
        Written(message.id, message.address, message.kind, message.subject, batch[key])
        for key, message in messages.items()
    ]
    return written, given_back_of(taken)


def _write_items(batch: Batch, message_ids: Mapping[tuple[int, str], int]) -> None:
    """Write the keys of what the messages of a batch carry."""
    rows = (
        item._asdict() | {"message_id": message_ids[key], "carrier_id": message_ids[key]}
        for key, due in batch.items()
        for item in due
    )
    while some := list(islice(rows, ITEMS_AT_ONCE)):
        insert_many(MessageItem.__table__, some)


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


def _dry(settled: Settled, day: Day) -> Part:
    messages = _still_due(settled.messages, day)
    taken = would_take_over(messages, day)
    rendered = render_all(with_taken_over(messages, taken), day)
    written = [
        Written(None, day.people[receiver].email, kind, rendered[receiver, kind].subject, due)
        for (receiver, kind), due in sorted(messages.items())
    ]
    return Part(day, written, [*settled.not_sent, *given_back_of(taken)])


def _held(not_sent: Sequence[NotSentToday], day: Day) -> set[Held]:
    return {
        Held(
            day.people[decision.due.person_id].email if decision.due.person_id != NOBODY else None,
            decision.due.reference,
            decision.due.step,
            decision.reason,
            reminder_on(decision.due.step, decision.due.due_on, day.on, day.days),
        )
        for decision in not_sent
    }


def _remember(not_sent: Sequence[NotSentToday], on: date) -> None:
    """Keep the decisions not to send, once per key and reason."""
    if not_sent:
        with transaction():
            _lock()
            rows = [row_of(decision, on) for decision in not_sent]
            db.session.execute(insert_or_leave(NotSent), rows)


def _finish(on: date) -> None:
    """Keep that the run of this day happened. Tallies are gathered once a day."""
    with transaction():
        _lock()
        gather()
        db.session.execute(insert_or_leave(DailyRun), [{"on": on, "finished_at": clock.now()}])
