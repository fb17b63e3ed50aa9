"""The tables of cycles and of the agencies that audit in them."""

from datetime import date

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, and_, func, not_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.audits.lifecycle import last_counting_day
from app.audits.parts import MOST_AUDITORS
from app.audits.workers import Workers
from app.called import Named
from app.database import Base
from app.moves.moving import Moved
from app.people.models import Person
from app.small_numbers import HIDE_UP_TO, MOST_HIDDEN
from app.tools.models import Tool
from app.working_days import happened

MODERATED_SHARE = 10
"""The share of audits with a middle grade that a moderator reads, in a new cycle."""

MOST_EXPECTED = 1000
"""The most audits that a cycle can expect of each auditor."""


class Agency(Named, Base):
    """An agency that audits its own work with a child, such as the police: an entry of the council's list."""

    __tablename__ = "agencies"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class CycleAgency(Base):
    """An agency of a cycle, at its place in the cycle's order."""

    __tablename__ = "cycle_agencies"

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id", ondelete="CASCADE"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), primary_key=True)
    position: Mapped[int]

    agency: Mapped[Agency] = relationship(lazy="joined")


class Cycle(Moved, Base):
    """A cycle of audits. It is open or not by its days."""

    __tablename__ = "cycles"
    kind = "cycle"
    __table_args__ = (
        CheckConstraint("due_on >= requested_on", name="due_after_requested"),
        CheckConstraint("closed_on >= requested_on", name="closed_after_requested"),
        CheckConstraint(f"hide_up_to between 0 and {MOST_HIDDEN}", name="hide_up_to"),
        CheckConstraint("moderated_share between 0 and 100", name="moderated_share"),
        CheckConstraint(f"auditors between 1 and {MOST_AUDITORS}", name="auditors"),
        CheckConstraint(f"expected_per_auditor between 1 and {MOST_EXPECTED}", name="expected_per_auditor"),
        CheckConstraint("workers in ('not told', 'told', 'may reply')", name="workers"),
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
    """The last day on which a return counts; the closing day where none is set."""
    frozen_on: Mapped[date | None]
    """The day since when nothing that counts can change."""
    reported_on: Mapped[date | None]
    reported_to: Mapped[str | None]
    selection: Mapped[str | None]
    population: Mapped[int | None]
    comparable_with: Mapped[str | None]
    audits_again: Mapped[str | None]
    """The reference of the earlier cycle whose cases it audits again."""
    hide_up_to: Mapped[int] = mapped_column(default=HIDE_UP_TO)
    """The highest count that a breakdown hides; counts from 1 to this are hidden."""
    moderated_share: Mapped[int] = mapped_column(default=MODERATED_SHARE)
    """The whole per cent of the audits with a middle grade that a moderator reads, drawn at random."""
    auditors: Mapped[int] = mapped_column(default=MOST_AUDITORS)
    """The number of auditors that each audit needs."""
    self_assessment: Mapped[bool] = mapped_column(default=False)
    """True where those audited assess themselves: a case of one's own team is no conflict."""
    expected_per_auditor: Mapped[int | None]
    """The number of audits that is expected of each auditor: for coordinators alone."""
    workers: Mapped[str] = mapped_column(default=Workers.NOT_TOLD.value)
    """The choice of what the workers whose cases are audited are told: `Workers`."""
    checks: Mapped[str | None]
    """The reference of the quick win or action whose effect a quick check measures."""

    respond_to_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """The person who is asked, beside the managers of the case's team, for a response to a grade."""

    tool: Mapped[Tool] = relationship()
    respond_to: Mapped[Person | None] = relationship()
    listed_agencies: Mapped[list[CycleAgency]] = relationship(
        cascade="all, delete-orphan", order_by="CycleAgency.position"
    )

    @property
    def agencies(self) -> list[str]:
        """The names of its agencies, in their order; none where a case has one audit in it."""
        return [each.agency.name for each in self.listed_agencies]

    def agency_id(self, name: str | None) -> int | None:
        """Return the id of its agency of that name, as it spells it; None for any other."""
        ids = (each.agency_id for each in self.listed_agencies if each.agency.name == name)
        return next(ids, None)

    def is_closed(self, on: date) -> bool:
        """Return whether it was closed by a day. A closing day that is still to come has not happened."""
        return happened(self.closed_on, on)

    @classmethod
    def closed_by(cls, on: date) -> ColumnElement[bool]:
        """`is_closed` for a query."""
        return and_(cls.closed_on.is_not(None), cls.closed_on <= on)

    def is_open(self, on: date) -> bool:
        """True from the day audits were requested until the day before it was closed."""
        return self.requested_on <= on and not self.is_closed(on)

    @classmethod
    def open_by(cls, on: date) -> ColumnElement[bool]:
        """`is_open` for a query."""
        return and_(cls.requested_on <= on, not_(cls.closed_by(on)))

    def last_counting_day(self, on: date = date.max) -> date | None:
        """Return the cut-off: a return on this day counts, one after it does not. None while it is open.

        Code that brings something into a cycle asks without a day, as of `is_frozen`.
        """
        return last_counting_day(self.closed_on, self.cut_off_on, on)

    @classmethod
    def last_counting_day_of(cls) -> ColumnElement[date | None]:
        """`last_counting_day` for a query, of cycles that are closed."""
        return func.coalesce(cls.cut_off_on, cls.closed_on)

    def is_frozen(self, on: date = date.max) -> bool:
        """Return whether the figures of the cycle are final on a day.

        Code that reads a cycle asks for its day. Code that would change it asks without a day: frozen figures
        never change, not even as of an earlier day.
        """
        return happened(self.frozen_on, on)

    @classmethod
    def frozen_by(cls, on: date = date.max) -> ColumnElement[bool]:
        """Return the condition of `is_frozen` for a query."""
        return and_(cls.frozen_on.is_not(None), cls.frozen_on <= on)

    def refuse_file(self) -> str | None:
        """Return why a file may bring only late returns into this cycle; None where it may bring more."""
        if not self.is_frozen():
            return None
        return f"cycle {self.reference} was frozen on {self.frozen_on}, so only late returns can be imported"
