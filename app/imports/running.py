"""Long imports: a worker carries them out, on any machine, and a page that can be left shows the progress.

An import is one transaction, and that it has ended is written in the same one. So a worker that ends with
its process has changed nothing, and another begins again: on PostgreSQL the lock on the file goes with the
connection of the one that had it; on SQLite there is one worker.
"""

import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import select, update

from app import clock, waiting_files, waking
from app.database import db, insert_or_leave, of_its_own, transaction
from app.files.imported import Imported
from app.files.progress import Tell
from app.history.record import Event, record
from app.imports.kinds import named
from app.imports.models import LongImport
from app.waiting_files import WaitingFile
from config.settings import Settings

LONG_FROM_BYTES = 500_000
"""The size, some ten thousand rows, from which an import takes longer than people should wait."""

MOST_ATTEMPTS = 3
"""The most attempts of workers at an import that ends their process each time."""

STARTS_WITHIN = timedelta(minutes=2)
"""The time by which a worker begins an import, where one runs."""


def start(file: WaitingFile, *, by: str) -> None:
    """Let a worker import a file, unless one does already."""
    with transaction():
        asked = {"token": file.token, "asked_by": by, "asked_at": clock.now()}
        db.session.execute(insert_or_leave(LongImport).values(attempts=0, rows=0, failed=False, **asked))
        waking.wake(waking.IMPORTS)


def progress(file: WaitingFile) -> LongImport | None:
    """Return the progress of the import of a file; None if nobody asked for it."""
    return db.session.get(LongImport, file.token, populate_existing=True)


def rows_done(long: LongImport) -> int:
    """Return how many rows were imported when it was last noted."""
    with suppress(OSError, ValueError):
        return int(_rows_file(long.token).read_text(encoding="ascii"))
    return long.rows


def waits_too_long(long: LongImport, now: datetime) -> bool:
    """Return True where no worker began, so that none seems to run."""
    return long.attempts == 0 and now - long.asked_at > STARTS_WITHIN


def forget(file: WaitingFile) -> None:
    """Forget the progress of a file, so that its import can begin again."""
    with transaction():
        if (long := db.session.get(LongImport, file.token)) is not None:
            db.session.delete(long)


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


def remove_leftovers() -> None:
    """Remove what lies in the instance folder for more than a day: the progress of imports that ended with
    their process, and files that waited there before the database kept them."""
    before = (clock.now() - waiting_files.KEPT_FOR).timestamp()
    for name in ("imports", "report-templates"):
        for left in (_settings().instance_path / name).glob("*"):
            if left.stat().st_mtime < before:
                shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)


def carry_out_what_waits() -> None:
    """Carry out the imports that wait, one after another, those first whose worker is gone."""
    asked = select(LongImport.token).where(LongImport.ended.is_(None)).order_by(LongImport.asked_at)
    for token in db.session.scalars(asked).all():
        if _begin(token):
            _carry_out(token)


def _begin(token: str) -> bool:
    """Count an attempt; return False where the import goes on elsewhere, has ended or ends workers."""
    with transaction():
        long = _taken(token)
        if long is None:
            return False
        long.attempts, long.rows = long.attempts + 1, 0
        if long.attempts > MOST_ATTEMPTS:
            _end(token, f"The service stopped {MOST_ATTEMPTS} times during the import.", failed=True)
            return False
        return True


def _carry_out(token: str) -> None:
    try:
        with transaction():
            long = _taken(token)
            if long is None:
                return
            file = db.session.get_one(WaitingFile, token)
            outcome = take_in(file, by=long.asked_by, tell=_teller(token))
            ended = "The file now has errors." if outcome.refused else told(outcome)
            _end(token, ended, failed=outcome.refused)
    except Exception:
        with transaction():
            _end(token, "Something went wrong.", failed=True)
        raise
    finally:
        _rows_file(token).unlink(missing_ok=True)


def _taken(token: str) -> LongImport | None:
    """Take the file of an import for this transaction; None where another one has it, or it has ended."""
    file = select(WaitingFile.token).where(WaitingFile.token == token).with_for_update(skip_locked=True)
    if db.session.scalar(file) is None:
        return None
    long = db.session.get(LongImport, token, populate_existing=True)
    return long if long is not None and long.ended is None else None


def _end(token: str, ended: str, *, failed: bool) -> None:
    """Write how an import ended, once: where the connection was lost while the database kept the import, it
    has ended well, though its worker met a fault."""
    # not by the object, whose rows another connection has counted meanwhile
    goes_on = (LongImport.token == token, LongImport.ended.is_(None))
    db.session.execute(update(LongImport).where(*goes_on).values(ended=ended, failed=failed))


def _teller(token: str) -> Tell:
    """Return the function that notes how many rows are done, where others see it before the import ends."""
    if db.engine.dialect.name == "sqlite":
        # the import itself has the only lock to write with
        return lambda _file, rows: _note_in_file(token, rows)
    return lambda _file, rows: _note_in_row(token, rows)


def _note_in_file(token: str, rows: int) -> None:
    _rows_file(token).parent.mkdir(mode=0o700, exist_ok=True)
    _rows_file(token).write_text(str(rows), encoding="ascii")


def _note_in_row(token: str, rows: int) -> None:
    with of_its_own(patience=0) as connection:
        connection.execute(update(LongImport).where(LongImport.token == token).values(rows=rows))


def _rows_file(token: str) -> Path:
    return _settings().instance_path / "imports" / token


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
