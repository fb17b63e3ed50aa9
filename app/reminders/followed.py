"""The records of one thing: who was written to about it on a day, or why nobody was."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.audits.models import Chase
from app.clock import clock
from app.clock import today as the_day
from app.database import db
from app.outbox.in_words import STATES, next_reminder, reminder_on
from app.outbox.models import OVERTAKEN, SENT, Message, MessageItem
from app.outbox.names import ASSIGNED, CALLS, DIGEST, MANAGER
from app.people.closures import working_days
from app.people.models import Leave, Person
from app.reminders.due import AUDIT, CHECK, NOBODY, REASSIGN
from app.reminders.ladders import next_step
from app.reminders.models import CallMade, DailyRun, HeldItem, NotSent
from app.reminders.settle import ALREADY_SENT, HELD, LEFT, ON_LEAVE, PROMISED
from app.reminders.subjects import Subject
from app.reminders.why import DayOfThing, Emailed, KeptBack
from app.working_days import happened

TO_PEOPLE = (DIGEST, MANAGER, CALLS)
"""The kinds of message that remind people of what is open."""

NOT_FROM_DUE = (ASSIGNED, REASSIGN, CHECK)
"""The steps that do not count from the due date."""

DAYS_BACK = 13
"""The days before one that its page shows as well."""


@dataclass(frozen=True)
class _Sent:
    """A reminder that was written, by its key, with what became of its email."""

    on: date
    person_id: int
    receiver_id: int | None
    kind: str
    step: str
    anchor_on: date
    due_on: date | None
    state: str
    ended_on: date | None


class Followed:
    """The records of one thing up to a day, read once for any number of days."""

    def __init__(self, subject: Subject, until: date) -> None:
        self.subject, self.days = subject, working_days()
        of_it = {"obligation_kind": subject.kind, "obligation_id": subject.id}
        self._sent = _sent(subject, until)
        query = select(NotSent).filter_by(**of_it).where(NotSent.on <= until, NotSent.kind.in_(TO_PEOPLE))
        self._not_sent = db.session.scalars(query.order_by(NotSent.id)).all()
        self._held = db.session.scalars(select(HeldItem).filter_by(**of_it)).all()
        self._by_hand = _by_hand(subject, until)
        since = until - timedelta(days=DAYS_BACK)
        runs = select(DailyRun.on).where(DailyRun.on >= since, DailyRun.on <= until)
        self._runs = set(db.session.scalars(runs))
        ids = {each.person_id for each in self._not_sent} - {NOBODY}
        ids |= {number for each in self._sent for number in (each.person_id, each.receiver_id) if number}
        people = db.session.scalars(select(Person).where(Person.id.in_(ids))).all() if ids else []
        self._people = {person.id: person for person in people}
        self._leave: dict[int, list[Leave]] = defaultdict(list)
        if ids:
            for leave in db.session.scalars(select(Leave).where(Leave.person_id.in_(ids))):
                self._leave[leave.person_id].append(leave)

    def on(self, on: date) -> DayOfThing:
        """Return what is known of one day."""
        subject, last = self.subject, self._last(on)
        not_open = subject.not_open(on)
        due_on = subject.due_on(on)
        coming = None
        if due_on is not None and not not_open:
            coming = next_step(subject.ladder, due_on, subject.assigned_on(on), on, self.days)
        has_run = on in self._runs
        return DayOfThing(
            on=on,
            is_today=on == the_day(),
            is_working_day=self.days.is_working_day(on),
            has_run=has_run,
            not_open=not_open,
            by_hand=self._by_hand.get(on, ()),
            emailed=[self._emailed(each) for each in self._sent if each.on == on],
            kept_back=self._kept_back(on, has_run, not_open),
            last=last,
            coming=(next_reminder(coming[0].name), coming[1]) if coming else None,
        )

    def _emailed(self, sent: _Sent) -> Emailed:
        to = self._people[sent.person_id].name
        if sent.receiver_id and sent.receiver_id != sent.person_id:
            to = f"{self._people[sent.receiver_id].name} (deputy of {to})"
        not_gone = ""
        if sent.state != SENT:
            words = STATES[sent.state]
            not_gone = words if words.startswith("could not") else f"is {words}"
        elsewhen = sent.ended_on if sent.state == SENT and sent.ended_on != sent.on else None
        return Emailed(to, self._words(sent, sent.on), not_gone, elsewhen)

    def _words(self, of: _Sent | NotSent, on: date) -> str:
        due_on = of.due_on if isinstance(of, _Sent) else self.subject.due_on(on)
        return reminder_on(of.step, due_on, on, self.days)

    def _last(self, on: date) -> tuple[str, date] | None:
        """Return the latest reminder of the due date that holds on a day which had gone before it."""
        due_on = self.subject.due_on(on)
        gone = [
            each
            for each in self._sent
            if each.on < on and each.state == SENT and (each.anchor_on == due_on or each.step in NOT_FROM_DUE)
        ]
        if not gone:
            return None
        latest = max(gone, key=lambda each: each.on)
        return self._words(latest, latest.on), latest.on

    def _kept_back(self, on: date, has_run: bool, not_open: str) -> list[KeptBack]:
        """Return what was due on a day and not written, the last decision of each person and kind.

        A decision is recorded once, on the first day it was made for; it holds on later days for as long as
        its reason does.
        """
        latest: dict[tuple[int, str], NotSent] = {}
        for each in self._not_sent:
            is_of_the_day = each.on == on
            holds_still = has_run and not not_open and each.on < on and self._holds(each, on)
            if is_of_the_day or holds_still:
                latest[each.person_id, each.kind] = each
        return [
            KeptBack(
                self._people[each.person_id].name if each.person_id in self._people else "",
                self._words(each, on),
                each.reason,
                *self._until(each, on),
            )
            for each in latest.values()
        ]

    def _holds(self, decision: NotSent, on: date) -> bool:
        """Return whether a decision of an earlier day holds on a day: not sent since, of the same due date,
        still this person's, and its reason still there."""
        subject = self.subject
        gone = any(
            (each.person_id, each.kind, each.step, each.anchor_on)
            == (decision.person_id, decision.kind, decision.step, decision.anchor_on)
            and each.on <= on
            for each in self._sent
        )
        if gone or decision.reason == ALREADY_SENT:
            return False
        if decision.step not in NOT_FROM_DUE and decision.anchor_on != subject.due_on(on):
            return False
        if decision.kind == DIGEST and decision.person_id in subject.ever - subject.holders(on):
            return False
        if decision.reason in (ON_LEAVE, LEFT, PROMISED, HELD):
            return self._until(decision, on) != (None, "") or self._is_held_for_good(decision, on)
        return True

    def _until(self, decision: NotSent, on: date) -> tuple[date | None, str]:
        """Return the date that goes with a reason on a day, and a coordinator's own words for holding it."""
        if decision.reason == ON_LEAVE:
            spells = self._leave[decision.person_id]
            ends = (leave.to_on for leave in spells if leave.from_on <= on <= leave.to_on)
            return max(ends, default=None), ""
        if decision.reason == LEFT:
            person = self._people.get(decision.person_id)
            return (person.leaving_on if person and person.has_left(on) else None), ""
        if decision.reason == PROMISED:
            return self.subject.promised_on(on), ""
        held = self._held_on(decision, on)
        return (held.until_on, held.because) if held else (None, "")

    def _is_held_for_good(self, decision: NotSent, on: date) -> bool:
        return self._held_on(decision, on) is not None

    def _held_on(self, decision: NotSent, on: date) -> HeldItem | None:
        if decision.reason != HELD:
            return None
        key = (decision.person_id, decision.kind, decision.step, decision.anchor_on)
        for held in self._held:
            is_it = (held.person_id, held.kind, held.step, held.anchor_on) == key
            over = (held.until_on is not None and held.until_on < on) or happened(held.let_go_on, on)
            if is_it and held.made_on <= on and not over:
                return held
        return None


def _sent(subject: Subject, until: date) -> list[_Sent]:
    item = MessageItem
    query = (
        select(
            Message.on,
            item.person_id,
            Message.recipient,
            item.kind,
            item.step,
            item.anchor_on,
            item.due_on,
            Message.state,
            Message.ended_at,
            item.carrier_id,
        )
        .join(Message, Message.id == func.coalesce(item.carrier_id, item.message_id))
        .where(
            item.obligation_kind == subject.kind,
            item.obligation_id == subject.id,
            item.kind.in_(TO_PEOPLE),
            Message.on <= until,
        )
        .order_by(Message.on, item.kind, item.id)
    )
    zone = clock().zone
    return [
        _Sent(
            row.on,
            row.person_id,
            row.recipient,
            row.kind,
            row.step,
            row.anchor_on,
            row.due_on,
            OVERTAKEN if row.carrier_id is None else row.state,
            row.ended_at.astimezone(zone).date() if row.ended_at else None,
        )
        for row in db.session.execute(query)
    ]


def _by_hand(subject: Subject, until: date) -> dict[date, Sequence[str]]:
    """Return the chases of a thing that people made, by day, each in a sentence."""
    said: dict[date, list[str]] = defaultdict(list)
    if subject.kind == AUDIT:
        query = select(Chase).where(
            Chase.audit_id == subject.id, Chase.made_by(the_day()), Chase.day <= until
        )
        for chase in db.session.scalars(query.options(joinedload(Chase.by)).order_by(Chase.id)):
            by = chase.by.name if chase.by else "Someone"
            said[chase.day].append(_chased(by, chase.channel, chase.with_whom or ""))
        return dict(said)
    calls = (
        select(CallMade.day, CallMade.channel, CallMade.by_id, Person.name)
        .join(Person, Person.id == CallMade.with_id)
        .where(CallMade.obligation_kind == subject.kind, CallMade.obligation_id == subject.id)
        .where(CallMade.day <= until)
        .order_by(CallMade.id)
    )
    for day, channel, by_id, with_whom in db.session.execute(calls):
        said[day].append(_chased(db.session.get_one(Person, by_id).name, channel, with_whom))
    return dict(said)


def _chased(by: str, channel: str, with_whom: str) -> str:
    """Return "Jack Denny chased by phone, with Chitra Menon"."""
    how = channel if channel.startswith("in ") else f"by {channel}"
    return f"{by} chased {how}" + (f", with {with_whom}" if with_whom else "")
