"""The council's list of teams. Files and pages add to it; people and audits refer to a team by its id."""

from collections.abc import Iterable

from sqlalchemy import select

from app.database import db, insert_or_leave
from app.files.new_names import NamesOfList
from app.names import Names
from app.people.models import Team


def teams_in_file(longest: int = 200) -> NamesOfList:
    """Return a reader of the teams that a file names."""
    return NamesOfList("team", db.session.scalars(select(Team.name)), longest)


def add_teams(names: Iterable[str]) -> Names[int]:
    """Add those of the teams that are new, in the caller's transaction. Return the ids of all, by name."""
    ids = team_ids()
    new = sorted({name for name in names if name not in ids})
    if new:
        db.session.execute(insert_or_leave(Team), [{"name": name} for name in new])
        ids = team_ids()
    return ids


def team_ids() -> Names[int]:
    """Return the ids of all teams, by name."""
    return Names(db.session.execute(select(Team.name, Team.id)).all())
