"""Reading responses for pages and messages: those of an audit, those that wait, and who is asked."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased, joinedload

from app.answers.models import DISPUTED, AnswerView
from app.audits.models import Audit, Return, its_audit, of_cycles
from app.concerns import response_life, responses_open
from app.concerns.models import CalledResponse, Remedy, RemedyOfResponse
from app.concerns.response_life import asked_of, in_time
from app.concerns.response_numbers import ResponseNumbers
from app.database import db
from app.people.closures import working_days
from app.people.models import Person
from app.people.presence import PersonFacts
from app.people.queries import everyone
from app.people.standing_in import deputy_of
from app.people.standing_in_sql import stands_in_for_a_coordinator
from app.working_days import WorkingDays, happened


def took_part(audit: Audit, on: date) -> set[int]:
    """Return the ids of the people who had audited or moderated an audit by a day."""
    return responses_open.took_part([audit.id], on)[audit.id]


def asked(audit: Audit, on: date, people: Mapping[int, PersonFacts] | None = None) -> list[PersonFacts]:
    """Return the people whom a response about an audit is asked of, as of a day."""
    people = everyone() if people is None else people
    return asked_of(audit.team_id, audit.cycle.respond_to_id, took_part(audit, on), people, on)


def answering(
    audit: Audit, on: date, people: Mapping[int, PersonFacts] | None = None
) -> dict[int, PersonFacts]:
    """Return the people who can answer as of a day, by id: those asked, then deputies of those away."""
    people = everyone() if people is None else people
    part = took_part(audit, on)
    theirs = asked_of(audit.team_id, audit.cycle.respond_to_id, part, people, on)
    return response_life.answering(theirs, part, people, on)


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


def those_of(person: Person, waiting: Sequence[CalledResponse], on: date) -> list[CalledResponse]:
    """Return those of the responses that this person, or somebody they stand in for, is asked for."""
    people = everyone() if waiting else {}
    return [response for response in waiting if person.id in answering(response.audit, on, people)]


def disputed() -> Sequence[CalledResponse]:
    """Return the responses whose dispute nobody has decided, the earliest answer first.

    The dispute of a grade ends where the audit was returned again and called for another response.
    """
    later = aliased(CalledResponse)
    query = _with_people().where(
        CalledResponse.dispute.is_not(None),
        CalledResponse.answered_on.is_not(None),
        CalledResponse.decided_on.is_(None),
        ~exists().where(later.audit_id == CalledResponse.audit_id, later.id > CalledResponse.id),
    )
    return db.session.scalars(query.order_by(CalledResponse.answered_on, CalledResponse.reference)).all()


def decisions_that_hold() -> Select[int, int | None, date | None]:
    """Return the query of the decisions on disputes: the audit, the moderator, the day.

    Sending the audit back ends one, as it ends a moderation.
    """
    sent_back_after = (Return.sent_back_on > CalledResponse.decided_on) | (
        (Return.sent_back_on == CalledResponse.decided_on) & (CalledResponse.called_on < Return.sent_back_on)
    )
    return select(CalledResponse.audit_id, CalledResponse.decided_by_id, CalledResponse.decided_on).where(
        CalledResponse.decided_on.is_not(None),
        ~exists().where(Return.audit_id == CalledResponse.audit_id, sent_back_after),
    )


def is_asked(person: Person, reference: str, on: date) -> bool:
    """True for those who are asked for the last response about an audit, and for their deputies.

    Whoever answered it goes on reading it.
    """
    response = last_of(reference)
    return response is not None and (
        response.answered_by_id == person.id or person.id in answering(response.audit, on)
    )


def told_late(person: Person, reference: str, on: date) -> bool:
    """True for those who are told when the last response about an audit is late, for their deputies, and for
    people who stand in for a coordinator."""
    response = last_of(reference)
    if response is None:
        return False
    if stands_in_for_a_coordinator(person.id, on):
        return True
    people, audit = everyone(), response.audit
    late = response_life.told_late(audit.cycle.respond_to_id, asked(audit, on, people), people)
    return person.id in {*(one.id for one in late), *(deputy_of(one, people, on) for one in late)}


def numbers_of(
    cycle_ids: Collection[int], on: date, *, done_by: date | None = None
) -> dict[int, ResponseNumbers]:
    """Return the numbers of responses that the audits of each of these cycles called for by a day, and of
    disputes.

    Of an audit that called for several the last one counts; those no longer needed are in no number. All
    disputes count, by audit: also one whose decision took the grade away. `done_by` is the last day on which
    an answer, a dispute or a decision counts; the same day, if it is not given.
    """
    last, days = done_by or on, working_days()
    query = (
        select(CalledResponse, Audit.cycle_id)
        .join(Audit, its_audit(CalledResponse.audit_id))
        .where(of_cycles(cycle_ids), CalledResponse.called_on <= on)
        .order_by(CalledResponse.id)
    )
    every: dict[int, dict[int, list[CalledResponse]]] = {
        cycle_id: defaultdict(list) for cycle_id in cycle_ids
    }
    for one, cycle_id in db.session.execute(query):
        every[cycle_id][one.audit_id].append(one)
    changed = _changed_by_dispute(cycle_ids, last)
    return {
        cycle_id: _numbers(list(audits.values()), changed, on, last, days)
        for cycle_id, audits in every.items()
    }


def _numbers(
    audits: Sequence[Sequence[CalledResponse]],
    changed: Collection[int],
    on: date,
    last: date,
    days: WorkingDays,
) -> ResponseNumbers:
    """Return the numbers of a cycle, from the responses that each of its audits called for."""
    needed = [[one for one in called if not happened(one.fell_away_on, on)] for called in audits]
    counting = [called[-1] for called in needed if called]
    disputed = [
        one
        for called in audits
        if (one := next((one for one in reversed(called) if _is_disputed(one, last)), None))
    ]
    return ResponseNumbers(
        called_for=len(counting),
        in_time=sum(in_time(one.due_on, one.answered_on, last, days) for one in counting),
        not_due=sum(
            not happened(one.answered_on, last) and not days.is_late(one.due_on, on) for one in counting
        ),
        disputed=len(disputed),
        changed=sum(one.audit_id in changed for one in disputed),
        undecided=sum(not happened(one.decided_on, last) for one in disputed),
    )


def _is_disputed(response: CalledResponse, on: date) -> bool:
    return response.dispute is not None and happened(response.answered_on, on)


def _changed_by_dispute(cycle_ids: Collection[int], on: date) -> set[int]:
    """Return the ids of the audits of which a decision on a dispute had changed an answer by a day."""
    query = (
        select(AnswerView.audit_id)
        .join(Audit, its_audit(AnswerView.audit_id))
        .where(of_cycles(cycle_ids), AnswerView.whose == DISPUTED, AnswerView.made_on <= on)
    )
    return set(db.session.scalars(query))


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
