"""Importing in the product: send a file in, see what it would do, put it right or confirm it."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse
from xlsxwriter import Workbook

from app.audits.models import Audit
from app.database import db
from app.files.cells import prose
from app.files.columns import Column, Table
from app.files.reading import read_content
from app.history import record
from app.history.checking import first_break
from app.outbox.delivery import never
from app.people.models import Closure, Person
from app.scheduling import jobs
from app.waiting_files import WaitingFile
from tests.factories import a_cycle, a_person, an_audit
from tests.imports.conftest import HEADING, a_row
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture(autouse=True)
def the_day(clock_at: Callable[[date], None]) -> None:
    clock_at(date(2010, 11, 1))


@pytest.fixture
def coordinator(app: Flask, sign_in: SignIn) -> FlaskClient:
    return sign_in(a_person("Jack Somebody", roles=["coordinator"]))


def sent(
    client: FlaskClient, kind: str, content: str | bytes, name: str = "file.csv", cycle: str = ""
) -> TestResponse:
    content = content.encode() if isinstance(content, str) else content
    data = {"kind": kind, "cycle": cycle, "file": (io.BytesIO(content), name)}
    return client.post("/imports", data=data, content_type="multipart/form-data")


def address_of(answer: TestResponse) -> str:
    assert answer.status_code == 302, visible(answer.get_data(as_text=True))
    return answer.headers["Location"]


def kept() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(db.select(WaitingFile.sent_as)))


def test_a_file_is_looked_at_and_then_imported(app: Flask, pair: None, coordinator: FlaskClient) -> None:
    address = address_of(sent(coordinator, "audits", f"{HEADING}\n{a_row()}\n", cycle="2010-1"))
    words = visible(opened(coordinator, address))
    assert "Check what will change Nothing changes until you select “Import file”." in words
    assert "To add 1" in words
    assert db.session.query(Audit).count() == 0
    assert "1 added" in visible(opened(coordinator, coordinator.post(address).headers["Location"]))
    assert [audit.reference for audit in db.session.query(Audit)] == ["CP-001"]
    assert kept() == []
    assert coordinator.get(address).status_code == 404


def test_what_would_happen_is_listed_and_nothing_of_it_has_happened(
    app: Flask, pair: None, coordinator: FlaskClient
) -> None:
    rows = f"{HEADING}\n{a_row()}\n{a_row(reference='CP-002')}\n"
    before = record.head()
    words = visible(opened(coordinator, address_of(sent(coordinator, "audits", rows, cycle="2010-1"))))
    assert "CP-001 Requested due 12 November 2010" in words
    assert "CP-002 Requested due 12 November 2010" in words
    assert (db.session.query(Audit).count(), record.head()) == (0, before)
    assert first_break() is None


def test_what_would_change_is_listed_with_what_stands_there_now(app: Flask, coordinator: FlaskClient) -> None:
    a_person("Lena Lead", job_title="Group Manager")
    rows = "email,name,job_title\nlena.lead@council.example,Lena Lead,Head of Service\n"
    words = visible(opened(coordinator, address_of(sent(coordinator, "staff", rows))))
    assert "Lena Lead Job title changed Group Manager Head of Service" in words


def test_of_a_long_file_the_first_lines_are_listed(app: Flask, coordinator: FlaskClient) -> None:
    days = "".join(f"20{year}-12-{day}\n" for year in range(10, 20) for day in range(10, 31))
    words = visible(opened(coordinator, address_of(sent(coordinator, "closures", f"day\n{days}"))))
    assert "To add 210" in words
    assert "This page shows the first 100 changes." in words


def test_the_history_says_who_imported_it(app: Flask, coordinator: FlaskClient) -> None:
    coordinator.post(address_of(sent(coordinator, "closures", "day\n2010-12-24\n")))
    (told,) = record.of("import", "closures")
    assert (told.who, told.what, told.after) == (
        "jack.somebody@council.example",
        "imported",
        "1 added, 0 changed",
    )


def test_faults_are_told_by_row_and_column_and_nothing_can_be_confirmed(
    app: Flask, pair: None, coordinator: FlaskClient
) -> None:
    rows = f"{HEADING}\n{a_row(due_on='2010-02-30')}\n{a_row(reference='CP-002', lead_auditor='x')}\n"
    page = opened(coordinator, address := address_of(sent(coordinator, "audits", rows, cycle="2010-1")))
    assert "There are 2 errors" in visible(page)
    assert "2 due_on 2010-02-30 must be a real date" in visible(page)
    assert "Import file" not in page
    assert coordinator.post(address).status_code == 409
    assert db.session.query(Audit).count() == 0


def test_the_faults_can_be_downloaded_and_that_file_put_right(
    app: Flask, pair: None, coordinator: FlaskClient
) -> None:
    rows = f"{HEADING}\n{a_row()}\n{a_row(reference='CP-002', due_on='2010-02-30')}\n"
    address = address_of(sent(coordinator, "audits", rows, cycle="2010-1"))
    answer = coordinator.get(f"{address}/faults.xlsx")
    assert (
        answer.headers["Content-Disposition"]
        == 'attachment; filename="audits errors OFFICIAL-SENSITIVE.xlsx"'
    )
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as package:
        assert 'ref="I3"' in package.read("xl/comments1.xml").decode()
        assert "must be a real date" in package.read("xl/comments1.xml").decode()
    table = Table("audits", [Column(name, prose()) for name in HEADING.split(",")])
    reading = read_content("audits.xlsx", answer.get_data(), table)
    assert not reading.faults
    assert [row["due_on"] for row in reading.rows] == ["2010-11-12", "2010-02-30"]


def test_an_owner_who_signed_it_off_is_a_fault_of_the_cell(app: Flask, coordinator: FlaskClient) -> None:
    a_person("Ingrid Solomon", roles=["coordinator"])
    jack, ingrid = "jack.somebody@council.example", "ingrid.solomon@council.example"
    first = (
        "reference,text,owner,done_on,signed_off_on,signed_off_by\n"
        f"X-1,Try it,{jack},2010-10-20,2010-10-25,{ingrid}\n"
    )
    coordinator.post(address_of(sent(coordinator, "actions", first)))
    address = address_of(sent(coordinator, "actions", f"reference,text,owner\nX-1,Try it,{ingrid}\n"))
    words = visible(opened(coordinator, address))
    assert f"2 owner {ingrid} the person who signed off the action cannot own it" in words
    assert coordinator.post(address).status_code == 409


def test_what_became_wrong_between_looking_and_confirming_is_refused(
    app: Flask, pair: None, coordinator: FlaskClient
) -> None:
    rows = "email,from_on,to_on\nlena.lead@council.example,2010-12-01,2010-12-03\n"
    address = address_of(sent(coordinator, "leave", rows))
    assert "To add 1" in visible(opened(coordinator, address))
    db.session.query(Person).filter_by(email="lena.lead@council.example").update(
        {"email": "l@council.example"}
    )
    db.session.commit()
    answer = coordinator.post(address)
    assert answer.status_code == 409
    assert "no one has this email address" in answer.get_data(as_text=True)


def test_the_same_file_again_says_that_nothing_is_new(app: Flask, coordinator: FlaskClient) -> None:
    coordinator.post(address_of(sent(coordinator, "closures", "day\n2010-12-24\n")))
    words = visible(opened(coordinator, address_of(sent(coordinator, "closures", "day\n2010-12-24\n"))))
    assert "The file has no changes" in words
    assert "Import file" not in words
    assert db.session.query(Closure).count() == 1


def test_a_preview_begins_with_what_to_check(app: Flask, coordinator: FlaskClient) -> None:
    content = with_hidden_rows([["day"], ["2010-12-24"], ["2010-12-27"], ["2010-12-28"]], hidden=[1, 3])
    page = opened(coordinator, address_of(sent(coordinator, "closures", content, "days.xlsx")))
    assert (
        "Check what will change Check these first "
        "2 rows are hidden in the spreadsheet, for example by a filter. They are imported too. "
        "Nothing changes"
    ) in visible(page)
    assert "To add 3" in visible(page)


def test_a_preview_says_first_what_the_pages_warn_of(
    app: Flask, pair: None, coordinator: FlaskClient
) -> None:
    an_audit("OLD-1", cycle=a_cycle("2010-0"), case_reference="0615-739")
    a_person("Una Away", trained_on=None)
    rows = f"{HEADING}\n{a_row(second_auditor='una.away@council.example', due_on='2010-11-15')}\n"
    address = address_of(sent(coordinator, "audits", rows, cycle="2010-1"))
    page = opened(coordinator, address)
    assert (
        "Check these first "
        "CP-001 is due on 15 November 2010, after the due date of cycle 2010-1, 12 November 2010 "
        "The case of CP-001 is also being audited now, as OLD-1 "
        "Una Away has not been trained Nothing changes until"
    ) in visible(page)
    assert "615739" not in page
    assert "1 added" in visible(opened(coordinator, coordinator.post(address).headers["Location"]))


def test_of_many_things_to_check_the_first_are_shown(app: Flask, coordinator: FlaskClient) -> None:
    rows = "".join(f"p{number}@council.example,Ben Lee\n" for number in range(103))
    words = visible(opened(coordinator, address_of(sent(coordinator, "staff", f"email,name\n{rows}"))))
    assert "This page shows the first 100 of 102 things to check." in words


def test_nothing_is_to_check_in_a_plain_file(app: Flask, coordinator: FlaskClient) -> None:
    page = opened(coordinator, address_of(sent(coordinator, "closures", "day\n2010-12-24\n")))
    assert "Check these first" not in page


def with_hidden_rows(rows: list[list[str]], hidden: list[int]) -> bytes:
    """A spreadsheet of which a filter hides some rows, counted from 0."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
            if number in hidden:
                sheet.set_row(number, None, None, {"hidden": True})
    return content.getvalue()


@pytest.mark.parametrize(
    ("kind", "content", "name", "why"),
    [
        ("closures", b"", "", "Select a file"),
        ("closures", b"", "days.csv", "The file is empty"),
        ("closures", b"day\n", "days.ods", "The file name must end in .csv or .xlsx"),
        ("tool", b"day\n", "days.csv", "The file name must end in .toml"),
        ("", b"day\n", "days.csv", "Select what is in the file"),
        ("everything", b"day\n", "days.csv", "Select what is in the file"),
        ("closures", "day\n2010-12-24\n".encode("utf-16"), "days.csv", "The file is in UTF-16:"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_once(
    app: Flask, coordinator: FlaskClient, kind: str, content: bytes, name: str, why: str
) -> None:
    answer = sent(coordinator, kind, content, name)
    assert answer.status_code == 422
    assert why.replace("’", "'") in visible(answer.get_data(as_text=True)).replace("’", "'")
    assert kept() == []


def test_the_file_has_an_address_that_nobody_guesses_and_the_end_of_its_name(
    app: Flask, coordinator: FlaskClient
) -> None:
    address = address_of(sent(coordinator, "closures", "day\n2010-12-24\n", "../../etc/days.csv"))
    assert kept() == ["days.csv"]
    assert re.fullmatch(r"/imports/[A-Za-z0-9_-]{32}", address)
    assert "etc" not in visible(opened(coordinator, address))


def test_nobody_else_sees_imports_or_removes_the_file(
    app: Flask, coordinator: FlaskClient, sign_in: SignIn
) -> None:
    address = address_of(sent(coordinator, "closures", "day\n2010-12-24\n"))
    coordinator.post("/sign-out")
    another = sign_in(a_person("Another Somebody", roles=["coordinator"]))
    assert another.get(address).status_code == 404
    assert another.post(address).status_code == 404
    assert another.post(f"{address}/drop").status_code == 404
    assert another.get(f"{address}/faults.xlsx").status_code == 404
    assert kept() == ["file.csv"]


def test_all_that_is_missing_is_said_at_once(coordinator: FlaskClient) -> None:
    words = visible(coordinator.post("/imports", data={}).get_data(as_text=True))
    assert "There is a problem Select what is in the file Select a file" in words


def test_a_file_can_be_dropped(app: Flask, coordinator: FlaskClient) -> None:
    address = address_of(sent(coordinator, "closures", "day\n2010-12-24\n"))
    assert coordinator.post(f"{address}/drop").status_code == 302
    assert kept() == []
    assert db.session.query(Closure).count() == 0


def test_a_file_is_kept_for_a_day(
    app: Flask, coordinator: FlaskClient, sign_in: SignIn, clock_at: Callable[[date | datetime], None]
) -> None:
    address = address_of(sent(coordinator, "closures", "day\n2010-12-24\n"))
    clock_at(datetime(2010, 11, 2, 11, tzinfo=UTC))
    jobs.remove_what_is_old(never)
    assert kept() == ["file.csv"]
    clock_at(date(2010, 11, 3))
    again = sign_in(db.session.query(Person).one())
    assert again.get(address).status_code == 404
    jobs.remove_what_is_old(never)
    assert kept() == []


def test_administrators_import_what_they_look_after_and_nothing_about_cases(
    app: Flask, sign_in: SignIn
) -> None:
    administrator = sign_in(a_person("Ada Somebody", roles=["administrator"]))
    page = opened(administrator, "/imports")
    assert 'value="staff"' in page
    assert 'value="answers"' not in page
    assert "Cycle of the audits" not in page
    assert sent(administrator, "answers", "a\n").status_code == 422
    address = address_of(sent(administrator, "staff", "email,name\nx@council.example,Xan Roe\n"))
    assert administrator.post(address).status_code == 302
    assert db.session.query(Person).filter_by(name="Xan Roe").count() == 1


def test_a_toml_file_tells_its_faults_by_key(app: Flask, coordinator: FlaskClient) -> None:
    address = address_of(sent(coordinator, "cycle", '[cycle]\nreference = "2011-1"\ntitle = 5\n', "c.toml"))
    assert "cycle / title 5 must be text in quotation marks" in visible(opened(coordinator, address))
    assert coordinator.get(f"{address}/faults.xlsx").status_code == 200


def test_settings_lead_to_imports(app: Flask, coordinator: FlaskClient) -> None:
    assert 'href="/imports"' in opened(coordinator, "/settings")
