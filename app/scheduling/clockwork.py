"""The scheduler's jobs: the daily run, alerts, delivery, the heartbeat, clearing what is old, the check
of the history.

The database says what is due. The jobs look often and do nothing when nothing is due, so that a machine that
slept, a clock that changed or a service that was down need no rule of their own.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, current_app
from sqlalchemy import select

from app import clock
from app.api import ending
from app.concerns import alerts
from app.database import db
from app.files import waiting
from app.moves import sent_once, typed_texts
from app.outbox import marks
from app.outbox.delivery import deliver
from app.people.inviting import write_links_asked_for
from app.readings import keeping
from app.reminders import daily_run
from app.reminders.models import DailyRun
from app.reports import templates
from app.retention import nightly
from app.scheduling.daily import run_is_due
from app.watching.heartbeat import beat
from app.watching.history_check import check_if_due
from app.watching.tasks import watched
from config.settings import Settings

log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 15
SECONDS_BETWEEN_BEATS = 60
SECONDS_BETWEEN_CLEARINGS = 3600


@contextmanager
def running(app: Flask) -> Iterator[None]:
    """Run the scheduler inside. It stops after the message that is being sent."""
    stopping = threading.Event()
    scheduler = BackgroundScheduler(
        timezone="UTC",  # the jobs work out the council's own time
        # a late run of a job is as good as one in time, and one of several missed is enough
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    # a delivery that goes on past the next look is no fault
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    jobs: list[tuple[str, int, Callable[[], None]]] = [
        ("heartbeat", SECONDS_BETWEEN_BEATS, beat),
        ("daily run", SECONDS_BETWEEN_LOOKS, run_if_due),
        ("alerts", SECONDS_BETWEEN_LOOKS, chase_alerts),
        ("clearing", SECONDS_BETWEEN_CLEARINGS, remove_what_is_old),
        ("retention", SECONDS_BETWEEN_CLEARINGS, lambda: nightly.run(clock.clock().local())),
        ("history check", SECONDS_BETWEEN_CLEARINGS, check_if_due),
        ("delivery", SECONDS_BETWEEN_LOOKS, lambda: deliver_what_waits(stopping)),
    ]
    for name, seconds, job in jobs:
        scheduler.add_job(
            watched(app, name, job), "interval", seconds=seconds, id=name, next_run_time=datetime.now(UTC)
        )
    with app.app_context():
        beat()
    scheduler.start()
    try:
        yield
    finally:
        stopping.set()
        scheduler.shutdown()


def run_if_due() -> None:
    """Do today's run, if it is time for it and it has not been done yet."""
    on = clock.today()
    done_today = db.session.scalar(select(DailyRun.on).where(DailyRun.on == on)) is not None
    if not run_is_due(clock.clock().local(), done_today=done_today):
        return
    outcome = daily_run.run(on)
    if outcome.working_day:
        ending.warn(on)
        log.info("daily run for %s: %d emails written", on, len(outcome.messages))


def chase_alerts() -> None:
    """Tell again every alert that nobody has acknowledged and that is due again."""
    number = alerts.chase(clock.clock().local())
    if number:
        log.info("alerts sent again: %d", number)


def remove_what_is_old() -> None:
    """Remove files that nobody imported or used, texts that nobody sent, keys of old forms, and old
    entries of the record of reading."""
    settings: Settings = current_app.extensions["settings"]
    for folder in (settings.instance_path / "imports", templates.folder()):
        waiting.remove_old(folder, clock.now())
    marks.remove_old(clock.today())
    typed_texts.remove_old()
    sent_once.remove_old()
    keeping.remove_old()


def deliver_what_waits(stopping: threading.Event) -> None:
    """Write the links that were asked for, and deliver the messages that wait in the outbox."""
    write_links_asked_for(clock.today())
    delivery = deliver(clock.today(), scheduled=True, stopping=stopping.is_set)
    if delivery.sent or delivery.failed or delivery.overtaken:
        log.info(
            "emails: %d sent, %d failed, %d no longer needed",
            delivery.sent,
            delivery.failed,
            delivery.overtaken,
        )
