"""Taking in a file of recommendations."""

from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.actions.file_rows import refuse_unknown, take_in_rows
from app.actions.lifecycle import DECIDED_AGAINST, DECISIONS
from app.actions.models import Body, Recommendation
from app.audit_files.audits import person
from app.audits.cycle import Cycle
from app.cycles.importing import reference
from app.database import db, transaction
from app.files.cells import day, one_of, prose, text
from app.files.columns import Column, Table
from app.files.imported import Imported
from app.files.reading import read
from app.files.rows import Reading, Row
from app.people.queries import addresses


def import_recommendations(path: Path, *, dry_run: bool = False) -> Imported:
    """Take in recommendations; nothing when the file has a fault, or with `dry_run`.

    What the file brings with owner and due day is agreed. A body that is new is added to the list.
    """
    table = Table(
        "recommendations",
        (
            Column("reference", reference, needed=True),
            Column("cycle", text(60), needed=True),
            Column("text", prose(2000), needed=True),
            Column("owner", person(addresses())),
            Column("due_on", day),
            Column("body", text(200)),
            Column("raised_on", day),
            Column("decision", one_of(*DECISIONS)),
            Column("decided_on", day),
            Column("carried_out_on", day),
        ),
        key=("reference",),
    )
    reading = read(path, table)
    outcome = Imported(reading.file, "recommendations")
    with transaction():
        cycles = dict(db.session.execute(select(Cycle.reference, Cycle.id)).all())
        known = {row.reference: row for row in db.session.scalars(select(Recommendation).with_for_update())}
        for row in reading.rows:
            refuse_unknown(reading, row, "cycle", cycles, "cycle", "import it first")
            _refuse_order(reading, row, known.get(row["reference"]))
        outcome.faults = reading.faults
        if outcome.faults:
            return outcome
        bodies = _bodies([row["body"] for row in reading.rows if row["body"]], add=not dry_run)
        take_in_rows(
            outcome,
            "recommendation",
            reading.rows,
            known,
            lambda row: _told(row, cycles, bodies),
            _new,
            dry_run=dry_run,
        )
    return outcome


def _new(**told: Any) -> Recommendation:
    return Recommendation(first_due_on=told.get("due_on"), **told)


def _refuse_order(reading: Reading, row: Row, known: Recommendation | None) -> None:
    def holds(name: str) -> Any:
        value = row[name]
        return getattr(known, name) if value is None and known is not None else value

    if row["decided_on"] is not None and holds("decision") is None:
        reading.refuse("has a day but no decision", row, "decided_on")
    if holds("carried_out_on") is not None and holds("decision") in DECIDED_AGAINST:
        about = "carried_out_on" if row["carried_out_on"] is not None else "decision"
        reading.refuse(f"was {holds('decision')}, so it was not carried out", row, about)
    for earlier, later in (("raised_on", "decided_on"), ("raised_on", "carried_out_on")):
        first, then = holds(earlier), holds(later)
        if row[later] is not None and first is not None and then < first:
            reading.refuse(f"is before it was raised on {first}", row, later)


def _bodies(names: list[str], *, add: bool) -> dict[str, int]:
    known = dict(db.session.execute(select(Body.name, Body.id)).all())
    new = [name for name in dict.fromkeys(names) if name not in known]
    if add:
        for name in new:
            body = Body(name=name)
            db.session.add(body)
            db.session.flush()
            known[name] = body.id
    return known


def _told(row: Row, cycles: dict[str, int], bodies: dict[str, int]) -> dict[str, Any]:
    return {
        "cycle_id": cycles[row["cycle"]],
        "text": row["text"],
        "owner_id": row["owner"],
        "due_on": row["due_on"],
        "body_id": bodies.get(row["body"]) if row["body"] else None,
        "raised_on": row["raised_on"],
        "decision": row["decision"],
        "decided_on": row["decided_on"],
        "carried_out_on": row["carried_out_on"],
    }
