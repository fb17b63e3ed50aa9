"""The tables of workers' replies to audits of their cases, and of the talks in which these were discussed."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.audits.models import Audit
from app.database import Base
from app.moves.moving import Versioned
from app.people.models import Person


class WorkerReply(Versioned, Base):
    """The reply that the worker of a case is asked for: one for each return of its audit.

    All is kept: the reply, the decision on it, and each answer before and after.
    """

    __tablename__ = "worker_replies"
    kind, this = "reply", "this reply"
    __table_args__ = (
        CheckConstraint("(reply is null) = (replied_on is null)", name="reply"),
        CheckConstraint("decided_on is null or replied_on is not null", name="decided_after_reply"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"), index=True)
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    """None once the names of its cycle were removed."""
    worker_number: Mapped[int | None]
    """The number of the worker among those who were asked about the audit, once the name was removed."""
    asked_on: Mapped[date]
    due_on: Mapped[date]
    """The last date on which they can reply."""
    replied_on: Mapped[date | None]
    reply: Mapped[str | None]
    decided_on: Mapped[date | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decision: Mapped[str | None]
    """The words of the auditors, or of a moderator, to the worker."""
    changed: Mapped[dict[str, list[str | None]]] = mapped_column(JSON, default=dict)
    """The answers that the decision changed: by the key of the question, what counted before and after."""
    ended_on: Mapped[date | None]
    ended_because: Mapped[str | None]
    """The reason why nobody waits for it any more: the audit was sent back, or has another worker."""
    version: Mapped[int] = mapped_column(default=1)

    audit: Mapped[Audit] = relationship()
    worker: Mapped[Person | None] = relationship(foreign_keys=worker_id)
    decided_by: Mapped[Person | None] = relationship(foreign_keys=decided_by_id)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy's own way of saying it


class FeedbackTalk(Base):
    """A talk with the worker, and mostly their manager, about the audit of a case."""

    __tablename__ = "feedback_talks"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    who: Mapped[str]
    """The people who took part."""
    agreed: Mapped[str]
    """The words on what was agreed."""
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    noted_on: Mapped[date]

    noted_by: Mapped[Person] = relationship()
