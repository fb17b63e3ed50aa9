"""Figures for Prometheus: for those with the token, without a session, and quick with many emails."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from app.database import db, transaction
from app.outbox.delivery import deliver
from app.people.models import Person
from app.reminders.models import DailyRun
from app.watching.heartbeat import beat
from app.watching.tasks import watched
from tests.factories import a_person
from tests.mail_server import MailServer
from tests.outbox.messages import ON, a_message, connect_to

TOKEN = "the token of a test, which is long enough"
NOON = datetime(2010, 11, 5, 12, tzinfo=UTC)


def _fail() -> None:
    raise KeyError("nothing")


@pytest.fixture
def read(service: Flask) -> Callable[[], dict[str, float]]:
    """Return the figures by name and labels, as Prometheus reads them."""
    service.extensions["settings"] = replace(service.extensions["settings"], metrics_token=TOKEN)
    service.extensions["clock"].fixed = NOON

    def figures() -> dict[str, float]:
        answer = service.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        return {
            f"{sample.name}{sorted(sample.labels.values())}": sample.value
            for family in text_string_to_metric_families(answer.get_data(as_text=True))
            for sample in family.samples
        }

    return figures


def test_what_is_read_from_the_database(service: Flask, read: Callable[[], dict[str, float]]) -> None:
    with transaction():
        db.session.add(DailyRun(on=date(2010, 11, 5), finished_at=NOON - timedelta(hours=3)))
    beat()
    watched(service, "retention", _fail)()
    with MailServer() as server:
        connect_to(server.port)
        for name in ("jack", "anne", "wrong", "later"):
            a_message(f"{name}@council.example")
        server.answer("rcpt", "550 5.1.1 No such user", to="wrong@council.example")
        server.answer("rcpt", "450 4.2.1 Later", to="later@council.example")
        deliver(ON)
    deliver(ON)  # the server is down, and nothing is due
    service.extensions["clock"].fixed = NOON + timedelta(minutes=2)
    figures = read()
    for name, value in {
        "practice_audits_emails['sent']": 2,
        "practice_audits_emails['failed']": 1,
        "practice_audits_emails['queued']": 1,
        "practice_audits_emails['held']": 0,
        "practice_audits_oldest_waiting_email_seconds[]": 120,
        "practice_audits_email_due_seconds[]": 60,
        "practice_audits_deliveries_total['sent']": 2,
        "practice_audits_deliveries_total['failed']": 1,
        "practice_audits_refusals_total['recipient']": 1,
        "practice_audits_refusals_total['later']": 1,
        "practice_audits_daily_runs_total[]": 1,
        "practice_audits_last_daily_run_timestamp_seconds[]": (NOON - timedelta(hours=3)).timestamp(),
        "practice_audits_task_failures_total['retention']": 1,
        "practice_audits_task_failing['retention']": 1,
        "practice_audits_heartbeat_age_seconds['scheduler']": 120,
        "practice_audits_delivery_paused[]": 0,
        "practice_audits_trouble['disk']": 0,
    }.items():
        assert figures[name] == value, name
    watched(service, "retention", lambda: None)()
    assert read()["practice_audits_task_failing['retention']"] == 0


def test_what_never_happened_is_nought(read: Callable[[], dict[str, float]]) -> None:
    figures = read()
    for name in ("deliveries_total['sent']", "refusals_total['sender']", "bounces_total['hard']"):
        assert figures[f"practice_audits_{name}"] == 0


def test_times_of_requests_are_by_endpoint(service: Flask, read: Callable[[], dict[str, float]]) -> None:
    service.test_client().get("/audits/CP-0815")
    before = read()
    service.test_client().get("/audits/CP-0815")
    after = read()
    counts = (name for name in after if "request_seconds_count" in name and "'audits.detail'" in name)
    assert sum(after[name] - before.get(name, 0) for name in counts) == 1
    assert "CP-0815" not in "".join(after)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (None, 401),
        ("", 401),
        (f"Bearer {TOKEN}", 200),
        (f"bearer  {TOKEN}", 200),
        (f"Bearer {TOKEN}x", 401),
        (f"Bearer {TOKEN[:-1]}", 401),
        (f"Basic {TOKEN}", 401),
        (TOKEN, 401),
        ("Bearer ü", 401),
    ],
)
def test_only_the_token_opens_it(
    app: Flask, said: str | None, status: int, sign_in: Callable[[Person], FlaskClient]
) -> None:
    client = sign_in(a_person("Adam", roles=["administrator"]))
    headers = {} if said is None else {"Authorization": said.encode().decode("latin-1")}
    assert client.get("/metrics", headers=headers).status_code == 404
    app.extensions["settings"] = replace(app.extensions["settings"], metrics_token=TOKEN)
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == status
    if status == 401:
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert not re.search("practice_audits_", answer.get_data(as_text=True))
