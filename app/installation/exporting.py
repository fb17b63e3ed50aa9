"""The export of a whole installation into a folder; importing the folder gives the same installation.

Beside the files that import reads, the folder `kept` has every table as it is. Nothing in the files says when
they were written or by whom: the same installation gives the same files, byte for byte.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, String, Table, func, select

from app import migrating
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.database import db
from app.files.progress import Tell, counted_rows
from app.files.writing import Value, csv_pieces
from app.installation import manifest
from app.installation.exported_messages import exported_message
from app.installation.exported_numbers import FoldedNumbers, is_of_cases
from app.installation.kept import FOLDER, cells_of, file_of, form_of, kept_columns, kept_tables
from app.installation.table_files import AT_ONCE, TABLE_FILES, stream
from app.installation.toml_texts import cycle_text, tool_text
from app.readings.writing import write_export
from app.refusal import Refused
from app.sampling.models import DrawnCase
from app.tools.models import Tool

LONGEST_NAME = 60

Change = Callable[[dict[str, Any]], dict[str, Any]]
"""The change of a row for the export."""


def export(folder: Path, tell: Tell) -> int:
    """Write everything into a folder that is new or empty, and readable by its owner alone.

    Return the number of audits. Raises Refused if the folder is not empty or cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Refused(f"{folder} is not empty, so choose a new folder")
        folder.chmod(0o700)
        (folder / FOLDER).mkdir(mode=0o700)
        with _one_moment():
            audits = db.session.scalar(select(func.count()).select_from(Audit)) or 0
            _write_reading()
            digests = {name: _write(folder / name, pieces) for name, pieces in _files(tell)}
        text = manifest.Manifest(migrating.head(), dict(sorted(digests.items()))).text()
        _write(folder / manifest.NAME, [text.encode()])
    except OSError as error:
        raise Refused(f"{folder} cannot be written ({error.strerror})") from error
    return audits


def _write_reading() -> None:
    """Write that all case numbers are read, before a file has one."""
    numbered = (select(case.id).where(case.case_reference.is_not(None)) for case in (Audit, DrawnCase))
    audits, drawn = (db.session.scalars(query).all() for query in numbered)
    write_export("export of everything", audits, drawn)


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read everything inside as of one moment, even if others write meanwhile."""
    db.session.rollback()
    if db.session.get_bind().dialect.name == "postgresql":
        # on SQLite a transaction reads as of its beginning anyway
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        yield
    finally:
        db.session.rollback()


def _files(tell: Tell) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield the name and the content of each file: the kept tables, and those that import reads."""
    for table in kept_tables():
        name, headings = file_of(table), [column.name for column in kept_columns(table)]
        yield (
            name,
            csv_pieces(headings, counted_rows(name, _kept_rows(table), tell, AT_ONCE), for_excel=False),
        )
    for file in TABLE_FILES:
        yield (
            file.name,
            csv_pieces(file.headings, counted_rows(file.name, file.rows(), tell, AT_ONCE), for_excel=False),
        )
    names = _Names()
    published = select(Tool).where(Tool.is_draft.is_(False)).order_by(Tool.id)
    for tool in db.session.scalars(published):
        yield names.new(f"tool-{tool.reference}-{tool.version}"), [tool_text(tool).encode()]
    for cycle in db.session.scalars(select(Cycle).order_by(Cycle.id)):
        yield names.new(f"cycle-{cycle.reference}"), [cycle_text(cycle).encode()]


class _Names:
    """The names of toml files, without characters that a reference may have and a file's name may not."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def new(self, wanted: str) -> str:
        """Return a name that no other file has, even if letter case is ignored."""
        stem = re.sub(r"[^A-Za-z0-9_-]+", "-", wanted)[:LONGEST_NAME]
        name, number = stem, 1
        while name.casefold() in self._given:
            number += 1
            name = f"{stem}-{number}"
        self._given.add(name.casefold())
        return f"{name}.toml"


def _kept_rows(table: Table) -> Iterator[Sequence[Value]]:
    columns = kept_columns(table)
    names, forms = [column.name for column in columns], [form_of(column) for column in columns]
    change = _change_of(table)
    query = select(*columns).order_by(*(_in_order(column) for column in table.primary_key))
    for some in stream(query):
        for row in some:
            values: Iterable[Any] = row
            if change is not None:
                values = change(dict(zip(names, row, strict=True))).values()
            yield cells_of(forms, values)


def _change_of(table: Table) -> Change | None:
    """Return the change of a table's rows for the export; None where they are as they are."""
    if is_of_cases(table):
        return FoldedNumbers().put_in
    return exported_message if table.name == "messages" else None


def _in_order(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the column to sort by: texts by code points, as both databases can."""
    if isinstance(column.type, String) and db.session.get_bind().dialect.name == "postgresql":
        return column.collate("C")
    return column


def _write(path: Path, pieces: Iterable[bytes]) -> str:
    """Write a new file that only its owner can read; return its SHA-256 in hexadecimal."""
    digest = hashlib.sha256()
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        for piece in pieces:
            file.write(piece)
            digest.update(piece)
    return digest.hexdigest()
