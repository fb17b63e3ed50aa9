"""The backup of a whole installation into one file, while it runs."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO

import pysqlite3
from flask import current_app
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError, OperationalError

from app import clock, migrating
from app.copies_at_work import folder_for_a_copy
from app.installation import copied_database, sealed
from app.readings.writing import write_file
from app.refusal import Refused
from config.faults_told import of_database
from config.settings import Settings

AT_ONCE = 1 << 20

LENGTH = 4
"""The bytes that say how long what the backup says of itself is."""


@dataclass(frozen=True)
class Contents:
    """The contents of a backup: the database's version, the rows of each table, the end of the history, and
    the SHA-256 of the database in hexadecimal."""

    taken_at: str
    version: str
    rows: Mapping[str, int]
    history: Mapping[str, int | str]
    sha256: str


def back_up(path: Path) -> Contents:
    """Write a backup of this installation, as of one moment, which only its owner can read.

    No key is in it. Raises Refused if there is a file of that name, or it cannot be written.
    """
    settings: Settings = current_app.extensions["settings"]
    if path.exists():
        raise Refused(f"{path} exists already, so choose a new name")
    # case numbers stay encrypted in it
    write_file("backup of everything")
    with folder_for_a_copy() as folder:
        copy = folder / "database"
        try:
            copied_database.copy_to(copy)
        except (pysqlite3.OperationalError, OperationalError) as error:
            fault = getattr(error, "orig", error)
            if not isinstance(fault, pysqlite3.OperationalError):
                raise  # about the database, not about the copy
            why = of_database(fault)
            raise Refused(f"{settings.instance_path} cannot hold a copy of the database ({why})") from error
        contents = contents_of(copy)
        written = path.with_name(f"{path.name}.part")
        try:
            # under its name there is only ever a whole backup
            descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                os.fchmod(file.fileno(), 0o600)
                sealed.write(file, _content(contents, copy), settings.backup_key)
                file.flush()
                os.fsync(file.fileno())
            written.replace(path)
        except OSError as error:
            raise Refused(f"{path} cannot be written ({error.strerror})") from error
        finally:
            written.unlink(missing_ok=True)
    return contents


def contents_of(copy: Path) -> Contents:
    """Return what a copy of a database holds."""
    with copied_database.opened(copy) as engine, engine.connect() as connection:
        version = str(connection.execute(text("select version_num from alembic_version")).scalar_one())
        rows, history = copied_database.rows_of(connection), _end_of_history(connection)
    taken_at = clock.now().isoformat(timespec="seconds")
    return Contents(taken_at, version, rows, history, _digest(copy))


def _digest(copy: Path) -> str:
    with copy.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _end_of_history(connection: Connection) -> Mapping[str, int | str]:
    end = connection.execute(text("select rows, hash from history_end")).one_or_none()
    if end is None:
        # also a database that somebody changed can be kept
        return {"rows": 0, "hash": ""}
    return {"rows": int(end.rows), "hash": str(end.hash)}


def _content(contents: Contents, copy: Path) -> Iterator[bytes]:
    """Yield the contents, after their length, and the database."""
    said = json.dumps(asdict(contents)).encode()
    yield len(said).to_bytes(LENGTH, "big") + said
    with copy.open("rb") as file:
        while piece := file.read(AT_ONCE):
            yield piece


def unpack(path: Path, into: Path, key: str | None) -> Contents:
    """Write the database of a backup to a new file, and return what the backup says of it.

    Raises Refused, in a sentence, where the file is no whole backup, or its database is not what it says.
    """
    try:
        with sealed.opened(path, key) as pieces, open(into, "xb", opener=_for_its_owner) as file:
            contents = _read_contents(pieces, file)
        # to open a database writes into its file
        digest = _digest(into)
        if digest != contents.sha256 or replace(contents_of(into), taken_at=contents.taken_at) != replace(
            contents, sha256=_digest(into)
        ):
            raise Refused("does not hold what it says, so it cannot be restored")
    except Refused as why:
        raise Refused(f"{path} {why}") from None
    except OSError as error:
        raise Refused(f"{path} cannot be read ({error.strerror})") from error
    except DatabaseError as error:
        raise Refused(f"{path} holds a damaged database, so it cannot be restored") from error
    return contents


def _read_contents(pieces: Iterator[bytes], file: BinaryIO) -> Contents:
    """Read what a backup says that it holds; what follows, its database, goes to the file."""
    said, length = b"", LENGTH
    for piece in pieces:
        said += piece
        if len(said) >= LENGTH:
            length = LENGTH + int.from_bytes(said[:LENGTH], "big")
        if len(said) >= length:
            file.write(said[length:])
            said = said[:length]
            break
    for piece in pieces:
        file.write(piece)
    try:
        return Contents(**json.loads(said[LENGTH:]))
    except (ValueError, TypeError):
        raise Refused(sealed.NO_BACKUP) from None


def _for_its_owner(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def version_refused(contents: Contents) -> str | None:
    """Return why a backup of a later version cannot be restored, in a sentence."""
    if not migrating.is_later(contents.version):
        return None
    return (
        f"The backup has version {contents.version} of the database, which this version of the service does "
        f"not know. It knows {migrating.head()}. Update the service, then restore again."
    )
