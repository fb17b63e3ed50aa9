"""The jobs of the background: the daily run, alerts, delivery, emails that came back, long imports, files to
download, the heartbeat, clearing what is old, the check of the history, telling administrators what is wrong.

The database says what is due. The jobs look often and do nothing when nothing is due, so that a machine that
slept, a clock that changed or a service that was down need no rule of their own.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from app import clock, copies_at_work, waiting_files, waking
from app.api import ending
from app.bounces.reading import read_bounces
from app.concerns import alerts
from app.database import db
from app.imports.running import IMPORTS
from app.long_work import carrying_out
from app.made_files.making import FILES
from app.moves import sent_once, typed_texts
from app.outbox import marks
from app.outbox.delivery import deliver
from app.people.closures import working_days
from app.people.inviting import write_links_asked_for
from app.readings import keeping
from app.reminders import daily_run
from app.reminders.models import DailyRun
from app.reminders.time_of_run import run_is_due
from app.retention import nightly
from app.watching.heartbeat import BOUNCES, beat
from app.watching.history_check import check_if_due
from app.watching.telling import tell_of_troubles

log = logging.getLogger(__name__)

Stopping = Callable[[], bool]
"""Asked by long work whether the service is stopping."""


@dataclass(frozen=True)
class Job:
    """A job: its name, the seconds between two looks on a single machine, and the look itself."""

    name: str
    seconds: int
    look: Callable[[Stopping], None]


def run_if_due(_stopping: Stopping) -> None:
    """Do today's run, if it is time for it and it has not been done yet."""
    on = clock.today()
    done_today = db.session.scalar(select(DailyRun.on).where(DailyRun.on == on)) is not None
    if not run_is_due(clock.clock().local(), done_today=done_today):
        return
    number = daily_run.write_emails(on)
    if working_days().is_working_day(on):
        ending.warn(on)
        log.info("daily run for %s: %d emails written", on, number)


def chase_alerts(_stopping: Stopping) -> None:
    """Tell again every alert that nobody has acknowledged and that is due again."""
    number = alerts.chase(clock.clock().local())
    if number:
        log.info("alerts sent again: %d", number)


def remove_what_is_old(_stopping: Stopping) -> None:
    """Remove files that nobody imported, used or downloaded in time, copies of backups that were killed,
    texts that nobody sent, keys of old forms, and old entries of the record of reading."""
    waiting_files.remove_old()
    carrying_out.remove_leftovers()
    copies_at_work.remove_copies_left()
    marks.remove_old(clock.today())
    typed_texts.remove_old()
    sent_once.remove_old()
    keeping.remove_old()


def remove_what_retention_ends(_stopping: Stopping) -> None:
    """Remove what cycles keep no longer, at night."""
    nightly.run(clock.clock().local())


def deliver_what_waits(stopping: Stopping) -> None:
    """Write the links that were asked for, and deliver the messages that wait in the outbox."""
    write_links_asked_for(clock.today())
    delivery = deliver(clock.today(), scheduled=True, stopping=stopping)
    if delivery.sent or delivery.failed or delivery.overtaken:
        log.info(
            "emails: %d sent, %d failed, %d no longer needed",
            delivery.sent,
            delivery.failed,
            delivery.overtaken,
        )


JOBS = (
    Job("heartbeat", 60, lambda _stopping: beat()),
    Job("daily run", 15, run_if_due),
    Job("alerts", 15, chase_alerts),
    Job("clearing", 3600, remove_what_is_old),
    Job("retention", 3600, remove_what_retention_ends),
    Job(BOUNCES, 60, lambda _stopping: read_bounces()),
    Job("troubles", 60, lambda _stopping: tell_of_troubles()),
    Job("history check", 3600, lambda _stopping: check_if_due()),
    Job(waking.DELIVERY, 15, deliver_what_waits),
    Job(waking.IMPORTS, 2, lambda _stopping: carrying_out.carry_out_what_waits(IMPORTS)),
    Job(waking.FILES, 2, lambda _stopping: carrying_out.carry_out_what_waits(FILES)),
)
