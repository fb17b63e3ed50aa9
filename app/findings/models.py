"""The table of what a cycle found when it was frozen."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Snapshot(Base):
    """The findings of a frozen cycle, as they were on the day: they are read from here for ever."""

    __tablename__ = "snapshots"

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id", ondelete="CASCADE"), primary_key=True)
    made_on: Mapped[date]
    findings: Mapped[str]
    """JSON, small numbers hidden in it already (freezing.py says what is in it)."""
