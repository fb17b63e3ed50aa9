"""The statements that a piece of work sends to the database: work that grows with its rows asks too often."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from app.database import db


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements that are sent to the database meanwhile, in order."""
    sent: list[str] = []

    def note(*seen: object) -> None:
        sent.append(str(seen[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
