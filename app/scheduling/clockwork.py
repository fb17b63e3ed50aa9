"""The clock of the background's jobs: APScheduler in one process on SQLite, the queue on PostgreSQL."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from app.database import db
from app.scheduling.jobs import JOBS
from app.watching.heartbeat import beat
from app.watching.tasks import watched


@contextmanager
def running(app: Flask) -> Iterator[None]:
    """Do the jobs of the background inside. It stops after the message that is being sent."""
    with app.app_context():
        beat()
        is_postgresql = db.engine.dialect.name == "postgresql"
        db.session.remove()
    stopping = threading.Event()
    if is_postgresql:
        # here, because it takes memory and time that a service on SQLite does not need
        from app.scheduling.queue import working

        with working(app, stopping):
            yield
        return
    scheduler = _scheduler(app, stopping)
    scheduler.start()
    try:
        yield
    finally:
        stopping.set()
        scheduler.shutdown()


def _scheduler(app: Flask, stopping: threading.Event) -> BackgroundScheduler:
    scheduler = BackgroundScheduler(
        timezone="UTC",  # the jobs work out the council's own time
        # a late run of a job is as good as one in time, and one of several missed is enough
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    # a delivery that goes on past the next look is no fault
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    for job in JOBS:
        look = watched(app, job.name, partial(job.look, stopping.is_set))
        now = datetime.now(UTC)
        scheduler.add_job(look, "interval", seconds=job.seconds, id=job.name, next_run_time=now)
    return scheduler
