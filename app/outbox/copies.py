"""A database that was started from a copy sends nothing until a person releases it.

Each machine keeps a mark of the last message outside the database (`marks`). Where the database does not
know what the mark names (`copy_signs`), all messages are put on hold, and what this machine is known to have
sent after the copy was made counts as sent, so that it is not written again.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import func, select, update

from app import clock
from app.database import afterwards, db, insert_or_leave, transaction
from app.history.record import Event, record
from app.outbox import marks
from app.outbox.claims import hold_all, release_all
from app.outbox.copy_signs import Database, Mark, sign_of_copy
from app.outbox.models import (
    FAILED,
    HELD,
    QUEUED,
    SENDING,
    SENT,
    DatabaseIdentity,
    Message,
    MessageItem,
)

ON_HOLD = "On hold, because the database was started from a copy"
SENT_BEFORE = "Sent before the database was put back from a copy"
SERVICE = "practice-audits"
"""Puts messages on hold, in the place of a person."""

_MARK = "the mark of the last message"
_OF_AN_ITEM = (
    "obligation_kind",
    "obligation_id",
    "person_id",
    "kind",
    "step",
    "anchor_on",
    "leaver_id",
    "step_on",
    "due_on",
    "reference",
)


def held_because() -> str | None:
    """Return the sign of a copy for which messages are on hold, in a sentence; None where they are not."""
    return db.session.scalar(select(DatabaseIdentity.held_because))


def identity() -> DatabaseIdentity:
    """Return what tells this database from others, only to be read."""
    return db.session.get_one(DatabaseIdentity, 1, populate_existing=True)


def count_on_hold() -> int:
    """Count the messages that are on hold because of a copy."""
    on_hold = select(func.count()).where(Message.state == HELD, Message.answer == ON_HOLD)
    return db.session.scalar(on_hold) or 0


def look(before: int | None = None) -> str | None:
    """Look for signs of a copy, and hold all messages where there is one.

    Return why they are on hold, as a sentence; None where they go. Messages that are just being written say
    nothing of what was there `before` them.
    """
    identity = _identity()
    if identity.held_because is not None:
        return identity.held_because
    mark = marks.read_mark()
    database = _facts(identity, mark, before)
    if (sign := sign_of_copy(mark, database)) is not None:
        with transaction():
            hold(sign)
        return sign
    is_this_ones = mark is not None and mark.database == database.uid and database.knows_mark
    if not is_this_ones or not database.was_marked:
        with transaction():
            identity = _identity(lock=True)
            identity.marked_at = identity.marked_at or clock.now()
            if mark is not None:
                _learn_what_was_sent(identity.uid)
            _mark_afterwards(identity)
    return None


def hold(because: str) -> None:
    """Put all messages on hold. In a transaction of the caller."""
    identity = _identity(lock=True)
    if identity.held_because is not None:
        return
    now = clock.now()
    identity.held_since, identity.held_because = now, because
    identity.marked_at = identity.marked_at or now
    record(SERVICE, [Event("delivery", "delivery", "put on hold", why=because)])
    _learn_what_was_sent(identity.uid)
    hold_all(now, ON_HOLD)
    _mark_afterwards(identity)


def hold_what_waits() -> None:
    """Hold what was written since all messages were put on hold."""
    with transaction():
        hold_all(clock.now(), ON_HOLD)


def release(by: str) -> int:
    """Let the messages go that are on hold because of a copy; return how many.

    Those that are on hold for another reason stay so.
    """
    with transaction():
        identity = _identity(lock=True)
        if identity.held_because is None:
            return 0
        record(by, [Event("delivery", "delivery", "released", why=identity.held_because)])
        identity.held_since = identity.held_because = None
        identity.released_at, identity.released_by = clock.now(), by
        _mark_afterwards(identity)
        return release_all(clock.now(), ON_HOLD)


def note_written(messages: Sequence[Message]) -> None:
    """Move this machine's mark on to the last of messages that are being written, once the transaction is
    kept."""
    last = max(messages, key=lambda message: message.id)
    mark = Mark(_identity().uid, last.id, last.uid, clock.now())
    if afterwards(_MARK, partial(marks.keep_mark, mark)):
        # the mark of before is looked at once more: it would be lost
        look(before=min(message.id for message in messages))
        afterwards(_MARK, partial(marks.keep_mark, mark))


def note_sent(message: Message, at: datetime) -> None:
    """Note outside the database that a message has gone, with its keys and without its words or address."""
    item = MessageItem.__table__.c
    carried = db.session.execute(
        select(*(item[name] for name in _OF_AN_ITEM)).where(item.carrier_id == message.id)
    ).mappings()
    marks.note_sent(
        {
            "database": _identity().uid,
            "uid": message.uid,
            "kind": message.kind,
            "once": message.once,
            "recipient": message.recipient,
            "on": message.on,
            "written_at": message.written_at.isoformat(),
            "sent_at": at.isoformat(),
            "items": [dict(row) for row in carried],
        },
        at,
    )


def _identity(*, lock: bool = False) -> DatabaseIdentity:
    query = select(DatabaseIdentity)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
        return db.session.scalars(query).one()
    return db.session.get_one(DatabaseIdentity, 1)


def _facts(identity: DatabaseIdentity, mark: Mark | None, before: int | None) -> Database:
    first = db.session.scalar(select(func.min(Message.id)))
    knows = mark is not None and (
        mark.message == 0
        or db.session.scalar(select(Message.id).where(Message.id == mark.message, Message.uid == mark.uid))
        is not None
    )
    return Database(
        uid=identity.uid,
        has_messages=first is not None and (before is None or first < before),
        was_marked=identity.marked_at is not None,
        released_at=identity.released_at,
        knows_mark=knows,
    )


def _mark_afterwards(identity: DatabaseIdentity) -> None:
    last = db.session.execute(select(Message.id, Message.uid).order_by(Message.id.desc()).limit(1)).first()
    mark = Mark(identity.uid, last.id if last else 0, last.uid if last else "", clock.now())
    afterwards(_MARK, partial(marks.keep_mark, mark))


def _learn_what_was_sent(database: str) -> None:
    """Count as sent what this machine has sent from this database and the copy does not know of."""
    lines = list(marks.sent_lines())
    known = dict(db.session.execute(select(Message.uid, Message.state)).all()) if lines else {}
    for line in lines:
        if line.get("database") != database or known.get(line["uid"]) == SENT:
            continue
        if line["uid"] in known:
            _count_as_sent(line)
        else:
            _write_as_sent(line)


def _count_as_sent(line: marks.Line) -> None:
    db.session.execute(
        update(Message)
        .where(Message.uid == line["uid"], Message.state.in_((QUEUED, SENDING, HELD, FAILED)))
        .values(state=SENT, answer=SENT_BEFORE, ended_at=datetime.fromisoformat(line["sent_at"]))
        .execution_options(synchronize_session=False)
    )


def _write_as_sent(line: marks.Line) -> None:
    """Write a message that the copy does not have, without its words, so that its steps are not due again."""
    items: Sequence[dict[str, Any]] = line["items"]
    sent_at, on = datetime.fromisoformat(line["sent_at"]), date.fromisoformat(line["on"])
    once = line["once"]
    if once is not None and db.session.scalar(select(Message.id).where(Message.once == once)) is not None:
        once = None  # it has been written again
    latest = select(Message.address).where(Message.recipient == line["recipient"]).order_by(Message.id.desc())
    message = Message(
        uid=line["uid"],
        kind=line["kind"],
        once=once,
        recipient=line["recipient"],
        address=db.session.scalar(latest.limit(1)) or "",
        subject=SENT_BEFORE,
        text=None,
        html=None,
        why=SENT_BEFORE,
        on=on,
        rendered_on=on,
        written_at=datetime.fromisoformat(line["written_at"]),
        next_try_at=sent_at,
        state=SENT,
        answer=SENT_BEFORE,
        ended_at=sent_at,
    )
    db.session.add(message)
    db.session.flush()
    for item in items:
        days = ("anchor_on", "step_on", "due_on")
        read = {name: date.fromisoformat(item[name]) if item[name] else None for name in days}
        db.session.execute(
            insert_or_leave(MessageItem).values(
                {**item, **read, "message_id": message.id, "carrier_id": message.id}
            )
        )
