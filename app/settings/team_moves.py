"""Renaming a team of the council, everywhere at once."""

from collections.abc import Sequence

from sqlalchemy import func, select, update

from app.database import db, transaction
from app.history.record import RENAMED, Event, record
from app.people.models import Team
from app.refusal import Refused
from app.sampling.models import DrawnCase


def in_order() -> Sequence[Team]:
    """Return all teams by name."""
    return db.session.scalars(select(Team).order_by(func.lower(Team.name))).all()


def rename(team_id: int, name: str, *, by: str) -> None:
    """Rename a team, also of the cases drawn with it. Raises Refused when another has that name."""
    with transaction():
        team = db.session.get_one(Team, team_id, with_for_update=True)
        if team.name == name:
            return
        if taken := Team.taken(name, team_id):
            raise Refused(f"There is already a team {taken}. Enter another name.")
        record(by, [Event("setting", "teams", RENAMED, team.name, name)])
        drawn = update(DrawnCase).where(DrawnCase.stratum == team.name)
        db.session.execute(drawn.values(stratum=name))
        team.name = name
