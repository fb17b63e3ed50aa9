"""The tables of recommendations and actions. They store facts, each with its day; states are computed.

A fact that a file brought without a day (`raised_on`, `agreed_on`, a moved date's `made_on`) holds on every
day.
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.audits.cycle import Cycle
from app.called import Named
from app.database import Base
from app.moves.moving import FromFiles
from app.people.models import Person

_NOT_DONE = text("done_on IS NULL AND withdrawn_on IS NULL")
_DONE = text("done_on IS NOT NULL")
_WITHDRAWN = text("withdrawn_on IS NOT NULL")
_NOT_CARRIED_OUT = text("carried_out_on IS NULL")


class Body(Named, Base):
    """A body that decides on recommendations, such as the Senior Management Team: the council's own list."""

    __tablename__ = "bodies"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)

    members: Mapped[list["BodyMember"]] = relationship(cascade="all, delete-orphan")
    meetings: Mapped[list["Meeting"]] = relationship(cascade="all, delete-orphan", order_by="Meeting.on")


class BodyMember(Base):
    """A member of a body."""

    __tablename__ = "body_members"

    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    part: Mapped[str | None]
    """Their part in it, such as "chair"."""

    person: Mapped[Person] = relationship()


class Meeting(Base):
    """A day on which a body meets, with a note."""

    __tablename__ = "meetings"
    __table_args__ = (UniqueConstraint("body_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id", ondelete="CASCADE"))
    on: Mapped[date]
    note: Mapped[str | None]


class Recommendation(FromFiles, Base):
    """A proposal that a body is asked to agree. It answers findings and has actions."""

    __tablename__ = "recommendations"
    kind = "recommendation"
    __table_args__ = (
        CheckConstraint("decision in ('accepted', 'amended', 'deferred', 'rejected')", name="decision"),
        Index(
            "ix_recommendations_not_carried_out",
            "due_on",
            "reference",
            sqlite_where=_NOT_CARRIED_OUT,
            postgresql_where=_NOT_CARRIED_OUT,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"), index=True)
    text: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    due_on: Mapped[date | None]
    first_due_on: Mapped[date | None]
    body_id: Mapped[int | None] = mapped_column(ForeignKey("bodies.id"), index=True)
    raised_on: Mapped[date | None]
    """None: it always was."""
    raised_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decision: Mapped[str | None]
    decided_on: Mapped[date | None]
    decision_words: Mapped[str | None]
    """The amendment, or the reason for deferring or rejecting it."""
    carried_out_on: Mapped[date | None]
    proposed_on: Mapped[date | None]
    """The day on which its owner said that it is carried out; a coordinator then agrees or hands it back."""
    proposed_words: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    cycle: Mapped[Cycle] = relationship()
    owner: Mapped[Person | None] = relationship(foreign_keys=owner_id)
    raised_by: Mapped[Person | None] = relationship(foreign_keys=raised_by_id)
    body: Mapped[Body | None] = relationship()
    findings: Mapped[list["AnsweredFinding"]] = relationship(
        cascade="all, delete-orphan", order_by="AnsweredFinding.question"
    )
    actions: Mapped[list["Action"]] = relationship(back_populates="recommendation", order_by="Action.id")
    moved_dates: Mapped[list["MovedDate"]] = relationship(
        cascade="all, delete-orphan", order_by="MovedDate.id"
    )
    progress: Mapped[list["ProgressNote"]] = relationship(
        cascade="all, delete-orphan", order_by="ProgressNote.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy's own way of saying it


class AnsweredFinding(Base):
    """A key area of the cycle that a recommendation answers."""

    __tablename__ = "answered_findings"

    recommendation_id: Mapped[int] = mapped_column(
        ForeignKey("recommendations.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(primary_key=True)
    """The key of its question."""


class Action(FromFiles, Base):
    """A piece of work with one owner and a due day, signed off by somebody else, whose effect is checked."""

    __tablename__ = "actions"
    kind = "action"
    __table_args__ = (
        CheckConstraint("impact in ('effective', 'not effective')", name="impact"),
        # nobody signs off their own action
        CheckConstraint("signed_off_by_id <> owner_id", name="signed_off_by_another"),
        Index(
            "ix_actions_not_done",
            "due_on",
            "reference",
            # the other columns let the tracker count from the index alone
            "owner_id",
            "is_draft",
            "agreed_on",
            "started_on",
            sqlite_where=_NOT_DONE,
            postgresql_where=_NOT_DONE,
        ),
        Index(
            "ix_actions_done_on",
            "done_on",
            # as above
            "signed_off_on",
            "impact_checked_on",
            "withdrawn_on",
            sqlite_where=_DONE,
            postgresql_where=_DONE,
        ),
        Index(
            "ix_actions_withdrawn_on", "withdrawn_on", sqlite_where=_WITHDRAWN, postgresql_where=_WITHDRAWN
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]
    changes_for_children: Mapped[str | None]
    """The change for children that it should bring."""
    recommendation_id: Mapped[int | None] = mapped_column(ForeignKey("recommendations.id"), index=True)
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycles.id"), index=True)
    """The cycle whose finding it answers; that of its recommendation if it has one."""
    question: Mapped[str | None]
    """The key of the question whose finding it answers."""
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("actions.id"))
    """The action that was not effective and asked for this one."""
    is_quick_win: Mapped[bool] = mapped_column(default=False)
    is_draft: Mapped[bool] = mapped_column(default=False)
    """True until it is agreed. An action without owner or due day counts as a draft, too."""
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    due_on: Mapped[date | None]
    first_due_on: Mapped[date | None]
    raised_on: Mapped[date | None]
    raised_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    agreed_on: Mapped[date | None]
    """None, and no draft: it always was."""
    started_on: Mapped[date | None]
    done_on: Mapped[date | None]
    evidence: Mapped[str | None]
    """Words or a link that show that it was done; no case documents."""
    signed_off_on: Mapped[date | None]
    signed_off_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    impact_due_on: Mapped[date | None]
    """The day on which its effect is to be checked."""
    impact_checked_on: Mapped[date | None]
    impact: Mapped[str | None]
    impact_words: Mapped[str | None]
    """The finding of the check, such as "13 of 15 files"."""
    withdrawn_on: Mapped[date | None]
    withdrawn_because: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    recommendation: Mapped[Recommendation | None] = relationship(back_populates="actions")
    cycle: Mapped[Cycle | None] = relationship()
    owner: Mapped[Person | None] = relationship(foreign_keys=owner_id)
    raised_by: Mapped[Person | None] = relationship(foreign_keys=raised_by_id)
    signed_off_by: Mapped[Person | None] = relationship(foreign_keys=signed_off_by_id)
    moved_dates: Mapped[list["MovedDate"]] = relationship(
        cascade="all, delete-orphan", order_by="MovedDate.id"
    )
    progress: Mapped[list["ProgressNote"]] = relationship(
        cascade="all, delete-orphan", order_by="ProgressNote.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy's own way of saying it


class MovedDate(Base):
    """A due day of a recommendation or an action that was moved, with the reason."""

    __tablename__ = "moved_dates"
    __table_args__ = (
        CheckConstraint(
            "(action_id is null and recommendation_id is not null)"
            " or (action_id is not null and recommendation_id is null)",
            name="one_thing",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int | None] = mapped_column(ForeignKey("actions.id", ondelete="CASCADE"), index=True)
    recommendation_id: Mapped[int | None] = mapped_column(
        ForeignKey("recommendations.id", ondelete="CASCADE"), index=True
    )
    from_due_on: Mapped[date | None]
    to_due_on: Mapped[date]
    because: Mapped[str]
    asked_on: Mapped[date | None]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    made_on: Mapped[date | None] = mapped_column(index=True)
    """The day from which the new due day holds. None with `is_made`: it always did (from a file)."""
    is_made: Mapped[bool] = mapped_column(default=True)
    """False while it is only asked for, and after it was refused."""
    refused_on: Mapped[date | None]
    refused_because: Mapped[str | None]


class ProgressNote(Base):
    """A line about the progress of an action or a recommendation."""

    __tablename__ = "progress_notes"
    __table_args__ = (
        CheckConstraint("(action_id is null) <> (recommendation_id is null)", name="one_thing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int | None] = mapped_column(ForeignKey("actions.id", ondelete="CASCADE"), index=True)
    recommendation_id: Mapped[int | None] = mapped_column(
        ForeignKey("recommendations.id", ondelete="CASCADE"), index=True
    )
    on: Mapped[date]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str]
    struck_on: Mapped[date | None]
    """The day on which somebody struck it through."""
    struck_because: Mapped[str | None]

    by: Mapped[Person] = relationship()


class FindingLeft(Base):
    """The written reason why a finding of a cycle has no action."""

    __tablename__ = "findings_left"

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id", ondelete="CASCADE"), primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    because: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    on: Mapped[date]
