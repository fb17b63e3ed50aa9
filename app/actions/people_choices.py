"""Whom an action or a recommendation can be given to: one named person who is here."""

from datetime import date

from sqlalchemy import or_, select

from app.actions.models import Body
from app.database import db
from app.people.models import Person, Team


def owners(on: date) -> list[tuple[str, str]]:
    """Everybody who has not left, by name, with post and team: choices of a list."""
    query = (
        select(Person.id, Person.name, Person.job_title, Team.name.label("team"))
        .join(Team, isouter=True)
        .where(or_(Person.leaving_on.is_(None), Person.leaving_on >= on))
        .order_by(Person.name, Person.id)
    )
    return [
        (str(row.id), ", ".join(part for part in (row.name, row.job_title, row.team) if part))
        for row in db.session.execute(query)
    ]


def bodies() -> list[tuple[str, str]]:
    """The bodies that decide, by name: choices of a list."""
    return [
        (str(row.id), row.name) for row in db.session.execute(select(Body.id, Body.name).order_by(Body.name))
    ]
