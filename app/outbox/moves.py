"""The moves of coordinators: send a message again, drop or release it, resume delivery, send a test."""

from datetime import date

from sqlalchemy import select, update

from app import clock
from app.database import db, transaction
from app.history.record import Event, record
from app.outbox import copies, pausing
from app.outbox.claims import release_all
from app.outbox.kinds import always_holds, register
from app.outbox.models import DROPPED, FAILED, HELD, QUEUED, Message
from app.outbox.queries import mail_goes
from app.outbox.rendering import render
from app.outbox.writing import write
from app.refusal import Refused

TEST = "test"
COUNTERS_AT_THE_START = {"tries": 0, "build_failures": 0, "first_tried_at": None, "ended_at": None}

register(TEST, 0, always_holds)


def send_again(message_id: int, address: str, by: str) -> None:
    """Queue a failed message again, to this address.

    Raises Refused when it has not failed, or when this cannot be an address.
    """
    address = address.strip()
    if (
        address.count("@") != 1
        or address.startswith("@")
        or address.endswith("@")
        or len(address.split()) != 1
    ):
        raise Refused("Email address must be one address, like name@council.example")
    with transaction():
        message = _locked(message_id)
        if message.state != FAILED:
            raise Refused("This email has not failed, so you cannot send it again")
        if message.text is None:
            raise Refused("The text of this email is no longer kept, so you cannot send it again")
        before, message.address = message.address, address
        _queue(message)
        _tell(message, "sent again", by, before, address)


def release(message_id: int, by: str) -> None:
    """Queue a message that was held. Raises Refused when it is not held, or would only be held again."""
    _refuse_without_a_server()
    with transaction():
        message = _locked(message_id)
        if message.state != HELD:
            raise Refused("This email is not on hold, so you cannot release it")
        _queue(message)
        _tell(message, "released", by)


def drop(message_id: int, by: str) -> None:
    """Drop a message that is held, waits or failed. Raises Refused when it has gone or is being sent."""
    with transaction():
        message = _locked(message_id)
        if message.state not in (HELD, FAILED, QUEUED):
            raise Refused("This email has been sent, dropped or is no longer needed, so you cannot drop it")
        message.state = DROPPED
        message.ended_at = clock.now()
        if message.secret:
            message.text = message.html = None
        _tell(message, "dropped", by)


def readdress(recipient: int, before: str, after: str, *, without: str) -> None:
    """Let the waiting messages of a person go to their new address, without those of the kind that tells the
    former one; in the caller's transaction."""
    waiting = (Message.recipient == recipient, Message.address == before, Message.state.in_((QUEUED, HELD)))
    db.session.execute(update(Message).where(*waiting, Message.kind != without).values(address=after))


def release_held(by: str) -> int:
    """Queue all messages that were held; returns how many. Raises Refused when they would be held again."""
    _refuse_without_a_server()
    with transaction():
        held = _held()
        record(by, [Event("message", str(message_id), "released") for message_id in held])
        release_all(clock.now())
    return len(held)


def drop_held(by: str) -> int:
    """Drop all messages that are held; returns how many."""
    with transaction():
        held = _held()
        record(by, [Event("message", str(message_id), "dropped") for message_id in held])
        dropped = update(Message).where(Message.state == HELD)
        as_it_is = {"synchronize_session": False}
        db.session.execute(
            dropped.where(Message.secret).values(text=None, html=None), execution_options=as_it_is
        )
        db.session.execute(dropped.values(state=DROPPED, ended_at=clock.now()), execution_options=as_it_is)
    return len(held)


def resume(by: str) -> None:
    """Resume delivery."""
    with transaction():
        pausing.accepted()
        record(by, [Event("delivery", "delivery", "resumed")])


def write_test(recipient: int, name: str, address: str, on: date) -> Message:
    """Write a message to oneself, which shows whether mail works."""
    with transaction():
        return write(
            TEST,
            recipient=recipient,
            address=address,
            rendered=render("test", name=name),
            why="Sent at once, because someone asked for a test email",
            on=on,
        )


def release_copy(by: str) -> int:
    """Let the messages of a database that was started from a copy go; returns how many were on hold."""
    return copies.release(by)


def _refuse_without_a_server() -> None:
    if copies.held_because() is not None:
        raise Refused(
            "The database was started from a copy, so emails stay on hold. First release them all on the "
            "page Emails on hold."
        )
    if not mail_goes():
        raise Refused(
            "No mail server is set, so emails stay on hold. "
            "The person who runs the service must set MAIL_SERVER."
        )


def _locked(message_id: int) -> Message:
    query = select(Message).where(Message.id == message_id).with_for_update()
    message = db.session.scalars(query).one_or_none()
    if message is None:
        raise Refused("This email no longer exists")
    return message


def _queue(message: Message) -> None:
    message.state, message.answer, message.next_try_at = QUEUED, None, clock.now()
    for name, value in COUNTERS_AT_THE_START.items():
        setattr(message, name, value)


def _held() -> list[int]:
    return list(db.session.scalars(select(Message.id).where(Message.state == HELD).order_by(Message.id)))


def _tell(message: Message, what: str, by: str, before: str | None = None, after: str | None = None) -> None:
    changed = before != after
    record(
        by,
        [Event("message", str(message.id), what, before if changed else None, after if changed else None)],
    )
