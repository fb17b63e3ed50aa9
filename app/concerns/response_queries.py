"""Reading responses for pages and messages: those of an audit, those that wait, and who is asked."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.answers.models import Moderation
from app.audits.models import Assignment, Audit
from app.audits.open_on import not_yet
from app.concerns.models import CalledResponse, Remedy, RemedyOfResponse
from app.concerns.response_life import asked_of, in_time
from app.database import db
from app.people.closures import working_days
from app.people.models import Person
from app.people.presence import PersonFacts
from app.people.queries import everyone
from app.people.standing_in import stood_in_for


def took_part(audit: Audit) -> set[int]:
    """Return the ids of the people who audited or moderated an audit, also of auditors before a change."""
    auditors = select(Assignment.person_id).where(
        Assignment.audit_id == audit.id, Assignment.person_id.is_not(None)
    )
    moderators = select(Moderation.moderator_id).where(Moderation.audit_id == audit.id)
    return {id_ for id_ in db.session.scalars(auditors.union(moderators)) if id_ is not None}


def asked(audit: Audit, on: date, people: Mapping[int, PersonFacts] | None = None) -> list[PersonFacts]:
    """Return the people whom a response about an audit is asked of, as of a day."""
    people = everyone() if people is None else people
    return asked_of(audit.team_id, audit.cycle.respond_to_id, took_part(audit), people, on)


def last_of(reference: str) -> CalledResponse | None:
    """Return the last response about the audit of that reference; None where none was called for."""
    query = _with_people().where(Audit.called(reference)).order_by(CalledResponse.id.desc()).limit(1)
    return db.session.scalars(query).first()


def of_audit(audit_id: int) -> Sequence[CalledResponse]:
    """Return all responses about an audit, the latest first."""
    query = _with_people().where(CalledResponse.audit_id == audit_id)
    return db.session.scalars(query.order_by(CalledResponse.id.desc())).all()


def open_ones() -> Sequence[CalledResponse]:
    """Return the responses that wait for an answer, by due date."""
    query = _with_people().where(CalledResponse.answered_on.is_(None), CalledResponse.fell_away_on.is_(None))
    return db.session.scalars(query.order_by(CalledResponse.due_on, CalledResponse.reference)).all()


def open_for(person: Person, on: date) -> list[CalledResponse]:
    """Return the responses that this person, or somebody they stand in for, is asked for, by due date."""
    people = everyone()
    acting_as = {person.id, *(away.id for away in stood_in_for(person.id, people, on))}
    return [
        response
        for response in open_ones()
        if acting_as & {one.id for one in asked(response.audit, on, people)}
    ]


def disputed() -> Sequence[CalledResponse]:
    """Return the responses whose dispute nobody has decided, the earliest answer first."""
    query = _with_people().where(
        CalledResponse.dispute.is_not(None),
        CalledResponse.answered_on.is_not(None),
        CalledResponse.decided_on.is_(None),
    )
    return db.session.scalars(query.order_by(CalledResponse.answered_on, CalledResponse.reference)).all()


def is_asked(person: Person, reference: str, on: date) -> bool:
    """True for those who are asked for the last response about an audit, and for their deputies.

    Whoever answered it goes on reading it.
    """
    response = last_of(reference)
    if response is None:
        return False
    people = everyone()
    acting_as = {person.id, *(away.id for away in stood_in_for(person.id, people, on))}
    return response.answered_by_id == person.id or bool(
        acting_as & {one.id for one in asked(response.audit, on, people)}
    )


def numbers_of(cycle_id: int, on: date) -> tuple[int, int]:
    """Return how many responses the audits of a cycle called for by a day, and how many had one in time.

    Those that were no longer needed are in neither.
    """
    query = (
        select(CalledResponse)
        .join(Audit, Audit.id == CalledResponse.audit_id)
        .where(Audit.cycle_id == cycle_id, CalledResponse.called_on <= on)
        .where(not_yet(CalledResponse.fell_away_on, on))
    )
    called, days = db.session.scalars(query).all(), working_days()
    return len(called), sum(in_time(one.due_on, one.answered_on, on, days) for one in called)


def remedies_of(response: CalledResponse) -> Sequence[Remedy]:
    """Return the remedies that a response names, in the order in which they were noted."""
    query = (
        select(Remedy)
        .join(RemedyOfResponse, RemedyOfResponse.remedy_id == Remedy.id)
        .where(RemedyOfResponse.response_id == response.id)
    )
    return db.session.scalars(query.order_by(Remedy.id)).all()


def _with_people() -> Select[CalledResponse]:
    return (
        select(CalledResponse)
        .join(Audit, Audit.id == CalledResponse.audit_id)
        .options(
            joinedload(CalledResponse.audit).joinedload(Audit.team),
            joinedload(CalledResponse.audit).joinedload(Audit.cycle),
            joinedload(CalledResponse.answered_by),
            joinedload(CalledResponse.decided_by),
        )
    )
