"""The tables of what auditors found: answers, the context of the case, and the council's lists for both."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class EvidencePlace(Base):
    """A place where evidence is found, such as the paper file: the council's own list."""

    __tablename__ = "evidence_places"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]


class ContextFactor(Base):
    """Something about a case that is context and never a cause, such as a vacancy: the council's own list."""

    __tablename__ = "context_factors"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]


class Answer(Base):
    """What a pair answered to one question. Without a response the question is not answered.

    The response is one of the tool's own, so that how it counts is known wherever answers are counted.
    """

    __tablename__ = "answers"
    __table_args__ = (
        UniqueConstraint("audit_id", "question_id"),
        # in this order answers are counted from the index alone, without sorting them
        Index("ix_answers_counted", "question_id", "response_id", "found_in_id", "audit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"))
    response_id: Mapped[int | None] = mapped_column(ForeignKey("scale_responses.id"))
    found_in_id: Mapped[int | None] = mapped_column(ForeignKey("evidence_places.id"))
    comment: Mapped[str | None]


class ContextNote(Base):
    """A factor that was there in an audit's case."""

    __tablename__ = "context_notes"
    __table_args__ = (UniqueConstraint("audit_id", "factor_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"))
    factor_id: Mapped[int] = mapped_column(ForeignKey("context_factors.id"))
    note: Mapped[str | None]
