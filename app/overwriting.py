"""Writing the files of the database anew, so that nothing of what was removed is in them any more.

SQLite's own VACUUM would need as much memory as the database is large, because this build of SQLite keeps
all that is temporary in memory. The database is written to a copy on the disk instead, and the copy back.
"""

from contextlib import closing
from pathlib import Path
from typing import Any

import pysqlite3
from sqlalchemy import Engine, text

from app.copies_at_work import folder_for_a_copy
from app.database import db

PAGES_AT_ONCE = 50
"""The pages that are put back at once: fewer than any database has, because the last step keeps them all."""


class _WrittenMeanwhile(Exception):
    """The database was written to after the copy was made."""


def written_over(engine: Engine | None = None) -> bool:
    """Make the database write its files anew; return False where somebody else uses it."""
    engine = engine or db.engine
    if engine.dialect.name != "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (FULL)"))
        return True
    with engine.connect() as own, engine.connect() as other, folder_for_a_copy() as folder:
        database: Any = own.connection.driver_connection
        watching: Any = other.connection.driver_connection
        try:
            _copy_and_back(database, watching, folder / "database")
            is_busy = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except (pysqlite3.OperationalError, _WrittenMeanwhile):
            return False
    return not is_busy


def _copy_and_back(database: Any, watching: Any, copy: Path) -> None:
    """Put a copy without anything that was removed in the place of the database, unless somebody writes
    meanwhile."""

    def nobody_wrote(_status: int, left: int, _pages: int) -> None:
        # the lock of writing is held by now: what is written later waits until the copy is in place
        if left and _version(watching) != version:
            raise _WrittenMeanwhile

    version = _version(watching)
    watching.execute("VACUUM INTO ?", (str(copy),))
    with closing(pysqlite3.connect(copy)) as source:
        source.backup(database, pages=PAGES_AT_ONCE, progress=nobody_wrote)


def _version(connection: Any) -> int:
    """Return a number that changes when another connection writes."""
    version: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return version
