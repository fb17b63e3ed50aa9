"""Writing entries of the record of reading, in a transaction of their own.

On SQLite one connection writes at a time, and an import may do so for a minute. A page must not wait for it:
its entries are kept in a file meanwhile, and written with the next ones.
"""

from collections.abc import Iterable, Sequence

from flask import current_app
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import OperationalError

from app import clock
from app.database import db, is_busy, of_its_own
from app.readings import waiting
from app.readings.entries import Entry
from app.readings.kinds import OF_SIGNING_IN, Kind
from app.readings.models import CaseRead, Reading
from app.readings.noting import AUDITS, DRAWN_CASES, Note
from config.settings import Settings

COMMAND_LINE = "command line"

PATIENCE_SECONDS = 0.25
"""The time that a page waits for another connection that writes."""


def write(notes: Sequence[Note], person_id: int | None, here: str, from_address: str | None) -> None:
    """Write the notes of a request by this person for the address `here`, all of them or none."""
    at = clock.now()
    entries = [
        Entry(
            at=at,
            person_id=person_id if _is_of(note, person_id) else note.person_id,
            program=note.program,
            kind=note.kind,
            what=note.what or here,
            how_many=len(note.cases) if note.how_many is None else note.how_many,
            from_address=from_address,
            cases=sorted(note.cases),
        )
        for note in notes
    ]
    try:
        with of_its_own(PATIENCE_SECONDS) as connection:
            for entry in entries:
                _insert(connection, entry)
    except OperationalError as error:
        if not is_busy(error):
            raise
        waiting.keep(_settings().instance_path, entries)
    else:
        write_waiting()


def write_waiting() -> None:
    """Write the entries that were kept in files, unless another connection is writing still."""
    files = waiting.files(_settings().instance_path)
    if not files:
        return
    try:
        with of_its_own(PATIENCE_SECONDS) as connection:
            for entry in waiting.entries_in(files):
                if not _is_there(connection, entry):
                    _insert(connection, entry)
    except OperationalError as error:
        if not is_busy(error):
            raise
        return
    waiting.remove(files)


def write_file(what: str) -> None:
    """Write that the command line makes a file without case numbers, such as a report."""
    write([Note(Kind.DOWNLOAD, what, program=COMMAND_LINE, how_many=1)], None, what, None)


def write_export(what: str, audit_ids: Iterable[int] = (), drawn_ids: Iterable[int] = ()) -> None:
    """Write that the command line takes these cases out of the installation, with their numbers."""
    audits, drawn = set(audit_ids), set(drawn_ids)
    cases = {(AUDITS, number) for number in audits} | {(DRAWN_CASES, number) for number in drawn}
    note = Note(Kind.EXPORT, what, program=COMMAND_LINE, how_many=len(audits), cases=cases)
    write([note], None, what, None)


def _is_of(note: Note, person_id: int | None) -> bool:
    """Return True for a note of the person signed in."""
    named = note.person_id is not None or note.program is not None
    return person_id is not None and not named and note.kind not in OF_SIGNING_IN


def _insert(connection: Connection, entry: Entry) -> None:
    number = connection.scalar(insert(Reading).values(entry.values()).returning(Reading.id))
    if entry.cases:
        cases = [
            {
                "reading_id": number,
                "audit_id": row_id if table == AUDITS else None,
                "drawn_case_id": row_id if table == DRAWN_CASES else None,
            }
            for table, row_id in entry.cases
        ]
        connection.execute(insert(CaseRead), cases)


def _is_there(connection: Connection, entry: Entry) -> bool:
    """Return True where an entry was written and its file was not removed; leave out what is gone since."""
    same = select(Reading.id).where(
        Reading.at == entry.at, Reading.kind == entry.kind, Reading.what == entry.what
    )
    there = {
        (name, row_id)
        for name in (AUDITS, DRAWN_CASES)
        for row_id in connection.scalars(select(db.metadata.tables[name].c.id))
    }
    entry.cases = [case for case in entry.cases if case in there]
    return connection.scalar(same.limit(1)) is not None


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
