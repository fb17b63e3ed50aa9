"""The tables of draws and of the cases drawn."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.audits.cases import OfACase
from app.database import Base


class Draw(Base):
    """A draw of cases for a cycle; the same list, seed and sizes draw the same cases again."""

    __tablename__ = "draws"
    __table_args__ = (
        CheckConstraint(
            "method in ('random', 'stratified', 'hand-picked', 'whole population')", name="method"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id", ondelete="CASCADE"), index=True)
    method: Mapped[str]
    seed: Mapped[int]
    size: Mapped[int]
    drawn_on: Mapped[date]
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    cases: Mapped[list["DrawnCase"]] = relationship(
        cascade="all, delete-orphan", order_by="DrawnCase.position"
    )


class DrawnCase(OfACase, Base):
    """A case of the list that was drawn from, at its place in the draw; the first `Draw.size` are chosen.

    Case numbers are for coordinators alone, and are removed with those of the audits. `case_reference` stays
    as it was drawn, so that the draw can be repeated; `case_folded` follows a correction of its audit.
    """

    __tablename__ = "drawn_cases"
    __table_args__ = (UniqueConstraint("draw_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id", ondelete="CASCADE"))
    position: Mapped[int]
    stratum: Mapped[str]
    """The case's team."""
    is_chosen: Mapped[bool]
    left_out_because: Mapped[str | None]
    """The reason why it is not audited, perhaps with words after ": "; None if it was not left out."""
    stands_in_for_id: Mapped[int | None] = mapped_column(ForeignKey("drawn_cases.id"))
