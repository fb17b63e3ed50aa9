"""The people who work here, as choices of a list."""

from datetime import date

from sqlalchemy import select

from app.database import db
from app.people.models import Person, Team
from app.people.presence_sql import away_until, has_not_left
from app.wording import full_day


def people_here(on: date) -> list[tuple[str, str]]:
    """Return everybody who has not left, by name, with job title, team and leave, as choices of a list."""
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
    """Return the leave of a person, to show that they cannot begin yet."""
    return f"on leave until {full_day(until)}" if until else None
