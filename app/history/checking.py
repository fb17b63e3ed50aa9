"""Checking the history: whether a row was changed, removed, added or moved, and where first."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from app.database import db
from app.history.chain import BEGINNING, Fact, Link, end_seal, is_right
from app.history.checks import FROZEN, heads_of_checks
from app.history.closed import why_open
from app.history.documents import DOCUMENT, digests
from app.history.models import HistoryEnd, HistoryRow
from app.history.reading import links
from app.history.record import history_key
from app.refusal import Refused

KIND, SUBJECT, WHAT = 3, 4, 5
"""The places of the kind, the subject and the event among the facts of a row."""

NO_ROW = 0
"""Stands for the row of a break that is in no row."""

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
    """The state of the history at a moment: its number of rows, and the hash of the last or its beginning."""

    rows: int
    hash: str


@dataclass(frozen=True)
class Checked:
    """The history as it was found: its rows that hold, and the first place at which it does not."""

    head: Head
    broken: Break | None
    not_checked: tuple[str, ...] = ()
    """The cycles whose findings were frozen before it was kept what they count of each audit."""


class Sealed(NamedTuple):
    """The last row about a document that is frozen: what it is called, and its digest."""

    row: int
    called: str
    digest: Fact


def check(heads: Collection[Head] = ()) -> Checked:
    """Check the history as it is at this moment, what is frozen, and that the database refuses changes.

    `heads` are heads that it had before, as they left the service; those of earlier checks are known.
    """
    with one_moment() as connection:
        found = checked(connection, history_key(), heads)
        if found.broken is None and (why := why_open(connection)) is not None:
            return Checked(found.head, Break(NO_ROW, why))
    return found


def first_break() -> Break | None:
    """Return the first place at which the history does not hold; None where it is whole."""
    return check().broken


def checked(connection: Connection, key: str, heads: Collection[Head] = ()) -> Checked:
    """Check the history that a connection reads under a key."""
    of_checks = heads_of_checks(connection, key)
    known = _by_rows([*heads, *(Head(*each) for each in of_checks)])
    end = _end(connection, key)
    sealed: dict[str, Sealed] = {}
    previous, last, number, beyond = BEGINNING, 0, 0, None

    def found(broken: Break | None) -> Checked:
        return Checked(Head(number, previous), broken)

    try:
        for link in _readable(connection):
            if link.previous_hash != previous or not is_right(key, link):
                return found(_changed(connection, key, link, fits=bool(number or end or of_checks)))
            previous, last, number = str(link.hash), link.id, number + 1
            if number in known and not all(previous.startswith(each) for each in known[number]):
                return found(Break(link.id, f"The rows up to row {link.id} are not those of before"))
            if end is not None and number == end.rows + 1:
                beyond = link.id
            if link.facts[KIND] == DOCUMENT:
                sealed[str(link.facts[SUBJECT])] = Sealed(link.id, str(link.facts[WHAT]), link.texts[1])
    except DBAPIError:
        query = select(func.min(HistoryRow.id)).where(HistoryRow.id > last)
        row = connection.scalar(query) or last + 1
        return found(Break(row, f"Row {row} cannot be read"))
    broken = _break_at_end(end, Head(number, previous), last + 1, beyond, max(known, default=0))
    return found(broken or _break_in_documents(connection, key, sealed, last))


def _by_rows(heads: Collection[Head]) -> dict[int, set[str]]:
    known = defaultdict(set)
    for head in heads:
        known[head.rows].add(head.hash)
    return known


def _changed(connection: Connection, key: str, link: Link, *, fits: bool) -> Break:
    """Return what is wrong with a row that is not right, or with the key where not one row is."""
    if not fits and not _fits_at_all(connection, key):
        return Break(link.id, NOT_THE_KEY)
    return Break(link.id, f"Row {link.id} {CHANGED}")


def _fits_at_all(connection: Connection, key: str) -> bool:
    try:
        return any(is_right(key, link) for link in _readable(connection))
    except DBAPIError:
        return False


def _break_at_end(
    end: Head | None, found: Head, next_row: int, beyond: int | None, known: int
) -> Break | None:
    """Return what is wrong with the end of a history whose rows are all right."""
    if found.rows < max(known, end.rows if end else 0):
        return Break(next_row, f"The rows from row {next_row} on were removed")
    if end is None:
        why = f"The record of the end was changed, and rows from row {next_row} on may have been removed"
        return Break(next_row, why)
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
            return Break(at.row, f"{FROZEN}{at.called}. This was {happened} after row {at.row}")
    unknown = min(there.keys() - sealed.keys(), default=None)
    return None if unknown is None else Break(last + 1, f"The history does not know the document {unknown}")


def key_fits() -> bool:
    """True when the history was written with the key of this installation: its end says so, or its last row.

    It takes no longer for a long history.
    """
    key = history_key()
    with one_moment() as connection:
        if _end(connection, key) is not None:
            return True
        last = connection.scalar(select(func.max(HistoryRow.id))) or 0
        return any(is_right(key, link) for link in links(connection, after=last - 1))


def refuse_other_key() -> None:
    """Raise Refused where the history was written with another key."""
    if not key_fits():
        raise Refused(f"{NOT_THE_KEY}.")


@contextmanager
def one_moment() -> Iterator[Connection]:
    """Yield a connection that reads everything as of one moment, even if others write meanwhile."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # on SQLite a transaction reads as of its beginning anyway
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def _end(connection: Connection, key: str) -> Head | None:
    """Return the end as it was recorded; None where somebody without the key changed that."""
    row = connection.execute(select(HistoryEnd.rows, HistoryEnd.hash, HistoryEnd.seal)).one_or_none()
    if row is None or row.seal != end_seal(key, row.rows, row.hash):
        return None
    return Head(row.rows, row.hash)


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
