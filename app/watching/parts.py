"""The parts of the service as the page for administrators shows them: each well or not, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select

from app import migrating
from app.database import db
from app.history.checks import last_check
from app.outbox import queries
from app.outbox.models import SENT
from app.outbox.queries import Standing, standing
from app.pages import moment
from app.reminders.models import DailyRun
from app.watching.facts import facts
from app.watching.health import history_broken
from app.watching.heartbeat import BOUNCES, last_beat, scheduler_late
from app.watching.tasks import failures
from app.watching.troubles import GB, Facts, Kind, Wrong, find
from app.wording import counted, in_words
from config.settings import Settings

RETURNED = "Emails that came back"


@dataclass(frozen=True)
class Part:
    """A part of the service."""

    name: str
    is_well: bool
    says: str


def parts() -> Iterator[Part]:
    """Yield all parts, as they are now."""
    seen, stands = facts(), standing()
    settings: Settings = current_app.extensions["settings"]
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[db.engine.dialect.name]
    yield Part("Database", True, f"{kind} answers")
    version = f"The database has version {migrating.current()}"
    is_current = migrating.is_current()
    yield Part("Version", is_current, version if is_current else f"{version} and needs {migrating.head()}")
    yield _scheduler(seen)
    yield _daily_run(seen)
    yield _delivery(seen, stands)
    yield _oldest(seen)
    yield _history()
    free, total = (f"{size / GB:,.1f} GB" for size in (seen.free, seen.total))
    is_enough = not isinstance(find(Kind.DISK, seen), Wrong)
    yield Part("Disk", is_enough, f"{free} of {total} are free on the machine that shows this page")
    yield _bounces(settings)


def _scheduler(seen: Facts) -> Part:
    late, at = scheduler_late(seen.now), last_beat()
    return Part("Scheduler", late is None, late or f"The scheduler last ran on {moment(at)}")


def _daily_run(seen: Facts) -> Part:
    is_well = not isinstance(find(Kind.DAILY_RUN, seen), Wrong)
    last = db.session.scalar(select(DailyRun).order_by(DailyRun.on.desc()).limit(1))
    if last is None:
        return Part("Daily run", is_well, "There has been no daily run yet")
    return Part(
        "Daily run", is_well, f"The last was for {in_words(last.on)} and ended on {moment(last.finished_at)}"
    )


def _delivery(seen: Facts, stands: Standing) -> Part:
    sent = queries.counts_by_state().get(SENT, 0)
    last = f"The last email was sent on {moment(seen.last_sent_at)}" if seen.last_sent_at else ""
    well = f"{counted(sent, 'email')} sent. {last}" if last else "No emails have been delivered yet"
    if isinstance(find(Kind.DELIVERY, seen), Wrong):
        why = "Emails have not been sent for an hour or more, so no email can tell anyone"
    elif stands.setting_at_fault:
        why = stands.setting_at_fault
    elif stands.paused_at is not None:
        why = f"The mail server refuses the sender since {moment(stands.paused_at)}"
    elif stands.unreachable_since is not None:
        why = f"The mail server cannot be reached since {moment(stands.unreachable_since)}"
    elif stands.copy_because is not None:
        why = "Emails are on hold, because the database was started from a copy"
    elif not queries.mail_goes():
        why = "No mail server is set, so emails are on hold"
    elif stands.failed:
        return Part("Delivery", True, f"{well}. Could not be delivered: {stands.failed}")
    else:
        return Part("Delivery", True, well)
    return Part("Delivery", False, why)


def _oldest(seen: Facts) -> Part:
    oldest = queries.oldest_waiting()
    is_well = not isinstance(find(Kind.DELIVERY, seen), Wrong)
    if oldest is None:
        return Part("Oldest waiting email", is_well, "No emails wait")
    return Part("Oldest waiting email", is_well, f"Written on {moment(oldest)}")


def _history() -> Part:
    last, broken = last_check(), history_broken()
    if broken is not None:
        return Part("History check", False, broken)
    if last is None:
        return Part("History check", True, "The history has not been checked yet")
    return Part("History check", True, f"On {in_words(last.on)} the history was as it was written")


def _bounces(settings: Settings) -> Part:
    if settings.mail.bounce_imap_url is None:
        return Part(RETURNED, True, "They are not read, because MAIL_BOUNCE_IMAP_URL is not set")
    at = last_beat(BOUNCES)
    failing = next((row for row in failures() if row.task == BOUNCES and row.over_at is None), None)
    if failing is not None or at is None:
        since = f"They were last read on {moment(at)}" if at else "They have not been read yet"
        why = f". Reading them fails: {failing.why.rpartition(' in ')[0]}" if failing else ""
        return Part(RETURNED, failing is None, since + why)
    return Part(RETURNED, True, f"Last read on {moment(at)}")
