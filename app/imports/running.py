"""Importing a file that was sent in: at once, or as long work of a worker where it is large."""

from app import clock, waiting_files, waking
from app.database import db, transaction
from app.files.imported import Imported
from app.files.progress import Tell
from app.history.record import Event, record
from app.imports.kinds import named
from app.long_work.carrying_out import Ended, Kind
from app.long_work.models import LongWork
from app.waiting_files import WaitingFile

LONG_FROM_BYTES = 500_000
"""The size, some ten thousand rows, from which an import takes longer than people should wait."""


def told(outcome: Imported) -> str:
    """Return the words for an import that has ended."""
    return f"Imported {outcome.without_file()}{'.' if outcome.left_alone() else ''}"


def take_in(file: WaitingFile, *, by: str, tell: Tell) -> Imported:
    """Import a file and note it in the history, whole, or nothing if it has a fault by now."""
    kind = named(file.kind)
    assert kind is not None  # it was when the file was sent in
    with transaction(), waiting_files.as_file(file) as path:
        outcome = kind.take_in(path, on=clock.today(), cycle=file.cycle, tell=tell, by=by)
        if outcome.added + outcome.changed and not outcome.refused:
            counts = f"{outcome.added:,} added, {outcome.changed:,} changed"
            record(by, [Event("import", kind.name, "imported", after=counts, on=clock.today())])
    return outcome


def _take_in(work: LongWork, tell: Tell) -> Ended:
    outcome = take_in(db.session.get_one(WaitingFile, work.token), by=work.asked_by, tell=tell)
    return Ended("The file now has errors." if outcome.refused else told(outcome), failed=outcome.refused)


IMPORTS = Kind(waking.IMPORTS, "during the import", lambda _token, tell: lambda work: _take_in(work, tell))
"""Imports read and change in one transaction."""
