"""What files of answers and of context have in common: their audits, and the council's lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.audits.answer_models import ContextFactor, EvidencePlace
from app.audits.importing import without_case_number
from app.audits.importing_known import chunks
from app.audits.models import Audit
from app.cycles.models import Cycle
from app.database import db, insert_or_leave
from app.files.cells import Cell, text
from app.files.faults import Fault, folded
from app.files.rows import Reading, Row


@dataclass(frozen=True, slots=True)
class KnownAudit:
    """An audit that a file names. `settled` says why nothing of it can change; None where it can."""

    id: int
    reference: str
    case_reference: str | None
    tool_id: int
    settled: str | None


def audits_named(reading: Reading) -> dict[str, KnownAudit]:
    """The audits that the file names and that exist, by reference, held until the transaction ends."""
    references = {row["audit_reference"] for row in reading.rows if row["audit_reference"] is not None}
    # first the cycles, as all who close one or take in audits do
    cycles = {cycle.id: cycle for cycle in db.session.scalars(select(Cycle).with_for_update())}
    query = select(
        Audit.id, Audit.reference, Audit.case_reference, Audit.cycle_id, Audit.returned_on, Audit.withdrawn_on
    )
    return {
        row.reference: KnownAudit(
            row.id,
            row.reference,
            row.case_reference,
            cycles[row.cycle_id].tool_id,
            _settled(cycles[row.cycle_id], row),
        )
        for some in chunks(sorted(references))
        for row in db.session.execute(query.where(Audit.reference.in_(some)).with_for_update())
    }


def _settled(cycle: Cycle, audit: Any) -> str | None:
    """A frozen cycle takes in what belongs to late returns alone: they change no figure."""
    last_day = cycle.last_counting_day
    late = audit.returned_on is not None and last_day is not None and audit.returned_on > last_day
    if cycle.frozen_on is None or (late and audit.withdrawn_on is None):
        return None
    return f"cycle {cycle.reference} was frozen on {cycle.frozen_on}: only late returns are taken in"


class CouncilList:
    """One of the council's lists, to which a file may add; letter case and spacing make no difference."""

    def __init__(self, model: type[EvidencePlace] | type[ContextFactor]) -> None:
        self._model = model
        self._known = self._ids()
        self._labels = {folded(label): label for label in self._known}

    def read(self, cell: Cell) -> str:
        """The label as the list has it, or as the file has it first."""
        label = text(100)(cell)
        return self._labels.setdefault(folded(label), label)

    def refuse_case_number(self, reading: Reading, row: Row, column: str, audit: KnownAudit) -> None:
        """A new label is for all to see, so it must not hold the number of the case."""
        label, number = row[column], audit.case_reference
        if number and label is not None and label not in self._known and number in label:
            reading.refuse_at(row.number, column, "holds the number of the case; leave it out")

    def with_new(self, labels: set[str]) -> Mapping[str, int]:
        """The ids of all labels, those that are new being added at the end of the list."""
        new = sorted(labels - self._known.keys())
        if new:
            last = db.session.scalar(select(func.max(self._model.position))) or 0
            rows = [{"label": label, "position": last + place} for place, label in enumerate(new, start=1)]
            db.session.execute(insert_or_leave(self._model), rows)
            self._known = self._ids()
        return self._known

    def _ids(self) -> dict[str, int]:
        return dict(db.session.execute(select(self._model.label, self._model.id)).all())


def without_case_numbers(reading: Reading, audits: Mapping[str, Any]) -> Sequence[Fault]:
    """The faults of the file, without a case's number also where it stands in a cell by mistake."""
    written = {row.number: row["audit_reference"] for row in reading.rows if row["audit_reference"]}
    unknown = sorted(set(written.values()) - audits.keys())
    mistaken = {
        number
        for some in chunks(unknown)
        for number in db.session.scalars(
            select(Audit.case_reference).where(Audit.case_reference.in_(some)).distinct()
        )
    }
    numbers: dict[int, str] = {}
    for row, reference in written.items():
        audit = audits.get(reference)
        number = audit.case_reference if audit else reference if reference in mistaken else None
        if number:
            numbers[row] = number
    return [without_case_number(fault, numbers) for fault in reading.faults]
