"""Reading the replies of workers, and the talks about an audit, for pages, emails and reports."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from app.answers.side_by_side import Beside, SideBySide, moderation_facts
from app.audits.cycle import Cycle
from app.audits.facts import pair_on
from app.audits.models import Assignment, Audit, its_audit, of_cycles
from app.audits.open_on import not_yet
from app.audits.standing import held_on
from app.audits.workers import TELLING, Workers
from app.database import db
from app.due_dates import that_counts
from app.people.closures import due_in_words, working_days
from app.people.models import Person
from app.people.roles import RoleName
from app.workers.models import FeedbackTalk, WorkerReply
from app.workers.reply_life import (
    ReplyFacts,
    ReplyState,
    is_for_moderators,
    refuse_decision,
    state,
    worker_sees_case,
)
from app.workers.reply_numbers import ReplyNumbers
from app.working_days import WorkingDays, happened


def shown_to(person_id: int, on: date) -> ColumnElement[bool]:
    """Return the condition that an audit, joined with its cycle, shows itself to this person as its worker:
    from the day on which it was requested, where the cycle tells workers."""
    return (Audit.worker_id == person_id) & Cycle.workers.in_(TELLING) & (Audit.requested_on <= on)


def is_shown_to(person: Person, reference: str, on: date) -> bool:
    """Return True where an audit shows itself to a person as its worker."""
    query = select(Audit.id).join(Cycle, Cycle.id == Audit.cycle_id)
    return db.session.scalar(query.where(Audit.called(reference), shown_to(person.id, on))) is not None


def audits_shown_to(person: Person, on: date) -> Sequence[Audit]:
    """Return the audits that show themselves to a person as their worker and were not withdrawn, the latest
    due first."""
    query = (
        select(Audit)
        .join(Cycle, Cycle.id == Audit.cycle_id)
        .where(shown_to(person.id, on), not_yet(Audit.withdrawn_on, on))
        .options(joinedload(Audit.cycle))
        .order_by(Audit.due_on.desc(), Audit.reference)
    )
    return db.session.scalars(query).all()


@dataclass(frozen=True)
class OwnCase:
    """An audit of a case of a worker, as they see it, with the reply that they are asked for, if any."""

    audit: Audit
    is_returned: bool
    reply: WorkerReply | None
    state: ReplyState | None


def own_cases(person: Person, on: date, days: WorkingDays) -> list[OwnCase]:
    """Return the audits of a worker's cases that go on or were returned lately, the latest due first.

    They stay for as long as the worker sees the number of the case, and while a reply is not decided.
    """
    audits = audits_shown_to(person, on)
    asked = select(WorkerReply).where(
        WorkerReply.worker_id == person.id, WorkerReply.audit_id.in_([audit.id for audit in audits])
    )
    replies = {reply.audit_id: reply for reply in db.session.scalars(asked.order_by(WorkerReply.id))}
    cases = []
    for audit in audits:
        reply = replies.get(audit.id)
        now = state(_days_of(reply), on) if reply else None
        is_returned = happened(audit.returned_on, on)
        goes_on = not is_returned and not happened(audit.cycle.closed_on, on)
        is_recent = is_returned and worker_sees_case(audit.returned_on, on, days)
        if goes_on or is_recent or now in (ReplyState.ASKED, ReplyState.REPLIED):
            cases.append(OwnCase(audit, is_returned, reply, now))
    return cases


def judgements(views: SideBySide) -> Sequence[Beside]:
    """Return the answers that a worker reads, and that a decision on their reply can change.

    They are the grades that apply; where the tool asks for none, all that apply but categories.
    """
    if any(question.is_grade for _, question in views.form.questions):
        return [beside for beside in views.to_moderate if beside.question.is_grade]
    return views.to_moderate


def _days_of(reply: WorkerReply) -> ReplyFacts:
    return ReplyFacts(
        due_on=that_counts(reply.due_on, working_days()),
        worker_id=reply.worker_id,
        replied_on=reply.replied_on,
        decided_on=reply.decided_on,
        ended_on=reply.ended_on,
        ended_because=reply.ended_because,
    )


def facts(reply: WorkerReply, on: date) -> ReplyFacts:
    """Return the facts that the state of a reply, and who decides about it, follow from."""
    moderation = moderation_facts(reply.audit)
    return replace(
        _days_of(reply),
        is_moderated=happened(moderation.moderators_decided_on, on),
        auditors=frozenset(person.id for person in pair_on(reply.audit, on).people),
        took_part={*moderation.auditors, *([reply.worker_id] if reply.worker_id else [])},
    )


def refuse_decision_of(reply: WorkerReply, person: Person, on: date) -> str | None:
    """Return why this person cannot decide about a reply, in a sentence; None when they can."""
    moderates = RoleName.MODERATOR in person.role_names
    return refuse_decision(facts(reply, on), person.id, on, is_moderator=moderates)


def last_of(audit_id: int) -> WorkerReply | None:
    """Return the last reply that was asked for about an audit; None where none was."""
    query = _with_people().where(WorkerReply.audit_id == audit_id).order_by(WorkerReply.id.desc())
    return db.session.scalars(query.limit(1)).first()


def of_audit(audit_id: int) -> Sequence[WorkerReply]:
    """Return all replies that were asked for about an audit, the latest first."""
    query = _with_people().where(WorkerReply.audit_id == audit_id)
    return db.session.scalars(query.order_by(WorkerReply.id.desc())).all()


def state_of_last(audit: Audit, on: date) -> str | None:
    """Return the state, in words, of the last reply that the worker of an audit is asked for; None where they
    are not asked."""
    reply = last_of(audit.id)
    if reply is None or reply.worker_id != audit.worker_id:
        return None
    now = state(_days_of(reply), on)
    until = f", can reply until {due_in_words(reply.due_on)}"
    return f"{now}{until if now is ReplyState.ASKED else ''}"


def replied_to(audit_id: int, on: date) -> list[WorkerReply]:
    """Return the replies about an audit that were given by a day, the latest first."""
    return [reply for reply in of_audit(audit_id) if happened(reply.replied_on, on)]


def undecided(*more: ColumnElement[bool]) -> Sequence[WorkerReply]:
    """Return the replies that wait for a decision, the earliest first; with more conditions, those alone."""
    query = _with_people().where(
        WorkerReply.replied_on.is_not(None),
        WorkerReply.decided_on.is_(None),
        WorkerReply.ended_on.is_(None),
        *more,
    )
    return db.session.scalars(query.order_by(WorkerReply.replied_on, WorkerReply.reference)).all()


def to_decide(person: Person, on: date) -> list[WorkerReply]:
    """Return the replies that wait for a decision which this person can make, the earliest first."""
    moderates = RoleName.MODERATOR in person.role_names
    audited = select(Assignment.audit_id).where(Assignment.person_id == person.id, held_on(on))
    waiting = undecided() if moderates else undecided(WorkerReply.audit_id.in_(audited))
    return [reply for reply in waiting if refuse_decision_of(reply, person, on) is None]


@dataclass(frozen=True)
class Waiting:
    """A reply that waits for a decision: whose it is, and for how many working days it has waited."""

    reply: WorkerReply
    for_moderators: bool
    since: int

    @property
    def cycle(self) -> str:
        """Return the reference of its audit's cycle."""
        return self.reply.audit.cycle.reference


def waiting(on: date, days: WorkingDays) -> list[Waiting]:
    """Return all replies that wait for a decision, the earliest first."""
    return [
        Waiting(reply, is_for_moderators(facts(reply, on)), days.between(reply.replied_on, on))
        for reply in undecided()
        if reply.replied_on is not None
    ]


def numbers_of(
    cycle_ids: Collection[int], on: date, *, done_by: date | None = None
) -> dict[int, ReplyNumbers | None]:
    """Return the numbers of replies and talks of each of these cycles as of a day; None where it tells
    workers nothing.

    A worker counts once for each audit, however often they were asked, and whoever is no longer asked counts
    if they replied. `done_by` is the last day on which a reply, a decision or a talk counts; the same day, if
    it is not given.
    """
    last = done_by or on
    ways = dict(db.session.execute(select(Cycle.id, Cycle.workers).where(Cycle.id.in_(cycle_ids))).all())
    query = (
        select(WorkerReply, Audit.cycle_id)
        .join(Audit, its_audit(WorkerReply.audit_id))
        .where(of_cycles(cycle_ids), WorkerReply.asked_on <= on)
    )
    asked, replied, changed = defaultdict(set), defaultdict(set), Counter[int]()
    waiting = defaultdict(set)
    for reply, cycle_id in db.session.execute(query):
        has_replied = happened(reply.replied_on, last)
        if has_replied or not happened(reply.ended_on, on):
            asked[cycle_id].add(_whose(reply))
        if (
            not has_replied
            and state(replace(_days_of(reply), replied_on=None, decided_on=None), on) is ReplyState.ASKED
        ):
            waiting[cycle_id].add(_whose(reply))
        if has_replied:
            replied[cycle_id].add(_whose(reply))
            changed[cycle_id] += bool(happened(reply.decided_on, last) and reply.changed)
    counts = (
        select(Audit.cycle_id, func.count())
        .select_from(FeedbackTalk)
        .join(Audit, its_audit(FeedbackTalk.audit_id))
        .where(of_cycles(cycle_ids), FeedbackTalk.noted_on <= last)
        .group_by(Audit.cycle_id)
    )
    talks = dict(db.session.execute(counts).all())
    numbers = {}
    for cycle_id in cycle_ids:
        way = Workers(ways[cycle_id])
        numbers[cycle_id] = (
            ReplyNumbers(
                len(asked[cycle_id]) if way.may_reply else None,
                len(replied[cycle_id]),
                changed[cycle_id],
                talks.get(cycle_id, 0),
                len(waiting[cycle_id] - replied[cycle_id]) if way.may_reply else 0,
            )
            if way.are_told
            else None
        )
    return numbers


def _whose(reply: WorkerReply) -> tuple[int, int]:
    """Return the audit and its worker, who stays the same one after their name was removed."""
    return reply.audit_id, reply.worker_id or -(reply.worker_number or 0)


def talks_of(audit_id: int) -> Sequence[FeedbackTalk]:
    """Return the talks about an audit, the latest first."""
    query = select(FeedbackTalk).where(FeedbackTalk.audit_id == audit_id)
    latest = query.order_by(FeedbackTalk.day.desc(), FeedbackTalk.id.desc())
    return db.session.scalars(latest.options(joinedload(FeedbackTalk.noted_by))).all()


def _with_people() -> Select[WorkerReply]:
    return select(WorkerReply).options(
        joinedload(WorkerReply.audit).joinedload(Audit.cycle),
        joinedload(WorkerReply.worker),
        joinedload(WorkerReply.decided_by),
    )
