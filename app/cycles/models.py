"""The tables of past cycles of which only the published figures are known."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.moves.moving import Moved


class EarlierCycle(Moved, Base):
    """A past cycle of which only published percentages are known, without the answers behind them."""

    __tablename__ = "earlier_cycles"
    kind = "earlier cycle"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    reported_on: Mapped[date]
    source: Mapped[str]
    """The paper in which the percentages were published."""

    figures: Mapped[list["EarlierFigure"]] = relationship(
        cascade="all, delete-orphan", order_by="EarlierFigure.question"
    )


class EarlierFigure(Base):
    """A published percentage of a past cycle."""

    __tablename__ = "earlier_figures"
    __table_args__ = (CheckConstraint("percent between 0 and 100", name="percent"),)

    earlier_cycle_id: Mapped[int] = mapped_column(
        ForeignKey("earlier_cycles.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(primary_key=True)
    """The key of the question."""
    percent: Mapped[int]
    answered: Mapped[int | None]
    """The number of answers behind it, if it was published."""
