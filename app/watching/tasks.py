"""Tasks as they are watched: each has a number in the log, and its failures are kept and shown."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress

from flask import Flask
from sqlalchemy import case, select, update
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.database import db, insert_or_leave, transaction
from app.watching.models import TaskFailure
from config.faults_told import in_words
from config.log_lines import task

log = logging.getLogger(__name__)


def watched(app: Flask, name: str, job: Callable[[], None]) -> Callable[[], None]:
    """Return the job with an application context; errors are logged and kept, and stop nothing."""

    def carry_out() -> None:
        with app.app_context(), task(name) as work:
            try:
                job()
            except Exception as fault:  # noqa: BLE001  the next time may go well
                # the text of an error may name people
                log.error("%s failed: %s in %s", name, in_words(fault), _where(fault))  # noqa: TRY400
                failed(name, fault, work.number)
            else:
                went_well(name)

    return carry_out


def failed(name: str, fault: Exception, number: str) -> None:
    """Keep that a task failed, where the database can be written to."""
    now, why = clock.now(), f"{in_words(fault)} in {_where(fault)}"
    row = TaskFailure.__table__.c
    with suppress(SQLAlchemyError), transaction():
        first = {"task": name, "failures": 0, "failed_at": now, "why": why, "number": number}
        db.session.execute(insert_or_leave(TaskFailure).values(**first))
        db.session.execute(
            update(TaskFailure)
            .where(TaskFailure.task == name)
            .values(failures=row.failures + 1, failed_at=now, why=why, number=number, over_at=None)
        )


def went_well(name: str) -> None:
    """Keep that a task that had failed went well."""
    fails = (TaskFailure.task == name, TaskFailure.over_at.is_(None))
    with suppress(SQLAlchemyError):
        db.session.rollback()
        if db.session.scalar(select(TaskFailure.task).where(*fails)) is None:
            return
        with transaction():
            db.session.execute(update(TaskFailure).where(*fails).values(over_at=clock.now()))


def failures() -> Sequence[TaskFailure]:
    """Return the tasks that ever failed: those that fail now first, then the latest."""
    now_first = case((TaskFailure.over_at.is_(None), 0), else_=1)
    return db.session.scalars(select(TaskFailure).order_by(now_first, TaskFailure.failed_at.desc())).all()


def _where(fault: Exception) -> str:
    trace = fault.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "an unknown place"
