"""Writing the history, and reading it back for one subject."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, insert, select, update

from app import clock
from app.database import db
from app.history.chain import BEGINNING, Link, first_break, link
from app.history.models import HistoryEnd, HistoryRow

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

    Takes the lock of the chain until that transaction ends: rows are linked one after the other.
    """
    session = db.session
    previous = session.scalars(select(HistoryEnd.hash).with_for_update()).one()
    at, today = clock.now(), clock.today()
    rows = []
    for event in events:
        row: dict[str, object] = {
            "at": at,
            "on": event.on or today,
            "who": who,
            "subject_kind": event.subject_kind,
            "subject": event.subject,
            "what": event.what,
            "before": event.before,
            "after": event.after,
            "why": event.why,
        }
        linked = link(previous, _words(row))
        rows.append({**row, "previous_hash": previous, "hash": linked})
        previous = linked
    if rows:
        session.execute(insert(HistoryRow), rows)
        session.execute(update(HistoryEnd).values(rows=HistoryEnd.rows + len(rows), hash=previous))


def hold_history() -> None:
    """Take the lock of the chain before a change whose own rows may not be there yet."""
    db.session.execute(select(HistoryEnd.hash).with_for_update())


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


def broken_at() -> int | None:
    """Return the id of the first row that was edited or whose predecessor was removed, or that is missing at
    the end; None when the history is whole."""
    table = HistoryRow.__table__
    rows = db.session.execute(select(table).order_by(table.c.id).execution_options(yield_per=1000)).mappings()
    edited = first_break(
        Link(row["id"], _words(dict(row)), row["previous_hash"], row["hash"]) for row in rows
    )
    if edited is not None:
        return edited
    end = db.session.execute(select(HistoryEnd.rows, HistoryEnd.hash)).one()
    count = db.session.scalar(select(func.count()).select_from(table)) or 0
    last = db.session.scalar(select(HistoryRow.hash).order_by(HistoryRow.id.desc()).limit(1)) or BEGINNING
    return None if (count, last) == tuple(end) else head() + 1


def _words(row: dict[str, object]) -> list[str | None]:
    at, on = row["at"], row["on"]
    moment = at.isoformat(timespec="microseconds")  # type: ignore[attr-defined]
    rest = [row[name] for name in ("who", "subject_kind", "subject", "what", "before", "after", "why")]
    return [moment, str(on), *(None if word is None else str(word) for word in rest)]
