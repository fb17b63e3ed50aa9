"""The tables of exemplars, and of nominations that were set aside."""

from datetime import date
from hashlib import sha256

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.moves.moving import Moved
from app.people.models import Person


class Exemplar(Moved, Base):
    """An example of good work, made anonymous, approved and shown to staff until it is retired."""

    __tablename__ = "exemplars"
    kind = "exemplar"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    audit_id: Mapped[int | None] = mapped_column(ForeignKey("audits.id", ondelete="SET NULL"), index=True)
    """The audit that nominated it, for coordinators alone."""
    question: Mapped[str | None]
    title: Mapped[str]
    text: Mapped[str]
    """The good work, without anything by which a child or family could be known."""
    written_on: Mapped[date]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    approved_on: Mapped[date | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    retired_on: Mapped[date | None]
    retired_because: Mapped[str | None]

    written_by: Mapped[Person] = relationship(foreign_keys=written_by_id)
    approved_by: Mapped[Person | None] = relationship(foreign_keys=approved_by_id)

    @property
    def mark(self) -> str:
        """Return a short hash of its words: any change gives another."""
        return sha256(repr((self.title, self.text, self.question)).encode()).hexdigest()[:16]


class SetAside(Base):
    """A nomination from which no exemplar is written, and the reason. It can still be written up later."""

    __tablename__ = "nominations_set_aside"

    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"), primary_key=True)
    on: Mapped[date]
    because: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
