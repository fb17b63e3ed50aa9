"""The queue on PostgreSQL: once for all machines, at once where something waits, on again after faults."""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime

import psycopg
import pytest
from flask import Flask
from procrastinate.schema import SchemaManager
from sqlalchemy import text

from app import clock, create_app
from app.database import db, transaction
from app.outbox.models import SENT
from app.people.inviting import ask_for_new_password
from app.reminders.models import DailyRun
from app.scheduling import clockwork, jobs, queue
from app.waking import DELIVERY, wake
from app.watching.heartbeat import scheduler_late
from app.watching.tasks import failures
from config.settings import PROJECT, Settings
from tests.factories import a_person, an_audit
from tests.mail_server import MailServer
from tests.outbox.messages import a_message, connect_to, states

FRIDAY = datetime(2010, 11, 12, 9, tzinfo=UTC)
PATIENCE = 40

pytestmark = pytest.mark.postgresql


@pytest.fixture
def on_postgresql(postgresql_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(queue, "SECONDS_BEFORE_A_NEW_START", 0.2)
    return postgresql_app


def within(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    db.session.rollback()
    return holds()


def tasks() -> list[tuple[str, str]]:
    db.session.rollback()
    waiting = text("select task_name, status::text from procrastinate_jobs order by id")
    return [(row.task_name, row.status) for row in db.session.execute(waiting)]


def another_machine(app: Flask) -> Flask:
    """The service once more, on the same database."""
    settings: Settings = app.extensions["settings"]
    other = create_app(settings)
    clock.init_app(other, settings.time_zone)
    return other


def test_the_schema_that_the_migration_makes_is_that_of_the_installed_queue() -> None:
    """A new version of the queue with another schema needs a migration of its own."""
    made = (PROJECT / "migrations" / "procrastinate" / "3.10.sql").read_text(encoding="utf-8")
    assert made == SchemaManager.get_schema()


def test_a_task_is_there_if_the_change_is_and_one_is_enough(on_postgresql: Flask) -> None:
    def a_change_that_is_not_kept() -> None:
        with transaction():
            wake(DELIVERY)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        a_change_that_is_not_kept()
    assert tasks() == []
    with transaction():
        for _ in range(3):
            wake(DELIVERY)
    assert tasks() == [(DELIVERY, "todo")]
    a_message()
    ask_for_new_password("somebody@council.example", None)
    assert tasks() == [(DELIVERY, "todo")] * 3


def test_a_message_is_delivered_as_soon_as_it_is_written(on_postgresql: Flask) -> None:
    with MailServer() as server:
        connect_to(server.port)
        assert scheduler_late(datetime.now(UTC)) is not None
        with clockwork.running(on_postgresql):
            # the ticks of this minute are done: what delivers now was woken
            assert within(lambda: tasks() == [])
            a_message()
            assert within(lambda: states() == {SENT: 1})
            assert scheduler_late(datetime.now(UTC)) is None
            assert within(lambda: tasks() == [])  # nothing is kept of what went well
        assert len(server.messages) == 1


def test_three_machines_run_once_and_send_each_message_once(on_postgresql: Flask) -> None:
    for number in range(20):
        an_audit(
            f"CP-{number}", lead=a_person(f"Auditor {'abcdefghijklmnopqrst'[number]}"), due_on=FRIDAY.date()
        )
    with MailServer() as server, ExitStack() as machines:
        connect_to(server.port)
        for _ in range(3):
            machine = another_machine(on_postgresql)
            with machine.app_context():
                clock.clock().fixed = FRIDAY
                connect_to(server.port)
            machines.enter_context(clockwork.running(machine))
        assert within(lambda: states().get(SENT) == 20)
        assert [row.on for row in db.session.scalars(db.select(DailyRun))] == [FRIDAY.date()]
        assert len(server.messages) == 20


TICK = (
    "insert into procrastinate_jobs (queue_name, task_name, lock, queueing_lock) "
    "values ('default', 'delivery', 'delivery', 'delivery')"
)


@pytest.mark.parametrize("waits", [False, True], ids=["alone", "where the next tick waits"])
@pytest.mark.parametrize("is_tick", [False, True], ids=["a woken task", "a tick"])
def test_the_task_of_a_machine_that_is_gone_is_taken_over(
    on_postgresql: Flask, is_tick: bool, waits: bool
) -> None:
    a_message()
    gone = (
        *(("delete from procrastinate_jobs", TICK) if is_tick else ()),
        "insert into procrastinate_workers (last_heartbeat) values (now() - interval '31 seconds')",
        "update procrastinate_jobs set status = 'doing', worker_id = (select id from procrastinate_workers)",
        *((TICK,) if waits else ()),
    )
    with transaction():
        for statement in gone:
            db.session.execute(text(statement))
    taken_over = queue.queue_of(on_postgresql, lambda: False)
    assert tasks() == [(DELIVERY, "doing"), *([(DELIVERY, "todo")] if waits else [])]
    with transaction():
        wake(queue.TAKING_OVER)

    async def work_until_nothing_is_left() -> None:
        async with taken_over.open_async():
            await taken_over.run_worker_async(wait=False, install_signal_handlers=False, delete_jobs="always")

    with MailServer() as server:
        connect_to(server.port)
        asyncio.run(work_until_nothing_is_left())
    assert states() == {SENT: 1}
    assert (DELIVERY, "doing") not in tasks()


def test_work_goes_on_after_the_connections_to_the_database_were_cut(
    on_postgresql: Flask, postgresql_url: str
) -> None:
    with MailServer() as server:
        # a connection that is cut between a claim and the sending leaves the message to its lease
        connect_to(server.port, lease_seconds=2)
        with clockwork.running(on_postgresql):
            for number in range(1, 4):
                a_message()
                assert within(lambda: states() == {SENT: number})  # noqa: B023
                db.session.remove()
                with psycopg.connect(postgresql_url, autocommit=True) as other:
                    other.execute(
                        "select pg_terminate_backend(pid) from pg_stat_activity "
                        "where datname = current_database() and pid <> pg_backend_pid()"
                    )
        assert len(server.messages) == 3


def test_a_fault_is_noted_until_the_job_goes_well(service: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_well = threading.Event()

    def fails(_stopping: jobs.Stopping) -> None:
        if not goes_well.is_set():
            raise ValueError("Brendan Foxe")

    def noted() -> list[tuple[str, bool]]:
        db.session.rollback()
        return [(row.task, row.over_at is None) for row in failures()]

    monkeypatch.setattr(clockwork, "JOBS", (jobs.Job("alerts", 1, fails),))
    monkeypatch.setattr(queue, "JOBS", (jobs.Job("alerts", 1, fails),))
    with clockwork.running(service):
        assert within(lambda: noted() == [("alerts", True)])
        goes_well.set()
        with transaction():
            wake("alerts")
        assert within(lambda: noted() == [("alerts", False)])
