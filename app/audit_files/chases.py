"""The import of a file of chases, which people made by hand to get audits back."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from app.audit_files.audits import CONTAINS_IT, person
from app.audit_files.belongings import without_case_numbers
from app.audit_files.known import chunks
from app.audits import lifecycle
from app.audits.chasing import CHANNELS, channel_in_words
from app.audits.lifecycle import AuditFacts, Move
from app.audits.models import Audit, Chase
from app.case_numbers import holds
from app.database import db, transaction
from app.files.cells import day, one_of, prose, text
from app.files.columns import Column, Table, looked_up
from app.files.imported import Imported
from app.files.reading import read
from app.files.rows import Reading, Row
from app.history.record import FROM_A_FILE, IMPORT, Event, record
from app.names import References, folded_reference
from app.people.closures import working_days
from app.people.queries import addresses
from app.wording import in_words
from app.working_days import WorkingDays

CHASES = Table(
    "chases",
    (
        Column("audit_reference", text(60), needed=True, fold=folded_reference),
        Column("day", day, needed=True),
        Column("channel", one_of(*CHANNELS), needed=True),
        Column("by", looked_up),
        Column("outcome", prose(2000)),
        Column("new_expected_on", day),
    ),
    key=("audit_reference", "day", "channel"),
)

_FREE = ("by", "outcome", "new_expected_on")


def import_chases(path: Path, *, dry_run: bool = False) -> Imported:
    """Import chases; nothing when the file has a fault, or with `dry_run`.

    Audit, day and channel are the key: the same again changes only what its filled cells say otherwise.
    """
    reading = read(path, CHASES.with_readers(by=person(addresses())))
    outcome = Imported.of(reading, "chases")
    with transaction():
        audits = _audits(reading)
        known = _known([audit.id for audit in audits.values()])
        days = working_days()
        added, changed = [], []
        for row in reading.rows:
            audit = audits.get(row["audit_reference"])
            if audit is None:
                reading.refuse("there is no such audit", row, "audit_reference")
                continue
            _refuse(reading, row, audit)
            if row.refused:
                continue
            before = known.get((audit.id, row["day"], row["channel"]))
            filled = {name: row[name] for name in _FREE if row[name] is not None}
            if before is None:
                if why := _refuse_log(audit, row["day"], days):
                    reading.refuse(why[0].lower() + why[1:], row, "day")
                added.append((row, audit.id, filled))
            elif any(getattr(before, name) != value for name, value in filled.items()):
                changed.append((row, before, filled))
            else:
                outcome.unchanged += 1
        outcome.added, outcome.changed = len(added), len(changed)
        outcome.faults = without_case_numbers(reading, audits)
        if not outcome.faults and not dry_run:
            _write(added, changed, audits)
    return outcome


def _audits(reading: Reading) -> References[Any]:
    """Return the audits that the file names, by reference, locked until the transaction ends."""
    references = {row["audit_reference"] for row in reading.rows if row["audit_reference"] is not None}
    return References(
        (audit.reference, audit)
        for some in chunks(sorted(references))
        for audit in db.session.execute(
            select(
                Audit.id,
                Audit.reference,
                Audit.case_reference,
                Audit.requested_on,
                Audit.due_on,
                Audit.returned_on,
                Audit.confirmed_on,
                Audit.withdrawn_on,
            )
            .where(Audit.called(*some))
            .with_for_update()
        )
    )


def _known(audit_ids: list[int]) -> Mapping[tuple[Any, ...], Any]:
    query = select(
        Chase.id,
        Chase.audit_id,
        Chase.day,
        Chase.channel,
        Chase.by_id.label("by"),
        Chase.outcome,
        Chase.new_expected_on,
    )
    return {
        (chase.audit_id, chase.day, chase.channel): chase
        for some in chunks(audit_ids)
        for chase in db.session.execute(query.where(Chase.audit_id.in_(some)))
    }


def _refuse(reading: Reading, row: Row, audit: Any) -> None:
    if row["day"] is not None and row["day"] < audit.requested_on:
        reading.refuse(f"is before {audit.requested_on}, when the audit was requested", row, "day")
    expected = row["new_expected_on"]
    if expected is not None and row["day"] is not None and expected < row["day"]:
        reading.refuse("is before the date of the chase", row, "new_expected_on")
    if holds(row["outcome"] or "", audit.case_reference):
        # line managers read the log of chases, and may not know the number
        reading.refuse_at(row.number, "outcome", CONTAINS_IT)


def _refuse_log(audit: Any, day: date, days: WorkingDays) -> str | None:
    """Return why nobody can have chased it on that day; None where somebody may. It may end on that day."""
    ends = {"returned_on": audit.returned_on, "confirmed_on": audit.confirmed_on}
    known = AuditFacts(audit.requested_on, audit.due_on, withdrawn_on=audit.withdrawn_on, **ends)
    return lifecycle.refuse(Move.LOG_CHASE, known, day - timedelta(days=1), days)


def _write(
    added: list[tuple[Row, int, dict[str, Any]]],
    changed: list[tuple[Row, Any, dict[str, Any]]],
    audits: References[Any],
) -> None:
    if added:
        rows = [
            {
                "audit_id": audit_id,
                "day": row["day"],
                "channel": row["channel"],
                "by_id": filled.get("by"),
                "outcome": filled.get("outcome"),
                "new_expected_on": filled.get("new_expected_on"),
            }
            for row, audit_id, filled in added
        ]
        db.session.execute(insert(Chase), rows)
    if changed:
        statement = (
            update(Chase)
            .where(Chase.__table__.c.id == bindparam("its_id"))
            .values(
                by_id=bindparam("new_by"),
                outcome=bindparam("new_outcome"),
                new_expected_on=bindparam("new_new_expected_on"),
            )
        )
        values = [
            {"its_id": before.id} | {f"new_{name}": filled.get(name, getattr(before, name)) for name in _FREE}
            for _, before, filled in changed
        ]
        db.session.connection().execute(statement, values)
    record(IMPORT, [_event(row, audits, "chased") for row, _, _ in added])
    record(IMPORT, [_event(row, audits, "chase changed") for row, _, _ in changed])


def _event(row: Row, audits: References[Any], what: str) -> Event:
    reference = audits[row["audit_reference"]].reference
    after = f"{channel_in_words(row['channel'])} on {in_words(row['day'])}"
    why = row["outcome"] or FROM_A_FILE
    return Event("audit", reference, what, after=after, why=why, on=row["day"])
