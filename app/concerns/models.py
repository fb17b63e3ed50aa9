"""The tables of concerns about one child: alerts (at risk now), remedies (put right on the file), and
responses that a grade called for."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.audits.models import Audit
from app.database import Base, Moment
from app.moves.moving import Moved, Versioned
from app.people.models import Person

_OPEN = text("acknowledged_at IS NULL")


class Alert(Moved, Base):
    """An auditor's worry that a child may be at risk now. It records a phone call and is no referral."""

    __tablename__ = "alerts"
    kind = "alert"
    __table_args__ = (Index("ix_alerts_open", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"), index=True)
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    raised_at: Mapped[datetime] = mapped_column(Moment)
    told_whom: Mapped[str]
    told_when: Mapped[str]
    told_how: Mapped[str]
    answer: Mapped[str]
    """The answer of the person who was phoned: what they would do."""
    last_told_at: Mapped[datetime] = mapped_column(Moment)
    """The moment of the last messages about it."""
    times_told: Mapped[int] = mapped_column(default=1)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Moment)
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    acknowledgement: Mapped[str | None]
    """The words of the person who acknowledged it, on what they do."""

    audit: Mapped[Audit] = relationship()
    raised_by: Mapped[Person] = relationship(foreign_keys=raised_by_id)
    acknowledged_by: Mapped[Person | None] = relationship(foreign_keys=acknowledged_by_id)


class DutyTeam(Base):
    """The one row with the name and the telephone number of the duty team."""

    __tablename__ = "duty_team"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    telephone: Mapped[str]


class Remedy(Versioned, Base):
    """A correction to make on one child's file, in the case system; it is none of the service's actions."""

    __tablename__ = "remedies"
    kind, this = "remedy", "this remedy"
    __table_args__ = (Index("ix_remedies_due_on", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"), index=True)
    text: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    """The manager of the case's team; None where there is none, until a coordinator names somebody."""
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    raised_on: Mapped[date]
    due_on: Mapped[date]
    first_due_on: Mapped[date]
    done_on: Mapped[date | None]
    done_how: Mapped[str | None]
    withdrawn_on: Mapped[date | None]
    withdrawn_because: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    audit: Mapped[Audit] = relationship()
    owner: Mapped[Person | None] = relationship(foreign_keys=owner_id)
    raised_by: Mapped[Person] = relationship(foreign_keys=raised_by_id)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy's own way of saying it


class CalledResponse(Versioned, Base):
    """A response of the service that a grade called for: one per audit, another if it is called for again.

    Emails about it have the audit's reference and the due date, and no more.
    """

    __tablename__ = "called_responses"
    kind, this = "response", "this response"
    __table_args__ = (
        Index("ix_called_responses_due_on", "due_on"),
        CheckConstraint("(dispute is null) = (disputed_by_id is null)", name="dispute"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"), index=True)
    called_on: Mapped[date]
    due_on: Mapped[date]
    questions: Mapped[list[str]] = mapped_column(JSON)
    """The keys of the questions whose answers called for it."""
    answered_on: Mapped[date | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    done: Mapped[str | None]
    """The words on what was done for the child, and when."""
    dispute: Mapped[str | None]
    """The reason why the service disputes the grade."""
    disputed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_on: Mapped[date | None]
    """The day on which the dispute was decided."""
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decision: Mapped[str | None]
    """The moderator's words on the dispute. A changed answer is a view of it."""
    fell_away_on: Mapped[date | None]
    fell_away_because: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    audit: Mapped[Audit] = relationship()
    answered_by: Mapped[Person | None] = relationship(foreign_keys=answered_by_id)
    decided_by: Mapped[Person | None] = relationship(foreign_keys=decided_by_id)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy's own way of saying it


class RemedyOfResponse(Base):
    """A remedy that a response names."""

    __tablename__ = "remedies_of_responses"

    response_id: Mapped[int] = mapped_column(
        ForeignKey("called_responses.id", ondelete="CASCADE"), primary_key=True
    )
    remedy_id: Mapped[int] = mapped_column(ForeignKey("remedies.id"), primary_key=True)
