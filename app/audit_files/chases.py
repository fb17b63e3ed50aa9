"""The import of a file of chases, which people made by hand to get audits back."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select

from app.audit_files.audits import CONTAINS_IT, person
from app.audit_files.belongings import without_case_numbers
from app.audit_files.known import chunks
from app.audits import lifecycle
from app.audits.chasing import CHANNELS, chase_in_words, what_is_said_of
from app.audits.cycle import Cycle
from app.audits.lifecycle import AuditFacts, Move
from app.audits.models import Assignment, Audit, AuditPromise, Chase
from app.audits.parts import LEAD, PARTS, SECOND
from app.audits.promising import ended_since
from app.case_numbers import holds
from app.database import db, transaction
from app.files.cells import day, one_of, prose, text
from app.files.columns import Column, Table, looked_up
from app.files.imported import Imported
from app.files.reading import read
from app.files.rows import Reading, Row
from app.history.record import FROM_A_FILE, IMPORT, Event, record
from app.moves.fields import LONGEST_LINE
from app.names import References, folded_reference
from app.people.closures import working_days
from app.people.queries import addresses
from app.working_days import WorkingDays

CHASES = Table(
    "chases",
    (
        Column("audit_reference", text(60), needed=True, fold=folded_reference),
        Column("day", day, needed=True),
        Column("channel", one_of(*CHANNELS), needed=True),
        Column("by", looked_up),
        Column("with", text(LONGEST_LINE)),
        Column("outcome", prose(2000)),
        Column("new_expected_on", day),
    ),
)


def import_chases(path: Path, *, dry_run: bool = False) -> Imported:
    """Import chases; nothing when the file has a fault, or with `dry_run`.

    The whole row is the key: a file adds chases and never changes one. The same row again changes nothing.
    """
    reading = read(path, CHASES.with_readers(by=person(addresses())))
    outcome = Imported.of(reading, "chases")
    with transaction():
        audits = _audits(reading)
        known = _known([audit.id for audit in audits.values()])
        days = working_days()
        added: list[tuple[Row, Chase]] = []
        first_rows: dict[tuple[object, ...], int] = {}
        for row in reading.rows:
            audit = audits.get(row["audit_reference"])
            if audit is None:
                reading.refuse("there is no such audit", row, "audit_reference")
                continue
            _refuse(reading, row, audit)
            if row.refused:
                continue
            chase = _chase(audit.id, row)
            said = (audit.id, *what_is_said_of(chase))
            first = first_rows.setdefault(said, row.number)
            if first != row.number:
                reading.refuse_at(row.number, None, f"also in row {first}")
                continue
            if said in known:
                outcome.unchanged += 1
                continue
            if why := _refuse_log(audit, row["day"], days):
                reading.refuse(why[0].lower() + why[1:], row, "day")
            added.append((row, chase))
        outcome.added = len(added)
        outcome.faults = without_case_numbers(reading, audits)
        if not outcome.faults and not dry_run:
            db.session.add_all(chase for _, chase in added)
            db.session.flush()
            db.session.add_all(_promises([chase for _, chase in added]))
            record(IMPORT, [_event(row, audits) for row, _ in added])
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
                Cycle.auditors,
                _has_second(),
            )
            .join(Cycle, Cycle.id == Audit.cycle_id)
            .where(Audit.called(*some))
            .with_for_update(of=Audit)
        )
    )


def _has_second() -> ColumnElement[bool]:
    """Return whether an audit has a second auditor, as a column."""
    second = and_(Assignment.audit_id == Audit.id, Assignment.part == SECOND, Assignment.ended_on.is_(None))
    return exists().where(second).correlate(Audit).label("has_second")


def _known(audit_ids: list[int]) -> set[tuple[object, ...]]:
    """Return what the logs of these audits already say."""
    return {
        (chase.audit_id, *what_is_said_of(chase))
        for some in chunks(audit_ids)
        for chase in db.session.scalars(select(Chase).where(Chase.audit_id.in_(some)))
    }


def _chase(audit_id: int, row: Row) -> Chase:
    return Chase(
        audit_id=audit_id,
        day=row["day"],
        channel=row["channel"],
        by_id=row["by"],
        with_whom=row["with"],
        outcome=row["outcome"],
        new_expected_on=row["new_expected_on"],
    )


def _promises(chases: Sequence[Chase]) -> Iterator[AuditPromise]:
    """Yield the promises that chases noted. The first later change of due day or auditors ended one."""
    promising = [chase for chase in chases if chase.new_expected_on is not None]
    changed = ended_since({chase.audit_id for chase in promising})
    for chase in promising:
        later = (day for day in changed[chase.audit_id] if day > chase.day)
        yield AuditPromise(
            audit_id=chase.audit_id,
            given_on=chase.day,
            promised_on=chase.new_expected_on,
            chase_id=chase.id,
            ended_on=next(later, None),
        )


def _refuse(reading: Reading, row: Row, audit: Any) -> None:
    if row["day"] is not None and row["day"] < audit.requested_on:
        reading.refuse(f"is before {audit.requested_on}, when the audit was requested", row, "day")
    expected = row["new_expected_on"]
    if expected is not None and row["day"] is not None and expected < row["day"]:
        reading.refuse("is before the date of the chase", row, "new_expected_on")
    for name in ("with", "outcome"):
        if holds(row[name] or "", audit.case_reference):
            # line managers read the log of chases, and may not know the number
            reading.refuse_at(row.number, name, CONTAINS_IT)


def _refuse_log(audit: Any, day: date, days: WorkingDays) -> str | None:
    """Return why nobody can have chased it on that day; None where somebody may. It may end on that day."""
    known = AuditFacts(
        audit.requested_on,
        audit.due_on,
        held=frozenset(PARTS if audit.has_second else (LEAD,)),
        auditors=audit.auditors,
        returned_on=audit.returned_on,
        confirmed_on=audit.confirmed_on,
        withdrawn_on=audit.withdrawn_on,
    )
    return lifecycle.refuse(Move.LOG_CHASE, known, day - timedelta(days=1), days)


def _event(row: Row, audits: References[Any]) -> Event:
    reference = audits[row["audit_reference"]].reference
    after = chase_in_words(row["channel"], row["day"], row["with"])
    why = row["outcome"] or FROM_A_FILE
    return Event("audit", reference, "chased", after=after, why=why, on=row["day"])
