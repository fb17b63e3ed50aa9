"""Reading the replies of workers, and the talks about an audit, for pages, emails and reports."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from app.answers.side_by_side import moderation_facts
from app.audits.cycle import Cycle
from app.audits.facts import pair_on
from app.audits.models import Audit
from app.audits.open_on import not_yet
from app.audits.workers import TELLING
from app.database import db
from app.people.models import Person
from app.workers.models import FeedbackTalk, WorkerReply
from app.workers.reply_life import ReplyFacts
from app.working_days import happened


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


def facts(reply: WorkerReply, on: date) -> ReplyFacts:
    """Return the facts that the state of a reply, and who decides about it, follow from."""
    moderation = moderation_facts(reply.audit)
    return ReplyFacts(
        due_on=reply.due_on,
        worker_id=reply.worker_id,
        replied_on=reply.replied_on,
        decided_on=reply.decided_on,
        ended_on=reply.ended_on,
        is_moderated=happened(moderation.moderated_on, on),
        auditors=frozenset(person.id for person in pair_on(reply.audit, on).people),
        took_part={*moderation.auditors, reply.worker_id},
    )


def last_of(audit_id: int) -> WorkerReply | None:
    """Return the last reply that was asked for about an audit; None where none was."""
    query = _with_people().where(WorkerReply.audit_id == audit_id).order_by(WorkerReply.id.desc())
    return db.session.scalars(query.limit(1)).first()


def of_audit(audit_id: int) -> Sequence[WorkerReply]:
    """Return all replies that were asked for about an audit, the latest first."""
    query = _with_people().where(WorkerReply.audit_id == audit_id)
    return db.session.scalars(query.order_by(WorkerReply.id.desc())).all()


def undecided() -> Sequence[WorkerReply]:
    """Return the replies that wait for a decision, the earliest first."""
    query = _with_people().where(
        WorkerReply.replied_on.is_not(None),
        WorkerReply.decided_on.is_(None),
        WorkerReply.ended_on.is_(None),
    )
    return db.session.scalars(query.order_by(WorkerReply.replied_on, WorkerReply.reference)).all()


def numbers_of(cycle_id: int, on: date) -> tuple[int, int, int]:
    """Return how many workers of a cycle were asked by a day, how many replied, and how often a reply
    changed an answer."""
    query = (
        select(WorkerReply)
        .join(Audit, Audit.id == WorkerReply.audit_id)
        .where(Audit.cycle_id == cycle_id, WorkerReply.asked_on <= on)
    )
    asked = [
        reply
        for reply in db.session.scalars(query)
        if happened(reply.replied_on, on) or not happened(reply.ended_on, on)
    ]
    replied = [reply for reply in asked if happened(reply.replied_on, on)]
    changed = [reply for reply in replied if happened(reply.decided_on, on) and reply.changed]
    return len(asked), len(replied), len(changed)


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
