"""The database: one engine set-up for SQLite and PostgreSQL, and the one place that commits.

SQLite is opened with WAL, foreign keys and a busy time-out; a change takes the write lock at its first
statement (BEGIN IMMEDIATE), because the driver's default loses updates when two connections write at once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import pysqlite3
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ARRAY,
    JSON,
    Column,
    Connection,
    DateTime,
    Dialect,
    Engine,
    FromClause,
    Insert,
    MetaData,
    Table,
    TypeDecorator,
    UniqueConstraint,
    bindparam,
    event,
    func,
    insert,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase

BUSY_TIMEOUT_SECONDS = 30


class Base(DeclarativeBase):
    """The base of all tables. Constraints have names, so that migrations change them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, aware in Python on both databases (SQLite keeps no time zone by itself)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


db = SQLAlchemy(model_class=Base)

PLANS = "force_custom_plan"
"""The way in which PostgreSQL plans: anew for each question."""
MANY = 20
"""The fewest rows for which PostgreSQL plans apart."""
IN_A_STATEMENT = 1_000
"""Rows that one statement inserts on PostgreSQL."""


def init_app(app: Flask, url: str) -> None:
    """Set the application up for its database. No connection is opened yet."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            prepare_sqlite(db.engine)


def engine_options(url: str) -> dict[str, Any]:
    """Return the options of SQLAlchemy's engine for this database."""
    # errors of the database must not carry case numbers, addresses or texts into a log
    options: dict[str, Any] = {"hide_parameters": True}
    if url.startswith("sqlite"):
        return options | {"module": pysqlite3.dbapi2, "connect_args": {"timeout": BUSY_TIMEOUT_SECONDS}}
    # A plan that is kept fits the sizes that tables had: where an import or a run of the day makes them much
    # larger, a page would take minutes until the database has counted its rows again.
    given = make_url(url).query.get("options", "")
    plans = f"{given} -c plan_cache_mode={PLANS}"
    return options | {"pool_pre_ping": True, "connect_args": {"options": plans.strip()}}


def prepare_sqlite(engine: Engine) -> None:
    """Make every SQLite connection of this engine safe for several writers."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        # the driver must not open transactions by itself: on_begin does
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            "synchronous=NORMAL",
            "cache_size=-16000",
            # what is removed is overwritten in the file
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")
        if connection.execute("PRAGMA foreign_keys").fetchone() != (1,):
            raise RuntimeError("this build of SQLite does not enforce foreign keys")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def transaction() -> Iterator[None]:
    """Make one change, whole or not at all. Only this and `of_its_own` commit.

    It starts from the current content of the database (rows read before are read again), takes the write lock
    on SQLite, commits at the end, and rolls back when something is raised. Inside another transaction it
    joins that one. The step of `begin_with` comes first.
    """
    session = db.session
    if session.info.get("writing"):
        yield
        return
    session.rollback()
    session.info["writing"] = True
    session.info["afterwards"] = {}
    try:
        session.connection(execution_options={"writing": True})
        if (step := session.info.get("begin_with")) is not None:
            step()
        yield
        session.commit()
        session.info.pop("begin_with", None)
        for after in session.info["afterwards"].values():
            after()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("writing", None)
        session.info.pop("afterwards", None)


@contextmanager
def of_its_own(patience: float) -> Iterator[Connection]:
    """Make a change beside that of the session, on a connection of its own, whole or not at all.

    On SQLite it waits for another connection that writes for `patience` seconds; `is_busy` tells the error.
    """
    with db.engine.execution_options(writing=True).connect() as connection:
        _wait_for(connection, patience)
        try:
            with connection.begin():
                yield connection
        finally:
            _wait_for(connection, BUSY_TIMEOUT_SECONDS)


def _wait_for(connection: Connection, seconds: float) -> None:
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")


def is_busy(error: OperationalError) -> bool:
    """True where another connection to SQLite was writing for longer than this one waits."""
    return str(error.orig) == "database is locked"


def begin_with(step: Callable[[], None]) -> None:
    """Take this step first in the next transaction of this request that is kept, as a part of it."""
    db.session.info["begin_with"] = step


def afterwards(name: str, step: Callable[[], None]) -> bool:
    """Take this step once the transaction is kept; it takes the place of one with the same name.

    Return True for the first of its name in the transaction. The step neither reads the database nor fails.
    """
    steps: dict[str, Callable[[], None]] = db.session.info["afterwards"]
    is_first = name not in steps
    steps[name] = step
    return is_first


def began() -> bool:
    """True when the step of `begin_with` is part of a transaction that was kept."""
    return "begin_with" not in db.session.info


def empty_log() -> None:
    """Write SQLite's log of changes into its file and empty it: what was removed is then nowhere any more.

    Called outside a transaction. While somebody reads an older state, the log keeps it.
    """
    session = db.session
    if session.info.get("writing"):
        raise RuntimeError("a transaction is still open")
    session.rollback()
    if session.get_bind().dialect.name == "sqlite":
        driver = session.connection().connection.driver_connection
        assert driver is not None
        driver.execute("ROLLBACK")
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        driver.execute("BEGIN")
        session.rollback()


def insert_many(table: FromClause, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that have the same columns, in the transaction of the caller.

    On PostgreSQL many go in one statement, each column as an array: triggers look at them together. The plan
    by which foreign keys are looked up is made once there, and by index, not for each row.
    """
    connection = db.session.connection()
    are_few = connection.dialect.name != "postgresql" or len(rows) < MANY
    # a list is a value of JSON, and a part of an array
    if are_few or any(isinstance(each.type, JSON) for each in table.c):
        connection.execute(insert(cast(Table, table)), rows)
        return
    connection.execute(text("set local plan_cache_mode = auto; set local enable_seqscan = off"))
    for first in range(0, len(rows), IN_A_STATEMENT):
        _insert_as_arrays(connection, cast(Table, table), rows[first : first + IN_A_STATEMENT])
    connection.execute(text(f"set local plan_cache_mode = {PLANS}; set local enable_seqscan = on"))


def _insert_as_arrays(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    made = [column for column in table.columns if column.default is not None and column.name not in rows[0]]
    columns = [*(table.c[name] for name in rows[0]), *made]
    whole = [dict(row) | {each.name: _default(each, row) for each in made} for row in rows]
    arrays = [bindparam(None, [row[each.name] for row in whole], ARRAY(each.type)) for each in columns]
    names = [each.name for each in columns]
    many = func.unnest(*arrays).table_valued(*names, name="many").render_derived()
    connection.execute(insert(table).from_select(names, select(many)))


def _default(column: Column[Any], row: Mapping[str, Any]) -> object:
    default: Any = column.default
    return default.arg(_Values(row)) if default.is_callable else default.arg


@dataclass(frozen=True)
class _Values:
    """The values of a row, for the functions that make values from others."""

    values: Mapping[str, Any]

    def get_current_parameters(self) -> Mapping[str, Any]:
        return self.values


def insert_or_leave(model: type[Base]) -> Insert:
    """Return an insert that leaves a row alone whose key exists already, on both databases."""
    if db.session.get_bind().dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(model).on_conflict_do_nothing()
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(model).on_conflict_do_nothing()


def broken_by(error: IntegrityError, key: UniqueConstraint) -> bool:
    """True when a write was refused because of this key and no other rule of the database."""
    if (diagnosis := getattr(error.orig, "diag", None)) is not None:
        return bool(diagnosis.constraint_name == key.name)
    # SQLite gives the key's columns, not its name
    columns = ", ".join(f"{column.table.name}.{column.name}" for column in key.columns)
    return str(error.orig) == f"UNIQUE constraint failed: {columns}"


def reachable() -> bool:
    """True when the database answers."""
    try:
        db.session.execute(text("select 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True
