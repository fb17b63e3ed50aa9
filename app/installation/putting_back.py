"""The restoring of a backup into an empty installation, all or nothing."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import Engine, bindparam, delete, select, text, update
from sqlalchemy.exc import DatabaseError

from app import migrating
from app.case_keys.fitting import why_unfit
from app.case_keys.mark import forget_key_in_use
from app.copies_at_work import folder_for_a_copy
from app.database import db, transaction
from app.history.checking import NOT_THE_KEY, checked
from app.history.models import HistoryRow
from app.history.record import history_key
from app.installation import copied_database
from app.installation.backing_up import Contents, unpack, version_refused
from app.installation.emptiness import is_empty
from app.outbox import copies
from app.outbox.copy_signs import RESTORED
from app.people.closures import forget_working_days
from app.people.models import Person, SignIn
from app.refusal import Refused
from app.wording import listed
from config.settings import CASE_NUMBER_KEY, HISTORY_KEY, Settings

NOT_EMPTY = (
    "You can only restore a backup into an installation without people, tools or cycles. This installation "
    "already has some."
)


class OtherKeys(Refused):
    """A refusal because the backup needs other keys than those of this installation: variables and files."""

    def __init__(self, lacking: Sequence[tuple[str, str]]) -> None:
        settings: Settings = current_app.extensions["settings"]
        names, files = (listed(each) for each in zip(*lacking, strict=True))
        key, it, needed, file = (
            ("a key", "it", "the key", "file") if len(lacking) == 1 else ("keys", "them", "the keys", "files")
        )
        super().__init__(
            f"The backup needs {key} that this installation does not have: {names}. Set {it} to {needed} of "
            f"the installation that was backed up, or copy its {file} {files} to {settings.instance_path}."
        )


def put_back(path: Path) -> Contents:
    """Restore a backup into this empty installation, with its emails on hold.

    Everything is checked first. Raises Refused, and changes nothing, where the file is damaged or needs
    another key, comes from a later version, or does not fit the keys of this installation.
    """
    settings: Settings = current_app.extensions["settings"]
    _refuse_unless_empty()
    with folder_for_a_copy() as folder:
        copy = folder / "database"
        contents = unpack(path, copy, settings.backup_key)
        if (why := version_refused(contents)) is not None:
            raise Refused(why)
        with copied_database.opened(copy) as engine:
            _refuse_unless_sound(path, engine)
            migrating.migrate(engine)
            try:
                _take_over(engine)
            except DatabaseError as error:
                raise Refused(f"{path} holds a value that this database does not accept") from error
            finally:
                forget_working_days()
    return contents


def _refuse_unless_empty() -> None:
    if not is_empty() or db.session.scalar(select(HistoryRow.id).limit(1)) is not None:
        raise Refused(NOT_EMPTY)


def _refuse_unless_sound(path: Path, engine: Engine) -> None:
    """Refuse a database in a file whose pages or references are broken."""
    with engine.connect() as connection:
        whole = connection.execute(text("pragma integrity_check")).scalars().all() == ["ok"]
        if not whole or connection.execute(text("pragma foreign_key_check")).first() is not None:
            raise Refused(f"{path} holds a damaged database, so it cannot be restored")


def _take_over(engine: Engine) -> None:
    with transaction():
        _refuse_unless_empty()
        with engine.connect() as source:
            copied_database.replace_all(source, db.session.connection())
        # rows that were read before are others now
        db.session.expire_all()
        _refuse_unless_keys_fit()
        _end_sessions()
        copies.hold(RESTORED)


def _refuse_unless_keys_fit() -> None:
    forget_key_in_use()
    broken = checked(db.session.connection(), history_key()).broken
    lacking = []
    if why_unfit() is not None:
        lacking.append(("CASE_NUMBER_KEY", CASE_NUMBER_KEY))
    if broken is not None and broken.why == NOT_THE_KEY:
        lacking.append(("HISTORY_KEY", HISTORY_KEY))
    if lacking:
        raise OtherKeys(lacking)
    if broken is not None:
        raise Refused(f"The history of the backup is not whole. {broken.why}")


def _end_sessions() -> None:
    """End all sessions and links: one that was ended after the backup must not begin again."""
    db.session.execute(delete(SignIn))
    people = db.session.scalars(select(Person.id)).all()
    if people:
        table = db.metadata.tables["people"]
        statement = update(table).where(table.c.id == bindparam("its_id"))
        statement = statement.values(fs_uniquifier=bindparam("new"))
        db.session.connection().execute(
            statement, [{"its_id": id_, "new": uuid.uuid4().hex} for id_ in people]
        )


def taken_at(contents: Contents) -> datetime:
    """Return the moment of a backup."""
    return datetime.fromisoformat(contents.taken_at)
