"""The tables of a summary with their values: papers show them in words, spreadsheets as they are. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.reports.paper import Table
from app.wording import in_words

Value = str | int | date | None


@dataclass(frozen=True)
class Rows:
    """A table: the name of its sheet in a spreadsheet, its caption, its headings and its rows."""

    sheet: str
    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]

    @property
    def table(self) -> Table:
        """Return it as a part of a paper, with its numbers to the right."""
        columns = list(zip(*self.rows, strict=True))
        numbers = [place for place, cells in enumerate(columns) if all(isinstance(c, int) for c in cells)]
        rows = tuple(tuple(map(_shown, row)) for row in self.rows)
        return Table(self.caption, tuple(self.headings), rows, tuple(numbers))


def without_empty(
    headings: Sequence[str], rows: Sequence[Sequence[Value]]
) -> tuple[Sequence[str], Sequence[Sequence[Value]]]:
    """Return headings and rows, without the last column where nothing stands in it."""
    columns = len(headings) if any(row[-1] for row in rows) else len(headings) - 1
    return headings[:columns], [row[:columns] for row in rows]


def _shown(value: Value) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return in_words(value) if isinstance(value, date) else value or ""
