"""The preview of an import, change by change: the file is imported, its history read, and all rolled back."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from app.clock import today
from app.database import db, transaction
from app.history.models import HistoryRow
from app.history.record import IMPORT, head
from app.imports.kinds import Kind
from app.people.models import Person

MOST_PREVIEWED = 5_000
"""The most changes that are previewed: others wait with theirs for about a second at most."""

LINES_SHOWN = 100


@dataclass(frozen=True)
class Line:
    """A change that the import would make, as a row of the history."""

    subject: str
    what: str
    before: str | None
    after: str | None


class _UndoneError(Exception):
    """Raised to roll the preview back."""


def preview(kind: Kind, path: Path, cycle: str | None, by: str | None = None) -> list[Line]:
    """Return the first lines that the import of a sound file would write into the history; change nothing."""
    lines: list[Line] = []
    try:
        with transaction():
            before = head()
            kind.take_in(path, on=today(), cycle=cycle, by=by)
            lines = _lines_after(before)
            raise _UndoneError
    except _UndoneError:
        return lines


def _lines_after(number: int) -> list[Line]:
    query = select(HistoryRow).where(HistoryRow.id > number, HistoryRow.who == IMPORT)
    rows = db.session.scalars(query.order_by(HistoryRow.id).limit(LINES_SHOWN)).all()
    numbers = [int(row.subject) for row in rows if row.subject_kind == "person"]
    people = select(Person.id, Person.name).where(Person.id.in_(numbers))
    names = {str(number): name for number, name in db.session.execute(people)}
    return [
        Line(
            names.get(row.subject, row.subject) if row.subject_kind == "person" else row.subject,
            row.what,
            row.before,
            row.after,
        )
        for row in rows
    ]
