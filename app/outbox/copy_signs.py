"""The signs that a database was started from a copy, whose messages may have been sent already. Pure."""

from dataclasses import dataclass
from datetime import datetime

OLDER = "This database does not have emails that were written, so it was put back from an earlier copy"
OTHER = "This database belongs to another installation, or to an earlier one in this place"
UNKNOWN = "This database has sent emails before, from another place than this one"
RESTORED = "This database was restored from a backup"
MOVED = "Everything was moved from this database to another one, which sends the emails from now on"


@dataclass(frozen=True)
class Mark:
    """The last message that a machine knows of, kept outside the database."""

    database: str
    """The database's own id."""
    message: int
    """The number of the message; 0 where there was none."""
    uid: str
    at: datetime
    """The moment of the mark."""


@dataclass(frozen=True)
class Database:
    """The facts that a database has of itself."""

    uid: str
    has_messages: bool
    was_marked: bool
    released_at: datetime | None
    """The moment when a person last let it send its messages."""
    knows_mark: bool
    """The message of the mark is in it."""


def sign_of_copy(mark: Mark | None, database: Database) -> str | None:
    """Return why the database seems to be a copy, in a sentence; None where nothing says so.

    A mark that is older than the database is none: other machines write messages too. One that a person's
    release came after says nothing any more. A database that no machine ever marked is new, or comes from a
    version of the service that kept no marks.
    """
    if mark is None:
        return UNKNOWN if database.has_messages and database.was_marked else None
    if database.released_at is not None and database.released_at >= mark.at:
        return None
    if mark.database != database.uid:
        return OTHER if database.has_messages else None
    return None if database.knows_mark else OLDER
