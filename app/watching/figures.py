"""The figures for Prometheus: those that the database has, and the times of this process's requests."""

from collections.abc import Iterator

from flask import current_app
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from sqlalchemy import func, select

from app import clock
from app.database import db
from app.history.checks import last_check
from app.outbox import pausing, queries
from app.outbox.models import FAILED, OVERTAKEN, SENT, STATES
from app.outbox.retry import About
from app.reminders.models import DailyRun
from app.watching.models import Heartbeat
from app.watching.requests import times_of
from app.watching.tasks import failures
from app.watching.telling import standing_troubles
from app.watching.troubles import Kind

NAME = "practice_audits"


def written_out() -> bytes:
    """Return all figures as Prometheus reads them."""
    registry = CollectorRegistry()
    registry.register(FromTheDatabase())
    registry.register(times_of(current_app))
    return generate_latest(registry)


class FromTheDatabase:
    """The figures that the database has."""

    def collect(self) -> Iterator[Metric]:
        """Yield them for Prometheus."""
        yield from _emails()
        yield from _deliveries()
        yield from _runs()
        yield from _tasks()
        yield from _state()


def _gauge(name: str, text: str, value: float | None) -> Iterator[Metric]:
    """Yield a figure, nothing where it is not known."""
    if value is not None:
        yield GaugeMetricFamily(f"{NAME}_{name}", text, value=value)


def _by(family: GaugeMetricFamily | CounterMetricFamily, numbers: dict[str, float]) -> Metric:
    for label, number in numbers.items():
        family.add_metric([label], number)
    return family


def _emails() -> Iterator[Metric]:
    counts, now = queries.counts_by_state(), clock.now()
    emails = GaugeMetricFamily(f"{NAME}_emails", "Emails in the database by state", labels=["state"])
    yield _by(emails, {state: counts.get(state, 0) for state in STATES})
    oldest, due = queries.oldest_waiting(), queries.due_since()
    yield from _gauge(
        "oldest_waiting_email_seconds",
        "Age of the oldest email that waits, also where its receiver is on leave; 0 where none waits",
        (now - oldest).total_seconds() if oldest else 0,
    )
    yield from _gauge(
        "email_due_seconds",
        "Seconds that the email due longest has been due for a try; 0 where none is due",
        max((now - due).total_seconds(), 0) if due else 0,
    )


def _deliveries() -> Iterator[Metric]:
    # those that never happened too: an alert on an increase sees no increase from nothing
    results: dict[str, float] = dict.fromkeys((SENT, FAILED, OVERTAKEN), 0)
    refusals: dict[str, float] = dict.fromkeys(map(str, About), 0)
    for what, number in queries.delivery_counts().items():
        kind, _, rest = what.partition(": ")
        (refusals if rest else results)[rest or kind] = number
    sent = CounterMetricFamily(
        f"{NAME}_deliveries", "Emails that reached an end, by result", labels=["result"]
    )
    yield _by(sent, results)
    refused = CounterMetricFamily(
        f"{NAME}_refusals", "Refusals of the mail server, by what they are about", labels=["about"]
    )
    yield _by(refused, refusals)
    bounces = CounterMetricFamily(f"{NAME}_bounces", "Emails that came back, by kind", labels=["kind"])
    by_kind = queries.bounces_by_kind()
    yield _by(bounces, {"hard": by_kind.get(True, 0), "soft": by_kind.get(False, 0)})


def _runs() -> Iterator[Metric]:
    number, last = db.session.execute(select(func.count(), func.max(DailyRun.finished_at))).one()
    yield CounterMetricFamily(f"{NAME}_daily_runs", "Daily runs that were done", value=number)
    at = last.timestamp() if number else None
    yield from _gauge("last_daily_run_timestamp_seconds", "Moment when the last daily run ended", at)


def _tasks() -> Iterator[Metric]:
    tasks = failures()
    failed = CounterMetricFamily(f"{NAME}_task_failures", "Failures of background tasks", labels=["task"])
    yield _by(failed, {row.task: row.failures for row in tasks})
    failing = GaugeMetricFamily(
        f"{NAME}_task_failing", "1 where the last try of a background task failed", labels=["task"]
    )
    yield _by(failing, {row.task: row.over_at is None for row in tasks})
    beats = GaugeMetricFamily(
        f"{NAME}_heartbeat_age_seconds", "Seconds since the last sign of life of a part", labels=["part"]
    )
    now, rows = clock.now(), db.session.execute(select(Heartbeat.name, Heartbeat.at)).all()
    yield _by(beats, {row.name: (now - row.at).total_seconds() for row in rows})


def _state() -> Iterator[Metric]:
    paused, last, stands = pausing.state().paused_at is not None, last_check(), standing_troubles()
    yield from _gauge("delivery_paused", "1 where the mail server refuses the sender", paused)
    whole = None if last is None else last.why is None
    yield from _gauge("history_whole", "1 where the last check found the history as it was written", whole)
    troubles = GaugeMetricFamily(f"{NAME}_trouble", "1 where administrators were told of it", labels=["kind"])
    yield _by(troubles, {kind.value: kind in stands for kind in Kind})
