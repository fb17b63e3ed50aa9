"""Imports a file of actions."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.actions.file_rows import Area, changed, question_keys, refuse_unknown, take_in_rows
from app.actions.lifecycle import (
    EFFECTIVE,
    NOT_EFFECTIVE,
    ActionFacts,
    Contradiction,
    action_contradictions,
)
from app.actions.models import Action, Recommendation
from app.actions.moving import action_facts
from app.audit_files.audits import person
from app.cycles.importing import reference
from app.database import db, transaction
from app.files.cells import day, one_of, prose, text, yes_or_no
from app.files.columns import Column, Table, looked_up
from app.files.imported import Imported
from app.files.reading import read
from app.files.rows import Row
from app.names import References, folded_reference
from app.people.queries import addresses

ACTIONS = Table(
    "actions",
    (
        Column("reference", reference, needed=True, fold=folded_reference),
        Column("text", prose(2000), needed=True),
        Column("recommendation", text(60)),
        Column("question", text(80)),
        Column("owner", looked_up),
        Column("due_on", day),
        Column("quick_win", yes_or_no),
        Column("agreed_on", day),
        Column("done_on", day),
        Column("signed_off_on", day),
        Column("signed_off_by", looked_up),
        Column("impact_checked_on", day),
        Column("impact", one_of(EFFECTIVE, NOT_EFFECTIVE)),
        Column("withdrawn_on", day),
    ),
    key=("reference",),
)

COLUMNS = {"owner_id": "owner", "signed_off_by_id": "signed_off_by"}
"""The columns of the file with another name than the attribute that they fill."""


def import_actions(path: Path, *, dry_run: bool = False) -> Imported:
    """Import actions; nothing when the file has a fault, or with `dry_run`.

    An action with owner and due day is agreed; one that lacks either is a draft.
    """
    read_person = person(addresses())
    reading = read(path, ACTIONS.with_readers(owner=read_person, signed_off_by=read_person))
    outcome = Imported.of(reading, "actions")
    with transaction():
        stored = db.session.scalars(select(Recommendation))
        recommendations = References((each.reference, each) for each in stored)
        keys = question_keys()
        for row in reading.rows:
            refuse_unknown(
                reading,
                row,
                "recommendation",
                recommendations,
                "recommendation",
                "import recommendations first",
            )
            refuse_unknown(reading, row, "question", keys, "question", "import its tool first")
        area = Area(Action, lambda row: _values(row, recommendations), _contradictions, COLUMNS)
        take_in_rows(reading, outcome, area, dry_run=dry_run)
    return outcome


def _contradictions(action: Action | None, changes: Mapping[str, Any]) -> Iterator[Contradiction]:
    before = ActionFacts() if action is None else action_facts(action)
    return action_contradictions(changed(before, changes))


def _values(row: Row, recommendations: References[Recommendation]) -> dict[str, Any]:
    recommendation = recommendations.get(row["recommendation"])
    plain = ("text", "question", "due_on", "agreed_on", "done_on", "signed_off_on", "impact_checked_on")
    return {name: row[name] for name in (*plain, "impact", "withdrawn_on")} | {
        "recommendation_id": recommendation.id if recommendation else None,
        "cycle_id": recommendation.cycle_id if recommendation else None,
        "owner_id": row["owner"],
        "is_quick_win": row["quick_win"],
        "signed_off_by_id": row["signed_off_by"],
    }
