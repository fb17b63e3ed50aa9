"""The list of people: its filters in the address, and its query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.database import db
from app.people.models import Leave, Person, PersonRole, Team
from app.people.presence_sql import away_until, has_left, has_not_left, is_on_leave
from app.people.roles import RoleName
from app.people.ways_in import has_way_in

PAGE = 50

STATES = {
    "": "Working here",
    "away": "On leave today",
    "leaving": "With a leaving date",
    "left": "Left",
    "not invited": "Not invited yet",
}


@dataclass(frozen=True)
class Asked:
    """The filters of the list of people."""

    words: str = ""
    role: str = ""
    team: str = ""
    state: str = ""


def asked_for(arguments: Mapping[str, str]) -> Asked:
    """Read the filters of an address; unknown values are ignored."""
    role, state = arguments.get("role", ""), arguments.get("state", "")
    return Asked(
        words=" ".join(arguments.get("q", "").split())[:100],
        role=role if role in list(RoleName) else "",
        team=Team.asked_for(arguments.get("team")) or "",
        state=state if state in STATES else "",
    )


def listed(asked: Asked, on: date) -> Select[Person]:
    """Select the people asked for, by name."""
    return (
        select(Person)
        .where(*_conditions(asked, on))
        .options(joinedload(Person.team), selectinload(Person.roles))
        .order_by(func.lower(Person.name), Person.id)
    )


def away_of(people: Iterable[Person], on: date) -> Mapping[int, date]:
    """Return the last day of leave of those who are away on a day, by their ids."""
    spells = away_until(on).where(Leave.person_id.in_([person.id for person in people]))
    away: dict[int, date] = dict(db.session.execute(spells).all())
    return away


def team_names() -> Sequence[str]:
    """Return the names of all teams, in their order."""
    return db.session.scalars(select(Team.name).order_by(func.lower(Team.name))).all()


def _conditions(asked: Asked, on: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.state == "left":
        conditions.append(has_left(on))
    else:
        conditions.append(has_not_left(on))
    if asked.state == "leaving":
        conditions.append(Person.leaving_on.is_not(None))
    if asked.state == "away":
        conditions.append(is_on_leave(Person.id, on))
    if asked.state == "not invited":
        conditions += [~has_way_in(), Person.invited_at.is_(None)]
    if asked.role:
        role = select(PersonRole.name).where(PersonRole.person_id == Person.id, PersonRole.name == asked.role)
        conditions.append(exists(role))
    if asked.team:
        conditions.append(Person.team_id.in_(select(Team.id).where(Team.called(asked.team))))
    for word in asked.words.split():
        conditions.append(
            or_(Person.name.icontains(word, autoescape=True), Person.email.icontains(word, autoescape=True))
        )
    return conditions
