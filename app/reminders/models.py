"""The tables of reminders: ladders as edited, decisions not to send, daily runs.

Messages that are sent stand in the outbox.
"""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Moment
from app.people.models import Person
from app.reminders.due import Key


class EditedLadder(Base):
    """A ladder that a coordinator changed: for all obligations of a kind, or for the audits of one cycle."""

    __tablename__ = "ladders"
    __table_args__ = (UniqueConstraint("obligation_kind", "cycle_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_kind: Mapped[str]
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycles.id", ondelete="CASCADE"))
    steps: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    """As in config/ladders.toml, in the order of the table."""


class NotSent(Base):
    """A decision not to send, once per key and reason."""

    __tablename__ = "not_sent"
    __table_args__ = (
        UniqueConstraint(
            "obligation_kind",
            "obligation_id",
            "person_id",
            "kind",
            "step",
            "anchor_on",
            "leaver_id",
            "reason",
            name="uq_not_sent_key",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date]
    """The day it was first decided for."""
    obligation_kind: Mapped[str]
    obligation_id: Mapped[int]
    person_id: Mapped[int]
    """0 where there was nobody to send to."""
    kind: Mapped[str]
    step: Mapped[str]
    anchor_on: Mapped[date]
    leaver_id: Mapped[int] = mapped_column(default=0)
    reference: Mapped[str]
    reason: Mapped[str]


class CallMade(Base):
    """A call or a talk about work besides audits: an action, a recommendation, a remedy or a response.

    What was said about an audit stands in its chase log.
    """

    __tablename__ = "calls_made"
    __table_args__ = (Index("ix_calls_made_obligation", "obligation_kind", "obligation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_kind: Mapped[str]
    obligation_id: Mapped[int]
    reference: Mapped[str]
    day: Mapped[date]
    channel: Mapped[str]
    """phone, in person or email, as in the chase log."""
    with_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    outcome: Mapped[str | None]


class HeldItem(Base):
    """A decision of a coordinator to hold one step back from one person, for a time or for good."""

    __tablename__ = "held_items"
    __table_args__ = (Index("ix_held_items_obligation", "obligation_kind", "obligation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_kind: Mapped[str]
    obligation_id: Mapped[int]
    person_id: Mapped[int]
    """The person whom it is held from."""
    kind: Mapped[str]
    """The kind of message: digest, manager, calls."""
    step: Mapped[str]
    anchor_on: Mapped[date]
    reference: Mapped[str]
    made_on: Mapped[date]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    because: Mapped[str]
    until_on: Mapped[date | None]
    """The last day on which it is held; None for good."""
    let_go_on: Mapped[date | None]
    """The day on which somebody let it go again."""

    person: Mapped[Person] = relationship(
        primaryjoin="foreign(HeldItem.person_id) == Person.id", viewonly=True
    )
    by: Mapped[Person] = relationship(foreign_keys=[by_id])

    @property
    def key(self) -> Key:
        """Return the key of the step that is held."""
        return (
            self.obligation_kind,
            self.obligation_id,
            self.person_id,
            self.kind,
            self.step,
            self.anchor_on,
        )


class DailyRun(Base):
    """A daily run that was carried through for a day."""

    __tablename__ = "daily_runs"

    on: Mapped[date] = mapped_column(primary_key=True)
    finished_at: Mapped[datetime] = mapped_column(Moment)
