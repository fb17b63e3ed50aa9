"""The open responses of a day, with the people who are asked and those who are told when they are late."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.answers.models import Moderation
from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit
from app.audits.open_on import not_yet
from app.concerns.models import CalledResponse
from app.concerns.response_life import asked_of, told_late
from app.database import db
from app.people.presence import PersonFacts
from app.people.queries import everyone


@dataclass(frozen=True)
class OpenResponse:
    """A response that waits for an answer on a day; `audit` is the audit's reference."""

    id: int
    reference: str
    audit: str
    cycle_id: int
    due_on: date
    asked: Sequence[PersonFacts]
    told_late: Sequence[PersonFacts]
    respond_to: int | None
    """The person whom the cycle names."""


def open_responses(on: date, people: Mapping[int, PersonFacts] | None = None) -> list[OpenResponse]:
    """Return the responses that are open on a day, also of closed cycles, by due date.

    The person whom a cycle names has today's value, as roles and line managers have.
    """
    query = (
        select(
            CalledResponse.id,
            CalledResponse.reference,
            Audit.reference,
            CalledResponse.due_on,
            Audit.id,
            Audit.team_id,
            Cycle.id,
            Cycle.respond_to_id,
        )
        .join(Audit, Audit.id == CalledResponse.audit_id)
        .join(Cycle, Cycle.id == Audit.cycle_id)
        .where(
            CalledResponse.called_on <= on,
            not_yet(CalledResponse.answered_on, on),
            not_yet(CalledResponse.fell_away_on, on),
        )
        .order_by(CalledResponse.due_on, CalledResponse.reference)
    )
    rows = db.session.execute(query).all()
    if not rows:
        return []
    people = everyone() if people is None else people
    part = took_part([row[4] for row in rows], on)
    found = []
    for id_, reference, audit, due_on, audit_id, team_id, cycle_id, respond_to in rows:
        asked = asked_of(team_id, respond_to, part[audit_id], people, on)
        late = told_late(respond_to, asked, people)
        found.append(OpenResponse(id_, reference, audit, cycle_id, due_on, asked, late, respond_to))
    return found


def asked_about(
    response_ids: Collection[int], people: Mapping[int, PersonFacts], on: date
) -> dict[int, Sequence[PersonFacts]]:
    """Return the people whom each of these responses is asked of as of a day, also where it is over."""
    if not response_ids:
        return {}
    query = (
        select(CalledResponse.id, Audit.id, Audit.team_id, Cycle.respond_to_id)
        .join(Audit, Audit.id == CalledResponse.audit_id)
        .join(Cycle, Cycle.id == Audit.cycle_id)
        .where(CalledResponse.id.in_(response_ids))
    )
    rows = db.session.execute(query).all()
    part = took_part([row[1] for row in rows], on)
    return {
        id_: asked_of(team_id, respond_to, part[audit_id], people, on)
        for id_, audit_id, team_id, respond_to in rows
    }


def took_part(audit_ids: Sequence[int], on: date) -> dict[int, set[int]]:
    """Return the people who had audited or moderated each of these audits by a day, also auditors before a
    change."""
    part: dict[int, set[int]] = defaultdict(set)
    if not audit_ids:
        return part
    auditors = select(Assignment.audit_id, Assignment.person_id).where(
        Assignment.audit_id.in_(audit_ids), Assignment.assigned_on <= on
    )
    moderators = select(Moderation.audit_id, Moderation.moderator_id).where(
        Moderation.audit_id.in_(audit_ids), Moderation.decided_on <= on
    )
    for query in (auditors, moderators):
        for audit_id, person_id in db.session.execute(query):
            if person_id is not None:
                part[audit_id].add(person_id)
    return part
