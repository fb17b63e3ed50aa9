"""The tables of audit tools."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.called import Named, Referenced
from app.database import Base


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

    responses: Mapped[list["ScaleResponse"]] = relationship(
        cascade="all, delete-orphan", order_by="ScaleResponse.position"
    )
    sections: Mapped[list["Section"]] = relationship(
        cascade="all, delete-orphan", order_by="Section.position"
    )


class ScaleResponse(Base):
    """A response of a scale and how it counts: met, not met or excluded."""

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
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id", ondelete="CASCADE"))
    position: Mapped[int]
    key: Mapped[str]
    key_area: Mapped[str]
    text: Mapped[str]
    scale: Mapped[str]
    guidance: Mapped[str | None]
    standard_id: Mapped[int | None] = mapped_column(ForeignKey("standards.id"))
    expected_level: Mapped[int | None]
    """The whole per cent that the council expects of the key area; None: it is not red, amber or green."""
    is_core: Mapped[bool] = mapped_column(default=False)
    """A core question keeps its key across tools, too, so that its figures can be put side by side."""

    standard: Mapped[Standard | None] = relationship()
