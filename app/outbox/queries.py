"""Reading the outbox for pages, set-based."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import defer

from app.database import db
from app.outbox import pausing
from app.outbox.composing import fault_of_settings
from app.outbox.copies import held_because
from app.outbox.models import (
    FAILED,
    HELD,
    QUEUED,
    SENDING,
    SENT,
    WAITING,
    Bounce,
    DeliveryCount,
    Message,
    MessageItem,
)
from app.outbox.retry import LONG_OUT_OF_REACH
from config.settings import Settings

PAGE = 50

ThingTold = tuple[str, str, str, date | None]
"""A thing that a message reminds of: its kind, reference, the step and the due day."""


@dataclass(frozen=True)
class Standing:
    """The state of delivery, as every coordinator should know it."""

    failed: int
    held: int
    waiting: int
    """Queued or just being sent."""
    paused_at: datetime | None
    paused_because: str | None
    unreachable_since: datetime | None
    unreachable_because: str | None
    setting_at_fault: str | None = None
    """The reason why no message can be written with the settings."""
    stands_still_since: datetime | None = None
    """The moment since when nothing has been sent that should have been, where that was found."""
    copy_because: str | None = None
    """The sign that this database was started from a copy, for which messages are on hold."""

    def unreachable_for_long(self, now: datetime) -> bool:
        """Return True when no connection to the mail server could be made for an hour."""
        return self.unreachable_since is not None and now - self.unreachable_since >= LONG_OUT_OF_REACH


def standing(counts: Mapping[str, int] | None = None) -> Standing:
    """Return the state of delivery, in three queries; in two with the numbers of messages by state."""
    counts = counts_by_state() if counts is None else counts
    state = pausing.state()
    return Standing(
        failed=counts.get(FAILED, 0),
        held=counts.get(HELD, 0),
        waiting=counts.get(QUEUED, 0) + counts.get(SENDING, 0),
        paused_at=state.paused_at,
        paused_because=state.paused_because,
        unreachable_since=state.unreachable_since,
        unreachable_because=state.unreachable_because,
        setting_at_fault=fault_of_settings(),
        stands_still_since=state.stands_still_since,
        copy_because=held_because(),
    )


def mail_goes() -> bool:
    """Return True when a mail server is set."""
    settings: Settings = current_app.extensions["settings"]
    return settings.mail.server is not None


def stopped() -> str | None:
    """Return a sentence that says why no message can be sent now; None where mail goes."""
    if held_because() is not None:
        return "Emails are on hold until someone releases them, because the database was started from a copy."
    if not mail_goes():
        return "No mail server is set."
    if fault_of_settings():
        return "Emails cannot be written, because a setting of this service is wrong."
    state = pausing.state()
    if state.paused_at is not None:
        return "Delivery is paused, because the sender is refused."
    if state.unreachable_since is not None:
        return "The mail server cannot be reached."
    return None


def why_not_sent(message: Message) -> str | None:
    """Return why a message that was just tried has not gone, as a sentence; None where it is not known."""
    stands = standing()
    reasons = (
        stands.setting_at_fault,
        message.answer,
        stands.paused_because,
        stands.unreachable_because,
    )
    return next((why for why in reasons if why), None)


def counts_by_state() -> dict[str, int]:
    """Count the messages in each state."""
    query = select(Message.state, func.count()).group_by(Message.state)
    return dict(db.session.execute(query).all())


def oldest_waiting() -> datetime | None:
    """Return when the oldest message that waits was written, those included whose receiver is on leave."""
    oldest: datetime | None = db.session.scalar(select(func.min(Message.written_at)).where(WAITING))
    return oldest


def due_since() -> datetime | None:
    """Return when the message that waits longest for a try was due, or its last try ended."""
    due: datetime | None = db.session.scalar(select(func.min(Message.next_try_at)).where(WAITING))
    return due


def last_sent_at() -> datetime | None:
    """Return when a message was last sent."""
    last: datetime | None = db.session.scalar(select(func.max(Message.ended_at)).where(Message.state == SENT))
    return last


def delivery_counts() -> dict[str, int]:
    """Return how often delivery had each result, since ever."""
    return dict(db.session.execute(select(DeliveryCount.what, DeliveryCount.number)).all())


def bounces_by_kind() -> dict[bool, int]:
    """Count the bounces, hard ones (True) and others."""
    return dict(db.session.execute(select(Bounce.is_hard, func.count()).group_by(Bounce.is_hard)).all())


def bounces_of(message: Message) -> Sequence[Bounce]:
    """Return the reports about a message that came back after it had been sent, the latest first."""
    query = select(Bounce).where(Bounce.message_id == message.id).order_by(Bounce.id.desc())
    return db.session.scalars(query).all()


def kinds_in_use() -> Sequence[str]:
    """Return the kinds of which there are messages, from each to the next: not by reading them all."""
    first = select(func.min(Message.kind).label("kind")).cte("kinds", recursive=True)
    following = select(func.min(Message.kind)).where(Message.kind > first.c.kind).scalar_subquery()
    kinds = first.union_all(select(following).where(first.c.kind.is_not(None)))
    return db.session.scalars(select(kinds.c.kind).where(kinds.c.kind.is_not(None))).all()


def listed(
    *, state: str = "", kind: str = "", to: str = "", recipients: Sequence[int] = ()
) -> Select[Message]:
    """Select messages, latest first, without what they say.

    `to` is a part of the address; `recipients` are people whose name was meant by it.
    """
    query = select(Message).options(defer(Message.text), defer(Message.html), defer(Message.facts))
    query = query.order_by(Message.id.desc())
    if state:
        query = query.where(Message.state == state)
    if kind:
        query = query.where(Message.kind == kind)
    if to:
        part = "%" + to.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
        query = query.where(or_(Message.address.ilike(part, escape="\\"), Message.recipient.in_(recipients)))
    return query


def one_by_one(query: Select[Message]) -> Iterator[Message]:
    """Read many messages without holding them all."""
    query = query.options(defer(Message.answer)).execution_options(yield_per=1000)
    yield from db.session.scalars(query)


def things_of(message: Message) -> Select[str, str, str, date | None]:
    """Select what a message reminds of, each once, in the order of due days: a deputy's carries the same for
    several people, and the weekly summary carries no one thing."""
    item = MessageItem
    query = select(item.obligation_kind, item.reference, item.step, item.due_on).distinct()
    query = query.where(item.carrier_id == message.id, item.reference != "")
    return query.order_by(item.due_on, item.reference, item.obligation_kind, item.step)


def items_of(message: Message, things: Collection[ThingTold]) -> Sequence[MessageItem]:
    """Return the items by which a message reminds of some things."""
    references = {reference for _, reference, _, _ in things}
    query = select(MessageItem).where(
        MessageItem.carrier_id == message.id, MessageItem.reference.in_(references)
    )
    return db.session.scalars(query.order_by(MessageItem.id)).all()
