"""Reading the rows of the history as the chain covers them, a few thousand at a time."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, String, bindparam, func, select, type_coerce

from app.history.chain import TEXTS, Link
from app.history.models import HistoryRow

AT_ONCE = 5_000


def links(connection: Connection, after: int = 0, at_once: int = AT_ONCE) -> Iterator[Link]:
    """Yield the rows of the history after a number, in order.

    Days and moments are read as the database writes them: what no day can be is not right, and no error.
    """
    table = HistoryRow.__table__.c
    query = (
        _query(connection.dialect.name)
        .where(table.id > bindparam("after"))
        .order_by(table.id)
        .limit(bindparam("at_once"))
    )
    while True:
        some = connection.execute(query, {"after": after, "at_once": at_once}).all()
        yield from map(_link, some)
        if len(some) < at_once:
            return
        after = some[-1][0]


def links_of(connection: Connection, ids: Collection[int]) -> Iterator[Link]:
    """Yield the rows with these ids, in order."""
    table = HistoryRow.__table__.c
    query = _query(connection.dialect.name).where(table.id.in_(ids)).order_by(table.id)
    yield from map(_link, connection.execute(query))


def _link(row: Row[*tuple[Any, ...]]) -> Link:
    id_, at, on, who, kind, subject, what, before, after, why, *rest = row
    return Link(id_, (f"{at}+00:00", on, who, kind, subject, what), (before, after, why), *rest)


def _query(database: str) -> Select[*tuple[Any, ...]]:
    table = HistoryRow.__table__.c
    at: ColumnElement[Any]
    on: ColumnElement[Any]
    if database == "sqlite":
        at, on = func.replace(type_coerce(table.at, String), " ", "T"), type_coerce(table.on, String)
    else:
        at = func.to_char(func.timezone("UTC", table.at), 'YYYY-MM-DD"T"HH24:MI:SS.US')
        on = func.to_char(table.on, "YYYY-MM-DD")
    names = ("who", "subject_kind", "subject", "what", *TEXTS, "salt", "removed", "previous_hash", "hash")
    return select(table.id, at, on, *(table[name] for name in names))
