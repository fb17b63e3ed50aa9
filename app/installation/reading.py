"""Reading the kept files of an export back, with every fault by file and row."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from app.installation.faults import Faults
from app.installation.kept import (
    BEGINNING,
    CHECK,
    Damaged,
    check_of,
    file_of,
    form_of,
    kept_columns,
    value_of,
)

LONGEST_CELL = 100_000_000
"""Characters of a cell: a frozen report or a template stands in one."""

Values = dict[str, Any]
Numbered = tuple[int, Values]
"""A row as values by column, with its number as a spreadsheet counts: the heading is row 1."""


@contextmanager
def long_cells() -> Iterator[None]:
    """Inside, a csv file may have cells as long as reports are."""
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def records_in(folder: Path, file: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """The rows of a csv file with their numbers. Ends where it cannot be read on, which is a fault."""
    number = 0
    try:
        with (folder / file).open(encoding="utf-8-sig", newline="") as opened:
            for number, record in enumerate(csv.reader(opened, strict=True), start=1):
                yield number, record
    except FileNotFoundError:
        faults.refuse(file, "there is no such file")
    except OSError as error:
        faults.refuse(file, f"the file cannot be opened ({error.strerror})")
    except UnicodeDecodeError:
        faults.refuse(file, "is not text in UTF-8 from about here on", number + 1)
    except csv.Error:
        faults.refuse(file, "cannot be read from here on; a quotation mark may be missing", number + 1)


def kept_rows(folder: Path, table: Table, count: int, faults: Faults) -> Iterator[Numbered]:
    """The rows of a table's kept file that nothing is wrong with; the others become faults.

    `count` is how many rows were exported: a file that ends before or after is at fault, too.
    """
    file, columns = file_of(table), kept_columns(table)
    headings = [*(column.name for column in columns), CHECK]
    known = [(column, form_of(column)) for column in columns]
    records = records_in(folder, file, faults)
    first = next(records, None)
    if first is None or first[1] != headings:
        if not faults.of(file):
            faults.refuse(file, "does not have the headings that it was exported with", 1)
        return
    before, last = BEGINNING, 1
    for last, record in records:
        if len(record) != len(headings):
            faults.refuse(file, "is cut off, or has cells that were not exported", last)
            continue
        *cells, check = record
        values: Values = {}
        for (column, form), cell in zip(known, cells, strict=True):
            try:
                values[column.name] = value_of(column, form, cell)
            except Damaged as why:
                faults.refuse(file, str(why), last, column.name)
        if check != check_of(cells, before) and len(values) == len(cells):
            faults.refuse(file, _EDITED, last)
        elif len(values) == len(cells):
            yield last, values
        before = check
    if last - 1 != count and not faults.of(file):
        faults.refuse(file, f"ends after row {last:,}, but was exported with {count + 1:,} rows")


_EDITED = "was edited since it was exported, or rows above it were taken out or put in"
