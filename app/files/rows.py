"""The rows of a table's file, and the faults found in them so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.files.cells import Cell, is_blank
from app.files.columns import Table
from app.files.faults import Fault

ABSENT = -1
"""The place of a column that the file does not have."""


@dataclass(slots=True, eq=False)
class Row:
    """A row that is not blank. `row["due_on"]` is the value; None where the cell is blank, the column absent.

    `number` counts as a spreadsheet does. `refused` are the columns that have a fault here, or are needed and
    missing from the file: their value is None too.
    """

    number: int
    refused: frozenset[str]
    values: Sequence[Any]
    cells: Sequence[Cell]
    places: Mapping[str, int]

    def __getitem__(self, column: str) -> Any:
        place = self.places[column]
        return None if place == ABSENT else self.values[place]

    def written(self, column: str) -> str | None:
        """Return the cell as it stands in the file, None where it is blank or absent."""
        place = self.places[column]
        return None if place == ABSENT or is_blank(self.cells[place]) else str(self.cells[place])


@dataclass
class Reading:
    """The content of a file: which columns of the table it has, and its rows that are not blank."""

    file: str
    table: Table
    columns: frozenset[str] = frozenset()
    rows: list[Row] = field(default_factory=list)
    hidden: int = 0
    """The number of rows that a spreadsheet does not show; they are among `rows` all the same."""
    _faults: list[Fault] = field(default_factory=list)

    @property
    def faults(self) -> list[Fault]:
        """Return every fault found so far: those of the whole file, then row by row."""
        return sorted(self._faults, key=lambda fault: fault.row or 0)

    def take(self, most: int) -> list[Row]:
        """Take the next rows out of the reading and return them."""
        some = self.rows[:most]
        del self.rows[:most]
        return some

    def refuse(self, why: str, row: Row | None = None, column: str | None = None) -> None:
        """Add a fault of the whole file, of a row or of a cell.

        Does nothing for a cell that was refused while reading: it has no value that could be wrong as well.
        """
        if row is None or column is None:
            self.refuse_at(None if row is None else row.number, column, why)
        elif column not in row.refused:
            self.refuse_at(row.number, column, why, row.written(column))

    def refuse_repeats(self, *key: str) -> None:
        """Add a fault to each row that has the same values in the columns of `key` as a row above it, as they
        are compared."""
        first_rows: dict[tuple[Any, ...], int] = {}
        folds = [(place, fold) for place, name in enumerate(key) if (fold := self.table.folds.get(name))]
        for row in self.rows:
            compared = [row[column] for column in key]
            if None in compared:
                continue
            for place, fold in folds:
                compared[place] = fold(compared[place])
            values = tuple(compared)
            first = first_rows.setdefault(values, row.number)
            if first != row.number:
                written = [str(row.written(column)) for column in key if column not in self.table.secrets]
                self.refuse_at(
                    row.number, " + ".join(key), f"also in row {first}", " + ".join(written) or None
                )

    def refuse_at(self, number: int | None, column: str | None, why: str, value: str | None = None) -> None:
        """Add a fault at a row's number; of a secret column the value is left out."""
        value = None if column in self.table.secrets else value
        self._faults.append(Fault(file=self.file, why=why, row=number, column=column, value=value))
