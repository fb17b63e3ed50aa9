"""The tables of heartbeats and of the checks of the history."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment


class Heartbeat(Base):
    """The last sign of life of a background part of the service."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)


class HistoryCheck(Base):
    """The check of the history of a day: its head then, and the first place at which it did not hold."""

    __tablename__ = "history_checks"

    on: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    rows: Mapped[int]
    hash: Mapped[str]
    broken_row: Mapped[int | None]
    why: Mapped[str | None]
    seal: Mapped[str]
    """Keyed, so that nobody without the key can say that all was well."""
