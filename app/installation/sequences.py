"""PostgreSQL's counters, after rows were inserted with their ids."""

from collections.abc import Iterable

from sqlalchemy import Connection, Table, func, select


def count_on(connection: Connection, tables: Iterable[Table]) -> None:
    """Move PostgreSQL's sequences past the ids of the rows that were inserted."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        if "id" in table.columns:
            counter = func.pg_get_serial_sequence(table.name, "id")
            last = select(func.max(table.c.id)).scalar_subquery()
            connection.execute(
                select(func.setval(counter, last)).where(counter.is_not(None), last.is_not(None))
            )
