"""Long imports: they go on by themselves, and a page says how far they are."""

import io
import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.database import db
from app.files.faults import Fault
from app.files.imported import Imported
from app.files.progress import Tell
from app.history import record
from app.imports import running
from app.people.models import Closure, Person
from tests.factories import a_person
from tests.pages import visible

DAYS = 3_000
LONG = "day,name\n" + "".join(
    f"{date(2010, 1, 1) + timedelta(days=number)},{'a long name ' * 15}\n" for number in range(DAYS)
)
PATIENCE = 30


@pytest.fixture
def coordinator(
    app: Flask, sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]
) -> FlaskClient:
    clock_at(date(2010, 11, 1))
    return sign_in(a_person("Jack Somebody", roles=["coordinator"]))


@pytest.fixture
def file(app: Flask, tmp_path: Path) -> Path:
    path = tmp_path / "waiting" / "closures.csv"
    path.parent.mkdir()
    path.write_text("day\n", encoding="utf-8")
    return path


def sent(client: FlaskClient, content: str) -> str:
    data = {"kind": "closures", "file": (io.BytesIO(content.encode()), "days.csv")}
    answer = client.post("/imports", data=data, content_type="multipart/form-data")
    return answer.headers["Location"]


def ended(file: Path) -> running.Progress:
    """Wait for the thread of the import to end and return its progress."""
    for thread in threading.enumerate():
        if thread.name == f"import {file.parent.name}":
            thread.join(PATIENCE)
    told = running.progress(file)
    assert told is not None
    return told


def done(_tell: Tell) -> Imported:
    return Imported("closures.csv", "days", added=1)


def test_a_long_import_goes_on_by_itself_and_the_page_says_when_it_is_done(
    app: Flask, coordinator: FlaskClient
) -> None:
    address = sent(coordinator, LONG)
    answer = coordinator.post(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    (waiting,) = (app.extensions["settings"].instance_path / "imports").glob("*/closures.csv")
    assert ended(waiting).ended == "Imported 3,000 closure days: 3,000 added, 0 changed, 0 unchanged"
    page = coordinator.get(address, follow_redirects=True)
    assert page.request.path == "/imports"
    assert "Imported 3,000 closure days" in visible(page.get_data(as_text=True))
    assert db.session.query(Closure).count() == DAYS
    assert [told.who for told in record.of("import", "closures")] == ["jack.somebody@council.example"]
    assert not waiting.parent.exists()


def test_while_it_goes_on_the_page_says_how_far_it_is_and_looks_again(
    app: Flask, coordinator: FlaskClient
) -> None:
    address = sent(coordinator, LONG)
    (waiting,) = (app.extensions["settings"].instance_path / "imports").glob("*/closures.csv")
    told, go_on = threading.Event(), threading.Event()

    def slowly(tell: Tell) -> Imported:
        tell("closures.csv", 2_000)
        told.set()
        go_on.wait(PATIENCE)
        return done(tell)

    running.start(waiting, slowly)
    assert told.wait(PATIENCE)
    page = coordinator.get(address)
    assert page.headers["Refresh"] == "2"
    assert "2,000 rows imported so far." in visible(page.get_data(as_text=True))
    # confirming it again begins nothing
    assert coordinator.post(address).headers["Location"] == address
    go_on.set()
    assert ended(waiting).ended == "Imported 1 day: 1 added, 0 changed, 0 unchanged"
    assert db.session.query(Closure).count() == 0


def test_an_import_that_fails_says_so_once_and_can_begin_anew(app: Flask, coordinator: FlaskClient) -> None:
    address = sent(coordinator, LONG)
    (waiting,) = (app.extensions["settings"].instance_path / "imports").glob("*/closures.csv")

    def fails(_tell: Tell) -> Imported:
        raise OSError("the disk is full")

    running.start(waiting, fails)
    assert ended(waiting).failed
    words = visible(coordinator.get(address, follow_redirects=True).get_data(as_text=True))
    assert "Something went wrong. Nothing was imported." in words
    assert "To add 3,000" in words
    assert running.progress(waiting) is None


def test_an_import_that_ended_with_its_process_can_begin_anew(app: Flask, coordinator: FlaskClient) -> None:
    address = sent(coordinator, LONG)
    (waiting,) = (app.extensions["settings"].instance_path / "imports").glob("*/closures.csv")
    running.start(waiting, done)
    ended(waiting)
    then = clock.now() - running.SILENT_FOR - timedelta(seconds=1)
    (waiting.parent / "progress.json").write_text(f'{{"rows": 500, "told_at": "{then.isoformat()}"}}')
    words = visible(coordinator.get(address, follow_redirects=True).get_data(as_text=True))
    assert "The service stopped during the import. Nothing was imported." in words
    assert "To add 3,000" in words


def test_a_file_that_is_begun_twice_is_imported_once(app: Flask, file: Path) -> None:
    begun: list[int] = []

    def counted(tell: Tell) -> Imported:
        begun.append(1)
        return done(tell)

    with app.app_context():
        for _ in range(5):
            running.start(file, counted)
    ended(file)
    assert len(begun) == 1


def test_faults_that_came_in_between_are_told(app: Flask, file: Path) -> None:
    faulty = Imported("closures.csv", "days", faults=[Fault(file="closures.csv", why="it is wrong")])
    with app.app_context():
        running.start(file, lambda _tell: faulty)
    told = ended(file)
    assert (told.failed, told.ended) == (True, "The file now has errors.")
