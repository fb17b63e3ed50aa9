"""Queries for exemplars, and for the audits that were nominated as examples of good work."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.answers.models import FormNote
from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit
from app.audits.open_on import not_yet
from app.audits.standing import Standing, Standings
from app.case_numbers import without
from app.database import db
from app.exemplars.models import Exemplar, SetAside
from app.findings.questions import key_area_names
from app.people.models import Person, Team
from app.tools.models import Question, Section

PAGE = 25
OTHER = "Other good work"
"""The heading of exemplars that are about no key area."""


@dataclass(frozen=True)
class Nomination:
    """A returned audit that its pair nominated, for coordinators alone. The case's number is masked."""

    audit: str
    cycle: str
    because: str


def found(reference: str) -> Exemplar | None:
    """Return the exemplar of that reference, with its author and approver."""
    query = select(Exemplar).where(Exemplar.called(reference))
    query = query.options(joinedload(Exemplar.written_by), joinedload(Exemplar.approved_by))
    return db.session.scalars(query).one_or_none()


def shown(on: date) -> list[tuple[str, list[Exemplar]]]:
    """Return the exemplars that staff see on a day, by key area, the latest approved first."""
    query = (
        select(Exemplar)
        .where(Exemplar.approved_on <= on, not_yet(Exemplar.retired_on, on))
        .order_by(Exemplar.approved_on.desc(), Exemplar.id.desc())
    )
    names = key_area_names()
    by_area: dict[str, list[Exemplar]] = {}
    for exemplar in db.session.scalars(query):
        by_area.setdefault(names.get(exemplar.question or "", OTHER), []).append(exemplar)
    return sorted(by_area.items(), key=lambda area: (area[0] == OTHER, area[0]))


def waiting(on: date) -> Sequence[Exemplar]:
    """Return those that wait for approval, the oldest first."""
    query = (
        select(Exemplar)
        .where(not_yet(Exemplar.approved_on, on), not_yet(Exemplar.retired_on, on))
        .order_by(Exemplar.written_on, Exemplar.id)
        .options(joinedload(Exemplar.written_by))
    )
    return db.session.scalars(query).all()


def retired(on: date) -> Sequence[Exemplar]:
    """Return the last ones that were retired."""
    query = select(Exemplar).where(Exemplar.retired_on <= on)
    return db.session.scalars(query.order_by(Exemplar.retired_on.desc(), Exemplar.id).limit(PAGE)).all()


def how_many_nominated(at: Standings, unread: Collection[int]) -> int:
    """Count the nominated audits that wait: nothing is written from them and they are not set aside.

    Here and below `unread` are the ids of audits of which the reader may not see anything.
    """
    query = select(func.count()).select_from(Audit).join(FormNote, FormNote.audit_id == Audit.id)
    return db.session.scalar(query.where(_is_nominated(at, unread), ~_is_written(), ~_is_set_aside())) or 0


def nominations(at: Standings, unread: Collection[int], *, skip: int) -> list[Nomination]:
    """Return a page of the nominated audits that wait, the latest returned first."""
    query = (
        select(Audit.reference, Cycle.reference, FormNote.exemplar_because, Audit.case_reference)
        .join(FormNote, FormNote.audit_id == Audit.id)
        .join(Cycle, Cycle.id == Audit.cycle_id)
        .where(_is_nominated(at, unread), ~_is_written(), ~_is_set_aside())
        .order_by(Audit.returned_on.desc(), Audit.reference)
        .offset(skip)
        .limit(PAGE)
    )
    return [
        Nomination(audit, cycle, without(because or "", number))
        for audit, cycle, because, number in db.session.execute(query)
    ]


def is_seen_to(audit: str) -> bool:
    """True when an audit's nomination was written up or set aside."""
    query = select(Audit.id).where(Audit.called(audit), or_(_is_written(), _is_set_aside()))
    return db.session.scalar(query) is not None


def set_aside() -> list[tuple[str, SetAside]]:
    """Return the last nominations set aside and not written up since, each with its audit's reference."""
    query = (
        select(Audit.reference, SetAside)
        .join(Audit, Audit.id == SetAside.audit_id)
        .where(~_is_written())
        .order_by(SetAside.on.desc(), Audit.reference)
        .limit(PAGE)
    )
    return [(reference, set_aside) for reference, set_aside in db.session.execute(query)]


def nomination(reference: str, at: Standings, unread: Collection[int]) -> Nomination | None:
    """Return the nomination of an audit; None when there is none."""
    query = (
        select(Cycle.reference, FormNote.exemplar_because, Audit.case_reference)
        .join(Audit, Audit.cycle_id == Cycle.id)
        .join(FormNote, FormNote.audit_id == Audit.id)
        .where(Audit.called(reference), _is_nominated(at, unread))
    )
    row = db.session.execute(query).one_or_none()
    return Nomination(reference, row[0], without(row[1] or "", row[2])) if row else None


def written_from(audit: str) -> Sequence[str]:
    """Return the references of the exemplars that were written from an audit."""
    query = select(Exemplar.reference).join(Audit, Audit.id == Exemplar.audit_id)
    return db.session.scalars(query.where(Audit.called(audit)).order_by(Exemplar.id)).all()


def audit_of(exemplar: Exemplar) -> str | None:
    """Return the reference of the audit that nominated it. For coordinators alone."""
    return db.session.scalar(select(Audit.reference).where(Audit.id == exemplar.audit_id))


def questions_for(audit: str) -> list[tuple[str, str]]:
    """Return the questions of an audit's tool in its order: (key, key area)."""
    query = (
        select(Question.key, Question.key_area)
        .join(Section)
        .join(Cycle, Cycle.tool_id == Section.tool_id)
        .join(Audit, Audit.cycle_id == Cycle.id)
        .where(Audit.called(audit))
        .order_by(Section.position, Question.position)
    )
    return [(row.key, row.key_area) for row in db.session.execute(query)]


def gives_away(audit: str) -> list[str]:
    """Return the names that tell staff whose work it was: the team, and each part of the auditors' names."""
    team = select(Team.name).join(Audit, Audit.team_id == Team.id).where(Audit.called(audit))
    person = aliased(Person)
    auditors = (
        select(person.name)
        .join(Assignment, Assignment.person_id == person.id)
        .join(Audit, Audit.id == Assignment.audit_id)
        .where(Audit.called(audit))
    )
    names = [part for name in db.session.scalars(auditors) for part in (name, *name.split())]
    return [*db.session.scalars(team), *names]


def _is_nominated(at: Standings, unread: Collection[int]) -> ColumnElement[bool]:
    nominated = func.trim(FormNote.exemplar_because) != ""
    return and_(at.where(Standing.RETURNED), Audit.id.not_in(unread), nominated)


def _is_written() -> ColumnElement[bool]:
    return exists().where(Exemplar.audit_id == Audit.id).correlate(Audit)


def _is_set_aside() -> ColumnElement[bool]:
    return exists().where(SetAside.audit_id == Audit.id).correlate(Audit)
