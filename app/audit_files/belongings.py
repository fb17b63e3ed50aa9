"""The audits that files of their answers, context and chases name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.audit_files.audits import without_case_number
from app.audit_files.known import chunks
from app.audits.cycle import Cycle
from app.audits.lifecycle import is_after_cut_off
from app.audits.models import Audit
from app.case_keys.mark import as_compared
from app.database import db
from app.files.faults import Fault
from app.files.rows import Reading
from app.names import References


@dataclass(frozen=True, slots=True)
class KnownAudit:
    """An audit that a file names. `settled` says why nothing of it can change; None where it can."""

    id: int
    reference: str
    case_reference: str | None
    tool_id: int
    settled: str | None
    is_together: bool = False
    """True for the meeting of a case, which is asked other questions."""
    returned_on: date | None = None


def audits_named(reading: Reading) -> References[KnownAudit]:
    """Return the existing audits that the file names, by reference, locked until the transaction ends."""
    references = {row["audit_reference"] for row in reading.rows if row["audit_reference"] is not None}
    # lock the cycles first, as closing one and importing audits do
    cycles = {cycle.id: cycle for cycle in db.session.scalars(select(Cycle).with_for_update())}
    query = select(
        Audit.id,
        Audit.reference,
        Audit.case_reference,
        Audit.cycle_id,
        Audit.returned_on,
        Audit.withdrawn_on,
        Audit.is_together,
    )
    return References(
        (
            row.reference,
            KnownAudit(
                row.id,
                row.reference,
                row.case_reference,
                cycles[row.cycle_id].tool_id,
                _settled(cycles[row.cycle_id], row),
                row.is_together,
                row.returned_on,
            ),
        )
        for some in chunks(sorted(references))
        for row in db.session.execute(query.where(Audit.called(*some)).with_for_update())
    )


def _settled(cycle: Cycle, audit: Any) -> str | None:
    """Return why nothing of the audit can change: its cycle is frozen and it is no late return."""
    late = is_after_cut_off(audit.returned_on, cycle.last_counting_day())
    return None if late and audit.withdrawn_on is None else cycle.refuse_file()


def without_case_numbers(reading: Reading, audits: Mapping[str, Any]) -> Sequence[Fault]:
    """Return the faults of the file without the numbers of cases, also where one was written by mistake."""
    written = {row.number: row["audit_reference"] for row in reading.rows if row["audit_reference"]}
    unknown = {reference: as_compared(reference) for reference in written.values() if reference not in audits}
    mistaken = {
        number
        for some in chunks(sorted({case for case in unknown.values() if case}))
        for number in db.session.scalars(
            select(Audit.case_folded).where(Audit.case_folded.in_(some)).distinct()
        )
    }
    numbers: dict[int, str] = {}
    for row, reference in written.items():
        audit = audits.get(reference)
        number = audit.case_reference if audit else reference if unknown[reference] in mistaken else None
        if number:
            numbers[row] = number
    return [without_case_number(fault, numbers) for fault in reading.faults]
