"""The list of people: what is asked for in the address, and the rows of one page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.database import db
from app.people.models import Leave, Person, PersonRole, Team
from app.people.presence_sql import away_until, has_not_left, is_on_leave
from app.people.roles import RoleName

ROWS = 50

STATES = {
    "": "Working here",
    "away": "On leave today",
    "leaving": "With a leaving day",
    "left": "Left",
    "not invited": "Not invited yet",
}


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    words: str = ""
    role: str = ""
    team: str = ""
    state: str = ""
    page: int = 1

    def but(self, **changes: Any) -> dict[str, Any]:
        """The same question with something changed, for a link; empty parts are left out."""
        parts = {"q": self.words, "role": self.role, "team": self.team, "state": self.state, **changes}
        return {name: value for name, value in parts.items() if value}


@dataclass(frozen=True)
class Page:
    """One page of the list. `away` has the last day of leave of those who are away today."""

    people: Sequence[Person]
    away: Mapping[int, date]
    total: int
    pages: int


def asked_for(arguments: Mapping[str, str]) -> Asked:
    """The question in an address; what it does not know counts as not asked."""
    role, state, page = (arguments.get(name, "") for name in ("role", "state", "page"))
    return Asked(
        words=" ".join(arguments.get("q", "").split())[:100],
        role=role if role in list(RoleName) else "",
        team=arguments.get("team", ""),
        state=state if state in STATES else "",
        page=max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1,
    )


def page_of(asked: Asked, on: date) -> Page:
    """One page of the people asked for, by name, in four queries."""
    conditions = _conditions(asked, on)
    total = db.session.scalar(select(func.count(Person.id)).where(*conditions)) or 0
    pages = max(1, -(-total // ROWS))
    query = (
        select(Person)
        .where(*conditions)
        .options(joinedload(Person.team), selectinload(Person.roles))
        .order_by(func.lower(Person.name), Person.id)
        .limit(ROWS)
        .offset((min(asked.page, pages) - 1) * ROWS)
    )
    people = db.session.scalars(query).all()
    spells = away_until(on).where(Leave.person_id.in_([person.id for person in people]))
    away: dict[int, date] = dict(db.session.execute(spells).all())
    return Page(people, away, total, pages)


def team_names() -> Sequence[str]:
    """All teams, by name."""
    return db.session.scalars(select(Team.name).order_by(func.lower(Team.name))).all()


def _conditions(asked: Asked, on: date) -> list[ColumnElement[bool]]:
    has_left = Person.leaving_on < on
    conditions: list[ColumnElement[bool]] = []
    if asked.state == "left":
        conditions.append(has_left)
    else:
        conditions.append(has_not_left(on))
    if asked.state == "leaving":
        conditions.append(Person.leaving_on >= on)
    if asked.state == "away":
        conditions.append(is_on_leave(Person.id, on))
    if asked.state == "not invited":
        conditions += [Person.password.is_(None), Person.invited_at.is_(None)]
    if asked.role:
        role = select(PersonRole.name).where(PersonRole.person_id == Person.id, PersonRole.name == asked.role)
        conditions.append(exists(role))
    if asked.team:
        conditions.append(Person.team_id.in_(select(Team.id).where(Team.name == asked.team)))
    for word in asked.words.split():
        conditions.append(
            or_(Person.name.icontains(word, autoescape=True), Person.email.icontains(word, autoescape=True))
        )
    return conditions
