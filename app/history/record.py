"""Writing the history, and reading it back for one subject."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date

from flask import current_app
from sqlalchemy import func, select, update

from app import clock
from app.database import db, insert_many
from app.history.chain import TEXTS, Link, end_seal, hash_of, new_salt
from app.history.models import HistoryEnd, HistoryRow
from app.refusal import Refused
from config.settings import Settings

HEAD = select(func.coalesce(func.max(HistoryRow.id), 0))
"""Selects the number of the last thing that happened."""

IMPORT = "import"
"""Does what a file brings, in the place of a person."""
REMINDER_HELD, REMINDER_LET_GO = "reminder held", "reminder let go"
"""Events of a thing that coordinators alone see: why somebody is not reminded may be confidential."""
RENAMED, MERGED = "renamed", "merged"
"""Happened to a subject that is known by its name, and had the name `before` until then."""
FROM_A_FILE = "from a file"
"""The reason of what a file changes."""


class EndMissing(Refused):
    """A refusal because the record of the end of the history was removed: nothing can follow it."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing can be saved, because someone removed the record of the end of the history. Ask the "
            "person who runs the service to keep this database and to restore the last backup"
        )


@dataclass(frozen=True)
class Event:
    """An event of a subject, in words. `on` is the day of the fact (default: today)."""

    subject_kind: str
    subject: str
    what: str
    before: str | None = None
    after: str | None = None
    why: str | None = None
    on: date | None = None


def record(who: str, events: Iterable[Event]) -> None:
    """Append events to the history, in the transaction of the change they tell of.

    Takes the lock of the chain until that transaction ends: rows are linked one after the other. Raises
    EndMissing.
    """
    session = db.session
    key = history_key()
    query = select(HistoryEnd.rows, HistoryEnd.hash, HistoryEnd.seal).with_for_update()
    if (end := session.execute(query).one_or_none()) is None:
        raise EndMissing
    previous, id_, at = end.hash, head(), clock.now().astimezone(UTC)
    rows: list[dict[str, object]] = []
    for event in events:
        id_ += 1
        on, texts = event.on or clock.today(), (event.before, event.after, event.why)
        facts = (who, event.subject_kind, event.subject, event.what)
        moment = at.isoformat(timespec="microseconds")
        link = Link(id_, (moment, str(on), *facts), texts, new_salt(texts), None, previous, None)
        linked = hash_of(key, link)
        assert linked is not None
        rows.append(
            {
                "id": id_,
                "at": at,
                "on": on,
                **dict(zip(("who", "subject_kind", "subject", "what"), facts, strict=True)),
                **dict(zip(TEXTS, texts, strict=True)),
                "salt": link.salt,
                "previous_hash": previous,
                "hash": linked,
            }
        )
        previous = linked
    if rows:
        insert_many(HistoryRow.__table__, rows)
        number = end.rows + len(rows)
        # an end that somebody changed stays wrong: a right seal would hide it
        is_theirs = end.seal == end_seal(key, end.rows, end.hash)
        seal = end_seal(key, number, previous) if is_theirs else end.seal
        session.execute(update(HistoryEnd).values(rows=number, hash=previous, seal=seal))


def history_key() -> str:
    """Return the key of the chain: it is never in the database."""
    settings: Settings = current_app.extensions["settings"]
    return settings.history_key


def hold_history() -> None:
    """Take the lock of the chain before a change whose own rows may not be there yet."""
    db.session.execute(select(HistoryEnd.hash).with_for_update())


def has_end() -> bool:
    """Return True while the record of the end is there, without which nothing can be saved."""
    return db.session.scalar(select(HistoryEnd.id)) is not None


def head() -> int:
    """Return the number of the last thing that happened: while it stays, no move has changed anything."""
    return db.session.scalars(HEAD).one()


def only_about(subject_kind: str, since: int, most: int) -> set[str] | None:
    """Return the subjects of this kind of which all is about that has happened since a number of the history.

    None where something is about another kind, or where more than `most` things have happened.
    """
    query = select(HistoryRow.subject_kind, HistoryRow.subject).where(HistoryRow.id > since).limit(most + 1)
    rows = db.session.execute(query).all()
    if len(rows) > most or any(row.subject_kind != subject_kind for row in rows):
        return None
    return {row.subject for row in rows}


def of(subject_kind: str, subject: str) -> Sequence[HistoryRow]:
    """Return the rows of a subject, latest first, and of the names that it had or was merged with before."""
    rows: dict[int, HistoryRow] = {}
    query = select(HistoryRow).where(HistoryRow.subject_kind == subject_kind)
    names = [(subject, query.where(HistoryRow.subject == subject))]
    while names:
        name, its_own = names.pop()
        for row in db.session.scalars(its_own):
            if row.id not in rows and row.what in (RENAMED, MERGED) and row.before and row.after == name:
                earlier = query.where(HistoryRow.subject == row.before, HistoryRow.id < row.id)
                names.append((row.before, earlier))
            rows[row.id] = row
    return sorted(rows.values(), key=lambda row: row.id, reverse=True)


def told_to(is_coordinator: bool, rows: Sequence[HistoryRow]) -> Sequence[HistoryRow]:
    """Return the rows of a thing that its reader may see."""
    if is_coordinator:
        return rows
    return [row for row in rows if row.what not in (REMINDER_HELD, REMINDER_LET_GO)]
