"""The council's own lists of places and context factors, to which a file may add."""

from sqlalchemy import func, select

from app.answers.list_moves import OwnList
from app.audit_files.audits import CONTAINS_IT
from app.audit_files.belongings import KnownAudit
from app.case_numbers import holds
from app.database import db, insert_or_leave
from app.files.new_names import NamesOfList
from app.files.rows import Reading, Row
from app.names import Names


class CouncilList(NamesOfList):
    """A list of the council, as a file uses it and adds to it."""

    def __init__(self, which: OwnList) -> None:
        super().__init__(which.one, db.session.scalars(select(which.model.label)), longest=100)
        self._model = which.model

    def refuse_case_number(self, reading: Reading, row: Row, column: str, audit: KnownAudit) -> None:
        """Refuse a new label that holds the number of the case: everybody sees the list."""
        label, number = row[column], audit.case_reference
        if label is not None and label not in self.known and holds(label, number):
            reading.refuse_at(row.number, column, CONTAINS_IT)

    def with_new(self, labels: set[str]) -> Names[int]:
        """Add the new ones of these labels at the end of the list, and return the ids of all by label."""
        ids = self._ids()
        new = sorted(label for label in labels if label not in ids)
        if new:
            last = db.session.scalar(select(func.max(self._model.position))) or 0
            rows = [{"label": label, "position": last + place} for place, label in enumerate(new, start=1)]
            db.session.execute(insert_or_leave(self._model), rows)
            ids = self._ids()
        return ids

    def _ids(self) -> Names[int]:
        return Names(db.session.execute(select(self._model.label, self._model.id)).all())
