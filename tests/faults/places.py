"""Installations for scenarios to break: each with a database, a folder, and programs that are started."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Protocol
from uuid import uuid4

from flask import Flask
from sqlalchemy import func, select, text, update

from app import create_app
from app.database import db, transaction
from app.history.checking import checked
from app.history.record import history_key
from app.migrating import migrate
from app.outbox.claims import count
from app.outbox.kinds import Rendered
from app.outbox.models import QUEUED, SENDING, Message, MessageItem
from app.outbox.moves import TEST
from app.scheduling.jobs import JOBS
from app.scheduling.queue import TAKING_OVER
from app.waking import wake
from config.settings import PROJECT
from tests.conftest import HISTORY_KEY, settings_in
from tests.outbox.messages import a_message
from tests.postgresql import Server

SQLITE, POSTGRESQL = "sqlite", "postgresql"
DATABASE = "practice-audits.sqlite"
PROGRAM = Path(sys.executable).parent / "practice-audits"
PATIENCE = 240

# a server that is ended must have what it said it has; each worker may have 20 connections
SURE = ("fsync=off", "full_page_writes=off", "max_connections=500")

Program = subprocess.Popen[str]
Environ = Mapping[str, str]
NONE: Environ = {}


A_TICK = (
    "insert into procrastinate_jobs (queue_name, task_name, lock, queueing_lock) "
    "values ('default', cast(:job as text), cast(:job as text), cast(:job as text)) on conflict do nothing"
)


class Place:
    """An installation. Its programs take nothing from the settings of this machine."""

    def __init__(self, kind: str, folder: Path, url: str = "", server: Server | None = None) -> None:
        self.kind, self.folder, self.url, self.server = kind, folder, url, server
        # with the key of case numbers, which copies share
        self._settings = settings_in(folder, **({"DATABASE_URL": url} if url else {}))
        self.environ = {
            "INSTANCE_PATH": str(folder),
            "SECRET_KEY": "the secret key of a test, long enough",
            "HISTORY_KEY": HISTORY_KEY,
            "SECOND_FACTOR": "false",
            "PYTHONPATH": str(PROJECT),
            "MAIL_DEFAULT_SENDER": "audits@council.example",
        } | ({"DATABASE_URL": url} if url else {})

    def start(self, *words: object, most_bytes: int | None = None, environ: Environ = NONE) -> Program:
        """Start `practice-audits` with these words; with `most_bytes` it cannot write longer files."""
        limit = [] if most_bytes is None else ["prlimit", f"--fsize={most_bytes}"]
        return subprocess.Popen(
            [*limit, str(PROGRAM), *map(str, words)],
            cwd=PROJECT,
            env=os.environ | self.environ | dict(environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: object, most_bytes: int | None = None, environ: Environ = NONE) -> str:
        """Run it to its end, which must be a good one; return its output."""
        code, out, err = self.ended(self.start(*words, most_bytes=most_bytes, environ=environ))
        assert code == 0, f"{words[0]} ended with {code}: {err}"
        return out

    def refused(self, *words: object, most_bytes: int | None = None, environ: Environ = NONE) -> str:
        """Run it to its end, which must be a refusal in a sentence; return that."""
        code, _out, err = self.ended(self.start(*words, most_bytes=most_bytes, environ=environ))
        assert code == 1, f"{words[0]} ended with {code}: {err}"
        assert "Traceback" not in err, err
        return err

    @staticmethod
    def ended(program: Program) -> tuple[int, str, str]:
        """Wait for the end of a program; return its code, output and errors."""
        out, err = program.communicate(timeout=PATIENCE)
        return program.returncode, out, err

    @cached_property
    def _app(self) -> Flask:
        return create_app(self._settings)

    @contextmanager
    def opened(self) -> Iterator[Flask]:
        """Push the context of this installation in this process; no connection is left behind."""
        with self._app.app_context():
            try:
                yield self._app
            finally:
                db.session.remove()
                db.engine.dispose()

    def fill(self, messages: int, letters: int = 10) -> None:
        """Write so many messages into the outbox, each of so many letters."""
        text = Rendered("Two audits", "a" * letters, "<p>Two audits.</p>")
        with self.opened(), transaction():
            for number in range(messages):
                a_message(f"person{number}@council.example", kind=TEST, rendered=text)

    def left(self) -> int:
        """Return the number of messages that are not sent yet."""
        with self.opened():
            return count(QUEUED) + count(SENDING)

    def time_passes(self) -> None:
        """Let all next tries be due, and what died long be silent: as hours do."""
        with self.opened(), transaction():
            now = select(func.current_timestamp()).scalar_subquery()
            db.session.execute(
                update(Message).where(Message.state.in_((QUEUED, SENDING))).values(next_try_at=now)
            )
            if self.kind == POSTGRESQL:
                silent = "update procrastinate_workers set last_heartbeat = now() - interval '1 hour'"
                db.session.execute(text(silent))
                # the next ticks wait
                for job in JOBS:
                    db.session.execute(text(A_TICK), {"job": job.name})
                # that of taking over, which needs no wait here, has none
                without_lock = "update procrastinate_jobs set lock = null where task_name = :name"
                db.session.execute(text(without_lock), {"name": TAKING_OVER})
                wake(TAKING_OVER)

    def messages(self) -> Counter[tuple[object, ...]]:
        """Return all messages by receiver, kind, day and what they are about."""
        items = select(MessageItem.message_id, MessageItem.reference, MessageItem.step)
        with self.opened():
            about: dict[int, list[tuple[str, str]]] = {}
            for row in db.session.execute(items):
                about.setdefault(row.message_id, []).append((row.reference, row.step))
            return Counter(
                (row.address, row.kind, row.on, tuple(sorted(about.get(row.id, ()))))
                for row in db.session.scalars(select(Message))
            )

    def history_is_whole(self) -> bool:
        """Return True when the chain of the history holds."""
        with self.opened():
            return checked(db.session.connection(), history_key()).broken is None

    def cut_connections(self) -> None:
        """End all connections to the database, as a fault of the network does."""
        assert self.server is not None
        with self.server.administration() as administration:
            administration.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s",
                [self.url.partition("?")[0].rpartition("/")[2]],
            )


class New(Protocol):
    """The maker of new installations of one kind."""

    def __call__(self, *, of: Place | None = None, migrated: bool = True) -> Place:
        """Make one: a copy of another, one without data, or one whose database is empty."""


class Places:
    """The installations of one scenario, which all end with it."""

    def __init__(self, migrated: Path, server: Callable[[], Server]) -> None:
        self._migrated, self._server = migrated, server
        self._ends = ExitStack()

    def __enter__(self) -> "Places":
        return self

    def __exit__(self, *_error: object) -> None:
        self._ends.close()

    def new(self, kind: str) -> New:
        """Return the maker of installations on this kind of database."""

        def make(*, of: Place | None = None, migrated: bool = True) -> Place:
            folder = Path(self._ends.enter_context(tempfile.TemporaryDirectory(prefix="faults-")))
            if kind == SQLITE:
                if of is not None or migrated:
                    _copy(of.folder / DATABASE if of else self._migrated, folder / DATABASE)
                return Place(kind, folder)
            server = self._server()
            template = server.migrated if migrated else "template1"
            if of is not None:
                template = of.url.partition("?")[0].rpartition("/")[2]
            url = self._ends.enter_context(server.database(template))
            return Place(kind, folder, url, server)

        return make


def _copy(database: Path, to: Path) -> None:
    """Copy a database that nobody uses, with its log of changes."""
    for ending in ("", "-wal"):
        there = database.with_name(f"{database.name}{ending}")
        if there.exists():
            shutil.copy(there, to.with_name(f"{to.name}{ending}"))


@contextmanager
def breakable_server() -> Iterator[Server]:
    """A PostgreSQL server that may be ended and filled."""
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
        # a small log, so that a small disk can be full
        server = Server(Path(folder), SURE, log_megabytes=1)
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def migrated_database() -> Iterator[Path]:
    """An empty SQLite database of the current version, to be copied."""
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        place = Place(SQLITE, Path(folder))
        with place.opened():
            migrate()
        yield Path(folder) / DATABASE


def wait_for(
    holds: Callable[[], bool], otherwise: str, patience: float = PATIENCE, every: float = 0.05
) -> None:
    """Wait until something holds; raise AssertionError where it takes longer than so many seconds."""
    until = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < until, otherwise
        time.sleep(every)


def killed_within(program: Program, seconds: float, chance: Random) -> bool:
    """Kill a program at a random moment of the last two thirds of so many seconds; whether it was at work."""
    time.sleep(chance.uniform(seconds / 3, seconds))
    program.kill()
    code, _out, _err = Place.ended(program)
    return code < 0


def seconds_of(work: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


def a_name() -> str:
    """Return a name that was not used before."""
    return uuid4().hex[:8].upper()
