"""Errors in words that hold no value of a row: no case number, comment, link, hash or password.

The text of an error is written by whoever raised it: PostgreSQL adds the whole row that it refused, Python
the text that it could not read. So a log has the kind of an error, the places in the code that it came
through, and of a database's error what names no values.
"""

import re
import traceback
from collections.abc import Iterator

_NAMES_ONLY = re.compile(
    r"(UNIQUE|NOT NULL|CHECK|FOREIGN KEY) constraint failed(: \w+(\.\w+)?(, \w+(\.\w+)?)*)?"
    r"|no such (table|column): [\w.]+|database (\w+ )?is locked|database disk image is malformed"
    r"|disk I/O error|attempt to write a readonly database|unable to open database file"
    r"|database or disk is full|file is not a database|database schema is locked: main"
)
"""The texts of SQLite's errors that name tables and columns alone."""

_CLASSES_WITHOUT_VALUES = ("08", "23", "25", "28", "3D", "40", "42", "53", "55", "57", "58")
"""The classes of PostgreSQL's errors whose first sentence names tables, columns and constraints alone."""

_OF_CONNECTIONS = ("OperationalError", "ProgrammingError", "ConnectionTimeout")


def in_words(error: BaseException) -> str:
    """Return the kind of an error, and what is known of it that holds no value."""
    known = _known_of(getattr(error, "orig", None) or error)
    return f"{type(error).__name__}: {known}" if known else type(error).__name__


def of_database(error: BaseException) -> str:
    """Return why a database refused, from the error of its driver."""
    return _known_of(error) or type(error).__name__


def _known_of(error: BaseException) -> str | None:
    module = type(error).__module__.partition(".")[0]
    if module in ("sqlite3", "pysqlite3"):
        return str(error) if _NAMES_ONLY.fullmatch(str(error)) else None
    if module == "psycopg":
        return _of_postgresql(error)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    # an error of our own whose texts are fixed says so
    return str(error) if getattr(error, "holds_no_value", False) else None


def _of_postgresql(error: BaseException) -> str | None:
    state = getattr(error, "sqlstate", None)
    if state is None:
        # of the connection, before there are rows
        is_of_connection = type(error).__name__ in (
            "OperationalError",
            "ProgrammingError",
            "ConnectionTimeout",
        )
        return next(iter(str(error).splitlines()), None) if is_of_connection else None
    diagnosis = getattr(error, "diag", None)
    return (
        diagnosis.message_primary
        if diagnosis and state[:2] in _CLASSES_WITHOUT_VALUES
        else f"SQLSTATE {state}"
    )


def traced(error: BaseException) -> str:
    """Return the places in the code that an error came through, and where it came from."""
    return "".join(_lines(error, set())).rstrip("\n")


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _lines(before, seen)
        yield "\nthen:\n\n"
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_list(traceback.extract_tb(error.__traceback__))
    yield f"{in_words(error)}\n"
    for one in getattr(error, "exceptions", ()):
        if id(one) not in seen:
            yield from _lines(one, seen)
