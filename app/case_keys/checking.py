"""Checking the encrypted values of the database: whether each can be read, and whether it is its row's own.

Anybody who can run SQL can put anything in the place of an encrypted value, also that of another row. A case
number is bound to its row by its keyed hash alone: exchanged together with the hash, it is not found here.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, String, select, type_coerce

from app.case_keys.keys import CaseKey, NotSealed, id_in
from app.case_keys.mark import KeyMark
from app.case_keys.ring import ring
from app.case_keys.sealed import sealed_columns
from app.case_numbers import folded
from app.database import db
from app.wording import counted

AT_ONCE = 1_000

NAMED = 10
"""The most rows that the sentence names."""

CASE_NUMBERS = "Case numbers"
"""Begins each sentence about values that are not as they were saved."""

COMPARED = "case_folded"


def wrong_numbers(connection: Connection) -> str | None:
    """Return a sentence that names the rows whose encrypted values cannot be read or are another row's.

    None where all are as they were saved. It never says a number.
    """
    key = ring().known(connection.scalar(select(KeyMark.fingerprint)) or "")
    if key is None:
        return None
    unreadable, others = [], []
    explained = _Explained(connection)
    for column in sealed_columns():
        for name, sealed, compared in _rows(connection, column):
            number = _opened(sealed)
            if number is None:
                unreadable.append(name)
            elif COMPARED in column.table.c and not _is_own(column, key, number, compared, explained):
                others.append(name)
    said = []
    if unreadable:
        said.append(f"that cannot be read: {_listed(unreadable)}")
    if others:
        said.append(f"that are not those that were saved: {_listed(others)}")
    if not said:
        return None
    return f"{CASE_NUMBERS} {', and '.join(said)}. Someone may have changed the database"


class _Explained:
    """The keyed hashes of former numbers, and of all audits: for drawn cases, which follow a correction."""

    def __init__(self, connection: Connection) -> None:
        self.former, self.audits = (
            set(connection.scalars(select(db.metadata.tables[table].c[COMPARED])))
            for table in ("former_case_numbers", "audits")
        )


def _is_own(
    column: Column[Any], key: CaseKey, number: str, compared: str | None, explained: _Explained
) -> bool:
    """Return True where a number belongs to its keyed hash.

    A drawn case keeps its number as it was drawn, and takes the hash of its audit when that is corrected.
    """
    plain = folded(number)
    own = key.compared(plain) if plain else None
    if compared == own:
        return True
    is_drawn = column.table.name == "drawn_cases"
    return (
        is_drawn and compared in explained.audits and (own in explained.former or own not in explained.audits)
    )


def _rows(connection: Connection, column: Column[Any]) -> Iterator[tuple[str, str, str | None]]:
    """Yield the name of each row that has a value, the encrypted value and the keyed hash, in batches."""
    table = column.table
    (key,) = table.primary_key
    named = table.c.reference if "reference" in table.c else key
    compared = table.c[COMPARED] if COMPARED in table.c else type_coerce(None, String)
    query = select(
        key.label("row"),
        named.label("name"),
        type_coerce(column, String).label("sealed"),
        compared.label("compared"),
    )
    query = query.where(column.is_not(None)).order_by(key).limit(AT_ONCE)
    last = None
    while rows := connection.execute(query if last is None else query.where(key > last)).all():
        last = rows[-1].row
        yield from ((_name(table.name, row.name), row.sealed, row.compared) for row in rows)


def _name(table: str, row: object) -> str:
    """Return the name of a row. The key of a form that was typed opens it, so that it is not said."""
    return f"{table} {row}" if table != "typed_texts" else table


def _opened(sealed: str) -> str | None:
    key = ring().known(id_in(sealed))
    try:
        return key.open(sealed) if key else None
    except NotSealed:
        return None


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    rest = f" and {counted(more, 'other')}" if more > 0 else ""
    return f"{', '.join(names[:NAMED])}{rest}"
