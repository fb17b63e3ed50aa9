"""Taking in an export: every table as it was, with the rows' own numbers."""

from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Executable, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import DataError, IntegrityError

from app import migrating
from app.database import db
from app.files.faults import Fault
from app.files.progress import Tell
from app.history.models import HistoryRow
from app.history.record import broken_at
from app.installation.differences import refuse_changed_files, refuse_strangers
from app.installation.faults import Faults
from app.installation.kept import MADE_ANEW, STAYS_BEHIND, file_of, kept_tables
from app.installation.manifest import manifest_in
from app.installation.reading import Numbered, Values, kept_rows, long_cells
from app.refusal import Refused

AT_ONCE = 2_000

_DOES_NOT_FIT = (
    "does not fit: it is there twice, names a row that is not there, or holds what cannot stand there"
)


def restore(folder: Path, tell: Tell) -> list[Fault]:
    """Fill this empty installation with an export, in the caller's transaction; what is wrong with it.

    Where anything is wrong the caller undoes it all. Raises Refused where something has happened here
    before, or where the export comes from another version of the database.
    """
    if db.session.scalar(select(HistoryRow.id).limit(1)) is not None:
        raise Refused(
            "Something was changed in this installation already, and its history would be lost: import an "
            "export into a new one."
        )
    faults = Faults()
    manifest = manifest_in(folder, faults)
    if manifest is None:
        return faults.told
    if manifest.database != migrating.head():
        raise Refused(
            f"This was exported at version {manifest.database} of the database, and here it is at "
            f"{migrating.head()}: bring the older of the two up to date, and export again."
        )
    with long_cells():
        refuse_strangers(folder, manifest, faults)
        tables = kept_tables()
        for table in reversed(tables):
            # the lists that a new installation begins with
            db.session.execute(delete(table))
        for table in tables:
            _restore_table(folder, table, manifest.rows.get(table.name, 0), faults, tell)
        if not faults.told:
            _refuse_broken_history(faults)
        refuse_changed_files(folder, manifest, faults)
    if db.session.get_bind().dialect.name == "postgresql":
        _count_on(tables)
    return faults.told


def _restore_table(folder: Path, table: Table, count: int, faults: Faults, tell: Tell) -> None:
    """Where there is a fault already, the rows are only read, for the faults in them."""
    file = file_of(table)
    pointers = [column for column in table.columns if _points_at_its_own(column)]
    pointing: list[Numbered] = []
    rows = kept_rows(folder, table, count, faults)
    done = 0
    while some := list(islice(rows, AT_ONCE)):
        done += len(some)
        tell(file, done)
        if faults.told:
            continue
        for number, values in some:
            if any(values[column.name] is not None for column in pointers):
                pointing.append((number, _taken_out(values, pointers)))
            _complete(table, values)
        _write(file, insert(table), some, faults)
    if pointing and not faults.told:
        its_id = table.c.id == bindparam("its_id")
        statement = (
            update(table).where(its_id).values({column: bindparam(column.name) for column in pointers})
        )
        _write(file, statement, pointing, faults)


def _points_at_its_own(column: Column[Any]) -> bool:
    return any(key.column.table is column.table for key in column.foreign_keys)


def _taken_out(values: Values, pointers: list[Column[Any]]) -> Values:
    """Takes out of a row what points at rows of its own table: these may come after it."""
    taken = {column.name: values[column.name] for column in pointers}
    values.update(dict.fromkeys(taken))
    return {"its_id": values["id"], **taken}


def _complete(table: Table, values: Values) -> None:
    """Fills the columns that stayed behind."""
    for column in table.columns:
        name = f"{table.name}.{column.name}"
        if name in STAYS_BEHIND:
            values[column.name] = MADE_ANEW[name]() if name in MADE_ANEW else None


def _write(file: str, statement: Executable, rows: list[Numbered], faults: Faults) -> None:
    """Write all rows at once; where the database refuses, one by one, to know which ones it refuses."""
    if _is_written(statement, [values for _, values in rows]):
        return
    for number, values in rows:
        if not _is_written(statement, [values]):
            faults.refuse(file, _DOES_NOT_FIT, number)


def _is_written(statement: Executable, rows: list[Values]) -> bool:
    try:
        with db.session.begin_nested():
            db.session.connection().execute(statement, rows)
    except (IntegrityError, DataError):
        return False
    return True


def _refuse_broken_history(faults: Faults) -> None:
    broken = broken_at()
    if broken is not None:
        above = db.session.scalar(select(func.count()).where(HistoryRow.id < broken)) or 0
        faults.refuse(file_of(db.metadata.tables["history"]), "the chain is broken here", above + 2)


def _count_on(tables: list[Table]) -> None:
    """PostgreSQL counts new rows on from a number of its own, which the rows' numbers did not move."""
    for table in tables:
        if "id" in table.columns:
            counter = func.pg_get_serial_sequence(table.name, "id")
            last = select(func.max(table.c.id)).scalar_subquery()
            db.session.execute(
                select(func.setval(counter, last)).where(counter.is_not(None), last.is_not(None))
            )
