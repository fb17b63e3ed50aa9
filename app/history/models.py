"""The tables of the history."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment


class HistoryRow(Base):
    """An event. Written by moves only, never changed, never removed; triggers of the database refuse both.

    Its words alone (`before`, `after`, `why`) can be removed, by `correcting.remove_words`, and who did it by
    `correcting.replace_who`.
    """

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_subject", "subject_kind", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    on: Mapped[date]
    """The day in the council's calendar that the fact belongs to."""
    who: Mapped[str]
    """The email of the person who did it, or the name of the program that did ("import", "daily run")."""
    subject_kind: Mapped[str]
    """audit, action, cycle, person, setting, …"""
    subject: Mapped[str]
    """The reference of the audit, the cycle, …; a person's id."""
    what: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str | None]
    why: Mapped[str | None]
    salt: Mapped[str | None]
    """Makes the digests of its words its own. None where it has no words, or some were removed."""
    removed: Mapped[str | None]
    """JSON that stands for the words that were removed, so that the chain holds (chain.py)."""
    previous_hash: Mapped[str]
    hash: Mapped[str]


class HistoryEnd(Base):
    """The only row that says how many rows the history has and how its chain ends, by which rows removed from
    the end are detected; appending takes its lock."""

    __tablename__ = "history_end"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rows: Mapped[int]
    hash: Mapped[str]
    seal: Mapped[str]
    """Keyed, so that nobody without the key can set another end."""


class HistoryCheck(Base):
    """The last check of the history on a day: its head then, and the first place where it did not hold."""

    __tablename__ = "history_checks"

    on: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    rows: Mapped[int]
    hash: Mapped[str]
    broken_row: Mapped[int | None]
    why: Mapped[str | None]
    seal: Mapped[str]
    """Keyed, so that nobody without the key can say that all was well."""
    acknowledged: Mapped[int | None]
    """The row of the history that says who acknowledged a break, and why; None while it stands."""
