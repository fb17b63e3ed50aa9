"""Whom an action or a recommendation can be given to: one named person who is here."""

from datetime import date

from sqlalchemy import select

from app.actions.models import Body
from app.database import db
from app.people.models import Person, Team
from app.people.presence_sql import away_until, has_not_left
from app.wording import short_day


def owners(on: date) -> list[tuple[str, str]]:
    """Return everybody who has not left, by name, with post, team and leave: choices of a list."""
    away = away_until(on).subquery()
    query = (
        select(Person.id, Person.name, Person.job_title, Team.name.label("team"), away.c.until)
        .join(Team, isouter=True)
        .join(away, away.c.person_id == Person.id, isouter=True)
        .where(has_not_left(on))
        .order_by(Person.name, Person.id)
    )
    return [
        (
            str(row.id),
            ", ".join(part for part in (row.name, row.job_title, row.team, _leave(row.until)) if part),
        )
        for row in db.session.execute(query)
    ]


def _leave(until: date | None) -> str | None:
    """So that whoever chooses knows that the person cannot begin yet."""
    return f"on leave until {short_day(until)}" if until else None


def bodies() -> list[tuple[str, str]]:
    """The bodies that decide, by name: choices of a list."""
    return [
        (str(row.id), row.name) for row in db.session.execute(select(Body.id, Body.name).order_by(Body.name))
    ]
