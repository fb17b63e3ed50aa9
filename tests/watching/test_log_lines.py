"""Lines of the log: one for each event, with the number of its request or task, and no address."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from app.commands import main
from app.database import db, transaction
from app.outbox.delivery import never
from app.people.models import Person
from app.scheduling import jobs
from app.watching.tasks import watched
from config.log_lines import JsonLines, PlainLines, formatter_for, task
from tests.factories import a_person, an_audit
from tests.mail_server import MailServer
from tests.outbox.messages import a_message, connect_to
from tests.pages import visible

SignIn = Callable[[Person], FlaskClient]


@contextmanager
def lines() -> Iterator[list[dict[str, Any]]]:
    """Collect the lines that the service logs meanwhile, read as JSON."""
    out, read = io.StringIO(), list[dict[str, Any]]()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines())
    logging.getLogger("app").addHandler(handler)
    try:
        yield read
    finally:
        logging.getLogger("app").removeHandler(handler)
        read += [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_request_is_one_line_without_its_address(app: Flask, sign_in: SignIn) -> None:
    an_audit("CP-0815")
    client = sign_in(a_person("Cora", roles=["coordinator"]))
    with lines() as logged:
        answer = client.get("/audits/CP-0815?state=requested")
        client.get("/no/such/CP-0815")
        client.open("/health", method="K4NARY")
    first, unknown, odd = [line for line in logged if line["event"] == "request"]
    assert first.keys() == {"time", "level", "logger", "event", "id", "method", "endpoint", "status", "ms"}
    assert (first["method"], first["endpoint"], first["status"]) == ("GET", "audits.detail", 200)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", first["time"])
    assert first["ms"] > 0
    assert answer.headers["X-Request-Id"] == first["id"]
    assert (unknown["endpoint"], unknown["status"]) == ("unknown address", 404)
    assert (odd["method"], odd["status"]) == ("other", 405)
    assert len({line["id"] for line in (first, unknown, odd)}) == 3
    assert "CP-0815" not in json.dumps(logged)


def test_the_page_of_an_error_gives_the_number_that_the_log_has(app: Flask, sign_in: SignIn) -> None:
    client = sign_in(a_person("Cora", roles=["coordinator"]))
    with transaction():
        for table in ("bounces", "message_items", "messages"):
            db.session.execute(db.text(f"drop table {table}"))
    with lines() as logged:
        answer = client.get("/messages?to=Brendan")
    assert answer.status_code == 500
    failed, request = logged
    assert failed["id"] == request["id"] == answer.headers["X-Request-Id"]
    assert f"give the number {failed['id']}." in visible(answer.get_data(as_text=True))
    assert "OperationalError: no such table: messages" in failed["trace"]
    assert failed["event"] == "the request failed"  # and no address
    assert "Brendan" not in json.dumps(logged)


def test_a_page_that_is_not_there_gives_no_number(app: Flask, sign_in: SignIn) -> None:
    client = sign_in(a_person("Cora", roles=["coordinator"]))
    assert "give the number" not in client.get("/nowhere").get_data(as_text=True)


def test_what_a_job_logs_has_its_number_and_name_on_every_connection(app: Flask) -> None:
    with MailServer() as server, lines() as logged:
        connect_to(server.port, connections=3)
        for _ in range(60):
            a_message()
        server.drop("end", times=2)
        watched(app, "delivery", lambda: jobs.deliver_what_waits(never))()
        watched(app, "alerts", _fail)()
    sent, failed = logged
    assert sent["event"].startswith("emails: 58 sent")
    assert sent["task"] == "delivery"
    assert (failed["task"], failed["level"]) == ("alerts", "error")
    assert failed["event"].startswith("alerts failed: KeyError in ")
    assert "K4NARY" not in json.dumps(logged)
    assert sent["id"] != failed["id"]


def _fail() -> None:
    raise KeyError("K4NARY")


def test_a_task_inside_a_task_gives_its_number_back() -> None:
    with task("retention") as outer:
        with task("import") as inner:
            assert inner.number != outer.number
        with lines() as logged:
            logging.getLogger("app.somewhere").warning("it is late")
    assert (logged[0]["id"], logged[0]["task"]) == (outer.number, "retention")
    with lines() as logged:
        logging.getLogger("app.somewhere").warning("it is late")
    assert "id" not in logged[0]


class Terminal(io.StringIO):
    """An output that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "form"), [(Terminal(), PlainLines), (io.StringIO(), JsonLines)])
def test_a_person_at_a_terminal_can_read_it(stream: io.StringIO, form: type[logging.Formatter]) -> None:
    formatter = formatter_for(stream)
    assert type(formatter) is form
    with task("delivery") as work:
        line = formatter.format(logging.getLogger().makeRecord("app", 20, "", 1, "2 sent", (), None))
    if form is PlainLines:
        assert re.fullmatch(rf"\d\d:\d\d:\d\d INFO app: 2 sent \(id={work.number} task=delivery\)", line)
    else:
        assert json.loads(line)["task"] == "delivery"


def test_a_command_has_a_number_and_its_name_without_what_it_was_given(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_message()
    db.session.remove()
    monkeypatch.setenv("INSTANCE_PATH", str(tmp_path))
    monkeypatch.setenv("MAIL_SERVER", "127.0.0.1")
    monkeypatch.setenv("MAIL_PORT", "9")
    with lines() as logged:
        ended = CliRunner().invoke(main, ["deliver", "--on", "2010-11-05"], prog_name="practice-audits")
    assert ended.exit_code == 0, ended.output
    assert [(line["task"], line["level"]) for line in logged] == [("deliver", "warning")]
    assert logged[0]["event"].startswith("cannot connect to the mail server: ")
