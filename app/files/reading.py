"""Reading a table from a file: every row's values, and every fault by row and column.

    reading = read(path, AUDITS)
    for row in reading.rows:
        if row["lead_auditor"] not in addresses:
            reading.refuse("nobody has this address", row, "lead_auditor")
    for fault in reading.faults:
        print(fault)

The rows of a file with faults are not complete: they are for finding further faults only.
"""

from collections.abc import Collection, Iterator, Sequence
from operator import getitem
from pathlib import Path, PurePath
from typing import Any

from app.files.cells import A_FORMULA, AN_ERROR, Cell, ErrorCell, FormulaCell, HiddenRow, is_blank
from app.files.columns import Column, Table
from app.files.faults import Unreadable, suggestion
from app.files.opening import MOST_COLUMNS, MOST_ROWS, content_of, csv_rows, is_marked, refuse_size, text_of
from app.files.rows import ABSENT, Reading, Row
from app.names import folded


def read(path: Path, table: Table) -> Reading:
    """Read the rows and the faults of a csv or xlsx file. A missing or a wrong file is a fault as well."""
    try:
        content = content_of(path)
    except Unreadable as fault:
        reading = Reading(path.name, table)
        reading.refuse(str(fault))
        return reading
    return read_content(path.name, content, table)


def read_content(name: str, content: bytes, table: Table) -> Reading:
    """Read a file that was sent in, as `read` does; the end of its name says whether it is csv or xlsx."""
    reading = Reading(name, table)
    try:
        rows = rows_of(name, content, table.names)
    except Unreadable as fault:
        reading.refuse(str(fault))
        return reading
    number = 1
    try:
        layout = _Layout(next(rows), reading)
        number = 2
        for cells in rows:
            if number > MOST_ROWS:
                raise Unreadable(
                    f"the file has more than {MOST_ROWS:,} rows: this row and the rows after it were not read"
                )
            layout.read_row(number, cells)
            number += 1
    except Unreadable as fault:
        reading.refuse_at(number, None, str(fault))
    if table.key:
        reading.refuse_repeats(*table.key)
    return reading


def rows_of(name: str, content: bytes, headings: Collection[str]) -> Iterator[Sequence[Cell]]:
    """Return the rows of a csv or xlsx file as they stand in it, the heading first. Raises `Unreadable`.

    `headings` are some of the columns, by which the delimiter of a csv file is known.
    """
    refuse_size(content)
    if is_xlsx(name):
        from app.files.spreadsheets import xlsx_rows

        return xlsx_rows(content)
    if PurePath(name).suffix.lower() == ".csv":
        return csv_rows(text_of(content), headings, guarded=is_marked(content))
    raise Unreadable("the file name must end in .csv or .xlsx")


def is_xlsx(name: str) -> bool:
    """Return True for the name of a spreadsheet."""
    return PurePath(name).suffix.lower() == ".xlsx"


def _nothing(_: Cell) -> None:
    """Ignore a cell of a column that the table does not have."""


class _KnownCells(dict[Cell, Any]):
    """The values of the cells of a column. Most stand in many rows: each is read once."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self.column = column

    def __missing__(self, cell: Cell) -> Any:
        if isinstance(cell, ErrorCell):
            raise Unreadable(AN_ERROR)
        if isinstance(cell, FormulaCell):
            raise Unreadable(A_FORMULA)
        value = None if is_blank(cell) else self.column.read(cell)
        if value is None and self.column.needed:
            raise Unreadable("must not be empty")
        self[cell] = value
        return value


class _Layout:
    """The order of the columns, by the first row of a file; reads its other rows."""

    def __init__(self, first_row: Sequence[Cell], reading: Reading) -> None:
        self.reading = reading
        self.places = dict.fromkeys(reading.table.names, ABSENT)
        self.known_cells: list[_KnownCells] = []
        self.without_heading: list[int] = []
        headings = [str(cell).strip() for cell in first_row]
        while headings and not headings[-1]:
            headings.pop()
        self._place(headings)
        reading.columns = frozenset(name for name, place in self.places.items() if place != ABSENT)
        needed = reading.table.needed
        self.missing = frozenset(needed) - reading.columns
        for name in needed:
            if name in self.missing:
                reading.refuse_at(1, name, "this column is missing")

    def _place(self, headings: list[str]) -> None:
        table = self.reading.table
        by_folded = {folded(column.name): column for column in table.columns}
        if len(headings) > MOST_COLUMNS:
            raise Unreadable(f"the file must have {MOST_COLUMNS} columns or fewer: it has {len(headings):,}")
        if by_folded.keys().isdisjoint(map(folded, headings)):
            # What stands there is not repeated: without headings it may be a case's number.
            raise Unreadable(
                f"the first row must have the column names of {table.name}: {', '.join(table.names)}"
            )
        for place, heading in enumerate(headings):
            column = by_folded.get(folded(heading))
            if column is not None and self.places[column.name] == ABSENT:
                self.places[column.name] = place
                self.known_cells.append(_KnownCells(column))
                continue
            self.known_cells.append(_KnownCells(Column(heading, read=_nothing)))
            if column is not None:
                self.reading.refuse_at(1, heading, "this column is in the file twice")
            elif heading:
                why = f"is not a column of {table.name}{suggestion(heading, table.names)}"
                self.reading.refuse_at(1, heading, why)
            else:
                self.without_heading.append(place)

    def read_row(self, number: int, cells: Sequence[Cell]) -> None:
        """Add the row to the reading, unless it is blank, and what is wrong with its cells."""
        if not cells or (is_blank(cells[0]) and all(map(is_blank, cells))):
            return
        self.reading.hidden += isinstance(cells, HiddenRow)
        width = len(self.known_cells)
        if len(cells) < width:
            cells = [*cells, *[""] * (width - len(cells))]
        if len(cells) > width or self.without_heading:
            outside = [*(cells[place] for place in self.without_heading), *cells[width:]]
            if not all(map(is_blank, outside)):
                # The row's cells may be shifted, a case's number among them: none is read or repeated.
                how = (
                    "clear the cell, or give its column a heading"
                    if is_xlsx(self.reading.file)
                    else "in a CSV file, put quotation marks around a cell that has a comma"
                )
                self.reading.refuse_at(number, None, f"has a cell without a heading: {how}")
                return
            cells = cells[:width]
        refused = self.missing
        try:
            values = tuple(map(getitem, self.known_cells, cells))
        except Unreadable:
            values, faulty = self._read_cells(number, cells)
            refused |= faulty
        self.reading.rows.append(Row(number, refused, values, tuple(cells), self.places))

    def _read_cells(self, number: int, cells: Sequence[Cell]) -> tuple[tuple[Any, ...], set[str]]:
        values: list[Any] = []
        faulty = set()
        for known, cell in zip(self.known_cells, cells, strict=True):
            try:
                values.append(known[cell])
            except Unreadable as fault:
                values.append(None)
                name = known.column.name
                faulty.add(name)
                self.reading.refuse_at(number, name, str(fault), None if is_blank(cell) else str(cell))
        return tuple(values), faulty
