"""Imports a file of quick wins: the message to staff, its audience, its first day and its repetition."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.actions.file_rows import Area, changed, question_keys, refuse_unknown, take_in_rows
from app.actions.lifecycle import Contradiction
from app.actions.models import Action
from app.clock import today
from app.cycles.importing import reference
from app.database import db, transaction
from app.files.cells import day, listed, one_of, prose, text, whole_number, words
from app.files.columns import Column, Table, looked_up
from app.files.faults import suggestion
from app.files.imported import Imported
from app.files.reading import read
from app.files.rows import Reading, Row
from app.names import Names, References, folded_reference
from app.people.closures import working_days
from app.people.roles import RoleName
from app.people.teams import team_ids, teams_in_file
from app.quick_wins.life import refuse_spread
from app.quick_wins.models import QuickWin
from app.quick_wins.moves import facts_of

QUICK_WINS = Table(
    "quick_wins",
    (
        Column("reference", reference, needed=True, fold=folded_reference),
        Column("subject", text(200), needed=True),
        Column("message", prose(2000), needed=True),
        Column("audience_roles", words(one_of(*(role.value for role in RoleName))), needed=True),
        Column("starts_on", day, needed=True),
        Column("every_working_days", whole_number(1, 260), needed=True),
        Column("times", whole_number(1, 52), needed=True),
        Column("action", text(60)),
        Column("question", text(80)),
        Column("audience_teams", looked_up),
        Column("stopped_on", day),
    ),
    key=("reference",),
)


def import_quick_wins(path: Path, *, dry_run: bool = False) -> Imported:
    """Take in quick wins; nothing when the file has a fault, or with `dry_run`."""
    reading = read(path, QUICK_WINS.with_readers(audience_teams=listed(teams_in_file().read)))
    outcome = Imported.of(reading, "quick wins")
    with transaction():
        actions = References(db.session.execute(select(Action.reference, Action.id)).all())
        teams = team_ids()
        keys = question_keys()
        for row in reading.rows:
            refuse_unknown(reading, row, "action", actions, "action", "import actions first")
            refuse_unknown(reading, row, "question", keys, "question", "import the tool first")
            _refuse_unknown_teams(reading, row, teams)
        area = Area(QuickWin, lambda row: _values(row, actions, teams), _contradictions, {})
        take_in_rows(reading, outcome, area, dry_run=dry_run)
    return outcome


def _refuse_unknown_teams(reading: Reading, row: Row, teams: Names[int]) -> None:
    for team in row["audience_teams"] or ():
        if team not in teams:
            why = f"there is no team {team}{suggestion(team, sorted(teams))}"
            reading.refuse(why, row, "audience_teams")


def _contradictions(quick_win: QuickWin | None, changes: Mapping[str, Any]) -> Iterator[Contradiction]:
    """Yield why its days cannot change: those that have come stay. A new one may have begun long ago."""
    spread = [name for name in ("starts_on", "every_working_days", "times") if name in changes]
    if quick_win is None or not spread:
        return
    new = changed(facts_of(quick_win), changes)
    if why := refuse_spread(new, today(), working_days(), before=quick_win):
        yield dict.fromkeys(spread, why)


def _values(row: Row, actions: Mapping[str, int], teams: Mapping[str, int]) -> dict[str, Any]:
    plain = ("subject", "message", "starts_on", "every_working_days", "times", "question", "stopped_on")
    roles, named = row["audience_roles"], row["audience_teams"]
    return {name: row[name] for name in plain} | {
        "action_id": actions.get(row["action"]),
        "audience_roles": frozenset(roles) if roles else None,
        "audience_team_ids": frozenset(teams[team] for team in named if team in teams) if named else None,
    }
