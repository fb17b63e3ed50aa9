"""Writing a message to the outbox, in the transaction of the change that causes it."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app import clock, waking
from app.database import db
from app.outbox.copies import note_written
from app.outbox.kinds import KINDS, Rendered
from app.outbox.models import Message


def write(
    kind: str,
    *,
    recipient: int | None,
    address: str,
    rendered: Rendered,
    why: str,
    on: date,
    once: str | None = None,
    facts: Mapping[str, Any] | None = None,
    secret: bool = False,
) -> Message:
    """Write one message to one recipient into the outbox. It is delivered after the transaction.

    `once` is a key that no two messages may share; a second one is an IntegrityError.
    """
    message = made(
        kind,
        recipient=recipient,
        address=address,
        rendered=rendered,
        why=why,
        on=on,
        once=once,
        facts=facts,
        secret=secret,
    )
    write_all([message])
    return message


def made(
    kind: str,
    *,
    recipient: int | None,
    address: str,
    rendered: Rendered,
    why: str,
    on: date,
    once: str | None = None,
    facts: Mapping[str, Any] | None = None,
    secret: bool = False,
    urgency: int | None = None,
) -> Message:
    """Return a message that is not yet in the outbox. `urgency` is for one that is more urgent than others of
    its kind (lower goes first)."""
    now = clock.now()
    return Message(
        uid=str(uuid.uuid4()),
        kind=kind,
        once=once,
        recipient=recipient,
        address=address,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        facts=dict(facts or {}),
        why=why,
        on=on,
        rendered_on=on,
        written_at=now,
        next_try_at=now,
        urgency=KINDS[kind].urgency if urgency is None else urgency,
        secret=secret,
    )


def write_all(messages: Sequence[Message]) -> None:
    """Write messages into the outbox at once, at least one. They are delivered after the transaction."""
    db.session.add_all(messages)
    db.session.flush()
    note_written(messages)
    waking.wake(waking.DELIVERY)
