"""The tables of exemplars, and of nominations from which none is made."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.people.models import Person


class Exemplar(Base):
    """An example of good work, made anonymous, approved and shown to staff until it is retired."""

    __tablename__ = "exemplars"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    audit_id: Mapped[int | None] = mapped_column(ForeignKey("audits.id", ondelete="SET NULL"), index=True)
    """The audit that nominated it, for coordinators alone."""
    question: Mapped[str | None]
    title: Mapped[str]
    text: Mapped[str]
    """What was good about it, without anything by which a child or family could be known."""
    written_on: Mapped[date]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    approved_on: Mapped[date | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    retired_on: Mapped[date | None]
    retired_because: Mapped[str | None]

    written_by: Mapped[Person] = relationship(foreign_keys=written_by_id)
    approved_by: Mapped[Person | None] = relationship(foreign_keys=approved_by_id)


class SetAside(Base):
    """A nomination from which no exemplar is written, and why. It can still be written up later."""

    __tablename__ = "nominations_set_aside"

    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"), primary_key=True)
    on: Mapped[date]
    because: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
