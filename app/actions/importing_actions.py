"""Taking in a file of actions."""

from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.actions.file_rows import question_keys, refuse_unknown, take_in_rows
from app.actions.lifecycle import EFFECTIVE, NOT_EFFECTIVE
from app.actions.models import Action, Recommendation
from app.audit_files.audits import person
from app.cycles.importing import reference
from app.database import db, transaction
from app.files.cells import day, one_of, prose, text, yes_or_no
from app.files.columns import Column, Table
from app.files.imported import Imported
from app.files.reading import read
from app.files.rows import Reading, Row
from app.people.queries import addresses

IN_ORDER = ("agreed_on", "done_on", "signed_off_on", "impact_checked_on")
"""The days of an action's life; a later one is never before an earlier one."""


def import_actions(path: Path, *, dry_run: bool = False) -> Imported:
    """Take in actions; nothing when the file has a fault, or with `dry_run`.

    What the file brings with owner and due day is agreed; what lacks one of them is a draft.
    """
    table = Table(
        "actions",
        (
            Column("reference", reference, needed=True),
            Column("text", prose(2000), needed=True),
            Column("recommendation", text(60)),
            Column("question", text(80)),
            Column("owner", person(addresses())),
            Column("due_on", day),
            Column("quick_win", yes_or_no),
            Column("agreed_on", day),
            Column("done_on", day),
            Column("signed_off_on", day),
            Column("signed_off_by", person(addresses())),
            Column("impact_checked_on", day),
            Column("impact", one_of(EFFECTIVE, NOT_EFFECTIVE)),
            Column("withdrawn_on", day),
        ),
        key=("reference",),
    )
    reading = read(path, table)
    outcome = Imported(reading.file, "actions")
    with transaction():
        answered = {row.reference: row for row in db.session.scalars(select(Recommendation))}
        known = {row.reference: row for row in db.session.scalars(select(Action).with_for_update())}
        keys = question_keys()
        for row in reading.rows:
            refuse_unknown(
                reading, row, "recommendation", answered, "recommendation", "import recommendations first"
            )
            refuse_unknown(reading, row, "question", keys, "question", "import the tool first")
            _refuse_life(reading, row, known.get(row["reference"]))
        outcome.faults = reading.faults
        if outcome.faults:
            return outcome
        take_in_rows(
            outcome,
            "action",
            reading.rows,
            known,
            lambda row: _told(row, answered),
            _new,
            dry_run=dry_run,
        )
    return outcome


def _new(**told: Any) -> Action:
    return Action(first_due_on=told.get("due_on"), **told)


def _refuse_life(reading: Reading, row: Row, known: Action | None) -> None:
    def holds(name: str) -> Any:
        value = row[name.removesuffix("_id")]
        return getattr(known, name) if value is None and known is not None else value

    if row["signed_off_on"] is not None and holds("done_on") is None:
        reading.refuse("is signed off but was never done", row, "signed_off_on")
    if row["impact_checked_on"] is not None and holds("signed_off_on") is None:
        reading.refuse("its impact was checked but it was never signed off", row, "impact_checked_on")
    if row["impact_checked_on"] is not None and holds("impact") is None:
        reading.refuse("its impact was checked but there is no result", row, "impact_checked_on")
    if row["impact"] is not None and holds("impact_checked_on") is None:
        reading.refuse("has a result but no day of the impact check", row, "impact")
    if row["signed_off_by"] is not None and holds("owner_id") == row["signed_off_by"]:
        reading.refuse("is its owner; somebody else signs it off", row, "signed_off_by")
    told = [(name, holds(name)) for name in IN_ORDER if holds(name) is not None]
    for (earlier, first), (later, then) in pairwise(told):
        if then < first and (row[earlier] is not None or row[later] is not None):
            reading.refuse(f"is before {earlier}, {first}", row, later)


def _told(row: Row, answered: dict[str, Recommendation]) -> dict[str, Any]:
    recommendation = answered.get(row["recommendation"]) if row["recommendation"] else None
    return {
        "text": row["text"],
        "recommendation_id": recommendation.id if recommendation else None,
        "cycle_id": recommendation.cycle_id if recommendation else None,
        "question": row["question"],
        "owner_id": row["owner"],
        "due_on": row["due_on"],
        "is_quick_win": row["quick_win"],
        "agreed_on": row["agreed_on"],
        "done_on": row["done_on"],
        "signed_off_on": row["signed_off_on"],
        "signed_off_by_id": row["signed_off_by"],
        "impact_checked_on": row["impact_checked_on"],
        "impact": row["impact"],
        "withdrawn_on": row["withdrawn_on"],
    }
