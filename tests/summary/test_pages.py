"""The summary in the product: its periods, its files, and who reads it."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from docx import Document
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from app.people.models import Person
from tests.factories import a_person, an_audit
from tests.pages import opened, visible
from tests.summary.test_gathering import RETURNED, a_reported_cycle, freeze

SignIn = Callable[[Person], FlaskClient]

PAGE = "/programme/summary"
QUARTER = "from_on=1&from_on=10&from_on=2010&to_on=31&to_on=12&to_on=2010"
ON = date(2011, 1, 10)


@pytest.fixture(autouse=True)
def the_day(clock_at: Callable[[date], None]) -> None:
    clock_at(ON)


@pytest.fixture
def leader(sign_in: SignIn) -> FlaskClient:
    cycle = a_reported_cycle()
    auditor = a_person("Ann Lee")
    for _ in range(2):
        an_audit(cycle=cycle, lead=auditor, case_reference="615739", returned_on=RETURNED, team="Crewe")
    freeze(cycle)
    return sign_in(a_person("Harriet Vance", roles=["leader"]))


def test_it_opens_with_the_last_whole_quarter_and_leads_to_others(leader: FlaskClient) -> None:
    page = opened(leader, PAGE)
    said = visible(page)
    assert "Summary, 1 October to 31 December 2010" in said
    assert "1 cycle was reported from 1 October to 31 December 2010." in said
    assert "Audits returned: 2 of 2 (100%). Both were returned by their first due date." in said
    assert "State" not in said
    assert "July to September 2010" in said
    assert 'value="2010"' in page
    other = page.split("July to September 2010")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "No cycle was reported from 1 July to 30 September 2010" in visible(opened(leader, other))


def test_it_names_no_staff_no_case_and_no_team_with_an_audit(leader: FlaskClient) -> None:
    main = opened(leader, f"{PAGE}?{QUARTER}").split("<main")[1]
    for hidden in ("Ann Lee", "Harriet Vance", "615739", "Crewe"):
        assert hidden not in main
        assert hidden.encode() not in leader.get(f"{PAGE}.html?{QUARTER}").data


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (QUARTER.replace("31", "32"), "Last date must be a real date, such as 27 3 2027"),
        (QUARTER.replace("2010&to_on", "2011&to_on"), "Last date must be on or after the first date"),
        ("from_on=1&from_on=10&from_on=2010", "Enter the last date"),
        ("to_on=1&to_on=10&to_on=2010", "Enter the first date"),
        ("from_on=&to_on=", "Enter the first date"),
    ],
)
def test_what_is_no_period_is_refused_where_the_fault_is(leader: FlaskClient, asked: str, why: str) -> None:
    answer = leader.get(f"{PAGE}?{asked}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert visible(page).count(why) == 2
    assert "Download" not in visible(page)
    assert leader.get(f"{PAGE}.docx?{asked}").status_code == 404


def test_one_day_is_a_period(leader: FlaskClient) -> None:
    day = "from_on=2010-12-22&to_on=2010-12-22"
    assert "1 cycle was reported on 22 December 2010." in visible(opened(leader, f"{PAGE}?{day}"))


def test_word_has_all_that_the_page_says(leader: FlaskClient) -> None:
    answer = leader.get(f"{PAGE}.docx?{QUARTER}")
    assert (
        "Practice audits summary, 1 October to 31 December 2010.docx" in answer.headers["Content-Disposition"]
    )
    document = Document(io.BytesIO(answer.data))
    words = [each.text for each in document.paragraphs]
    assert words[0] == "Practice audits: summary, 1 October to 31 December 2010"
    assert "1 cycle was reported from 1 October to 31 December 2010." in words
    assert any(word.startswith("Period: 1 October to 31 December 2010") for word in words)
    assert not any(word.startswith("Draft") or word == "Final" for word in words)
    assert [cell.text for cell in document.tables[0].rows[1].cells][:3] == [
        "2010-1",
        "Child protection",
        "22 December 2010",
    ]
    assert document.core_properties.subject == words[0]
    assert leader.get(f"{PAGE}.docx?{QUARTER}").data == answer.data


def test_a_spreadsheet_has_a_sheet_for_each_table_with_numbers_and_dates(leader: FlaskClient) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(leader.get(f"{PAGE}.xlsx?{QUARTER}").data))
    assert book.sheet_names == ["Summary", "Cycles", "By month and theme"]
    assert book.get_sheet_by_name("Cycles").to_python()[1] == [
        *("2010-1", "Child protection", date(2010, 12, 22)),
        *(2.0, 2.0, 2.0, 0.0, 0.0),
    ]
    summary = book.get_sheet_by_name("Summary").to_python()
    assert summary[1] == ["Title", "Practice audits: summary, 1 October to 31 December 2010"]
    assert ["Main points", "1 cycle was reported from 1 October to 31 December 2010."] in summary


@pytest.mark.parametrize(("role", "is_led_there"), [("coordinator", True), ("leader", False)])
def test_a_coordinator_is_led_to_what_a_closed_cycle_lacks(
    sign_in: SignIn, role: str, is_led_there: bool
) -> None:
    a_reported_cycle(reported_on=None)
    visitor = sign_in(a_person("Somebody", roles=[role]))
    page = opened(visitor, f"{PAGE}?{QUARTER}")
    assert ('href="/cycles/2010-1/reporting"' in page) is is_led_there
    assert "Cycle 2010-1 has been closed without a reporting date" in visible(page)


def test_no_other_file_is_made(leader: FlaskClient) -> None:
    assert leader.get(f"{PAGE}.csv?{QUARTER}").status_code == 404


@pytest.mark.parametrize(
    ("role", "reads"),
    [("coordinator", True), ("leader", True), ("manager", False)],
)
def test_the_programme_leads_to_it_and_back_where_it_may_be_read(
    sign_in: SignIn, role: str, reads: bool
) -> None:
    visitor = sign_in(a_person("Somebody", roles=[role]))
    assert (f'href="{PAGE}"' in opened(visitor, "/programme")) is reads
    answer = visitor.get(PAGE)
    assert (answer.status_code == 200) is reads
    assert ('href="/programme"' in answer.get_data(as_text=True)) is reads
