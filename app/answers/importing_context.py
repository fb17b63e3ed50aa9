"""The import of a file of context: the factors around the cases that were audited."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from app.answers.council_lists import CouncilList
from app.answers.list_moves import CONTEXT as FACTORS
from app.answers.models import ContextFactor, ContextNote
from app.audit_files.belongings import KnownAudit, audits_named, without_case_numbers
from app.audit_files.known import chunks
from app.database import db, transaction
from app.files.cells import prose, text
from app.files.columns import Column, Table, looked_up
from app.files.imported import Imported
from app.files.reading import read
from app.files.rows import Row
from app.history.record import FROM_A_FILE, IMPORT, Event, record
from app.names import folded_reference

CONTEXT = Table(
    "context",
    (
        Column("audit_reference", text(60), needed=True, fold=folded_reference),
        Column("factor", looked_up, needed=True),
        Column("note", prose(2000), secret=True),
    ),
    key=("audit_reference", "factor"),
)


def import_context(path: Path, *, dry_run: bool = False) -> Imported:
    """Import factors of cases; nothing when the file has a fault, or with `dry_run`.

    Audit and factor are the key. A filled note replaces the existing one, an empty one leaves it as it is. A
    frozen cycle accepts the factors of late returns alone.
    """
    factors = CouncilList(FACTORS)
    reading = read(path, CONTEXT.with_readers(factor=factors.read))
    outcome = Imported.of(reading, "context notes")
    with transaction():
        audits = audits_named(reading)
        known = _known([audit.id for audit in audits.values()])
        added: list[tuple[KnownAudit, Row]] = []
        changed: list[tuple[KnownAudit, Row, int]] = []
        for row in reading.rows:
            audit = audits.get(row["audit_reference"])
            if audit is None:
                reading.refuse("there is no such audit", row, "audit_reference")
                continue
            factors.refuse_case_number(reading, row, "factor", audit)
            if row.refused:
                continue
            before = known.get((audit.id, row["factor"]))
            if before is None:
                added.append((audit, row))
            elif row["note"] is not None and row["note"] != before.note:
                changed.append((audit, row, before.id))
            else:
                outcome.unchanged += 1
                continue
            if audit.settled is not None:
                reading.refuse(audit.settled, row, "audit_reference")
        outcome.added, outcome.changed = len(added), len(changed)
        outcome.faults = without_case_numbers(reading, audits)
        outcome.warnings += factors.warnings()
        if not outcome.faults and not dry_run:
            _write(added, changed, factors)
    return outcome


def _known(audit_ids: list[int]) -> Mapping[tuple[int, str], Any]:
    query = select(
        ContextNote.id, ContextNote.audit_id, ContextNote.note, ContextFactor.label.label("factor")
    ).join(ContextFactor, ContextFactor.id == ContextNote.factor_id)
    return {
        (note.audit_id, note.factor): note
        for some in chunks(audit_ids)
        for note in db.session.execute(query.where(ContextNote.audit_id.in_(some)))
    }


def _write(
    added: list[tuple[KnownAudit, Row]], changed: list[tuple[KnownAudit, Row, int]], factors: CouncilList
) -> None:
    connection = db.session.connection()
    if added:
        ids = factors.with_new({row["factor"] for _, row in added})
        rows = [
            {"audit_id": audit.id, "factor_id": ids[row["factor"]], "note": row["note"]}
            for audit, row in added
        ]
        connection.execute(insert(ContextNote), rows)
    if changed:
        statement = update(ContextNote).where(ContextNote.__table__.c.id == bindparam("its_id"))
        notes = [{"its_id": id_, "new_note": row["note"]} for _, row, id_ in changed]
        connection.execute(statement.values(note=bindparam("new_note")), notes)
    taken_in = Counter(audit.reference for audit, _ in added)
    noted = Counter(audit.reference for audit, _, _ in changed)
    record(IMPORT, _events("context imported", taken_in) + _events("context changed", noted))


def _events(what: str, audits: Counter[str]) -> list[Event]:
    """Return one event for each audit, which gives the number of factors and does not name them."""
    return [
        Event("audit", reference, what, after=f"{number} factor{'s'[: number != 1]}", why=FROM_A_FILE)
        for reference, number in audits.items()
    ]
