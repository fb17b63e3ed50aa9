"""Carrying out long work: by a worker, on any machine, while a page that can be left shows the progress.

The changes of some work, and its end, are written in one transaction. So a worker that ends with its
process has changed nothing, and another begins again; the attempts are counted, and one that was paused
meanwhile and goes on changes nothing either.
"""

import logging
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import select, update

from app import clock, waiting_files, waking
from app.database import db, insert_or_leave, of_its_own, transaction
from app.files.progress import Tell
from app.long_work.models import LongWork
from app.waiting_files import WaitingFile
from app.watching.heartbeat import scheduler_late
from config.settings import Settings

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
"""The most attempts of workers at work that ends their process each time."""

PROGRESS = "progress"
"""The folder with the progress on a single machine."""

STARTS_WITHIN = timedelta(minutes=2)
"""The time by which a worker begins, where one runs."""


@dataclass(frozen=True)
class Ended:
    """The result of work in words. It failed where it changed nothing."""

    words: str
    failed: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of long work."""

    job: str
    """The job of workers that carries it out."""
    stopped: str
    """The words for what the service was doing when it stopped."""
    begin: Callable[[str, Tell], Callable[[LongWork], Ended]]
    """Do what only reads, for the work of a token, and return the step that changes something."""


def start(kind: Kind, token: str, *, by: str, address: bytes | None = None) -> None:
    """Let a worker do this with a file that waits, unless one does already."""
    with transaction():
        asked = {"token": token, "kind": kind.job, "asked_by": by, "address": address}
        begins = {"asked_at": clock.now(), "attempts": 0, "rows": 0, "failed": False}
        db.session.execute(insert_or_leave(LongWork).values(**asked, **begins))
        waking.wake(kind.job)


def progress(file: WaitingFile) -> LongWork | None:
    """Return the work with a file; None if nobody asked for it."""
    return db.session.get(LongWork, file.token, populate_existing=True)


def rows_done(work: LongWork) -> int:
    """Return how many rows were done when that was last noted."""
    with suppress(OSError, ValueError):
        return int(_rows_file(work.token).read_text(encoding="ascii"))
    return work.rows


def waits_too_long(work: LongWork, now: datetime) -> bool:
    """Return True where no worker seems to run, whether one began with it before or not.

    An import on a single machine lets nobody write, the sign of life of its worker included.
    """
    if now - work.asked_at <= STARTS_WITHIN or scheduler_late(now) is None:
        return False
    importing = (LongWork.kind == waking.IMPORTS, LongWork.ended.is_(None), LongWork.attempts > 0)
    return db.session.scalar(select(LongWork.token).where(*importing).limit(1)) is None


def forget(file: WaitingFile) -> None:
    """Forget the work with a file, so that it can begin again."""
    with transaction():
        if (work := db.session.get(LongWork, file.token)) is not None:
            db.session.delete(work)


def remove_leftovers() -> None:
    """Remove what lies in the instance folder for more than a day: the progress of work that ended with its
    process, and files that waited there before the database kept them."""
    before = (clock.now() - waiting_files.KEPT_FOR).timestamp()
    for name in (PROGRESS, "imports", "report-templates"):
        for left in (_settings().instance_path / name).glob("*"):
            if left.stat().st_mtime < before:
                shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)


def carry_out_what_waits(kind: Kind) -> None:
    """Carry out the work of a kind that waits, one after another, the oldest first."""
    asked = select(LongWork.token).where(LongWork.kind == kind.job, LongWork.ended.is_(None))
    for token in db.session.scalars(asked.order_by(LongWork.asked_at)).all():
        if attempt := _begin(kind, token):
            _carry_out(kind, token, attempt)


def _begin(kind: Kind, token: str) -> int:
    """Count an attempt and return its number; 0 where the work goes on elsewhere, has ended or ends
    workers."""
    with transaction():
        work = _taken(token)
        if work is None:
            return 0
        work.attempts, work.rows = work.attempts + 1, 0
        if work.attempts > MOST_ATTEMPTS:
            stopped = f"The service stopped {MOST_ATTEMPTS} times {kind.stopped}."
            _end(token, work.attempts, Ended(stopped, failed=True))
            return 0
        return work.attempts


def _carry_out(kind: Kind, token: str, attempt: int) -> None:
    began, rows, note = time.monotonic(), 0, _teller(token)

    def tell(file: str, done: int) -> None:
        nonlocal rows
        rows = done
        note(file, done)

    # the beginning of its token tells it apart, and opens nothing
    name = f"{kind.job} {token[:8]}"
    log.info("%s begins: attempt %d", name, attempt)
    try:
        step = kind.begin(token, tell)
        with transaction():
            work = _taken(token)
            is_ours = work is not None and work.attempts == attempt
            if work is not None and is_ours:
                _end(token, attempt, step(work))
        how = "ended" if is_ours else "was left to another worker"
        log.info("%s %s after %.1f seconds: %d rows", name, how, time.monotonic() - began, rows)
    except Exception:
        with transaction():
            _end(token, attempt, Ended("Something went wrong.", failed=True))
        log.info("%s failed after %.1f seconds: %d rows", name, time.monotonic() - began, rows)
        raise
    finally:
        _rows_file(token).unlink(missing_ok=True)


def _taken(token: str) -> LongWork | None:
    """Take the file of some work for this transaction; None where another one has it, or it has ended."""
    file = select(WaitingFile.token).where(WaitingFile.token == token).with_for_update(skip_locked=True)
    if db.session.scalar(file) is None:
        return None
    work = db.session.get(LongWork, token, populate_existing=True)
    return work if work is not None and work.ended is None else None


def _end(token: str, attempt: int, outcome: Ended) -> None:
    """Write the result of an attempt, unless a later one has begun, once: where the connection was lost
    while the database kept the work, it has ended well, though its worker met a fault."""
    # not by the object, whose rows another connection has counted meanwhile
    this = (LongWork.token == token, LongWork.attempts == attempt, LongWork.ended.is_(None))
    db.session.execute(update(LongWork).where(*this).values(ended=outcome.words, failed=outcome.failed))


def _teller(token: str) -> Tell:
    """Return the function that notes how many rows are done, where others see it before the work ends."""
    if db.engine.dialect.name == "sqlite":
        # an import has the only lock to write with
        return lambda _file, rows: _note_in_file(token, rows)
    return lambda _file, rows: _note_in_row(token, rows)


def _note_in_file(token: str, rows: int) -> None:
    _rows_file(token).parent.mkdir(mode=0o700, exist_ok=True)
    _rows_file(token).write_text(str(rows), encoding="ascii")


def _note_in_row(token: str, rows: int) -> None:
    with of_its_own(patience=0) as connection:
        connection.execute(update(LongWork).where(LongWork.token == token).values(rows=rows))


def _rows_file(token: str) -> Path:
    return _settings().instance_path / PROGRESS / token


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
