"""The tables of watching: heartbeats, troubles that administrators are told of, failures of tasks."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment


class Heartbeat(Base):
    """The last sign of life of a background part of the service."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)


class StandingTrouble(Base):
    """A trouble of the service that is not over."""

    __tablename__ = "troubles"

    kind: Mapped[str] = mapped_column(primary_key=True)
    machine: Mapped[str] = mapped_column(primary_key=True)
    """The machine that has it; empty where it is the whole service's."""
    seen_at: Mapped[datetime] = mapped_column(Moment)
    """The moment when it was first seen."""
    since: Mapped[datetime] = mapped_column(Moment)
    """The moment from which it is counted."""
    told_on: Mapped[date | None]
    """The last day on which administrators were told."""


class TaskFailure(Base):
    """The failures of a task: how often it failed since ever, and the last time."""

    __tablename__ = "task_failures"

    task: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    failed_at: Mapped[datetime] = mapped_column(Moment)
    why: Mapped[str]
    """The kind of the error and its place in the code."""
    number: Mapped[str]
    """The number that the lines of the log about it have."""
    over_at: Mapped[datetime | None] = mapped_column(Moment)
    """The moment when the task next went well; None until then."""
