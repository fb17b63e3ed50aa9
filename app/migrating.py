"""Bringing the database to the current version, safely when several processes start at once."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from flask import current_app
from sqlalchemy import Connection, Engine, inspect, text

from app.command_line import command
from app.database import db
from app.overwriting import written_over
from app.refusal import Refused
from config.settings import PROJECT

log = logging.getLogger(__name__)

# any number that no other program uses on this database
ADVISORY_LOCK = 7_316_201


@cache
def head() -> str:
    """Return the version that this code needs, with which the name of the last migration begins."""
    return max(_versions())


@cache
def _versions() -> frozenset[str]:
    """Return the versions that migrations lead to."""
    migrations = (PROJECT / "migrations" / "versions").glob("[0-9]*.py")
    return frozenset(path.stem.partition("_")[0] for path in migrations)


def current(engine: Engine | None = None) -> str | None:
    """Return the version of the database; None when it is empty."""
    with (engine or db.engine).connect() as connection:
        return current_of(connection)


def current_of(connection: Connection) -> str | None:
    """Return the version of the database of a connection; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version = connection.execute(text("select version_num from alembic_version")).scalar()
    return str(version) if version else None


def is_current() -> bool:
    """True when the database has the version that this code needs."""
    return current() == head()


@contextmanager
def unwatched(connection: Connection) -> Iterator[None]:
    """Switch foreign keys off on SQLite, and check them at the end.

    SQLite rebuilds a table to change it, which its foreign keys would take for deleting the rows.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = driver.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration broke foreign keys: {broken[:5]}")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def is_later(version: str) -> bool:
    """True for a version of the database that this code does not know."""
    return version not in _versions()


def refuse_unless_current() -> None:
    """Raise Refused where the database is empty or has another version than this code needs."""
    version = current()
    if version == head():
        return
    if version is not None and is_later(version):
        raise Refused(_later(version))
    if version is None:
        raise Refused(f"The database is empty. To set it up, run: {command('migrate')}")
    raise Refused(
        f"The database has version {version}, and this version of the service needs {head()}. Use the "
        f"version of the service that last used the database, or update the database with: "
        f"{command('migrate')}"
    )


def migrate(engine: Engine | None = None) -> bool:
    """Bring the database, or a copy of it in a file, to the current version.

    Returns False when it was there already. Runs in one transaction that holds the database's write lock, so
    that of several processes that start at once one migrates and the others wait and then have nothing to do.
    Raises Refused where a later version of the service has used the database.
    """
    engine = engine or db.engine
    version = current(engine)
    if version == head():
        return False
    with (
        engine.connect().execution_options(writing=True) as connection,
        unwatched(connection),
        connection.begin(),
    ):
        bring_up(connection, version)
    if version is not None and not written_over(engine):
        log.warning("the database is in use, so what the update removed is not written over")
    log.info("database of %s updated to version %s", current_app.name, head())
    return True


def bring_up(connection: Connection, version: str | None) -> None:
    """Bring a database of this version to the current one, in the caller's transaction.

    Raises Refused where a later version of the service has used it.
    """
    if version is not None and is_later(version):
        raise Refused(_later(version))
    # takes memory and time, and is needed after an update alone
    from alembic import command as alembic
    from alembic.config import Config

    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = db.metadata
    alembic.upgrade(config, "head")


def _later(version: str) -> str:
    return (
        f"The database has version {version}, which this version of the service does not know. It needs "
        f"{head()}. Install the version of the service that last used it, or restore a backup."
    )
