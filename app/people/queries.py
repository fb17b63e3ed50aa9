"""Queries of people, few for all of them."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from app.database import db
from app.people.lockout import KEPT, Access, nobody_is
from app.people.models import FormerEmail, Leave, Person, PersonRole
from app.people.presence import LeaveSpell, PersonFacts
from app.people.roles import RoleName
from app.people.ways_in import has_way_in
from app.refusal import Refused


def everyone() -> dict[int, PersonFacts]:
    """Return all people by id, in three queries."""
    roles: dict[int, set[RoleName]] = defaultdict(set)
    for person_id, name in db.session.execute(select(PersonRole.person_id, PersonRole.name)):
        roles[person_id].add(RoleName(name))
    leave: dict[int, list[LeaveSpell]] = defaultdict(list)
    spells = select(Leave.person_id, Leave.from_on, Leave.to_on, Leave.deputy_id).order_by(Leave.from_on)
    for person_id, from_on, to_on, deputy_id in db.session.execute(spells):
        leave[person_id].append(LeaveSpell(from_on, to_on, deputy_id))
    return {
        row["id"]: PersonFacts(**row, roles=frozenset(roles[row["id"]]), leave=tuple(leave[row["id"]]))
        for row in db.session.execute(select(*_FACTS).order_by(Person.id)).mappings()
    }


def those_who(are: ColumnElement[bool]) -> dict[int, PersonFacts]:
    """Return the people who match a condition by id, in one query: for a few of very many."""
    query = (
        select(*_FACTS, PersonRole.name.label("role"), Leave.from_on, Leave.to_on, Leave.deputy_id)
        .outerjoin(PersonRole, PersonRole.person_id == Person.id)
        .outerjoin(Leave, Leave.person_id == Person.id)
        .where(are)
        .order_by(Leave.from_on)
    )
    keys = [column.key for column in _FACTS]
    found: dict[int, dict[str, Any]] = {}
    roles: dict[int, set[RoleName]] = defaultdict(set)
    leave: dict[int, dict[LeaveSpell, None]] = defaultdict(dict)
    for id_, *facts, role, from_on, to_on, deputy_id in db.session.execute(query):
        if id_ not in found:
            found[id_] = dict(zip(keys, (id_, *facts), strict=True))
        if role:
            roles[id_].add(RoleName(role))
        if from_on is not None:
            leave[id_][LeaveSpell(from_on, to_on, deputy_id)] = None
    return {
        id_: PersonFacts(**named, roles=frozenset(roles[id_]), leave=tuple(leave[id_]))
        for id_, named in found.items()
    }


_FACTS = (
    Person.id,
    Person.email,
    Person.name,
    Person.telephone,
    Person.team_id,
    Person.line_manager_id,
    Person.leaving_on,
    Person.trained_on,
    Person.news_by_email,
    Person.active.label("has_access"),
)


def access(*conditions: ColumnElement[bool]) -> dict[int, Access]:
    """Return the access of everyone, or of those who match the conditions, by id."""
    roles: dict[int, set[str]] = defaultdict(set)
    for person_id, name in db.session.execute(select(PersonRole.person_id, PersonRole.name)):
        roles[person_id].add(name)
    way_in = has_way_in().label("way_in")
    people = select(Person.id, Person.leaving_on, Person.active, way_in).where(*conditions)
    return {
        row.id: Access(frozenset(roles[row.id]), row.leaving_on, row.active, row.way_in)
        for row in db.session.execute(people)
    }


def office() -> dict[int, Access]:
    """Return the access of those who are coordinators or administrators, by id."""
    return access(Person.id.in_(select(PersonRole.person_id).where(PersonRole.name.in_(KEPT))))


def locked_person(person_id: int) -> Person:
    """Return a person, locked until the transaction ends, and read again: what was read before may be old."""
    return db.session.get_one(Person, person_id, with_for_update=True, populate_existing=True)


def with_email(email: str) -> Person:
    """Return the person with this email address. Raises Refused where there is none."""
    person = db.session.scalar(select(Person).where(Person.email == email.strip().lower()))
    if person is None:
        raise Refused(f"No one has the email address {email}")
    return person


def no_coordinator(on: date) -> str | None:
    """Return a sentence where no coordinator can sign in, None where one can."""
    return "No coordinator can sign in" if nobody_is(RoleName.COORDINATOR, office(), on) else None


def addresses() -> dict[str, int]:
    """Return person ids by email address, former addresses that nobody else has now included."""
    ids = dict(db.session.execute(select(FormerEmail.email, FormerEmail.person_id)).all())
    ids.update(db.session.execute(select(Person.email, Person.id)).all())
    return ids
