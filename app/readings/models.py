"""The tables of the record of reading. No case number is in them: audits are named by their rows."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment
from app.readings.kinds import Kind

KINDS = ", ".join(f"'{kind}'" for kind in Kind)


class Reading(Base):
    """An entry: what one request or command read, or how a sign-in went."""

    __tablename__ = "readings"
    __table_args__ = (
        CheckConstraint(f"kind in ({KINDS})", name="kind"),
        Index("ix_readings_person_id_at", "person_id", "at"),
        Index("ix_readings_of_kind", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """None for a program, and for somebody who is not known, such as the writer of a wrong address."""
    program: Mapped[str | None]
    """The program that read, such as "command line"; None for a person."""
    kind: Mapped[str]
    what: Mapped[str]
    """The address that was read, or the words of a command. Of a refused address only its pattern."""
    how_many: Mapped[int]
    from_address: Mapped[str | None]
    """The network address of a sign-in or of its refusal."""


class CaseRead(Base):
    """A case whose number an entry showed: that of an audit, or one that was drawn."""

    __tablename__ = "cases_read"
    __table_args__ = (
        CheckConstraint("(audit_id is null) <> (drawn_case_id is null)", name="audit_or_drawn_case"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("readings.id", ondelete="CASCADE"), index=True)
    audit_id: Mapped[int | None] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"), index=True)
    drawn_case_id: Mapped[int | None] = mapped_column(
        ForeignKey("drawn_cases.id", ondelete="CASCADE"), index=True
    )


class ReadingsKept(Base):
    """The one row that says for how long the record of reading is kept."""

    __tablename__ = "readings_kept"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("months between 6 and 84", name="months"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    months: Mapped[int]
