"""Long imports: a worker carries them out, and a page says how far they are."""

import io
import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.database import afterwards, db
from app.files.faults import Fault
from app.files.imported import Imported
from app.files.progress import Tell
from app.history import record
from app.imports import kinds
from app.imports.running import IMPORTS
from app.long_work import carrying_out
from app.long_work.models import LongWork
from app.outbox.delivery import never
from app.people.models import Closure
from app.scheduling import jobs
from app.waiting_files import WaitingFile
from app.watching.heartbeat import beat
from tests.conftest import let_in
from tests.factories import a_person
from tests.pages import visible

DAYS = 3_000
LONG = "day,name\n" + "".join(
    f"{date(2010, 1, 1) + timedelta(days=number)},{'a long name ' * 15}\n" for number in range(DAYS)
)
DONE = "Imported 3,000 closure days: 3,000 added, 0 changed, 0 unchanged"


@pytest.fixture
def coordinator(service: Flask) -> FlaskClient:
    clock.clock().fixed = datetime.fromisoformat("2010-11-01T12:00:00+00:00")
    service.config["WTF_CSRF_ENABLED"] = False
    return let_in(service.test_client(), a_person("Jack Somebody", roles=["coordinator"]))


@pytest.fixture
def asked(coordinator: FlaskClient) -> str:
    """The address of a long import that was asked for."""
    data = {"kind": "closures", "file": (io.BytesIO(LONG.encode()), "days.csv")}
    address = coordinator.post("/imports", data=data, content_type="multipart/form-data").headers["Location"]
    answer = coordinator.post(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    return address


def carry_out() -> None:
    """As a worker does."""
    carrying_out.carry_out_what_waits(IMPORTS)


def words(client: FlaskClient, address: str) -> str:
    return visible(client.get(address, follow_redirects=True).get_data(as_text=True))


def long_import() -> LongWork:
    db.session.rollback()
    long: LongWork = db.session.scalars(db.select(LongWork)).one()
    return long


def importing(monkeypatch: pytest.MonkeyPatch, instead: Callable[..., Imported]) -> None:
    """Import closure days in another way."""
    changed = tuple(
        replace(kind, importing=instead, asks=frozenset({"tell"})) if kind.name == "closures" else kind
        for kind in kinds.KINDS
    )
    monkeypatch.setattr(kinds, "KINDS", changed)


def test_a_long_import_goes_on_by_itself_and_the_page_says_when_it_is_done(
    coordinator: FlaskClient, asked: str
) -> None:
    page = coordinator.get(asked)
    assert page.headers["Refresh"] == "2"
    assert "The import starts in a few seconds." in visible(page.get_data(as_text=True))
    carry_out()
    assert long_import().ended == DONE
    page = coordinator.get(asked, follow_redirects=True)
    assert page.request.path == "/imports"
    assert DONE in visible(page.get_data(as_text=True))
    assert db.session.query(Closure).count() == DAYS
    assert [told.who for told in record.of("import", "closures")] == ["jack.somebody@council.example"]
    assert db.session.query(WaitingFile).count() == db.session.query(LongWork).count() == 0


def test_the_log_says_that_it_began_and_ended_under_one_name(
    asked: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "app.long_work"):
        carry_out()
    name = f"imports {asked.rpartition('/')[2][:8]}"
    began, ended = (line for line in caplog.messages if line.startswith(name))
    assert began == f"{name} begins: attempt 1"
    assert re.fullmatch(rf"{re.escape(name)} ended after \d+\.\d seconds: \d+ rows", ended)
    assert asked.rpartition("/")[2] not in caplog.text


def test_while_it_goes_on_the_page_says_how_far_it_is_and_no_one_begins_again(
    service: Flask, coordinator: FlaskClient, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def slowly(_path: Path, *, dry_run: bool, tell: Tell) -> Imported:
        tell("closures.csv", 2_000)
        with service.app_context():  # as another process
            if db.engine.dialect.name == "postgresql":
                carry_out()
            long = db.session.scalars(db.select(LongWork)).one()
            seen.append((carrying_out.rows_done(long), long.attempts, long.ended))
        return Imported("closures.csv", "days", added=1)

    importing(monkeypatch, slowly)
    carry_out()
    assert seen == [(2_000, 1, None)]
    assert long_import().ended == "Imported 1 day: 1 added, 0 changed, 0 unchanged"


def test_an_import_that_fails_says_so_once_and_can_begin_anew(
    coordinator: FlaskClient, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_path: Path, *, dry_run: bool, tell: Tell) -> Imported:
        db.session.add(Closure(day=date(2010, 12, 24)))
        db.session.flush()
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        importing(patched, fails)
        with pytest.raises(OSError, match="the disk is full"):
            carry_out()
    assert long_import().failed
    assert db.session.query(Closure).count() == 0
    said = words(coordinator, asked)
    assert "Something went wrong. Nothing was imported." in said
    assert "To add 3,000" in said
    assert db.session.query(LongWork).count() == 0


def test_an_import_that_was_kept_is_not_said_to_have_failed(
    coordinator: FlaskClient, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection can be lost just when the database has kept the import."""

    def kept_but_not_heard(_path: Path, *, dry_run: bool, tell: Tell) -> Imported:
        db.session.add(Closure(day=date(2010, 12, 24)))
        afterwards("lose the connection", lost)
        return Imported("closures.csv", "days", added=1)

    def lost() -> None:
        raise OSError("the connection is lost")

    importing(monkeypatch, kept_but_not_heard)
    with pytest.raises(OSError, match="the connection is lost"):
        carry_out()
    assert db.session.query(Closure).count() == 1
    assert (long_import().ended, long_import().failed) == (
        "Imported 1 day: 1 added, 0 changed, 0 unchanged",
        False,
    )


def test_an_import_whose_worker_is_gone_begins_again_but_not_for_ever(
    coordinator: FlaskClient, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_path: Path, *, dry_run: bool, tell: Tell) -> Imported:
        raise SystemExit

    with monkeypatch.context() as patched:
        importing(patched, killed)
        for attempt in range(1, carrying_out.MOST_ATTEMPTS + 1):
            with pytest.raises(SystemExit):
                carry_out()
            db.session.rollback()
            assert (long_import().attempts, long_import().ended) == (attempt, None)
        carry_out()
    said = words(coordinator, asked)
    assert "The service stopped 3 times during the import. Nothing was imported." in said
    coordinator.post(asked)
    carry_out()
    assert long_import().ended == DONE


NO_WORKER = "The part of the service that imports files and sends emails does not seem to be running."


def test_a_page_says_that_no_worker_runs(coordinator: FlaskClient, asked: str) -> None:
    clock.clock().fixed = clock.now() + carrying_out.STARTS_WITHIN + timedelta(seconds=1)
    assert NO_WORKER in words(coordinator, asked)
    beat()
    assert NO_WORKER not in words(coordinator, asked)


def test_a_file_that_is_asked_for_twice_is_imported_once(coordinator: FlaskClient, asked: str) -> None:
    assert coordinator.post(asked).headers["Location"] == asked
    carry_out()
    carry_out()
    assert (long_import().attempts, db.session.query(Closure).count()) == (1, DAYS)


def test_faults_that_came_in_between_are_told(
    coordinator: FlaskClient, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = Imported("closures.csv", "days", faults=[Fault(file="closures.csv", why="it is wrong")])
    with monkeypatch.context() as patched:
        importing(patched, lambda _path, **_asked: faulty)
        carry_out()
    assert "The file now has errors. Nothing was imported." in words(coordinator, asked)


def test_what_was_left_in_the_folder_goes_after_a_day(app: Flask) -> None:
    folder = app.extensions["settings"].instance_path
    (folder / "imports" / "a-token").mkdir(parents=True)
    (folder / "imports" / "a-token" / "audits.csv").write_text("615739")
    (folder / "imports" / "rows").write_text("20")
    os.utime(folder / "imports" / "a-token", (0, 0))
    jobs.remove_what_is_old(never)
    assert [path.name for path in (folder / "imports").iterdir()] == ["rows"]
