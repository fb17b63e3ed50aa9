"""The import of an export: every table as it was, with the rows' ids."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Column, Table, bindparam, delete, func, select, update
from sqlalchemy.exc import DataError, IntegrityError

from app import migrating
from app.audits.tallies import gather
from app.database import db, insert_many
from app.files.faults import Fault, Unreadable
from app.files.progress import Tell
from app.history.checking import CHANGED, NOT_THE_KEY, checked
from app.history.models import HistoryEnd, HistoryRow
from app.history.record import IMPORT, history_key
from app.history.taking_over import is_ours, relinked, take_over
from app.installation import manifest
from app.installation.exported_numbers import is_of_cases, take_folded_number
from app.installation.kept import (
    MADE_ANEW,
    STAYS_BEHIND,
    cell_value,
    file_of,
    form_of,
    kept_columns,
    kept_tables,
)
from app.installation.manifest import damage_in, manifest_in
from app.installation.sequences import count_on
from app.refusal import Refused

AT_ONCE = 2_000

LONGEST_CELL = 100_000_000
"""The most characters of a cell, which can hold a frozen report or a template."""

_DOES_NOT_FIT = (
    "has an error: a row is there twice, refers to a missing row or has a value that is not allowed"
)

Values = dict[str, Any]
"""A row as values by column."""


def restore(folder: Path, tell: Tell) -> list[Fault]:
    """Fill this empty installation with an export, in the caller's transaction; return the export's faults.

    The caller rolls back if there are any. Raises Refused if this installation has a history already, or if
    the export comes from another version of the database.
    """
    if db.session.scalar(select(HistoryRow.id).limit(1)) is not None:
        raise Refused(
            "This installation already has a history, which would be lost. Import the export into a new "
            "installation."
        )
    try:
        exported = manifest_in(folder)
    except Unreadable as why:
        return [Fault(file=manifest.NAME, why=str(why))]
    if exported.database != migrating.head():
        raise Refused(
            f"The export has version {exported.database} of the database and this installation has version "
            f"{migrating.head()}. Update the older one, then export again."
        )
    return damage_in(folder, exported) or _restore_tables(folder, tell)


def _restore_tables(folder: Path, tell: Tell) -> list[Fault]:
    tables = kept_tables()
    for table in reversed(tables):
        # a new installation begins with some lists
        db.session.execute(delete(table))
    history, history_end = (cast(Table, model.__table__) for model in (HistoryRow, HistoryEnd))
    ours = True
    for table in tables:
        try:
            rows = _rows(folder, table)
            if table is history:
                ours = is_ours(_rows(folder, history_end), islice(_rows(folder, history), 1))
                rows = rows if ours else relinked(rows)
            _restore_table(table, rows, tell)
        except (ValueError, csv.Error, IntegrityError, DataError):
            # the files match their manifest, so somebody made both
            return [Fault(file=file_of(table), why=_DOES_NOT_FIT)]
    count_on(db.session.connection(), tables)
    gather()
    if not ours:
        take_over(IMPORT)
    return _break_in_history()


def _restore_table(table: Table, rows: Iterator[Values], tell: Tell) -> None:
    pointers = [column for column in table.columns if _points_at_its_own(column)]
    pointing: list[Values] = []
    done = 0
    while some := list(islice(rows, AT_ONCE)):
        done += len(some)
        tell(file_of(table), done)
        for values in some:
            if any(values[column.name] is not None for column in pointers):
                pointing.append(_taken_out(values, pointers))
            _complete(table, values)
            if is_of_cases(table):
                take_folded_number(values)
        insert_many(table, some)
    if pointing:
        its_id = table.c.id == bindparam("its_id")
        statement = (
            update(table).where(its_id).values({column: bindparam(column.name) for column in pointers})
        )
        db.session.connection().execute(statement, pointing)


def _rows(folder: Path, table: Table) -> Iterator[Values]:
    """Read the rows of a table's file. Raises ValueError or csv.Error where they do not fit it."""
    columns = kept_columns(table)
    names, forms = [column.name for column in columns], [form_of(column) for column in columns]
    with _long_cells(), (folder / file_of(table)).open(encoding="utf-8", newline="") as file:
        records = csv.reader(file, strict=True)
        if next(records, None) != names:
            raise ValueError(names)
        for record in records:
            cells = zip(forms, record, strict=True)
            yield dict(zip(names, (cell_value(form, cell) for form, cell in cells), strict=True))


@contextmanager
def _long_cells() -> Iterator[None]:
    """Allow cells of csv files to be as long as reports are."""
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _points_at_its_own(column: Column[Any]) -> bool:
    return any(key.column.table is column.table for key in column.foreign_keys)


def _taken_out(values: Values, pointers: list[Column[Any]]) -> Values:
    """Empty a row's references to its own table, whose rows may come later; return them with its id."""
    taken = {column.name: values[column.name] for column in pointers}
    values.update(dict.fromkeys(taken))
    return {"its_id": values["id"], **taken}


def _complete(table: Table, values: Values) -> None:
    """Fill the columns that stayed behind."""
    for column in table.columns:
        name = f"{table.name}.{column.name}"
        if name in STAYS_BEHIND:
            values[column.name] = MADE_ANEW[name]() if name in MADE_ANEW else None


def _break_in_history() -> list[Fault]:
    broken = checked(db.session.connection(), history_key()).broken
    if broken is None:
        return []
    file = file_of(db.metadata.tables["history"])
    if broken.why == NOT_THE_KEY:
        return [Fault(file=file, why=NOT_THE_KEY)]
    above = db.session.scalar(select(func.count()).where(HistoryRow.id < broken.row)) or 0
    why = broken.why.replace(f"Row {broken.row} {CHANGED}", f"this row {CHANGED}")
    return [Fault(file=file, why=f"{why[0].lower()}{why[1:]}", row=above + 2)]
