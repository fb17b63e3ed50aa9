"""Reading what is recorded of one thing: who was written to about it on a day, or why nobody was."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.actions.lifecycle import DECIDED_AGAINST
from app.actions.models import Action, Recommendation
from app.actions.moving import due_on as due_of_owned
from app.audits import lifecycle
from app.audits.facts import facts, found, pair_on
from app.audits.models import Audit, Chase
from app.audits.promising import promise_that_holds
from app.clock import clock
from app.clock import today as the_day
from app.concerns.models import CalledResponse, Remedy
from app.database import db
from app.outbox.in_words import STATES, next_reminder, reminder_on
from app.outbox.models import OVERTAKEN, SENT, Message, MessageItem
from app.outbox.names import ASSIGNED, CALLS, DIGEST, MANAGER
from app.people.closures import working_days
from app.people.models import Leave, Person
from app.reminders.due import AUDIT, CHECK, NOBODY, REASSIGN, RESPONSE
from app.reminders.ladder_book import ladder_book
from app.reminders.ladders import Ladder, next_step
from app.reminders.models import CallMade, DailyRun, HeldItem, NotSent
from app.reminders.settle import ALREADY_SENT, HELD, LEFT, ON_LEAVE, PROMISED
from app.reminders.things import THINGS
from app.reminders.why import DayOfThing, Emailed, KeptBack
from app.wording import in_words
from app.working_days import happened

TO_PEOPLE = (DIGEST, MANAGER, CALLS)
"""The kinds of message that remind people of what is open."""

NOT_FROM_DUE = (ASSIGNED, REASSIGN, CHECK)
"""The steps that do not count from the due date."""

DAYS_BACK = 13
"""The days before one that its page shows as well."""


@dataclass(frozen=True)
class Subject:
    """A thing that people are reminded of, with what a line about a day needs of its life by then."""

    kind: str
    id: int
    reference: str
    ladder: Ladder
    not_open: Callable[[date], str]
    """The reason why nobody is reminded on a day: "it was returned on 10 November 2010"; else nothing."""
    due_on: Callable[[date], date | None]
    holders: Callable[[date], set[int]]
    """The people whose it is on a day."""
    ever: frozenset[int]
    """The people whose it ever was."""
    assigned_on: Callable[[date], date | None] = lambda _: None
    promised_on: Callable[[date], date | None] = lambda _: None


def subject_of(kind: str, reference: str) -> Subject | None:
    """Return the thing of that kind and reference; None where there is none."""
    return _READERS[kind](reference)


def _audit(reference: str) -> Subject | None:
    audit = found(reference)
    if audit is None:
        return None

    def not_open(on: date) -> str:
        known = facts(audit, on)
        if known.requested_on > on:
            return f"it was requested on {in_words(known.requested_on)}"
        match lifecycle.state(known, on, working_days()):
            case lifecycle.State.WITHDRAWN:
                return f"it was withdrawn on {in_words(known.withdrawn_on)}"
            case lifecycle.State.RETURNED:
                return f"it was returned on {in_words(known.returned_on)}"
            case lifecycle.State.NOT_RETURNED:
                return f"its cycle was closed on {in_words(known.cycle_closed_on)}"
        is_exempt = lifecycle.is_exempt(known, on)
        return f"it was exempt from {in_words(known.exempted_on)}" if is_exempt else ""

    def assigned_on(on: date) -> date | None:
        return max((spell.assigned_on for spell in pair_on(audit, on).spells), default=None)

    def promised_on(on: date) -> date | None:
        promise = promise_that_holds(audit, on)
        return promise.promised_on if promise else None

    return Subject(
        AUDIT,
        audit.id,
        audit.reference,
        ladder_book().for_audits_of(audit.cycle_id),
        not_open,
        lambda on: facts(audit, on).due_on,
        lambda on: {person.id for person in pair_on(audit, on).people},
        frozenset(spell.person_id for spell in audit.assignments if spell.person_id is not None),
        assigned_on,
        promised_on,
    )


def _action(reference: str) -> Subject | None:
    action = db.session.scalars(select(Action).where(Action.called(reference))).one_or_none()
    if action is None:
        return None

    def not_open(on: date) -> str:
        if action.is_draft or (action.agreed_on is not None and action.agreed_on > on):
            return "it was not agreed yet"
        return _first(("done", action.done_on, on), ("withdrawn", action.withdrawn_on, on)) or _lacking(
            action, on
        )

    return _of_owner(action, "action", not_open)


def _recommendation(reference: str) -> Subject | None:
    query = select(Recommendation).where(Recommendation.called(reference))
    recommendation = db.session.scalars(query).one_or_none()
    if recommendation is None:
        return None

    def not_open(on: date) -> str:
        if recommendation.raised_on is not None and recommendation.raised_on > on:
            return f"it was raised on {in_words(recommendation.raised_on)}"
        decided = recommendation.decided_on
        if recommendation.decision in DECIDED_AGAINST and (decided is None or decided <= on):
            return f"it was {recommendation.decision}" + (f" on {in_words(decided)}" if decided else "")
        return _first(("carried out", recommendation.carried_out_on, on)) or _lacking(recommendation, on)

    return _of_owner(recommendation, "recommendation", not_open)


def _remedy(reference: str) -> Subject | None:
    remedy = db.session.scalars(select(Remedy).where(Remedy.called(reference))).one_or_none()
    if remedy is None:
        return None

    def not_open(on: date) -> str:
        if remedy.raised_on > on:
            return f"it was added on {in_words(remedy.raised_on)}"
        return _first(("done", remedy.done_on, on), ("withdrawn", remedy.withdrawn_on, on)) or (
            "" if remedy.owner_id else "it had no owner"
        )

    return _of_owner(remedy, "remedy", not_open)


def _response(reference: str) -> Subject | None:
    query = select(CalledResponse).where(CalledResponse.called(reference))
    response = db.session.scalars(query).one_or_none()
    if response is None:
        return None

    def not_open(on: date) -> str:
        if response.called_on > on:
            return f"it was called for on {in_words(response.called_on)}"
        if happened(response.fell_away_on, on):
            return f"it was no longer needed from {in_words(response.fell_away_on)}"
        return _first(("answered", response.answered_on, on))

    ladder = ladder_book().general[RESPONSE]
    return Subject(
        RESPONSE,
        response.id,
        response.reference,
        ladder,
        not_open,
        lambda _: response.due_on,
        lambda _: set(),
        frozenset(),
    )


_READERS: dict[str, Callable[[str], Subject | None]] = {
    AUDIT: _audit,
    "action": _action,
    "recommendation": _recommendation,
    "remedy": _remedy,
    RESPONSE: _response,
}


def _first(*ends: tuple[str, date | None, date]) -> str:
    """Return the first end that has happened: "it was done on 10 November 2010"."""
    return next((f"it was {end} on {in_words(day)}" for end, day, on in ends if happened(day, on)), "")


def _lacking(thing: Action | Recommendation, on: date) -> str:
    if thing.owner_id is None:
        return "it had no owner"
    return "" if due_of_owned(thing, on) else "it had no due date"


def _of_owner(thing: Action | Recommendation | Remedy, kind: str, not_open: Callable[[date], str]) -> Subject:
    owners = {thing.owner_id} if thing.owner_id is not None else set()

    def due_on(on: date) -> date | None:
        return thing.due_on if isinstance(thing, Remedy) else due_of_owned(thing, on)

    ladder = ladder_book().general[THINGS[kind].ladder or kind]
    # earlier owners are in the history alone
    return Subject(
        kind, thing.id, thing.reference, ladder, not_open, due_on, lambda _: owners, frozenset(owners)
    )


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


def last_response_about(reference: str) -> str | None:
    """Return the reference of the last response about an audit."""
    query = (
        select(CalledResponse.reference)
        .join(Audit, Audit.id == CalledResponse.audit_id)
        .where(Audit.called(reference))
        .order_by(CalledResponse.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)
