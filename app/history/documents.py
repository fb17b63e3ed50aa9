"""Documents that are frozen: the history has the digest of each, so that one changed behind it is found.

A model says that its rows are such documents in its table's `info`, under FROZEN: the columns that the digest
covers, and the column that is empty where a row is no document (yet).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, inspect, select
from sqlalchemy.exc import DBAPIError

from app.database import Base, db
from app.history.chain import document_digest
from app.history.record import Event, history_key, record

FROZEN = "frozen"
DOCUMENT = "document"
"""The kind of subject that such a document is in the history."""


@dataclass(frozen=True)
class Covered:
    """The columns that the digest of a document covers. A row is no document while `unless` is empty."""

    columns: tuple[str, ...]
    unless: str | None = None


def seal(document: Base, called: str, *, who: str, why: str | None = None) -> None:
    """Record the digest of a document as it is now. What it is called stands in the history, for everybody.

    A document that is changed on purpose is sealed again, with the reason.
    """
    db.session.flush()
    mapper = inspect(type(document))
    table = mapper.local_table
    assert isinstance(table, Table)
    [key] = table.primary_key
    [id_] = mapper.primary_key_from_instance(document)
    query = _query(table).where(key == id_)
    found = db.session.connection().execute(query).one()
    digest = _digest(history_key(), table, found)
    record(who, [Event(DOCUMENT, _subject(table, id_), called, after=digest, why=why)])


def digests(connection: Connection, key: str) -> Iterator[tuple[str, str | None]]:
    """Yield each document that there is, as a subject of the history, with its digest.

    The digest is None where the document cannot be read.
    """
    for table in db.metadata.sorted_tables:
        if FROZEN in table.info:
            yield from _digests_of(connection, key, table)


def _digests_of(connection: Connection, key: str, table: Table) -> Iterator[tuple[str, str | None]]:
    [its_key] = table.primary_key
    ids = select(its_key).order_by(its_key)
    covered: Covered = table.info[FROZEN]
    if covered.unless is not None:
        ids = ids.where(table.c[covered.unless].is_not(None))
    for id_ in connection.scalars(ids).all():
        try:
            # one at a time: each is long
            row = connection.execute(_query(table).where(its_key == id_)).one()
            yield _subject(table, id_), _digest(key, table, row)
        except (DBAPIError, ValueError):
            yield _subject(table, id_), None


def _query(table: Table) -> Select[*tuple[Any, ...]]:
    covered: Covered = table.info[FROZEN]
    return select(*(table.c[name] for name in covered.columns))


def _digest(key: str, table: Table, row: Row[*tuple[Any, ...]]) -> str:
    return document_digest(key, table.name, tuple(row))


def _subject(table: Table, id_: object) -> str:
    return f"{table.name} {id_}"
