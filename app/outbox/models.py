"""The tables of the outbox. It knows addresses, rendered messages and keys; nothing of audits or people."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment

QUEUED, SENDING, SENT, FAILED, HELD, OVERTAKEN, DROPPED = STATES = (
    "queued",
    "sending",
    "sent",
    "failed",
    "held",
    "overtaken",
    "dropped",
)

WAITING = text("state IN ('queued', 'sending')")
"""Matches what has not reached an end. Written out, so that the databases see that an index serves it."""


REMINDERS = text("obligation_kind = 'audit' AND kind = 'digest' AND step <> 'assigned'")
"""Matches the items that remind auditors of their audits."""

MESSAGE_KEY = UniqueConstraint("once", name="uq_messages_once")
ITEM_KEY = UniqueConstraint(
    "obligation_kind",
    "obligation_id",
    "person_id",
    "kind",
    "step",
    "anchor_on",
    "leaver_id",
    name="uq_message_items_key",
)
"""The keys that let a message be written once and a step go to a person once."""


class Message(Base):
    """A message to one recipient."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint(
            "state IN ('queued','sending','sent','failed','held','overtaken','dropped')",
            name="state",
        ),
        Index(
            "ix_messages_waiting",
            "urgency",
            "id",
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
        MESSAGE_KEY,
        Index("ix_messages_recipient", "recipient", "kind", "state"),
        Index("ix_messages_ended", "state", "ended_at"),
        # the list's order, without what each says: SQLite keeps rows in their own order, texts and all
        Index("ix_messages_listed", "id"),
        Index("ix_messages_of_state", "state", "id"),
        Index("ix_messages_of_kind", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    """Never used twice, not in another database either: the Message-ID is made from it."""
    kind: Mapped[str]
    """digest, manager, calls, weekly, practice, audited, assigned, chase, declined, confirm, …"""
    once: Mapped[str | None]
    """A key that no two messages may share, such as "digest 2010-11-05 7"; None where there is none."""
    recipient: Mapped[int | None]
    """The person whose message it is, as a number that the writer of the message understands."""
    address: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str | None]
    """Plain text and HTML say the same; None once a message that carried a key has gone."""
    html: Mapped[str | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """The facts from which its kind judges whether it still holds, and renders it anew."""
    why: Mapped[str]
    """The rule that caused it, in a sentence for the coordinator."""
    on: Mapped[date]
    """The day it was decided for."""
    rendered_on: Mapped[date]
    """The day its words are true on."""
    written_at: Mapped[datetime] = mapped_column(Moment)
    """Real time; the Date header."""
    urgency: Mapped[int] = mapped_column(default=5)
    """Lower goes first."""
    secret: Mapped[bool] = mapped_column(default=False)
    """Carries a key: never shown or exported, its text not kept once sent."""

    state: Mapped[str] = mapped_column(default=QUEUED)
    tries: Mapped[int] = mapped_column(default=0)
    """Tries that counted: not those on which no connection was to be had or the sender was refused."""
    build_failures: Mapped[int] = mapped_column(default=0)
    first_tried_at: Mapped[datetime | None] = mapped_column(Moment)
    next_try_at: Mapped[datetime] = mapped_column(Moment)
    """The moment when it is due for a try. While it is being sent, the end of the lease: if the deliverer
    dies, it is due again by itself."""
    fence: Mapped[int] = mapped_column(default=0)
    """Counts claims: a deliverer that holds an older number may not record anything."""
    answer: Mapped[str | None]
    """The server's last answer, or why it was not sent."""
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    """The moment when it was sent, or reached another end."""


class MessageItem(Base):
    """An item of a message: a step that goes to one person in one kind of message, and happens once."""

    __tablename__ = "message_items"
    __table_args__ = (
        ITEM_KEY,
        Index("ix_message_items_carrier_id", "carrier_id"),
        Index(
            "ix_message_items_reminders",
            "obligation_kind",
            "obligation_id",
            "person_id",
            "carrier_id",
            sqlite_where=REMINDERS,
            postgresql_where=REMINDERS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_kind: Mapped[str]
    """audit, action, recommendation, quick win."""
    obligation_id: Mapped[int]
    person_id: Mapped[int]
    """The person the step is for; the message may go to that person's deputy."""
    kind: Mapped[str]
    """digest, manager, calls or audited (what `assigned` told at once counts as digest)."""
    step: Mapped[str]
    anchor_on: Mapped[date]
    leaver_id: Mapped[int] = mapped_column(default=0)
    """The leaver, for the step `reassign`; 0 otherwise (a key has no empty parts)."""
    step_on: Mapped[date]
    """The day of the step."""
    due_on: Mapped[date | None]
    """The due day that the message tells; None where what somebody left has none."""
    reference: Mapped[str]
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    """The message it was decided for."""
    carrier_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    """The message that carries it now: another one after a take-over, none when it was taken out."""


class DeliveryState(Base):
    """The one row that says how delivery stands: paused after the sender was refused, or out of reach."""

    __tablename__ = "delivery_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    refusals_in_a_row: Mapped[int] = mapped_column(default=0)
    """Refusals of the sender since anything was last accepted."""
    denied_in_a_row: Mapped[list[int]] = mapped_column(JSON, default=list)
    """Messages to different recipients that were denied for a policy (5.7.x) one after the other. Three
    in a row are a refusal of the sender."""
    paused_at: Mapped[datetime | None] = mapped_column(Moment)
    paused_because: Mapped[str | None]
    last_probe_at: Mapped[datetime | None] = mapped_column(Moment)
    unreachable_since: Mapped[datetime | None] = mapped_column(Moment)
    unreachable_because: Mapped[str | None]
    stands_still_since: Mapped[datetime | None] = mapped_column(Moment)
    """The moment since when nothing has been sent that should have been: no email can tell of it."""


class DatabaseIdentity(Base):
    """The one row that tells this database from others, and says whether its messages are on hold because it
    was started from a copy."""

    __tablename__ = "database_identity"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str]
    marked_at: Mapped[datetime | None] = mapped_column(Moment)
    """The moment when a machine first kept a mark of it: a missing mark is then the sign of a copy."""
    held_since: Mapped[datetime | None] = mapped_column(Moment)
    held_because: Mapped[str | None]
    """The sign of a copy, in a sentence."""
    released_at: Mapped[datetime | None] = mapped_column(Moment)
    released_by: Mapped[str | None]


class Bounce(Base):
    """A report of another mail server that a message, once sent, was not delivered, or not yet."""

    __tablename__ = "bounces"
    __table_args__ = (UniqueConstraint("message_id", "report"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    report: Mapped[str]
    """The digest of the report: each is handled once."""
    read_at: Mapped[datetime] = mapped_column(Moment)
    is_hard: Mapped[bool]
    """True where it will never be delivered."""
    why: Mapped[str]
    """The words of that mail server, without the address."""


class DeliveryCount(Base):
    """The number of times that delivery had one result, such as "sent", on all machines, since ever."""

    __tablename__ = "delivery_counts"

    what: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
