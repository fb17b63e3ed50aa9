"""Replacing the key of case numbers while the service runs.

Encrypted values are encrypted again in batches, and names its key: every process reads both. In one last
transaction the rest follows, with the keyed hashes and the mark, so that at any moment all hashes are of one
key. Both keys are kept until then: whoever stops in between begins again and goes on.
"""

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Select, String, bindparam, func, select, type_coerce, update
from sqlalchemy.exc import OperationalError

from app.case_keys.keys import CaseKey, id_in, key_of
from app.case_keys.mark import ADVISORY_LOCK, KeyMark, forget_key_in_use, stored_mark
from app.case_keys.ring import KeyMissing, ring
from app.case_keys.sealed import sealed_columns
from app.case_numbers import folded
from app.database import db, transaction
from app.refusal import Refused
from config.settings import new_key

AT_ONCE = 1_000
PAUSE_SECONDS = 0.01
"""The time between two batches, in which others can write."""

TRIES, SECONDS_BETWEEN_TRIES = 120, 0.5

COMPARED = "case_folded"


@dataclass(frozen=True)
class Rotated:
    """The outcome of a rotation."""

    values: int
    """The number of values that were encrypted again."""
    before: Path | None
    """The file that keeps the key of before; None where keys are set, and not in files."""


@dataclass(frozen=True)
class Keys:
    """The two keys of a rotation."""

    new: CaseKey
    before: CaseKey


def rotate() -> Rotated:
    """Encrypt and compare all case numbers by another key, and return the outcome.

    The key is made, or is the first of two that are given. Raises Refused where it cannot begin or finish;
    then both keys are still in use.
    """
    keys = _keys_of_setting() if ring().is_set else keys_of_file()
    values = sum(seal_again(column, keys) for column in sealed_columns())
    for attempt in range(TRIES):
        if (rest := finish(keys)) is not None:
            before = None if ring().is_set else keep_new_alone(keys)
            return Rotated(values + rest, before)
        if attempt + 1 < TRIES:
            time.sleep(SECONDS_BETWEEN_TRIES)
    raise Refused(
        "Other changes of case numbers did not end, so the key before is still in use. Run the command again "
        "when no file is being imported."
    )


def _keys_of_setting() -> Keys:
    """Return the two keys that the setting gives."""
    given = ring().given()
    if len(given) != 2:
        raise Refused(
            "CASE_NUMBER_KEY is set, so no key is made. Set it to a new key, a space and the present key, "
            "start the service again with it on all machines, then run the command again."
        )
    new, before = map(key_of, given)
    if stored_mark() not in (new.fingerprint, before.fingerprint):
        raise KeyMissing(ring().sentence)
    return Keys(new, before)


def keys_of_file() -> Keys:
    """Return the new key and the present one, which both are in the file from now on."""
    with transaction():
        _exclude_others()
        given, mark = ring().given(), stored_mark()
        if len(given) == 1 and key_of(given[0]).fingerprint == mark:
            given = [new_key(), *given]
            _write(ring().file, "\n".join(given))
    if len(given) != 2 or mark not in [key_of(key).fingerprint for key in given]:
        raise KeyMissing(ring().sentence)
    return Keys(*map(key_of, given))


def seal_again(column: Column[Any], keys: Keys) -> int:
    """Encrypt a column again, a batch in a transaction of its own. Returns how many values."""
    values = 0
    for some in _batches(column, keys.new):
        with transaction():
            db.session.connection().execute(_sealing(column), _again(some, keys))
        values += len(some)
        time.sleep(PAUSE_SECONDS)
    return values


def _batches(column: Column[Any], new: CaseKey) -> Iterator[Sequence[Any]]:
    """Yield the keys and encrypted values of rows that another key encrypted, in batches."""
    key, last = _key_of_row(column.table), None
    query = _of_another_key(column, new).order_by(key).limit(AT_ONCE)
    while rows := db.session.execute(query if last is None else query.where(key > last)).all():
        last = rows[-1].row
        db.session.rollback()  # no reader keeps others waiting
        yield rows


def _of_another_key(column: Column[Any], new: CaseKey) -> Select[Any, str]:
    """Return the query of the keys and encrypted values of rows that another key encrypted."""
    sealed = type_coerce(column, String)
    query = select(_key_of_row(column.table).label("row"), sealed.label("sealed"))
    return query.where(column.is_not(None), func.substr(column, 1, len(new.id)) != new.id)


def _again(rows: Sequence[Any], keys: Keys) -> list[dict[str, Any]]:
    return [
        {"its_row": row.row, "its_before": row.sealed, "its_value": keys.new.seal(_opened(row.sealed, keys))}
        for row in rows
    ]


def _sealing(column: Column[Any]) -> Any:
    """Return the statement that replaces an encrypted value, where nobody has changed it meanwhile."""
    its_row = _key_of_row(column.table) == bindparam("its_row")
    as_before = type_coerce(column, String) == bindparam("its_before", type_=String())
    statement = update(column.table).where(its_row, as_before)
    return statement.values({column: bindparam("its_value", type_=String())})


def finish(keys: Keys) -> int | None:
    """Encrypt the rest, make all hashes anew and change the mark. None where others are writing numbers."""
    values = 0
    try:
        with transaction():
            _wait_for_nobody()
            _exclude_others()
            if stored_mark() == keys.new.fingerprint:
                return 0
            for column in sealed_columns():
                if rows := db.session.execute(_of_another_key(column, keys.new)).all():
                    db.session.connection().execute(_sealing(column), _again(rows, keys))
                    values += len(rows)
            _compare_again(keys)
            db.session.execute(update(KeyMark).values(fingerprint=keys.new.fingerprint))
            forget_key_in_use()
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != "55P03":  # PostgreSQL: a lock was not available
            raise
        return None
    return values


def _compare_again(keys: Keys) -> None:
    """Make the keyed hash of every case anew.

    A row is mostly compared by its own number. A drawn case whose audit was corrected has the hash of the
    audit's number.
    """
    tables = [column.table for column in sealed_columns() if COMPARED in column.table.c]
    rows_of: dict[Any, Sequence[Any]] = {}
    new_of: dict[str, str] = {}
    for table in tables:
        query = select(table.c.id, type_coerce(table.c.case_reference, String), table.c[COMPARED])
        rows_of[table] = db.session.execute(query.where(table.c[COMPARED].is_not(None))).all()
        for _, sealed, _ in rows_of[table]:
            if sealed is not None and (number := folded(_opened(sealed, keys))):
                new_of[keys.before.compared(number)] = keys.new.compared(number)
    for table, rows in rows_of.items():
        changed = [
            {"its_row": id_, "its_before": compared, "its_value": new_of.get(compared)}
            for id_, _, compared in rows
        ]
        statement = (
            update(table)
            .where(table.c.id == bindparam("its_row"), table.c[COMPARED] == bindparam("its_before"))
            .values({COMPARED: bindparam("its_value")})
        )
        if changed:
            db.session.connection().execute(statement, changed)


def _opened(sealed: str, keys: Keys) -> str:
    return (keys.new if id_in(sealed) == keys.new.id else keys.before).open(sealed)


def _exclude_others() -> None:
    """Let nobody else write numbers in this transaction: on SQLite it has the write lock anyway."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(ADVISORY_LOCK)))


def _wait_for_nobody() -> None:
    """Give way where others hold what this transaction needs, because they may need what it holds."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("set local lock_timeout = '500ms'")


def _key_of_row(table: Any) -> Column[Any]:
    (key,) = table.primary_key
    return key  # type: ignore[no-any-return]


def keep_new_alone(keys: Keys) -> Path | None:
    """Keep the new key alone in the file, and the one before in a file beside it, for earlier backups.

    None where another process has done so.
    """
    with transaction():
        _exclude_others()
        given = ring().given()
        if [key_of(key).id for key in given] != [keys.new.id, keys.before.id]:
            return None
        before = ring().file.with_name(f"{ring().file.name}.{keys.before.id}")
        _write(before, given[1])
        _write(ring().file, given[0])
    return before


def _write(file: Path, content: str) -> None:
    """Write a file that its owner alone can read: whole, or not at all if the machine fails."""
    new = file.with_name(f"{file.name}.new")
    new.unlink(missing_ok=True)
    with open(new, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(file)
