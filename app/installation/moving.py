"""The move of a whole installation from SQLite to an empty PostgreSQL database, all or nothing.

A move is no copy: the same installation goes on, with the same keys, so nobody signs in again and messages
that wait are sent by the new database. The old one is put on hold in the last step, so that nothing is sent
twice if someone starts it again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, create_engine, event, func, inspect, select, text
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from app import migrating
from app.database import db, engine_options, is_busy, transaction
from app.files.progress import Tell
from app.history.checking import Checked, Head, checked
from app.history.models import HistoryEnd
from app.history.record import Event, history_key, record
from app.installation import copied_database
from app.outbox import copies
from app.outbox.copy_signs import MOVED
from app.refusal import Refused
from config.faults_told import of_database
from config.values import Environment

NOT_FROM_SQLITE = (
    "You can only move from SQLite, and DATABASE_URL names a PostgreSQL database. To go to another "
    "PostgreSQL server, use backup and restore, or the programs of PostgreSQL."
)
NOT_TO_POSTGRESQL = "You can only move to PostgreSQL, so TARGET_URL must start with postgresql://"
NOT_EMPTY = "The new database is not empty, so nothing was moved. Make a new one, or empty this one."
IN_USE = (
    "The database is in use. Stop the service, and everything else that uses the database, then try again."
)

SECONDS_FOR_OTHERS_TO_END = 5
"""The time for which the move waits for others to let go of the old database."""

_OF_AN_INSTALLATION = ("people", "tools", "cycles", "history")
"""Tables of which an empty database has no rows."""


@dataclass(frozen=True)
class Moved:
    """The outcome of a move: the rows of each table, and how the history was found in the new database."""

    rows: dict[str, int]
    history: Checked


def move(target_url: str, tell: Tell) -> Moved:
    """Move everything from this installation's SQLite database to an empty PostgreSQL database.

    Raises Refused, and changes neither database, where one of them is in use or not as it must be, or where
    the new one would not have the same rows and the same history.
    """
    if db.engine.dialect.name != "sqlite":
        raise Refused(NOT_FROM_SQLITE)
    with _opened(target_url) as target, _alone(), transaction(), target.begin():
        _bring_up_if_empty(target)
        # in both databases: so each says when and why its emails began or ended
        record(copies.SERVICE, [Event("database", "database", "moved to PostgreSQL")])
        source = db.session.connection()
        try:
            copied_database.replace_all(source, target, tell)
        except (DataError, IntegrityError) as error:
            why = of_database(error.orig or error)
            raise Refused(f"PostgreSQL does not accept a value of this database: {why}") from error
        moved = _verified(source, target, tell)
        # its plans need them before its own housekeeping comes round
        target.execute(text("analyze"))
        # this is kept last: if it is not, the mark of the last email tells the two databases apart
        copies.hold(MOVED)
    return moved


@contextmanager
def _opened(url: str) -> Iterator[Connection]:
    """Yield a connection to the new database."""
    url = Environment({"TARGET_URL": url}).database("TARGET_URL", "")
    if not url.startswith("postgresql"):
        raise Refused(NOT_TO_POSTGRESQL)
    engine = create_engine(url, **engine_options(url))
    try:
        try:
            connection = engine.connect()
        except OperationalError as error:
            why = of_database(error.orig or error)
            raise Refused(f"The new database cannot be reached: {why}") from error
        with connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _alone() -> Iterator[None]:
    """Keep everyone else from the old database inside. Raises Refused where someone uses it."""

    def take_all_of_it(driver: Any, _record: Any) -> None:
        driver.execute("PRAGMA locking_mode=EXCLUSIVE")
        driver.execute(f"PRAGMA busy_timeout={SECONDS_FOR_OTHERS_TO_END * 1000}")

    db.session.remove()
    db.engine.dispose()
    event.listen(db.engine, "connect", take_all_of_it)
    try:
        yield
    except OperationalError as error:
        if is_busy(error):
            raise Refused(IN_USE) from error
        raise
    finally:
        event.remove(db.engine, "connect", take_all_of_it)
        db.session.remove()
        db.engine.dispose()


def _bring_up_if_empty(target: Connection) -> None:
    """Bring the new database to the current version. Raises Refused if it is not empty."""
    there = set(inspect(target).get_table_names())
    version = migrating.current_of(target)
    known = [db.metadata.tables[name] for name in _OF_AN_INSTALLATION if name in there]
    if (there and version is None) or any(
        target.scalar(select(func.count()).select_from(table).limit(1)) for table in known
    ):
        raise Refused(NOT_EMPTY)
    migrating.bring_up(target, version)


def _verified(source: Connection, target: Connection, tell: Tell) -> Moved:
    """Return what the new database has. Raises Refused where that is not what the old one has."""
    rows = {}
    for table in copied_database.tables():
        number = select(func.count()).select_from(table)
        rows[table.name] = target.scalar(number) or 0
        if rows[table.name] != source.scalar(number):
            raise Refused(
                f"The table {table.name} does not have the same number of rows in both databases, so "
                "nothing was moved. Make sure that nothing else uses the new database, then try again."
            )
    tell("history", 0)
    end = Head(*source.execute(select(HistoryEnd.rows, HistoryEnd.hash)).one())
    history = checked(target, history_key(), [end])
    if history.broken is not None and history != checked(source, history_key(), [end]):
        raise Refused(f"The history would not be the same, so nothing was moved: {history.broken.why}")
    return Moved(rows, history)
