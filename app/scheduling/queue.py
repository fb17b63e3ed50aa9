"""The queue of the background's jobs on PostgreSQL, for any number of machines: Procrastinate.

A tick every minute makes a task of each job, once for all machines together, and a change that something
waits for makes one at once (app/waking.py). A job runs at one place at a time, because its tasks have a lock
of its name. The job itself asks the database whether anything is due: ticks that are late or dropped, and
tasks that run twice, do no harm. Tasks of a machine that is gone are taken over within two minutes.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import procrastinate
from flask import Flask
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

from app.database import db
from app.scheduling.jobs import JOBS, Job
from app.watching.tasks import watched

log = logging.getLogger(__name__)

EVERY_MINUTE = "* * * * *"
SECONDS_BEFORE_A_NEW_START = 5.0
SECONDS_BETWEEN_LOOKS = 0.2
TAKING_OVER = "taking over"


@contextmanager
def working(app: Flask, stopping: threading.Event) -> Iterator[None]:
    """Take tasks from the queue inside. It stops after the message that is being sent."""
    # its lines of success tell nothing, and a job tells its own faults
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    thread = threading.Thread(target=lambda: asyncio.run(_work(app, stopping)), name="queue")
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def queue_of(app: Flask, stopping: Callable[[], bool]) -> procrastinate.App:
    """Return the queue with a task for each job of the background."""
    with app.app_context():
        url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connector = procrastinate.PsycopgConnector(conninfo=url, min_size=1, max_size=4)
    queue = procrastinate.App(connector=connector)
    for job in JOBS:
        queue.periodic(cron=EVERY_MINUTE, lock=job.name, queueing_lock=job.name)(
            queue.task(name=job.name)(_task(app, job, stopping))
        )
    queue.periodic(cron=EVERY_MINUTE, queueing_lock=TAKING_OVER)(
        queue.task(name=TAKING_OVER, pass_context=True)(take_over)
    )
    return queue


async def take_over(context: procrastinate.JobContext, **_tick: int) -> None:
    """Let new tasks follow those of workers that are gone.

    They are not put back into the queue: one tick of a job waits at a time, so where the next tick waits
    already, the queue refuses to put the old one beside it, and the job would stand still for ever.
    """
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs():
        log.warning("the task %s of a worker that is gone begins again", stalled.task_name)
        with suppress(ConnectorException):  # another machine was first
            await manager.finish_job(stalled, Status.FAILED, delete_job=True)
        await context.app.configure_task(stalled.task_name, lock=stalled.lock).defer_async()


def _task(app: Flask, job: Job, stopping: Callable[[], bool]) -> Callable[..., None]:
    look = watched(app, job.name, partial(job.look, stopping))

    def carry_out(**_tick: int) -> None:
        look()

    return carry_out


async def _work(app: Flask, stopping: threading.Event) -> None:
    """Work until the service stops. A worker that ends before, as when the database restarts, is followed by
    another."""
    while not stopping.is_set():
        try:
            await _work_on(queue_of(app, stopping.is_set), stopping)
        except Exception as fault:  # noqa: BLE001  whatever it is, the next worker may go well
            # the type alone: the text of an error may hold the address of the database
            log.error("the worker of the queue stopped: %s", type(fault).__name__)  # noqa: TRY400
        for _ in range(int(SECONDS_BEFORE_A_NEW_START / SECONDS_BETWEEN_LOOKS)):
            if not stopping.is_set():
                await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def _work_on(queue: procrastinate.App, stopping: threading.Event) -> None:
    async with queue.open_async():
        options: dict[str, Any] = {
            # each job once, and the task that takes over
            "concurrency": len(JOBS) + 1,
            "delete_jobs": "always",
            "install_signal_handlers": False,
        }
        worker = asyncio.create_task(queue.run_worker_async(**options))
        while not (stopping.is_set() or worker.done()):
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        worker.cancel()  # what it does is finished first
        with suppress(asyncio.CancelledError):
            await worker
