"""Files that wait for a person: sent in, to be imported or used when the person says so, or made for them to
download.

They are in the database, encrypted by the key of case numbers, where every machine reaches them, for a day.
Each is found by a token that cannot be guessed.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ForeignKey, LargeBinary, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.case_keys.keys import ID_LENGTH
from app.case_keys.mark import key_in_use
from app.case_keys.ring import ring
from app.copies_at_work import folder_for_a_copy
from app.database import Base, Moment, db, transaction

KEPT_FOR = timedelta(days=1)


class WaitingFile(Base):
    """A file that was sent in or made: by or for whom, its kind, for which cycle, and its name there."""

    __tablename__ = "waiting_files"

    token: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str]
    cycle: Mapped[str | None]
    sent_as: Mapped[str]
    ending: Mapped[str]
    """The end of its name, such as ".csv"."""
    kept_at: Mapped[datetime] = mapped_column(Moment)
    size: Mapped[int]
    """The number of bytes of its content."""
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """The content, encrypted."""


def keep(
    content: bytes, *, person_id: int, kind: str, sent_as: str, ending: str, cycle: str | None = None
) -> str:
    """Keep a file; return the token by which it is found again. Those that are too old go."""
    token = secrets.token_urlsafe(24)
    with transaction():
        remove_old()
        db.session.add(
            WaitingFile(
                token=token,
                person_id=person_id,
                kind=kind,
                cycle=cycle,
                sent_as=sent_as,
                ending=ending,
                kept_at=clock.now(),
                size=len(content),
                sealed=key_in_use().seal_bytes(content),
            )
        )
    return token


def found(token: str, person_id: int) -> WaitingFile | None:
    """Return the file of that token; None where this person has none that can be read."""
    waiting = db.session.get(WaitingFile, token)
    if waiting is None or waiting.person_id != person_id or clock.now() > gone_at(waiting):
        return None
    # its content can be large, and is not read for this
    begins = select(func.substr(WaitingFile.sealed, 1, ID_LENGTH, type_=LargeBinary))
    key_id = db.session.scalar(begins.where(WaitingFile.token == token)) or b""
    return waiting if ring().known(key_id.decode()) else None


def content_of(waiting: WaitingFile) -> bytes:
    """Return the content of the file. Raises NotSealed where it was changed since."""
    return ring().named(waiting.sealed[:ID_LENGTH].decode()).open_bytes(waiting.sealed)


@contextmanager
def as_file(waiting: WaitingFile) -> Iterator[Path]:
    """Yield the file on the disk, in a folder that the service alone can read, for as long as it is read."""
    with folder_for_a_copy() as folder:
        path = folder / f"{waiting.kind}{waiting.ending}"
        path.write_bytes(content_of(waiting))
        yield path


def put(waiting: WaitingFile, content: bytes, *, name: str, ending: str) -> None:
    """Put a file that was made in the place of what was asked for. It waits for its own time."""
    waiting.sent_as, waiting.ending, waiting.size = name, ending, len(content)
    waiting.sealed, waiting.kept_at = key_in_use().seal_bytes(content), clock.now()


def gone_at(waiting: WaitingFile) -> datetime:
    """Return the moment from which nobody can have the file any more."""
    return waiting.kept_at + KEPT_FOR


def remove(token: str) -> None:
    """Remove a file that is not needed any more."""
    with transaction():
        db.session.execute(delete(WaitingFile).where(WaitingFile.token == token))


def remove_old() -> None:
    """Remove the files that waited for more than a day."""
    with transaction():
        db.session.execute(delete(WaitingFile).where(WaitingFile.kept_at < clock.now() - KEPT_FOR))
