"""What a person can be to the thing that an address names: the relations of the table of permissions."""

from collections.abc import Callable, Mapping

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from app.audits.models import Assignment, Audit
from app.clock import today
from app.concerns import alert_queries
from app.database import db
from app.people.models import Leave, Person, PersonRole
from app.people.roles import RoleName

Relation = Callable[[Person, Mapping[str, object]], bool]


def in_the_pair(person: Person, named: Mapping[str, object]) -> bool:
    """One of the two people who audit this case now."""
    query = (
        select(Assignment.id)
        .join(Audit)
        .where(
            Audit.reference == named["reference"],
            Assignment.person_id == person.id,
            Assignment.ended_on.is_(None),
        )
    )
    return bool(db.session.scalar(select(exists(query))))


def line_manager_of_the_pair(person: Person, named: Mapping[str, object]) -> bool:
    """Line manager of one of the two: sees state, days and chase log, never answers."""
    query = (
        select(Assignment.id)
        .join(Audit)
        .join(Person, Person.id == Assignment.person_id)
        .where(
            Audit.reference == named["reference"],
            Person.line_manager_id == person.id,
            Assignment.ended_on.is_(None),
        )
    )
    return bool(db.session.scalar(select(exists(query))))


def deputy_of_somebody_told(person: Person, named: Mapping[str, object]) -> bool:
    """Stands in today for a coordinator, or for a line manager of the pair: sees what a line manager sees."""
    on = today()
    coordinators = select(PersonRole.person_id).where(PersonRole.name == RoleName.COORDINATOR)
    auditor = aliased(Person)
    managers = (
        select(auditor.line_manager_id)
        .join(Assignment, Assignment.person_id == auditor.id)
        .join(Audit)
        .where(Audit.reference == named["reference"], Assignment.ended_on.is_(None))
    )
    query = select(Leave.id).where(
        Leave.deputy_id == person.id,
        Leave.from_on <= on,
        Leave.to_on >= on,
        or_(Leave.person_id.in_(coordinators), Leave.person_id.in_(managers)),
    )
    return bool(db.session.scalar(select(exists(query))))


def told_of_the_alert(person: Person, named: Mapping[str, object]) -> bool:
    """Manager of the team whose case the alert is about."""
    return alert_queries.told_of(person, str(named["reference"]))


def raised_the_alert(person: Person, named: Mapping[str, object]) -> bool:
    """The auditor who is worried: sees what became of it."""
    return alert_queries.raised_by(person, str(named["reference"]))


RELATIONS: dict[str, Relation] = {
    "in the pair": in_the_pair,
    "line manager of the pair": line_manager_of_the_pair,
    "deputy of somebody who is told of it": deputy_of_somebody_told,
    "manager of the team of the alert's case": told_of_the_alert,
    "raised the alert": raised_the_alert,
}
