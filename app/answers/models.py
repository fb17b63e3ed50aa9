"""The tables of answers, of the context of cases, and of the council's lists for both.

`answers` holds what the pair returned. The views of others on an answer (of the second auditor, of the pair
when they agreed, of the moderator) are rows of `answer_views`; counts.py says which of them counts.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.called import Labelled
from app.database import Base, Moment

SECOND, AGREED, MODERATED, DISPUTED, REPLIED = "second", "agreed", "moderated", "dispute", "reply"
"""The views of an answer beside the pair's own, by whose they are."""

REPLACING = (AGREED, MODERATED, DISPUTED, REPLIED)
"""The views that count in place of the pair's answer: of the last three the latest, else what was agreed."""


class EvidencePlace(Labelled, Base):
    """A place where evidence is found, such as the paper file: the council's own list."""

    __tablename__ = "evidence_places"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]


class ContextFactor(Labelled, Base):
    """Something about a case that is context and never a cause, such as a vacancy: the council's own list."""

    __tablename__ = "context_factors"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]


class Answer(Base):
    """The answer of a pair to one question. Without a response the question is not answered.

    The response is a row of the tool's scale, which says how it counts.
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
    number: Mapped[float | None]
    """The number that was answered; for a question in days their distance, counted when it was answered."""
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    comment: Mapped[str | None]
    """The comment; for a grade, its reason."""
    above_limit_because: Mapped[str | None]
    """The reason for an overall grade that is above its limit."""
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """None where a file brought it."""
    saved_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    """The number of the change, so that of two people who save at once the later is told."""

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy's own way of saying it


class FurtherResponse(Base):
    """A further response of an answer that holds several; the first, in the scale's order, is its own."""

    __tablename__ = "further_responses"

    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("scale_responses.id"), primary_key=True)


class SectionSetAside(Base):
    """An optional section that does not apply to the case of an audit: no question of it does."""

    __tablename__ = "sections_set_aside"

    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"), primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"), primary_key=True)


class LookedIn(Base):
    """A place where the pair looked for the evidence of one answer."""

    __tablename__ = "looked_in"

    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("evidence_places.id"), primary_key=True)


class AnswerView(Base):
    """Another view of one answer of a returned audit, beside the answer itself; both are kept.

    `whose` is "second" where the second auditor differs, "agreed" where the pair then agreed, "moderated"
    where the moderator changed it, "dispute" where a decision on a dispute did, "reply" where one on the
    worker's reply did. The second's own view never counts by itself; what was agreed counts
    where nothing was decided later, and of decisions the latest does.
    """

    __tablename__ = "answer_views"
    __table_args__ = (
        UniqueConstraint("audit_id", "question_id", "whose"),
        CheckConstraint("whose in ('second', 'agreed', 'moderated', 'dispute', 'reply')", name="whose"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"))
    whose: Mapped[str]
    response_id: Mapped[int | None] = mapped_column(ForeignKey("scale_responses.id"))
    number: Mapped[float | None]
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    reason: Mapped[str | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    made_on: Mapped[date]


class FurtherViewResponse(Base):
    """A further response of a view that holds several."""

    __tablename__ = "further_view_responses"

    view_id: Mapped[int] = mapped_column(ForeignKey("answer_views.id", ondelete="CASCADE"), primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("scale_responses.id"), primary_key=True)


class FormNote(Base):
    """The pair's note on one audit beside its answers; the row is made when they first save a part of it."""

    __tablename__ = "form_notes"

    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"), primary_key=True)
    minutes: Mapped[int | None]
    """The time that the pair took, together."""
    took_part: Mapped[str | None]
    """The names or roles of those who took part in the meeting of a case, one on each line."""
    hard_to_find: Mapped[str | None]
    """The notes for the next version of the tool."""
    exemplar_because: Mapped[str | None]
    """The reason why this is an example of good work; None where it is not nominated."""
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """The coordinator who types in the form from paper; None where the pair fills it in."""
    entered_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy's own way of saying it


class CompletedSection(Base):
    """A section that the pair said is completed."""

    __tablename__ = "completed_sections"

    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"), primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"), primary_key=True)


class Moderation(Base):
    """A third person's review of one returned audit. The changed answers are in `answer_views`."""

    __tablename__ = "moderations"
    __table_args__ = (
        CheckConstraint(
            "chosen_because in ('lowest', 'highest', 'random', 'by hand')", name="chosen_because"
        ),
        CheckConstraint("outcome in ('agreed', 'changed')", name="outcome"),
    )

    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"), primary_key=True)
    chosen_because: Mapped[str]
    moderator_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    decided_on: Mapped[date]
    outcome: Mapped[str]
    reason: Mapped[str | None]
    read_before_grade: Mapped[bool] = mapped_column(default=False)
    """The moderator read answers and reasons before the grade."""
    in_product: Mapped[bool] = mapped_column(default=False)
    """True where it was made in the product: no file changes it."""


class ContextNote(Base):
    """A factor that was there in an audit's case."""

    __tablename__ = "context_notes"
    __table_args__ = (UniqueConstraint("audit_id", "factor_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"))
    factor_id: Mapped[int] = mapped_column(ForeignKey("context_factors.id"))
    note: Mapped[str | None]
