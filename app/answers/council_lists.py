"""The council's own lists of places and context factors, to which a file may add."""

from collections.abc import Mapping

from sqlalchemy import func, select

from app.answers.models import ContextFactor, EvidencePlace
from app.audit_files.audits import CONTAINS_IT
from app.audit_files.belongings import KnownAudit
from app.case_numbers import holds
from app.database import db, insert_or_leave
from app.files.cells import Cell, text
from app.files.faults import folded
from app.files.rows import Reading, Row


class CouncilList:
    """A list of the council, to which a file may add; letter case and spacing make no difference."""

    def __init__(self, model: type[EvidencePlace] | type[ContextFactor]) -> None:
        self._model = model
        self._known = self._ids()
        self._labels = {folded(label): label for label in self._known}

    def read(self, cell: Cell) -> str:
        """Return the label as the list has it, or as the file has it first."""
        label = text(100)(cell)
        return self._labels.setdefault(folded(label), label)

    def refuse_case_number(self, reading: Reading, row: Row, column: str, audit: KnownAudit) -> None:
        """Refuse a new label that holds the number of the case: everybody sees the list."""
        label, number = row[column], audit.case_reference
        if label is not None and label not in self._known and holds(label, number):
            reading.refuse_at(row.number, column, CONTAINS_IT)

    def with_new(self, labels: set[str]) -> Mapping[str, int]:
        """Add the new ones of these labels at the end of the list, and return the ids of all labels."""
        new = sorted(labels - self._known.keys())
        if new:
            last = db.session.scalar(select(func.max(self._model.position))) or 0
            rows = [{"label": label, "position": last + place} for place, label in enumerate(new, start=1)]
            db.session.execute(insert_or_leave(self._model), rows)
            self._known = self._ids()
        return self._known

    def _ids(self) -> dict[str, int]:
        return dict(db.session.execute(select(self._model.label, self._model.id)).all())
