"""Reading a table from a file: every row's values, and every fault by row and column.

    reading = read(path, AUDITS)
    for row in reading.rows:
        if row["lead_auditor"] not in addresses:
            reading.refuse("nobody has this address", row, "lead_auditor")
    for fault in reading.faults:
        print(fault)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from app.files.cells import SPREADSHEET_ERRORS, Cell
from app.files.columns import Column, Table
from app.files.faults import Fault, Unreadable, folded, nearest
from app.files.opening import MOST_COLUMNS, MOST_ROWS, content_of, csv_rows, refuse_size, text_of
from app.files.spreadsheets import xlsx_rows

_ABSENT = -1
"""The place of a column that the file does not have: the last of a row's values is None for it."""


@dataclass(slots=True, eq=False)
class Row:
    """A row that is not blank. `row["due_on"]` is the value, None where the cell is blank or the column absent.

    `number` counts as a spreadsheet does. `refused` are the columns in which a fault was found while reading, or
    that are needed and missing: their value is None too.
    """

    number: int
    refused: frozenset[str]
    _values: Sequence[Any]
    _written: Sequence[Cell]
    _places: Mapping[str, int]

    def __getitem__(self, column: str) -> Any:
        return self._values[self._places[column]]

    def written(self, column: str) -> str | None:
        """The cell as it stands in the file, None where it is blank or absent."""
        place = self._places[column]
        if place == _ABSENT or place >= len(self._written) or _is_blank(self._written[place]):
            return None
        return str(self._written[place])


@dataclass
class Reading:
    """What a file holds: which columns of the table it has, and its rows that are not blank."""

    file: str
    table: Table
    columns: frozenset[str] = frozenset()
    rows: list[Row] = field(default_factory=list)
    _faults: list[Fault] = field(default_factory=list)

    @property
    def faults(self) -> list[Fault]:
        """Every fault found so far: those of the whole file, then row by row."""
        return sorted(self._faults, key=lambda fault: fault.row or 0)

    def refuse(self, why: str, row: Row | None = None, column: str | None = None) -> None:
        """Adds a fault of the whole file, of a row or of a cell.

        Does nothing for a cell that was refused while reading: it has no value that could be wrong as well.
        """
        if row is None or column is None:
            self.refuse_at(row and row.number, column, why)
        elif column not in row.refused:
            self.refuse_at(row.number, column, why, row.written(column))

    def refuse_repeats(self, *key: str) -> None:
        """Adds a fault to each row that has the same values in the columns of `key` as a row above it."""
        first_rows: dict[tuple[Any, ...], int] = {}
        secret = not self.table.secrets.isdisjoint(key)
        for row in self.rows:
            values = tuple([row[column] for column in key])
            if None in values:
                continue
            first = first_rows.setdefault(values, row.number)
            if first != row.number:
                written = None if secret else " + ".join(str(row.written(column)) for column in key)
                self.refuse_at(row.number, " + ".join(key), f"also in row {first}", written)

    def refuse_at(self, number: int | None, column: str | None, why: str, value: str | None = None) -> None:
        """Adds a fault at a row's number; of a secret column the value is left out."""
        value = None if column in self.table.secrets else value
        self._faults.append(Fault(file=self.file, why=why, row=number, column=column, value=value))


def read(path: Path, table: Table) -> Reading:
    """The rows and the faults of a csv or xlsx file. A missing file or one of another kind is a fault as well."""
    try:
        content = content_of(path)
    except Unreadable as fault:
        reading = Reading(path.name, table)
        reading.refuse(str(fault))
        return reading
    return read_content(path.name, content, table)


def read_content(name: str, content: bytes, table: Table) -> Reading:
    """As `read`, of a file that was sent in; the end of its name says whether it is csv or xlsx."""
    reading = Reading(name, table)
    try:
        rows = _rows_of(name, content, table)
    except Unreadable as fault:
        reading.refuse(str(fault))
        return reading
    number = 0
    try:
        heading = _Heading(next(rows), reading)
        for number, cells in enumerate(rows, start=2):
            if number > MOST_ROWS:
                raise Unreadable(f"there are more than {MOST_ROWS:,} rows")
            heading.read_row(number, cells)
    except Unreadable as fault:
        reading.refuse_at(number + 1, None, str(fault))
    if table.key:
        reading.refuse_repeats(*table.key)
    return reading


def _rows_of(name: str, content: bytes, table: Table) -> Iterator[Sequence[Cell]]:
    refuse_size(content)
    match PurePath(name).suffix.lower():
        case ".csv":
            return csv_rows(text_of(content), table.names)
        case ".xlsx":
            return xlsx_rows(content)
    raise Unreadable("the file's name must end in .csv or .xlsx")


class _Known(dict[Cell, Any]):
    """What the cells of one column mean. Most files say the same thing in many rows: each is read once."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self.column = column

    def __missing__(self, cell: Cell) -> Any:
        if cell in SPREADSHEET_ERRORS:
            raise Unreadable("is an error of the spreadsheet, not a value")
        value = None if _is_blank(cell) else self.column.read(cell)
        if value is None and self.column.needed:
            raise Unreadable("must not be empty")
        self[cell] = value
        return value


class _Unknown(dict[Cell, None]):
    """The cells of a column that is not read."""

    def __missing__(self, cell: Cell) -> None:
        return None


class _Heading:
    """The first row of a file, and by it the way to read the others."""

    def __init__(self, cells: Sequence[Cell], reading: Reading) -> None:
        self.reading = reading
        headings = [" ".join(str(cell).split()) for cell in cells]
        while headings and not headings[-1]:
            headings.pop()
        if len(headings) > MOST_COLUMNS:
            raise Unreadable(f"there are {len(headings):,} columns; the most is {MOST_COLUMNS}")
        names = reading.table.names
        by_folded = {folded(column.name): column for column in reading.table.columns}
        self.places = dict.fromkeys(names, _ABSENT)
        self.readers: list[_Known | _Unknown] = []
        self.without_heading: list[int] = []
        unknown = []
        for place, heading in enumerate(headings):
            column = by_folded.get(folded(heading))
            if column is None or self.places[column.name] != _ABSENT:
                self.readers.append(_Unknown())
            else:
                self.places[column.name] = place
                self.readers.append(_Known(column))
"""
