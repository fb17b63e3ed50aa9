"""Imports a file of recommendations."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.actions.file_rows import Area, changed, refuse_unknown, take_in_rows
from app.actions.lifecycle import (
    DECISIONS,
    Contradiction,
    RecommendationFacts,
    recommendation_contradictions,
)
from app.actions.models import Body, Recommendation
from app.actions.moving import recommendation_facts
from app.audit_files.audits import person
from app.audits.cycle import Cycle
from app.cycles.importing import reference
from app.database import db, transaction
from app.files.cells import day, one_of, prose, text
from app.files.columns import Column, Table, looked_up
from app.files.imported import Imported
from app.files.new_names import NamesOfList
from app.files.reading import read
from app.files.rows import Row
from app.names import Names, References, folded_reference
from app.people.queries import addresses

RECOMMENDATIONS = Table(
    "recommendations",
    (
        Column("reference", reference, needed=True, fold=folded_reference),
        Column("cycle", text(60), needed=True),
        Column("text", prose(2000), needed=True),
        Column("owner", looked_up),
        Column("due_on", day),
        Column("body", looked_up),
        Column("raised_on", day),
        Column("decision", one_of(*DECISIONS)),
        Column("decided_on", day),
        Column("carried_out_on", day),
    ),
    key=("reference",),
)


def import_recommendations(path: Path, *, dry_run: bool = False) -> Imported:
    """Import recommendations; nothing when the file has a fault, or with `dry_run`.

    A recommendation with owner and due day is agreed. A new body is added to the list.
    """
    named = NamesOfList("body", db.session.scalars(select(Body.name)))
    reading = read(path, RECOMMENDATIONS.with_readers(owner=person(addresses()), body=named.read))
    outcome = Imported.of(reading, "recommendations")
    with transaction():
        cycles = References(db.session.execute(select(Cycle.reference, Cycle.id)).all())
        for row in reading.rows:
            refuse_unknown(reading, row, "cycle", cycles, "cycle", "import it first")
        bodies = Names((body.name, body) for body in db.session.scalars(select(Body)))
        outcome.warnings += named.warnings()
        for name in named.new:
            bodies.setdefault(name, Body(name=name))
        area = Area(Recommendation, lambda row: _values(row, cycles, bodies), _contradictions, {})
        take_in_rows(reading, outcome, area, dry_run=dry_run)
    return outcome


def _contradictions(
    recommendation: Recommendation | None, changes: Mapping[str, Any]
) -> Iterator[Contradiction]:
    before = RecommendationFacts() if recommendation is None else recommendation_facts(recommendation)
    return recommendation_contradictions(changed(before, changes))


def _values(row: Row, cycles: Mapping[str, int], bodies: Mapping[str, Body]) -> dict[str, Any]:
    plain = ("text", "due_on", "raised_on", "decision", "decided_on", "carried_out_on")
    return {name: row[name] for name in plain} | {
        "cycle_id": cycles.get(row["cycle"]),
        "owner_id": row["owner"],
        "body": bodies.get(row["body"]),
    }
