"""The tables of audit tools."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.called import Named, Referenced
from app.database import Base

Said = JSON(none_as_null=True)
"""A column for a few words of a question or section: a condition, a ceiling, what calls for a response."""


class Tool(Referenced, Base):
    """A version of an audit tool. Once published it never changes."""

    __tablename__ = "tools"
    __table_args__ = (
        UniqueConstraint("reference", "version"),
        Index("ix_tools_folded", "folded", "version", unique=True),
    )
    has_versions = True

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str]
    version: Mapped[int]
    title: Mapped[str]
    minimum_answered: Mapped[float]
    """The fraction (0 to 1) of applicable audits below which a key area has no figure."""
    minimum_count: Mapped[int]
    """The fewest answers that give a figure."""
    is_draft: Mapped[bool] = mapped_column(default=False)
    """Return True while it is being written in the product: no cycle uses it, and it may change."""
    published_on: Mapped[date | None]
    """None for a draft, and for versions older than this column."""
    unit: Mapped[str | None]
    """The thing that it examines, such as "supervision file"; None: the child's record."""
    overall: Mapped[str | None]
    """The key of the question that is the overall grade."""
    limits: Mapped[list[dict[str, Any]] | None] = mapped_column(Said)
    """The limits of the overall grade, each with `if_any`, `of` and `at_most`."""

    scales: Mapped[list["ScaleKind"]] = relationship(cascade="all, delete-orphan", order_by="ScaleKind.scale")
    responses: Mapped[list["ScaleResponse"]] = relationship(
        cascade="all, delete-orphan", order_by="ScaleResponse.position"
    )
    sections: Mapped[list["Section"]] = relationship(
        cascade="all, delete-orphan", order_by="Section.position"
    )


class ScaleKind(Base):
    """The kind of a scale, and whether an answer may hold several of its responses."""

    __tablename__ = "scales"
    __table_args__ = (CheckConstraint("kind in ('evidence', 'grade', 'category')", name="kind"),)

    tool_id: Mapped[int] = mapped_column(ForeignKey("tools.id", ondelete="CASCADE"), primary_key=True)
    scale: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    several: Mapped[bool] = mapped_column(default=False)


class ScaleResponse(Base):
    """A response of a scale and how it counts: met, not met, excluded, or neither of them.

    The responses of `tools.content.NUMBER_SCALES` are here too, for every tool that asks for a number.
    """

    __tablename__ = "scale_responses"
    __table_args__ = (UniqueConstraint("tool_id", "scale", "response"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tool_id: Mapped[int] = mapped_column(ForeignKey("tools.id", ondelete="CASCADE"))
    scale: Mapped[str]
    position: Mapped[int]
    response: Mapped[str]
    counts_as: Mapped[str]


class Section(Base):
    """A part of the tool, one page of the form."""

    __tablename__ = "sections"
    __table_args__ = (UniqueConstraint("tool_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tool_id: Mapped[int] = mapped_column(ForeignKey("tools.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str]
    key: Mapped[str | None]
    """The name of the section in files; an optional one has one."""
    optional: Mapped[bool] = mapped_column(default=False)
    """True where it may be set aside for a case that it does not apply to."""
    applies_if: Mapped[dict[str, Any] | None] = mapped_column(Said)
    """The `question` (key) and `response` (list) that decide whether it applies."""

    questions: Mapped[list["Question"]] = relationship(
        cascade="all, delete-orphan", order_by="Question.position"
    )


class Standard(Named, Base):
    """A source of questions, such as a section of a statute: the council's own list."""

    __tablename__ = "standards"
    __table_args__ = (
        CheckConstraint(
            "source in ('statute', 'inspection criteria', 'learning from reviews', 'local priority')",
            name="source",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    text: Mapped[str | None]
    """The requirement, in a sentence or two."""


class Question(Base):
    """A question and the key area whose figure it gives. Its key stays across versions."""

    __tablename__ = "questions"
    __table_args__ = (
        UniqueConstraint("section_id", "position"),
        UniqueConstraint("section_id", "key"),
        CheckConstraint("expected_level between 1 and 100", name="expected_level"),
        CheckConstraint("answer in ('response', 'number', 'days')", name="answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id", ondelete="CASCADE"))
    position: Mapped[int]
    key: Mapped[str]
    key_area: Mapped[str]
    text: Mapped[str]
    scale: Mapped[str]
    """The scale of its answers; for a number or days one of `tools.content.NUMBER_SCALES`."""
    guidance: Mapped[str | None]
    standard_id: Mapped[int | None] = mapped_column(ForeignKey("standards.id"))
    expected_level: Mapped[int | None]
    """The whole per cent that the council expects of the key area; None: it is not red, amber or green."""
    is_core: Mapped[bool] = mapped_column(default=False)
    """A core question keeps its key across tools, too, so that its figures can be put side by side."""
    answer: Mapped[str] = mapped_column(default="response")
    """The answer that it asks for: "response", "number" or "days" (between two dates)."""
    unit: Mapped[str | None]
    from_label: Mapped[str | None]
    to_label: Mapped[str | None]
    counted_in: Mapped[str | None]
    met_up_to: Mapped[float | None]
    met_from: Mapped[float | None]
    applies_if: Mapped[dict[str, Any] | None] = mapped_column(Said)
    """The `question` (key) and `response` (list) that decide whether it applies."""
    per_case: Mapped[bool] = mapped_column(default=False)
    """True where the meeting of all agencies of a case answers it."""
    theme: Mapped[str | None]
    """The theme of its key area."""
    recorded_in: Mapped[str | None]
    """The place where the council has decided that it is recorded."""
    at_most: Mapped[dict[str, Any] | None] = mapped_column(Said)
    """The ceiling: `response` (list) and whole `percent`."""
    calls_for_response: Mapped[dict[str, Any] | None] = mapped_column(Said)
    """The `response` (list) that call for a response of the service within `working_days`."""

    standard: Mapped[Standard | None] = relationship()
