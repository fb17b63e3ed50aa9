"""The table of the findings of frozen cycles."""

from datetime import date

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.history.documents import FROZEN, Covered


class Snapshot(Base):
    """The findings of a frozen cycle, as they were on that day. From then on they are read from here."""

    __tablename__ = "snapshots"
    __table_args__ = {"info": {FROZEN: Covered(("cycle_id", "made_on", "findings"))}}  # noqa: RUF012

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id", ondelete="CASCADE"), primary_key=True)
    made_on: Mapped[date]
    findings: Mapped[str]
    """JSON of the whole document, small numbers hidden, with digests of what it counts (see freezing.py)."""


class CasesCounted(Base):
    """The numbers of cases of a frozen cycle whose snapshot lacks them, from before its case numbers went."""

    __tablename__ = "cases_counted"

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id", ondelete="CASCADE"), primary_key=True)
    cases: Mapped[int]
    same_cases: Mapped[dict[str, int | None]] = mapped_column(JSON)
    """As `Findings.same_cases`."""
