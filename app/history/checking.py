"""Checking the history: whether a row was changed, removed, added or moved, and where first."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from app.database import db
from app.history.chain import BEGINNING, Fact, Link, end_seal, is_right
from app.history.documents import DOCUMENT, digests
from app.history.models import HistoryEnd, HistoryRow
from app.history.reading import links
from app.history.record import history_key

KIND, SUBJECT, WHAT = 3, 4, 5
"""The places of the kind, the subject and the event among the facts of a row."""

CHANGED = "was changed, or a row before it was removed"

NOT_THE_KEY = (
    "The key does not fit this history. Set HISTORY_KEY to the key that the history was written with, or "
    "copy the file history_key from where you keep your keys to INSTANCE_PATH. If the key is the right one, "
    "all rows were changed"
)


@dataclass(frozen=True)
class Break:
    """The first place at which the history does not hold: the number of the row, and a sentence."""

    row: int
    why: str


@dataclass(frozen=True)
class Head:
    """The state of the history at a moment: its number of rows, and the hash of the last."""

    rows: int
    hash: str


class Sealed(NamedTuple):
    """The last row about a document that is frozen: what it is called, and its digest."""

    row: int
    called: str
    digest: Fact


def first_break(heads: Collection[Head] = ()) -> Break | None:
    """Return the first place at which the history does not hold as of this moment; None where it is whole.

    `heads` are heads that it had before.
    """
    with one_moment() as connection:
        return break_in(connection, history_key(), heads)


def break_in(connection: Connection, key: str, heads: Collection[Head] = ()) -> Break | None:
    """Return the first place at which the history that a connection reads does not hold under a key."""
    known = {head.rows: head.hash for head in heads}
    end = _end(connection)
    sealed: dict[str, Sealed] = {}
    previous, last, number, beyond = BEGINNING, 0, 0, None
    try:
        for link in _readable(connection):
            if link.previous_hash != previous or not is_right(key, link):
                return _changed(connection, key, link, fits=bool(number or heads))
            previous, last, number = str(link.hash), link.id, number + 1
            if known.get(number, previous) != previous:
                return Break(link.id, f"The rows up to row {link.id} are not those that it had before")
            if end is not None and number == end.rows + 1:
                beyond = link.id
            if link.facts[KIND] == DOCUMENT:
                sealed[str(link.facts[SUBJECT])] = Sealed(link.id, str(link.facts[WHAT]), link.texts[1])
    except DBAPIError:
        query = select(func.min(HistoryRow.id)).where(HistoryRow.id > last)
        row = connection.scalar(query) or last + 1
        return Break(row, f"Row {row} cannot be read")
    broken = _break_at_end(key, end, Head(number, previous), last + 1, beyond, max(known, default=0))
    return broken or _break_in_documents(connection, key, sealed, last)


def _changed(connection: Connection, key: str, link: Link, *, fits: bool) -> Break:
    """Return what is wrong with a row that is not right, or with the key where not one row is."""
    if not fits and not _fits_at_all(connection, key):
        return Break(link.id, NOT_THE_KEY)
    return Break(link.id, f"Row {link.id} {CHANGED}")


def _fits_at_all(connection: Connection, key: str) -> bool:
    if _is_sealed(key, _end(connection)):
        return True
    try:
        return any(is_right(key, link) for link in _readable(connection))
    except DBAPIError:
        return False


def _break_at_end(
    key: str, end: HistoryEnd | None, found: Head, next_row: int, beyond: int | None, known: int
) -> Break | None:
    """Return what is wrong with the end of a history whose rows are all right."""
    if end is None or not _is_sealed(key, end):
        why = f"The record of the end was changed, and rows from row {next_row} on may have been removed"
        return Break(next_row, why)
    if found.rows < max(end.rows, known):
        return Break(next_row, f"The rows from row {next_row} on were removed")
    if beyond is not None:
        return Break(beyond, f"The record of the end is an earlier one, from before row {beyond}")
    if found.hash != end.hash:
        return Break(next_row - 1, f"Row {next_row - 1} is not the last that was recorded")
    return None


def _break_in_documents(
    connection: Connection, key: str, sealed: dict[str, Sealed], last: int
) -> Break | None:
    """Return the first document that is not as it was when it was frozen; it is named by the row about it."""
    there = dict(digests(connection, key))
    for subject, at in sealed.items():
        if there.get(subject) != at.digest:
            happened = "changed" if subject in there else "removed"
            return Break(at.row, f"Frozen: {at.called}. This was {happened} after row {at.row}")
    unknown = min(there.keys() - sealed.keys(), default=None)
    return None if unknown is None else Break(last + 1, f"The history does not know the document {unknown}")


def key_fits() -> bool:
    """True when the history was written with the key of this installation: its end says so, or its last row.

    It takes no longer for a long history.
    """
    key = history_key()
    with one_moment() as connection:
        if _is_sealed(key, _end(connection)):
            return True
        last = connection.scalar(select(func.max(HistoryRow.id))) or 0
        return any(is_right(key, link) for link in links(connection, after=last - 1))


@contextmanager
def one_moment() -> Iterator[Connection]:
    """Yield a connection that reads everything as of one moment, even if others write meanwhile."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # on SQLite a transaction reads as of its beginning anyway
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def _end(connection: Connection) -> HistoryEnd | None:
    row = connection.execute(select(HistoryEnd.__table__)).one_or_none()
    return None if row is None else HistoryEnd(**row._mapping)  # noqa: SLF001  its public name


def _is_sealed(key: str, end: HistoryEnd | None) -> bool:
    return end is not None and end.seal == end_seal(key, end.rows, end.hash)


def _readable(connection: Connection) -> Iterator[Link]:
    """Yield the rows in order. Raises DBAPIError at the first that is no text and no number at all."""
    last = 0
    try:
        for link in links(connection):
            last = link.id
            yield link
    except DBAPIError:
        # one of several thousand cannot be read: those before it are told first
        yield from links(connection, last, at_once=1)
