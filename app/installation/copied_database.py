"""A whole database as one SQLite file, from either kind of database and into either kind.

The values are as SQLite stores them, so that encrypted columns stay encrypted and JSON keeps its text. A
file of an earlier version is brought up by the same migrations as a database.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Engine,
    String,
    Table,
    TypeDecorator,
    cast,
    create_engine,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from app import migrating
from app.audits.tallies import TALLIES, gather
from app.database import db, engine_options, prepare_sqlite
from app.files.progress import Tell, counted_rows, silent
from app.installation.sequences import count_on

AT_ONCE = 2_000

Row = Sequence[Any]


@contextmanager
def opened(path: Path) -> Iterator[Engine]:
    """Yield the engine of a database in a file."""
    url = f"sqlite:///{path}"
    engine = create_engine(url, **engine_options(url))
    prepare_sqlite(engine)
    try:
        yield engine
    finally:
        engine.dispose()


def tables() -> list[Table]:
    """Return all tables, each after those that it refers to, but for the tallies: every database counts."""
    counted = [tally.__table__ for tally in TALLIES]
    return [table for table in db.metadata.sorted_tables if table not in counted]


def copy_to(path: Path) -> None:
    """Copy the database of this installation to a new file, as of one moment, while others write."""
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            connection.exec_driver_sql("ROLLBACK")  # the copy is a transaction of its own
            driver.execute("VACUUM INTO ?", (str(path),))
            connection.exec_driver_sql("BEGIN")
        return
    with opened(path) as copy:
        migrating.migrate(copy)
        moment = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with (
            db.engine.connect().execution_options(**moment, postgresql_deferrable=True) as source,
            copy.connect().execution_options(writing=True) as target,
            target.begin(),
        ):
            replace_all(source, target)


def replace_all(source: Connection, target: Connection, tell: Tell = silent) -> None:
    """Put the rows of one database in the place of those of the other, in the caller's transaction."""
    in_order = tables()
    if target.dialect.name == "sqlite":
        target.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    for table in reversed(in_order):
        # a new database begins with some rows
        target.execute(table.delete())
    for table in in_order:
        _write(target, table, counted_rows(table.name, _read(source, table), tell, AT_ONCE))
    count_on(target, in_order)
    gather(target)


def rows_of(connection: Connection) -> dict[str, int]:
    """Count the rows of every table of a database, in its own version."""
    names = connection.execute(
        text("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name")
    )
    preparer = connection.dialect.identifier_preparer
    return {
        name: connection.exec_driver_sql(f"select count(*) from {preparer.quote(name)}").scalar_one()  # noqa: S608  # nosec B608 # quoted
        for name in names.scalars()
    }


def _stored_type(column: Column[Any]) -> TypeEngine[Any]:
    """Return the type that the database itself knows, without what the application makes of it."""
    kind = column.type
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def _read(connection: Connection, table: Table) -> Iterator[Row]:
    """Read the rows of a table with the values that SQLite stores."""
    if connection.dialect.name == "sqlite":
        names = ", ".join(connection.dialect.identifier_preparer.quote(each.name) for each in table.columns)
        rows = connection.exec_driver_sql(f"select {names} from {_name(connection, table)}")  # noqa: S608  # nosec B608 # quoted
        while some := rows.fetchmany(AT_ONCE):
            yield from some
        return
    kinds = [_stored_type(column) for column in table.columns]
    as_stored = [
        cast(column, String) if isinstance(kind, JSON) else type_coerce(column, kind)
        for column, kind in zip(table.columns, kinds, strict=True)
    ]
    streamed = connection.execution_options(yield_per=AT_ONCE).execute(select(*as_stored).select_from(table))
    for row in streamed:
        yield [
            None if value is None else _to_sqlite(kind, value) for kind, value in zip(kinds, row, strict=True)
        ]


def _to_sqlite(kind: TypeEngine[Any], value: Any) -> Any:
    match kind:
        case DateTime():
            moment = value.astimezone(UTC) if value.tzinfo else value
            return moment.replace(tzinfo=None).isoformat(" ", "microseconds")
        case Date():
            return value.isoformat()
        case Boolean():
            return int(value)
    return value


def _write(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows with the values that SQLite stores."""
    if connection.dialect.name == "sqlite":
        statement = str(table.insert().compile(dialect=sqlite.dialect()))
        some: list[Any] = []
        for row in rows:
            some.append(tuple(row))
            if len(some) == AT_ONCE:
                connection.exec_driver_sql(statement, some)
                some = []
        if some:
            connection.exec_driver_sql(statement, some)
        return
    names = ", ".join(connection.dialect.identifier_preparer.quote(each.name) for each in table.columns)
    driver = connection.connection.driver_connection
    assert driver is not None
    # moments stand in UTC, without saying so
    connection.execute(text("set local time zone 'UTC'"))
    # one statement for a table: its rows may refer to one another in any order
    with (
        _told_alike(connection),
        driver.cursor() as cursor,
        cursor.copy(f"copy {_name(connection, table)} ({names}) from stdin") as out,
    ):
        for row in rows:
            out.write_row(row)


@contextmanager
def _told_alike(connection: Connection) -> Iterator[None]:
    """Raise what the driver raises as SQLAlchemy does for its own statements."""
    try:
        yield
    except psycopg.Error as error:
        raise DBAPIError.instance(
            None, None, error, psycopg.Error, hide_parameters=True, dialect=connection.dialect
        ) from error


def _name(connection: Connection, table: Table) -> str:
    return connection.dialect.identifier_preparer.format_table(table)
