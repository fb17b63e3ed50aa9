"""The clock that works by itself: the daily run, alerts, delivery, the heartbeat, files that nobody imported.

What is due stands in the database. The jobs look often and do nothing when nothing is due, so that a machine
that slept, a clock that changed or a service that was down need no rule of their own.
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
from app.concerns import alerts
from app.database import db
from app.files import waiting
from app.outbox.delivery import deliver
from app.reminders import daily_run
from app.reminders.models import DailyRun
from app.scheduling.daily import run_is_due
from app.scheduling.heartbeat import beat
from config.settings import Settings

log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 15
SECONDS_BETWEEN_BEATS = 60
SECONDS_BETWEEN_CLEARINGS = 3600


@contextmanager
def running(app: Flask) -> Iterator[None]:
    """The clock runs inside. It ends after the message that is just being sent."""
    stopping = threading.Event()
    scheduler = BackgroundScheduler(
        timezone="UTC",  # what hour it is where the council is, the jobs ask themselves
        # a late look is as good as one in time, and one is enough
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    # a delivery that takes longer than until the next look is no fault
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    jobs: list[tuple[str, int, Callable[[], None]]] = [
        ("heartbeat", SECONDS_BETWEEN_BEATS, beat),
        ("daily run", SECONDS_BETWEEN_LOOKS, run_if_due),
        ("alerts", SECONDS_BETWEEN_LOOKS, chase_alerts),
        ("files", SECONDS_BETWEEN_CLEARINGS, remove_files_nobody_imported),
        ("delivery", SECONDS_BETWEEN_LOOKS, lambda: deliver_what_waits(stopping)),
    ]
    for name, seconds, job in jobs:
        safe = _safely(app, name, job)
        scheduler.add_job(safe, "interval", seconds=seconds, id=name, next_run_time=datetime.now(UTC))
    with app.app_context():
        beat()
    scheduler.start()
    try:
        yield
    finally:
        stopping.set()
        scheduler.shutdown()


def run_if_due() -> None:
    """Today's run, if it is time for it and it has not happened yet."""
    on = clock.today()
    done_today = db.session.scalar(select(DailyRun.on).where(DailyRun.on == on)) is not None
    if not run_is_due(clock.clock().local(), done_today=done_today):
        return
    outcome = daily_run.run(on)
    if outcome.working_day:
        log.info("daily run of %s: %d messages", on, len(outcome.messages))


def chase_alerts() -> None:
    """Every alert that nobody has acknowledged and whose time has come is told again."""
    told = alerts.chase(clock.clock().local())
    if told:
        log.info("alerts told again: %d", told)


def remove_files_nobody_imported() -> None:
    """Files that were sent in to be imported, a day after nobody confirmed it."""
    settings: Settings = current_app.extensions["settings"]
    waiting.remove_old(settings.instance_path / "imports", clock.now())


def deliver_what_waits(stopping: threading.Event) -> None:
    """Whatever waits in the outbox."""
    delivery = deliver(clock.today(), scheduled=True, stopping=stopping.is_set)
    if delivery.sent or delivery.failed or delivery.overtaken:
        log.info(
            "delivery: %d sent, %d failed, %d overtaken", delivery.sent, delivery.failed, delivery.overtaken
        )


def _safely(app: Flask, name: str, job: Callable[[], None]) -> Callable[[], None]:
    """The job in a context of its own; what goes wrong is logged and does not stop the clock."""

    def carry_out() -> None:
        with app.app_context():
            try:
                job()
            except Exception as fault:  # noqa: BLE001  the next look may go well
                # the kind of fault alone: its words may have people in them
                log.error("%s: %s in %s", name, type(fault).__name__, _where(fault))  # noqa: TRY400

    return carry_out


def _where(fault: Exception) -> str:
    trace = fault.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "an unknown place"
