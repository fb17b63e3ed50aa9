"""The scheduler's heartbeat, from whichever process and machine it runs on."""

from collections.abc import Callable
from datetime import datetime, timedelta

from app import clock
from app.command_line import named
from app.database import db, insert_or_leave, transaction
from app.watching.models import Heartbeat, TaskFailure

SCHEDULER = "scheduler"
BOUNCES = "bounces"
LATE_AFTER = timedelta(minutes=3)
UNREAD_AFTER = timedelta(hours=1)


def beat(name: str = SCHEDULER) -> None:
    """Write that the scheduler, or another part, is alive now."""
    now = clock.now()
    with transaction():
        db.session.execute(insert_or_leave(Heartbeat).values(name=name, at=now))
        db.session.execute(db.update(Heartbeat).where(Heartbeat.name == name).values(at=now))


def last_beat(name: str = SCHEDULER) -> datetime | None:
    """Return when the scheduler, or another part, was last alive; None where it never was."""
    at: datetime | None = db.session.scalar(db.select(Heartbeat.at).where(Heartbeat.name == name))
    return at


def scheduler_late(now: datetime, command: Callable[[str], str] = named) -> str | None:
    """Return what is wrong with the scheduler, in a sentence; None when it is alive."""
    last = last_beat()
    if last is None:
        return f"The scheduler has not run yet, so start `{command('serve')}` or `{command('worker')}`"
    if now - last > LATE_AFTER:
        return f"The scheduler last ran {_ago(now - last)} ago"
    return None


def bounces_unread(now: datetime) -> bool:
    """Return True where reading the mailbox of emails that come back has failed for an hour or more."""
    fails = (TaskFailure.task == BOUNCES, TaskFailure.over_at.is_(None))
    if db.session.scalar(db.select(TaskFailure.task).where(*fails)) is None:
        return False
    last = last_beat(BOUNCES)
    return last is None or now - last > UNREAD_AFTER


def _ago(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
