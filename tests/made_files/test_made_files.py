"""Large files: a worker makes them, for the person who asked alone, and a page offers them for a day."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from app import clock, downloads, waiting_files
from app.audits.cycle import Cycle
from app.database import db, transaction
from app.files.progress import Tell, counted_rows
from app.imports.running import IMPORTS
from app.long_work import carrying_out
from app.long_work.models import LongWork
from app.made_files import making, what
from app.made_files.making import FILES
from app.outbox.delivery import never
from app.people.models import Person, PersonRole
from app.readings.kinds import Kind
from app.readings.models import Reading
from app.scheduling.jobs import JOBS
from app.waiting_files import WaitingFile
from app.watching.heartbeat import LATE_AFTER, beat
from app.watching.tasks import watched
from tests.conftest import let_in
from tests.factories import a_cycle, a_person, an_audit
from tests.forms import form_to
from tests.pages import opened, visible

NOON = datetime.fromisoformat("2010-11-22T12:00:00+00:00")
LIST = "/audits?download=csv&q=CP"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of more than two audits is large, and a worker tells of every row."""
    monkeypatch.setattr(downloads, "AT_ONCE", 2)
    monkeypatch.setattr(downloads, "TOLD_EVERY", 1)


@pytest.fixture
def jack(service: Flask) -> Person:
    clock.clock().fixed = NOON
    service.config["WTF_CSRF_ENABLED"] = False
    lead, second = a_person("Maeve Roe"), a_person("Sam Second")
    for number in range(1, 4):
        an_audit(f"CP-{number}", lead=lead, second=second, returned_on=date(2010, 11, 5))
    return a_person("Jack Somebody", roles=["coordinator"])


@pytest.fixture
def coordinator(service: Flask, jack: Person) -> FlaskClient:
    return let_in(service.test_client(), jack)


def asked(client: FlaskClient, address: str = LIST) -> str:
    """Ask for a large file as a person does; the address of its page."""
    page = opened(client, address)
    assert "This file is large" in visible(page)
    assert ("A list of 2 lines or fewer" in visible(page)) is address.startswith("/audits")
    form = form_to(page, "/files", address)
    answer = client.post(form.address, data=form.held)
    assert answer.status_code == 302
    return answer.headers["Location"]


def carry_out() -> None:
    """As a worker does."""
    carrying_out.carry_out_what_waits(FILES)
    db.session.rollback()


def rows_of(answer: TestResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def words(client: FlaskClient, address: str) -> str:
    return visible(opened(client, address))


def test_a_large_file_is_made_once_and_is_what_a_small_one_is(
    coordinator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = asked(coordinator)
    assert asked(coordinator) == page, "what is asked for twice is made once"
    waits = coordinator.get(page)
    assert waits.headers["Refresh"] == "2"
    assert "It starts in a few seconds" in visible(waits.get_data(as_text=True))
    assert coordinator.get(f"{page}/download").status_code == 404
    carry_out()
    carry_out()
    [work] = db.session.scalars(db.select(LongWork))
    assert (work.attempts, work.failed) == (1, False)
    ready = coordinator.get(page)
    assert "Refresh" not in ready.headers
    shown = visible(ready.get_data(as_text=True))
    assert "It is deleted on 23 November 2010 at midday." in shown
    assert "Ready" in words(coordinator, "/files")
    made = coordinator.get(f"{page}/download")
    monkeypatch.setattr(downloads, "AT_ONCE", 3)
    at_once = coordinator.get(LIST)
    assert made.get_data() == at_once.get_data()
    for header in ("Content-Disposition", "Content-Type"):
        assert made.headers[header].replace('"', "") == at_once.headers[header].replace('"', "")
    assert [row["reference"] for row in rows_of(made)] == ["CP-1", "CP-2", "CP-3"]


def test_it_is_for_the_person_who_asked_alone(service: Flask, coordinator: FlaskClient) -> None:
    page = asked(coordinator)
    carry_out()
    other = let_in(service.test_client(), a_person("Joan Somebody", roles=["coordinator"]))
    assert [other.get(address).status_code for address in (page, f"{page}/download")] == [404, 404]
    assert "You have no files here" in words(other, "/files")


def test_what_is_kept_is_encrypted_also_what_was_looked_for(coordinator: FlaskClient) -> None:
    asked(coordinator, "/audits?download=csv&q=CP-")
    db.session.rollback()
    before = str(db.session.execute(text("select * from long_work")).all())
    carry_out()
    kept = [str(db.session.execute(text(f"select * from {table}")).all()) for table in TABLES]  # noqa: S608
    assert "CP-" not in before + "".join(kept)


TABLES = ("long_work", "waiting_files")


def test_a_download_is_recorded_as_one_at_once_is(coordinator: FlaskClient, jack: Person) -> None:
    a_cycle("2010-1")
    page = asked(coordinator, "/cycles/2010-1/answers?download=csv")
    carry_out()
    assert recorded(Kind.DOWNLOAD) == []
    coordinator.get(f"{page}/download")
    assert recorded(Kind.DOWNLOAD) == [(jack.id, "/cycles/2010-1/answers", 1)]


def recorded(kind: Kind) -> list[tuple[int | None, str | None, int]]:
    db.session.rollback()
    rows = db.session.scalars(db.select(Reading).where(Reading.kind == kind))
    return [(row.person_id, row.what, row.how_many) for row in rows]


def change_roles(person: Person, *names: str) -> None:
    with transaction():
        db.session.execute(db.delete(PersonRole).where(PersonRole.person_id == person.id))
        db.session.add_all(PersonRole(person_id=person.id, name=name) for name in names)


@pytest.mark.parametrize("names", [["administrator"], ["auditor"], ["coordinator", "auditor"]])
def test_who_sees_things_otherwise_by_then_cannot_download_it(
    coordinator: FlaskClient, jack: Person, names: list[str]
) -> None:
    page = asked(coordinator)
    carry_out()
    change_roles(jack, *names)
    assert "You can no longer download this file" in words(coordinator, page)
    assert "No longer available" in words(coordinator, "/files")
    assert coordinator.get(f"{page}/download").status_code == 403


@pytest.mark.parametrize("names", [["administrator"], []])
def test_nothing_is_made_for_who_may_not_see_it_by_then(
    coordinator: FlaskClient, jack: Person, names: list[str]
) -> None:
    page = asked(coordinator)
    change_roles(jack, *names)
    carry_out()
    assert making.NOT_ANY_MORE in words(coordinator, page)
    assert db.session.scalars(db.select(WaitingFile.size)).all() == [0]


def test_nothing_is_made_for_who_has_left(coordinator: FlaskClient, jack: Person) -> None:
    asked(coordinator)
    with transaction():
        db.session.get_one(Person, jack.id).leaving_on = date(2010, 11, 19)
    carry_out()
    [work] = db.session.scalars(db.select(LongWork))
    assert (work.ended, work.failed) == (making.NOT_ANY_MORE, True)


def test_each_is_made_with_the_eyes_of_who_asked(service: Flask, coordinator: FlaskClient) -> None:
    lead = db.session.scalars(db.select(Person).where(Person.name == "Maeve Roe")).one()
    an_audit("CP-4", lead=a_person("Ann Other"), second=a_person("Bea Other"))
    auditor = let_in(service.test_client(), lead)
    pages = [(client, asked(client, "/audits?download=csv")) for client in (coordinator, auditor)]
    carry_out()
    numbers = [len(rows_of(client.get(f"{page}/download"))) for client, page in pages]
    assert numbers == [4, 3]


@pytest.mark.parametrize(
    "address",
    [
        "/people",
        "/settings/service",
        "//elsewhere.example/audits",
        "https://elsewhere.example/audits",
        "",
        "no",
    ],
)
def test_no_other_address_is_answered_by_a_worker(coordinator: FlaskClient, address: str) -> None:
    assert coordinator.post("/files", query_string={"address": address}).status_code == 404
    assert db.session.query(WaitingFile).count() == 0


def test_an_address_that_is_not_theirs_is_refused(service: Flask, coordinator: FlaskClient) -> None:
    auditor = let_in(service.test_client(), a_person("Ada Auditor", roles=["auditor"]))
    answer = auditor.post("/files", query_string={"address": "/cycles/2010-1/answers?download=csv"})
    assert answer.status_code == 403
    assert db.session.query(WaitingFile).count() == 0


def test_a_failure_is_told_and_can_be_tried_again(
    service: Flask, coordinator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = asked(coordinator)
    job = next(each for each in JOBS if each.name == FILES.job)
    look = watched(service, job.name, lambda: job.look(never))
    with monkeypatch.context() as patched:
        patched.setitem(service.view_functions, "chase_list.listing", fails)
        look()
    assert "Files Failing Failed 1 time" in words(coordinator, "/settings/service")
    shown = opened(coordinator, page)
    assert "Something went wrong. You can try again." in visible(shown)
    assert "Could not be created" in words(coordinator, "/files")
    form = form_to(shown, "/files", page)
    again = coordinator.post(form.address, data=form.held).headers["Location"]
    assert again != page
    look()
    assert "Files Well again" in words(coordinator, "/settings/service")
    assert len(rows_of(coordinator.get(f"{again}/download"))) == 3
    assert coordinator.get(page).status_code == 404, "the new one takes its place"


def fails() -> None:
    raise OSError("the disk is full")


def test_what_is_gone_by_then_is_told(
    service: Flask, coordinator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = asked(coordinator)
    monkeypatch.setitem(service.view_functions, "chase_list.listing", lambda: abort(404))
    carry_out()
    assert making.NOT_ANY_MORE in words(coordinator, page)


def test_a_file_that_shows_case_numbers_is_not_made(
    service: Flask, coordinator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(coordinator)
    listing = service.view_functions["chase_list.listing"]

    def with_numbers() -> object:
        note_of_a_number()
        return listing()

    monkeypatch.setitem(service.view_functions, "chase_list.listing", with_numbers)
    with pytest.raises(RuntimeError, match="shows case numbers"):
        carry_out()


def note_of_a_number() -> None:
    from app.readings.noting import note

    note(Kind.CASE_NUMBERS)


def test_the_worker_tells_how_far_it_is_while_others_write(
    service: Flask, coordinator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(coordinator)
    seen = []

    def looked_at(file: str, rows: Iterable[object], tell: Tell, at_once: int) -> Iterator[object]:
        for row in counted_rows(file, rows, tell, at_once):
            yield row
            with service.app_context():  # as another process
                work = db.session.scalars(db.select(LongWork)).one()
                seen.append((carrying_out.rows_done(work), work.attempts, work.ended))
                with transaction():
                    db.session.execute(db.update(Person).values(job_title="Changed meanwhile"))

    monkeypatch.setattr(downloads, "counted_rows", looked_at)
    carry_out()
    assert seen == [(1, 1, None), (2, 1, None), (3, 1, None)]


def test_one_whose_worker_is_gone_is_made_by_another_but_not_for_ever(
    service: Flask, coordinator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = asked(coordinator)

    def killed() -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setitem(service.view_functions, "chase_list.listing", killed)
        for _ in range(carrying_out.MOST_ATTEMPTS):
            with pytest.raises(SystemExit):
                carry_out()
            db.session.rollback()
        carry_out()
    assert "The service stopped 3 times while the file was made." in words(coordinator, page)


def test_a_worker_that_was_paused_while_another_made_it_keeps_nothing(
    service: Flask, coordinator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = asked(coordinator)
    listing = service.view_functions["chase_list.listing"]
    paused: list[Callable[[], None]] = [carry_out]

    def view() -> object:
        made = listing()
        if paused:
            with service.app_context():  # another process takes it over
                paused.pop()()
            clock.clock().fixed = NOON + timedelta(minutes=5)
        return made

    monkeypatch.setitem(service.view_functions, "chase_list.listing", view)
    carry_out()
    [work] = db.session.scalars(db.select(LongWork))
    assert (work.attempts, work.ended) == (2, "The file is ready.")
    assert db.session.get_one(WaitingFile, work.token).kept_at == NOON, "that of the second attempt"
    assert len(rows_of(coordinator.get(f"{page}/download"))) == 3


def test_it_is_gone_after_a_day(service: Flask, jack: Person, coordinator: FlaskClient) -> None:
    page = asked(coordinator)
    clock.clock().fixed = made_at = NOON + timedelta(hours=5)
    carry_out()
    clock.clock().fixed = made_at + timedelta(days=1)
    waiting_files.remove_old()
    db.session.rollback()
    assert db.session.query(LongWork).count() == 1
    clock.clock().fixed = made_at + timedelta(days=1, seconds=1)
    waiting_files.remove_old()
    db.session.rollback()
    assert db.session.query(LongWork).count() == db.session.query(WaitingFile).count() == 0
    assert re.search(r"/files/[\w-]{32}$", page)
    gone = let_in(service.test_client(), jack).get(page)
    assert gone.status_code == 404
    assert "This file is no longer here" in visible(gone.get_data(as_text=True))


@pytest.mark.parametrize("attempts", [0, 1])
def test_a_page_says_that_no_worker_runs(coordinator: FlaskClient, attempts: int) -> None:
    page = asked(coordinator)
    work = db.session.scalars(db.select(LongWork)).one()
    with transaction():
        work.attempts = attempts  # one began, and ended with its process
    beat()
    clock.clock().fixed = NOON + carrying_out.STARTS_WITHIN + timedelta(seconds=1)
    assert NO_WORKER not in words(coordinator, page), "the worker is busy"
    clock.clock().fixed = NOON + LATE_AFTER + timedelta(seconds=1)
    assert NO_WORKER in words(coordinator, page)
    with transaction():  # on a single machine, an import keeps the worker from saying that it is there
        token = waiting_files.keep(b"", person_id=1, kind="audits", sent_as="a.csv", ending=".csv")
        carrying_out.start(IMPORTS, token, by="jack@council.example")
        db.session.execute(db.update(LongWork).where(LongWork.token == token).values(attempts=1))
    assert NO_WORKER not in words(coordinator, page)


NO_WORKER = "The part of the service that creates files and sends emails does not seem to be running."


def test_a_summary_of_large_cycles_is_large(coordinator: FlaskClient) -> None:
    cycle = db.session.scalars(db.select(Cycle)).first()
    assert cycle is not None
    with transaction():
        cycle.reported_on = date(2010, 11, 19)
    address = "/programme/summary.xlsx?from_on=2010-11-01&to_on=2010-11-22"
    page = asked(coordinator, address)
    carry_out()
    made = coordinator.get(f"{page}/download")
    assert made.status_code == 200
    assert zipfile.is_zipfile(io.BytesIO(made.get_data()))


def test_small_files_are_answered_at_once_and_each_has_its_words(
    service: Flask, coordinator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "AT_ONCE", 3)
    assert coordinator.get(LIST).mimetype == "text/csv"
    rules = {rule.endpoint: rule for rule in service.url_map.iter_rules()}
    for endpoint, download in what.DOWNLOADS.items():
        values = dict.fromkeys(rules[endpoint].arguments, "2010-1")
        assert download.words.format_map(values)
        assert rules[download.page].arguments <= rules[endpoint].arguments
