"""The records of one thing: who was written to about it on a day, or why nobody was."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.audits.chasing import CHASE_STRUCK
from app.audits.models import Chase
from app.audits.promises import Promise, holds_until
from app.clock import today as the_day
from app.database import db
from app.history import record
from app.history.models import HistoryRow
from app.history.record import REMINDER_LET_GO
from app.outbox.in_words import STATES, at_once_in_words, reminder_on
from app.outbox.models import OVERTAKEN, QUEUED, SENT
from app.outbox.names import DIGEST, MANAGER
from app.people.closures import working_days
from app.people.models import Leave, Person
from app.people.naming import names
from app.people.presence import PersonFacts
from app.people.queries import everyone
from app.people.reaching import with_leaving
from app.reminders.due import AUDIT, NEWS, NOBODY, RESPONSE
from app.reminders.ladders import coming_in_words
from app.reminders.models import CallMade, DailyRun, HeldItem, NotSent
from app.reminders.next_reminder import Key, Open, Written, next_reminder
from app.reminders.sent_about import NOT_FROM_DUE, OF_DAILY_RUN, PRIVATE, REMINDERS, Sent, emails_about
from app.reminders.settle import ACCESS_OFF, ALREADY_SENT, HELD, LEFT, ON_LEAVE, PROMISED, WRITTEN_THEN
from app.reminders.subjects import Subject
from app.reminders.why import DayOfThing, Emailed, KeptBack
from app.reminders.written import recorded_of, those_reminded
from app.working_days import happened

THE_WORKER = "The worker of the case"
"""Stands for a worker whose name was removed."""

TAKEN_BACK = (REMINDER_LET_GO, CHASE_STRUCK)
"""The moves that end what keeps a reminder back."""

DAYS_BACK = 13
"""The days before one that its page shows as well."""


class Followed:
    """The records of one thing up to a day, read once for any number of days.

    `sees_all` is False for readers who may know when it was chased and no more: neither the worker of the
    case, nor a response or an alert.
    """

    def __init__(self, subject: Subject, until: date, *, sees_all: bool) -> None:
        self.subject, self.days, self._sees_all = subject, working_days(), sees_all
        of_it = {"obligation_kind": subject.kind, "obligation_id": subject.id}
        self._sent = emails_about(subject, until)
        query = select(NotSent).filter_by(**of_it).where(NotSent.on <= until, NotSent.kind.in_(OF_DAILY_RUN))
        query = query.where(NotSent.reason.not_in(WRITTEN_THEN.values()))
        self._not_sent = db.session.scalars(query.order_by(NotSent.id)).all()
        self._held = db.session.scalars(select(HeldItem).filter_by(**of_it)).all()
        self._by_hand = _by_hand(subject, until)
        since = until - timedelta(days=DAYS_BACK)
        runs = select(DailyRun.on, DailyRun.finished_at).where(DailyRun.on >= since, DailyRun.on <= until)
        self._runs: dict[date, datetime] = {row.on: row.finished_at for row in db.session.execute(runs)}
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
        coming = self._coming(due_on, on) if due_on is not None and not not_open else None
        has_run = on in self._runs
        sent = [each for each in self._sent if each.is_of(on)]
        kept_back = self._kept_back(on, has_run, not_open)
        every: list[Sent | NotSent] = [*sent, *kept_back]
        return DayOfThing(
            on=on,
            is_today=on == the_day(),
            is_working_day=self.days.is_working_day(on),
            has_run=has_run,
            not_open=not_open,
            by_hand=self._by_hand.get(on, ()),
            emailed=[self._emailed(each, on) for each in sent if self._may_be_seen(each)],
            kept_back=[self._why(each, on) for each in kept_back if self._may_be_seen(each)],
            has_others=not all(self._may_be_seen(each) for each in every),
            last=last,
            coming=coming,
        )

    def _coming(self, due_on: date, on: date) -> tuple[str, date] | None:
        """Return the next reminder after a day in words, and its day."""
        subject, promise = self.subject, self.subject.promise(on, False)
        promised_on = promise.promised_on if promise else None
        until = holds_until(promised_on, due_on, self.days) if promised_on else None
        thing = Open(
            due_on,
            subject.receiving(on, self._reminded),
            subject.holders(on) or (),
            [each for day, each in self._written if day <= on],
            self._keys_held(on),
            until,
        )
        found = next_reminder(thing, self._reminded, on, self.days)
        words, day = coming_in_words(found, promised_on, until)
        return (words, day) if found and words and day else None

    @cached_property
    def _reminded(self) -> dict[int, PersonFacts]:
        """The people who may be reminded of it."""
        return everyone() if self.subject.kind == RESPONSE else those_reminded(self.subject.ever)

    @cached_property
    def _written(self) -> list[tuple[date, Written]]:
        return recorded_of(self.subject.kind, [self.subject.id])[self.subject.id].written

    def _keys_held(self, on: date) -> dict[Key, date | None]:
        """Return the keys that are held on a day, with the last day on which they are."""
        return {
            (held.person_id, held.kind, held.step, held.anchor_on): held.until_on
            for held in self._held
            if held.made_on <= on
            and not happened(held.let_go_on, on)
            and (held.until_on is None or held.until_on >= on)
        }

    def _may_be_seen(self, each: Sent | NotSent) -> bool:
        if self._sees_all or self.subject.kind != AUDIT:
            return True
        is_others_news = each.step == NEWS and each.person_id not in self.subject.ever
        return each.kind not in PRIVATE and not is_others_news

    def _named(self, person_id: int, otherwise: str = "") -> str:
        person = self._people.get(person_id)
        return with_leaving(person, the_day()) if person else otherwise

    def _emailed(self, sent: Sent, on: date) -> Emailed:
        to = self._named(sent.person_id, THE_WORKER)
        if sent.receiver_id and sent.receiver_id != sent.person_id:
            to = f"{self._named(sent.receiver_id)} (deputy of {to})"
        words = self._words(sent, sent.on)
        if sent.kept_back:
            return Emailed(to, words, "was written and not sent", reason=sent.kept_back)
        if sent.is_replaced:
            return Emailed(to, words, "was written and not sent: a later email took its place")
        if sent.state == SENT:
            elsewhen = sent.ended_on if sent.ended_on != sent.on else None
            return (
                Emailed(to, words, sent_on=elsewhen)
                if sent.on == on
                else Emailed(to, words, written_on=sent.on)
            )
        state = STATES[sent.state]
        reason, until = self._why_not_gone(sent)
        not_gone = state if state.startswith("could not") else f"is {state}"
        return Emailed(to, words, not_gone, reason=reason, until=until)

    def _why_not_gone(self, sent: Sent) -> tuple[str, date | None]:
        """Return why an email was not sent, where people are away, have left or have no access, and the date
        of that."""
        receiver_id = sent.receiver_id or sent.person_id
        person = self._people.get(receiver_id)
        if sent.state == OVERTAKEN and person and sent.ended_on and person.has_left(sent.ended_on):
            return LEFT, person.leaving_on
        if sent.state == QUEUED and person and not person.active:
            return ACCESS_OFF, None
        if sent.state == QUEUED and (until := self._away_until(receiver_id, the_day())):
            return ON_LEAVE, until
        return "", None

    def _away_until(self, person_id: int, on: date) -> date | None:
        spells = self._leave[person_id]
        return max((each.to_on for each in spells if each.from_on <= on <= each.to_on), default=None)

    def _words(self, of: Sent | NotSent, on: date) -> str:
        if isinstance(of, Sent) and of.is_at_once:
            return at_once_in_words(of.step)
        due_on = of.due_on if isinstance(of, Sent) else self.subject.due_on(on)
        return reminder_on(of.step, due_on, on, self.days)

    def _last(self, on: date) -> tuple[str, date] | None:
        """Return the latest reminder that had gone before a day, also of an earlier due date, and the day on
        which it was sent."""
        gone = [
            (each.ended_on, each)
            for each in self._sent
            if each.kind in REMINDERS
            and each.state == SENT
            and each.ended_on is not None
            and each.ended_on < on
            and each.step != NEWS
        ]
        if not gone:
            return None
        sent_on, latest = max(gone, key=lambda each: each[0])
        return self._words(latest, sent_on), sent_on

    def _kept_back(self, on: date, has_run: bool, not_open: str) -> list[NotSent]:
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
        return list(latest.values())

    def _why(self, decision: NotSent, on: date) -> KeptBack:
        to = self._named(decision.person_id)
        until, because = self._until(decision, on)
        promise = self._promise(on) if decision.reason == PROMISED else None
        struck_on = promise.withdrawn_on if promise and happened(promise.withdrawn_on, the_day()) else None
        return KeptBack(to, self._words(decision, on), decision.reason, until, because, struck_on)

    def _holds(self, decision: NotSent, on: date) -> bool:
        """Return whether a decision of an earlier day holds on a day: not sent since, of the same due date,
        still this person's, and its reason still there."""
        subject = self.subject
        gone = any(
            (each.person_id, each.kind, each.step, each.anchor_on)
            == (decision.person_id, decision.kind, decision.step, decision.anchor_on)
            and each.on <= on
            and not each.kept_back
            for each in self._sent
        )
        if gone or decision.reason == ALREADY_SENT:
            return False
        if decision.step not in NOT_FROM_DUE and decision.anchor_on != subject.due_on(on):
            return False
        if not self._is_still_theirs(decision, on):
            return False
        if decision.reason in (ON_LEAVE, LEFT, PROMISED, HELD):
            return (
                self._until(decision, on) != (None, "")
                or self._is_held_for_good(decision, on)
                or self._was_away(decision, on)
            )
        return True

    def _is_still_theirs(self, decision: NotSent, on: date) -> bool:
        """Return whether it still was on a day of the person of a decision, or of who they manage."""
        holders = self.subject.holders(on)
        if holders is None:
            return True
        if decision.kind == DIGEST:
            return decision.person_id not in self.subject.ever - holders
        before = self.subject.holders(decision.on)
        return decision.kind != MANAGER or not before or not before.isdisjoint(holders)

    def _was_away(self, decision: NotSent, on: date) -> bool:
        """Return whether somebody who was made anonymous since was away: their leave is not kept, but it was
        over before they left."""
        person = self._people.get(decision.person_id)
        if person is None or person.anonymous_on is None or decision.reason != ON_LEAVE:
            return False
        return not person.has_left(on)

    def _until(self, decision: NotSent, on: date) -> tuple[date | None, str]:
        """Return the date that goes with a reason on a day, and a coordinator's own words for holding it."""
        if decision.reason == ON_LEAVE:
            return self._away_until(decision.person_id, on), ""
        if decision.reason == LEFT:
            person = self._people.get(decision.person_id)
            return (person.leaving_on if person and person.has_left(on) else None), ""
        if decision.reason == PROMISED:
            promise = self._promise(on)
            return (promise.promised_on if promise else None), ""
        held = self._held_on(decision, on)
        return (held.until_on, held.because) if held else (None, "")

    def _promise(self, on: date) -> Promise | None:
        """Return the promise that held on a day, when its run decided."""
        return self.subject.promise(on, self._is_after_run(CHASE_STRUCK, on))

    def _is_after_run(self, what: str, on: date) -> bool:
        """Return whether something was taken back on a day after its run, which had decided by it."""
        finished_at = self._runs.get(on)
        return finished_at is not None and any(
            row.what == what and row.on == on and row.at >= finished_at for row in self._taken_back
        )

    @cached_property
    def _taken_back(self) -> Sequence[HistoryRow]:
        subject = self.subject
        return [row for row in record.of(subject.kind, subject.reference) if row.what in TAKEN_BACK]

    def _is_held_for_good(self, decision: NotSent, on: date) -> bool:
        return self._held_on(decision, on) is not None

    def _held_on(self, decision: NotSent, on: date) -> HeldItem | None:
        if decision.reason != HELD:
            return None
        key = (decision.person_id, decision.kind, decision.step, decision.anchor_on)
        for held in self._held:
            is_it = (held.person_id, held.kind, held.step, held.anchor_on) == key
            is_let_go = happened(held.let_go_on, on) and not (
                held.let_go_on == on and self._is_after_run(REMINDER_LET_GO, on)
            )
            over = is_let_go or (held.until_on is not None and held.until_on < on)
            if is_it and held.made_on <= on and not over:
                return held
        return None


def _by_hand(subject: Subject, until: date) -> dict[date, Sequence[str]]:
    """Return the chases of a thing that people made, by day, each in a sentence."""
    said: dict[date, list[str]] = defaultdict(list)
    if subject.kind == AUDIT:
        query = select(Chase).where(
            Chase.audit_id == subject.id, Chase.made_by(the_day()), Chase.day <= until
        )
        for chase in db.session.scalars(query.options(joinedload(Chase.by)).order_by(Chase.id)):
            by = with_leaving(chase.by, the_day()) if chase.by else "Someone"
            said[chase.day].append(_chased(by, chase.channel, chase.with_whom or ""))
        return dict(said)
    calls = (
        select(CallMade.day, CallMade.channel, CallMade.by_id, CallMade.with_id)
        .where(CallMade.obligation_kind == subject.kind, CallMade.obligation_id == subject.id)
        .where(CallMade.day <= until)
        .order_by(CallMade.id)
    )
    named = names(the_day())
    for day, channel, by_id, with_id in db.session.execute(calls):
        said[day].append(_chased(named[by_id], channel, named[with_id]))
    return dict(said)


def _chased(by: str, channel: str, with_whom: str) -> str:
    """Return "Jack Denny chased by phone, with Chitra Menon"."""
    how = channel if channel.startswith("in ") else f"by {channel}"
    return f"{by} chased {how}" + (f", with {with_whom}" if with_whom else "")
