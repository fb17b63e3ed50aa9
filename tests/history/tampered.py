"""Changing the history behind its back, as somebody does who can run SQL: the triggers go first."""

from sqlalchemy import Connection, text

from app.history.closed import put_back

CLOSED = ("history", "snapshots", "final_reports")


def tampering(connection: Connection, statement: str) -> None:
    """Change something as somebody does who then puts the triggers back."""
    drop_triggers(connection)
    connection.execute(text(statement))
    put_back(connection)


def drop_triggers(connection: Connection) -> None:
    """Take away what refuses changes of the history and of what is frozen."""
    for table in CLOSED:
        for event in ("update", "delete", "truncate"):
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"drop trigger if exists {table}_refuses_{event} on {table}"))
            else:
                connection.execute(text(f"drop trigger if exists {table}_refuses_{event}"))
