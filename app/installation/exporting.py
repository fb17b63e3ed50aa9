"""Writing a whole installation into a folder, so that importing the folder gives the same installation.

Beside the files that import reads stands the folder `kept` with every table as it is. Nothing in the files
says when they were written or by whom: the same installation gives the same files, byte for byte.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, String, Table, select

from app import migrating
from app.audits.cycle import Cycle
from app.database import db
from app.files.progress import Tell
from app.files.writing import Value, csv_pieces
from app.installation import manifest
from app.installation.exported_messages import exported_message
from app.installation.kept import (
    BEGINNING,
    CHECK,
    FOLDER,
    cells_of,
    check_of,
    file_of,
    form_of,
    kept_columns,
    kept_tables,
)
from app.installation.manifest import mark_of
from app.installation.table_files import AT_ONCE, TABLE_FILES, stream
from app.installation.toml_texts import cycle_text, tool_text
from app.refusal import Refused
from app.tools.models import Tool

LONGEST_NAME = 60

_CHANGED: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"messages": exported_message}
"""Tables whose rows are not exported as they stand."""


def export(folder: Path, tell: Tell) -> int:
    """Write everything into a folder that is new or empty, and readable by its owner alone.

    Returns how many audits there are. Raises Refused where the folder holds something or cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Refused(f"{folder} is not empty; name a new folder, so that nothing old is left in it.")
        folder.chmod(0o700)
        (folder / FOLDER).mkdir(mode=0o700)
        with _one_moment():
            rows = {table.name: _write_kept(folder, table, tell) for table in kept_tables()}
            write_table_files(folder, tell)
        files = {path.name: mark_of(path) for path in sorted(folder.iterdir()) if path.is_file()}
        _write(folder / manifest.NAME, [manifest.Manifest(migrating.head(), rows, files).text().encode()])
    except OSError as error:
        raise Refused(f"{folder} cannot be written ({error.strerror}).") from error
    return rows["audits"]


@contextmanager
def _one_moment() -> Iterator[None]:
    """All that is read inside is as of one moment, whoever writes meanwhile."""
    db.session.rollback()
    if db.session.get_bind().dialect.name == "postgresql":
        # on SQLite a transaction reads as of its beginning anyway
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        yield
    finally:
        db.session.rollback()


def write_table_files(folder: Path, tell: Tell) -> None:
    """Write the files that import reads: the tables, and each tool and cycle."""
    for file in TABLE_FILES:
        rows = _counted(file.name, file.rows(), tell)
        _write(folder / file.name, csv_pieces(file.headings, rows, for_excel=False))
    names = _Names()
    published = select(Tool).where(Tool.is_draft.is_(False)).order_by(Tool.id)
    for tool in db.session.scalars(published):
        _write(folder / names.new(f"tool-{tool.reference}-{tool.version}"), [tool_text(tool).encode()])
    for cycle in db.session.scalars(select(Cycle).order_by(Cycle.id)):
        _write(folder / names.new(f"cycle-{cycle.reference}"), [cycle_text(cycle).encode()])


class _Names:
    """Names of toml files: what a reference has that a file's name may not have is left out."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def new(self, wanted: str) -> str:
        """A name that no other file has, also where letter case makes no difference."""
        stem = re.sub(r"[^A-Za-z0-9_-]+", "-", wanted)[:LONGEST_NAME]
        name, number = stem, 1
        while name.casefold() in self._given:
            number += 1
            name = f"{stem}-{number}"
        self._given.add(name.casefold())
        return f"{name}.toml"


def _write_kept(folder: Path, table: Table, tell: Tell) -> int:
    """Write one table as it is; returns how many rows it has."""
    columns = kept_columns(table)
    count = 0

    def rows() -> Iterator[Sequence[Value]]:
        nonlocal count
        forms, change, check = [form_of(column) for column in columns], _CHANGED.get(table.name), BEGINNING
        names = [column.name for column in columns]
        query = select(*columns).order_by(*(_in_order(column) for column in table.primary_key))
        for some in stream(query):
            for row in some:
                told: Iterable[Any] = row
                if change is not None:
                    told = change(dict(zip(names, row, strict=True))).values()
                cells = cells_of(forms, told)
                check = check_of(cells, check)
                yield [*cells, check]
                count += 1

    headings = [*(column.name for column in columns), CHECK]
    name = file_of(table)
    _write(folder / name, csv_pieces(headings, _counted(name, rows(), tell), for_excel=False))
    return count


def _in_order(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Texts in the order of their characters, which both databases have."""
    if isinstance(column.type, String) and db.session.get_bind().dialect.name == "postgresql":
        return column.collate("C")
    return column


def _counted(file: str, rows: Iterable[Sequence[Value]], tell: Tell) -> Iterator[Sequence[Value]]:
    for number, row in enumerate(rows, start=1):
        if number % AT_ONCE == 0:
            tell(file, number)
        yield row


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a new file that its owner alone can read."""
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.writelines(pieces)
