"""Taking over a history that was written with another key: it cannot be checked, and is linked anew."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any

from sqlalchemy import select, update

from app.database import db
from app.history.chain import BEGINNING, TEXTS, Link, end_seal, hash_of, is_right
from app.history.documents import DOCUMENT, digests
from app.history.models import HistoryEnd, HistoryRow
from app.history.record import EndMissing, Event, history_key, record

TAKEN_OVER = "taken over"
OTHER_KEY = "it was written with another key, so it could not be checked"


def relinked(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield rows of the history, in order, linked with the key of this installation.

    Raises ValueError where a row does not follow the one before it.
    """
    key, theirs, ours = history_key(), BEGINNING, BEGINNING
    for row in rows:
        if row["previous_hash"] != theirs:
            raise ValueError(row["id"])
        theirs = row["hash"]
        linked = hash_of(key, _link(row)._replace(previous_hash=ours))
        if linked is None:
            raise ValueError(row["id"])
        yield {**row, "previous_hash": ours, "hash": linked}
        ours = linked


def _link(row: dict[str, Any]) -> Link:
    moment = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    facts = (moment, str(row["on"]), row["who"], row["subject_kind"], row["subject"], row["what"])
    texts = tuple(row[name] for name in TEXTS)
    rest = (row[name] for name in ("salt", "removed", "previous_hash", "hash"))
    return Link(row["id"], facts, texts, *rest)


def is_ours(ends: Iterable[dict[str, Any]], rows: Iterable[dict[str, Any]]) -> bool:
    """True when a history was written with the key of this installation: its end says so, or one of the
    rows."""
    key = history_key()
    if any(end["seal"] == end_seal(key, end["rows"], end["hash"]) for end in ends):
        return True
    return any(is_right(key, _link(row)) for row in rows)


def take_over(who: str) -> None:
    """Seal the end of the history that was linked anew, and what is frozen; the history says why."""
    last = db.session.scalar(select(HistoryRow.hash).order_by(HistoryRow.id.desc()).limit(1)) or BEGINNING
    number = db.session.scalars(select(HistoryEnd.rows)).one_or_none()
    if number is None:
        raise EndMissing
    seal = end_seal(history_key(), number, last)
    db.session.execute(update(HistoryEnd).values(hash=last, seal=seal))
    if not number:
        return
    events = [Event("history", "history", TAKEN_OVER, why=OTHER_KEY)]
    query = select(HistoryRow.subject, HistoryRow.what).where(HistoryRow.subject_kind == DOCUMENT)
    rows = db.session.execute(query.order_by(HistoryRow.id))
    called = {row.subject: row.what for row in rows}
    for subject, digest in digests(db.session.connection(), history_key()):
        events.append(Event(DOCUMENT, subject, called.get(subject, "document"), after=digest, why=OTHER_KEY))
    record(who, events)
