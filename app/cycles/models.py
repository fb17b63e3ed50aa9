"""The table of cycles."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.tools.models import Tool


class Cycle(Base):
    """One cycle. Whether it is open follows from its days."""

    __tablename__ = "cycles"
    __table_args__ = (
        CheckConstraint("due_on >= requested_on", name="due_after_requested"),
        CheckConstraint("closed_on >= requested_on", name="closed_after_requested"),
        CheckConstraint("hide_up_to between 0 and 20", name="hide_up_to"),
        CheckConstraint("moderated_share between 0 and 100", name="moderated_share"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    theme: Mapped[str]
    tool_id: Mapped[int] = mapped_column(ForeignKey("tools.id"))
    requested_on: Mapped[date]
    due_on: Mapped[date]
    closed_on: Mapped[date | None]
    cut_off_on: Mapped[date | None]
    """Last day on which a return counts; the closing day where none is set."""
    frozen_on: Mapped[date | None]
    """Since this day nothing that counts can change."""
    reported_on: Mapped[date | None]
    reported_to: Mapped[str | None]
    selection: Mapped[str | None]
    population: Mapped[int | None]
    comparable_with: Mapped[str | None]
    hide_up_to: Mapped[int] = mapped_column(default=4)
    """In a breakdown, counts from 1 to this are hidden."""
    moderated_share: Mapped[int] = mapped_column(default=10)
    """Whole per cent of the audits with a middle grade that a moderator reads, drawn at random."""
    checks: Mapped[str | None]
    """For a quick check: the reference of the quick win or action whose effect it measures."""

    tool: Mapped[Tool] = relationship()

    @property
    def last_counting_day(self) -> date | None:
        """The cut-off: a return on this day counts, one after it does not. None while the cycle is open."""
        return self.closed_on and (self.cut_off_on or self.closed_on)

    def open_on(self, day: date) -> bool:
        """True from the day audits were requested until the day before it was closed."""
        return self.requested_on <= day and (self.closed_on is None or self.closed_on > day)


class Draw(Base):
    """How cases were drawn for a cycle; the same list, seed and sizes draw the same cases again."""

    __tablename__ = "draws"
    __table_args__ = (
        CheckConstraint(
            "method in ('random', 'stratified', 'hand-picked', 'whole population')", name="method"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id", ondelete="CASCADE"), index=True)
    method: Mapped[str]
    seed: Mapped[int]
    size: Mapped[int]
    drawn_on: Mapped[date]
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    cases: Mapped[list["DrawnCase"]] = relationship(
        cascade="all, delete-orphan", order_by="DrawnCase.position"
    )


class DrawnCase(Base):
    """One case of the list that was drawn from, in the order of the draw; the first `Draw.size` are in.

    Case numbers are for coordinators alone, and are removed with those of the audits.
    """

    __tablename__ = "drawn_cases"
    __table_args__ = (UniqueConstraint("draw_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id", ondelete="CASCADE"))
    position: Mapped[int]
    case_reference: Mapped[str | None]
    stratum: Mapped[str]
    """The case's team; drawn by team where the draw is stratified."""
    is_chosen: Mapped[bool]
    left_out_because: Mapped[str | None]
    """Why it was replaced by another; None where it was not."""
    stands_in_for_id: Mapped[int | None] = mapped_column(ForeignKey("drawn_cases.id"))


class EarlierCycle(Base):
    """A past cycle known only as it was published: percentages, without the answers behind them."""

    __tablename__ = "earlier_cycles"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    reported_on: Mapped[date]
    source: Mapped[str]
    """Where the percentages were published."""

    figures: Mapped[list["EarlierFigure"]] = relationship(
        cascade="all, delete-orphan", order_by="EarlierFigure.question"
    )


class EarlierFigure(Base):
    """One published percentage of a past cycle."""

    __tablename__ = "earlier_figures"
    __table_args__ = (CheckConstraint("percent between 0 and 100", name="percent"),)

    earlier_cycle_id: Mapped[int] = mapped_column(
        ForeignKey("earlier_cycles.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(primary_key=True)
    """The key of the question that it answers."""
    percent: Mapped[int]
    answered: Mapped[int | None]
    """Out of how many, where the publication says so."""
