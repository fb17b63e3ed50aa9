"""The tables of retention: the date and the hold of a cycle, what was removed, and the periods."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.audits.cycle import Cycle
from app.database import Base, Moment
from app.people.models import Person

TEXTS, CASES_NOT_DRAWN, EMAILS, LEAVER = KINDS_OF_REMOVAL = ("texts", "cases not drawn", "emails", "leaver")

MONTHS, EMAIL_MONTHS = 24, 12
"""The periods where the council set no others."""

MOST_MONTHS = 240


class Retention(Base):
    """The choices about the texts of one cycle: another date, a hold, and the warning that was sent."""

    __tablename__ = "retentions"
    __table_args__ = (
        CheckConstraint("(remove_on is null) = (remove_because is null)", name="date_with_reason"),
        CheckConstraint("(held_on is null) = (held_because is null)", name="hold_with_reason"),
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id", ondelete="CASCADE"), primary_key=True)
    remove_on: Mapped[date | None]
    """The date that a person chose in place of the usual one."""
    remove_because: Mapped[str | None]
    held_on: Mapped[date | None]
    held_because: Mapped[str | None]
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    warned_on: Mapped[date | None]
    """The day on which coordinators were warned by email."""
    warned_of: Mapped[date | None]
    """The date of removal that the warning named."""
    version: Mapped[int] = mapped_column(default=1)

    cycle: Mapped[Cycle] = relationship()
    held_by: Mapped[Person | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy's own way of saying it


class Removal(Base):
    """The record of a removal: how many of each kind, and a keyed digest of all that went.

    Someone with an older copy and the key can prove from the digest what was removed; nothing can be read
    from it.
    """

    __tablename__ = "removals"
    __table_args__ = (
        CheckConstraint("what in ('texts', 'cases not drawn', 'emails', 'leaver')", name="what"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycles.id", ondelete="CASCADE"), index=True)
    """The cycle whose texts went; None for emails of all cycles and for a leaver."""
    what: Mapped[str]
    removed_at: Mapped[datetime] = mapped_column(Moment)
    removed_on: Mapped[date]
    removed_by: Mapped[str]
    """The email of the person, or the name of the program, as the history has it."""
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    proof: Mapped[str]
    compacted_at: Mapped[datetime | None] = mapped_column(Moment)
    """The moment when the space of what was removed was written over; None until then."""


class RetentionPeriods(Base):
    """The one row with the council's periods, in months; none while they are the usual ones."""

    __tablename__ = "retention_periods"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint(f"months between 1 and {MOST_MONTHS}", name="months"),
        CheckConstraint(f"email_months between 1 and {MOST_MONTHS}", name="email_months"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    months: Mapped[int]
    """Months from the reporting date of a cycle until its texts are removed."""
    email_months: Mapped[int]
    """Months from the sending of an email until its text is removed."""
