"""What a person can be to the thing that an address names: the relations of the table of permissions."""

from collections.abc import Callable, Mapping

from sqlalchemy import exists, select

from app.audits.models import Assignment, Audit
from app.database import db
from app.people.models import Person

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


RELATIONS: dict[str, Relation] = {
    "in the pair": in_the_pair,
    "line manager of the pair": line_manager_of_the_pair,
}
