"""The chase list: what a coordinator and an auditor find on it."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.audits.chasing import log_chase
from app.database import transaction
from app.people.models import Person
from app.reminders.daily_run import run
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible
from tests.statements import statements

SignIn = Callable[[Person], FlaskClient]
ClockAt = Callable[[date], None]

FRIDAY_BEFORE = date(2010, 11, 5)
WEEK_AFTER = date(2010, 11, 22)


def references(page: str) -> list[str]:
    """The audits that the page lists, in order."""
    return re.findall(r'<a class="govuk-link" href="/audits/([^"?]+)">', page)


@pytest.fixture
def coordinator(clock_at: ClockAt, sign_in: SignIn) -> FlaskClient:
    clock_at(WEEK_AFTER)
    return sign_in(a_person("Jack Denny", roles=["coordinator"]))


@pytest.fixture
def brendan() -> Person:
    return a_person("Brendan Foxe")


@pytest.fixture
def maeve() -> Person:
    return a_person("Maeve Corrigan")


def test_the_counts_stand_on_top_in_one_sentence(coordinator: FlaskClient, brendan: Person) -> None:
    an_audit(lead=brendan, returned_on=date(2010, 11, 10))
    an_audit(lead=brendan)
    an_audit(lead=brendan, due_on=date(2010, 11, 25))
    an_audit(lead=brendan, due_on=date(2010, 12, 17))
    page = visible(opened(coordinator, "/audits"))
    assert "4 requested: 1 returned, 3 open (1 due this week, 1 overdue)" in page


def test_withdrawn_and_not_returned_are_told_where_there_are_any(coordinator: FlaskClient) -> None:
    an_audit(withdrawn_on=date(2010, 11, 1))
    an_audit(exempted_on=date(2010, 11, 2))
    page = visible(opened(coordinator, "/audits"))
    assert "2 requested: 0 returned, 0 open (0 due this week, 0 overdue), 1 not returned, 1 withdrawn" in page


def test_the_most_overdue_comes_first_and_what_ended_comes_last(coordinator: FlaskClient) -> None:
    an_audit("RETURNED", due_on=date(2010, 10, 8), returned_on=date(2010, 10, 8))
    an_audit("LATER", due_on=date(2010, 12, 1))
    an_audit("LATE", due_on=date(2010, 11, 12))
    an_audit("LATEST", due_on=date(2010, 11, 5))
    an_audit("EXEMPT", due_on=date(2010, 10, 15), exempted_on=date(2010, 10, 20))
    page = opened(coordinator, "/audits")
    assert references(page) == ["LATEST", "LATE", "LATER", "EXEMPT", "RETURNED"]


def test_an_overdue_audit_tells_how_far_it_got_and_how_late_it_is(
    coordinator: FlaskClient, brendan: Person, maeve: Person
) -> None:
    an_audit("CP-001", lead=brendan, second=maeve, started_on=date(2010, 11, 1))
    page = visible(opened(coordinator, "/audits"))
    row = page[page.index("CP-001") :]
    assert "Brendan Foxe, lead Maeve Corrigan, second Fri 12 Nov overdue, in progress 6 lead" in row


def test_an_exempt_audit_is_told_as_exempt_and_never_as_late(
    coordinator: FlaskClient, brendan: Person
) -> None:
    an_audit("CP-001", lead=brendan, due_on=date(2010, 11, 5), exempted_on=date(2010, 11, 8))
    listed = visible(opened(coordinator, "/audits"))
    assert "Brendan Foxe, lead Fri 5 Nov exempt" in listed
    page = visible(opened(coordinator, "/audits/CP-001"))
    assert "Assigned, exempt." in page
    for told in (listed[listed.index("CP-001") :], page):
        assert "overdue" not in told
        assert " late" not in told


@pytest.mark.parametrize(
    ("shown", "facts"),
    [
        ("auditors", {}),
        ("new lead", {"second": True}),
        ("new second, then lead", {"lead": True}),
        ("lead", {"lead": True, "second": True}),
        ("second to confirm", {"lead": True, "second": True, "returned_on": date(2010, 11, 10)}),
    ],
)
def test_it_tells_whom_an_audit_waits_for(
    coordinator: FlaskClient, brendan: Person, maeve: Person, shown: str, facts: dict[str, date | bool]
) -> None:
    returned_on = facts.get("returned_on")
    an_audit(
        lead=brendan if facts.get("lead") else None,
        second=maeve if facts.get("second") else None,
        returned_on=returned_on if isinstance(returned_on, date) else None,
    )
    cell = f'<td class="govuk-table__cell" role="cell" data-label="Waiting for">{shown}</td>'
    assert cell in opened(coordinator, "/audits")


def test_it_tells_who_is_on_leave_and_until_when(coordinator: FlaskClient) -> None:
    away = a_person("Chitra Menon", leave=[(date(2010, 11, 8), date(2011, 1, 14))])
    an_audit(lead=away)
    assert "Chitra Menon, lead, on leave until Fri 14 Jan 2011" in visible(opened(coordinator, "/audits"))


def test_it_tells_the_next_automatic_step_and_its_day(coordinator: FlaskClient, brendan: Person) -> None:
    an_audit(lead=brendan, due_on=date(2010, 11, 19))
    # the reminder of Friday did not go, so the run of today sends it
    assert "Mon 22 Nov due-date reminder" in visible(opened(coordinator, "/audits"))
    run(WEEK_AFTER)
    assert "Tue 23 Nov overdue reminder" in visible(opened(coordinator, "/audits"))


def test_a_promise_is_told_as_what_comes_next(
    coordinator: FlaskClient, brendan: Person, clock_at: ClockAt
) -> None:
    jack = a_person("Jill Denny", roles=["coordinator"])
    an_audit("CP-001", lead=brendan, started_on=date(2010, 11, 1), due_on=date(2010, 11, 12))
    run(date(2010, 11, 16))
    day = date(2010, 11, 17)
    clock_at(day)
    log_chase("CP-001", jack, day, day, "phone", new_expected_on=date(2010, 11, 24))
    page = visible(opened(coordinator, "/audits"))
    assert "Thu 25 Nov promised for 24 November 2010, then line managers told" in page
    downloaded = coordinator.get("/audits?download=csv").get_data(as_text=True)
    assert "promised for 24 November 2010, then line managers told" in downloaded
    assert "2010-11-25" in downloaded


def test_no_next_step_is_told_of_what_is_not_chased(coordinator: FlaskClient, brendan: Person) -> None:
    an_audit(lead=brendan, due_on=date(2010, 11, 19), exempted_on=date(2010, 11, 1))
    assert "reminder" not in visible(opened(coordinator, "/audits"))


def test_the_first_due_day_stays_visible_after_an_extension(coordinator: FlaskClient) -> None:
    audit = an_audit(due_on=date(2010, 12, 1))
    with transaction():
        audit.first_due_on = date(2010, 11, 12)
    page = visible(opened(coordinator, "/audits"))
    assert "Wed 1 Dec first due Fri 12 Nov" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=overdue", ["CP-1"]),
        ("state=returned", ["CP-2"]),
        ("state=in-progress", ["CP-3"]),
        ("state=In%20progress", ["CP-3"]),
        ("state=requested", ["CP-4"]),
        ("state=nonsense", []),
        ("team=Crewe", ["CP-1"]),
        ("team=Atlantis", []),
        ("auditor=maeve.corrigan@council.example", ["CP-3"]),
        ("auditor=nobody@council.example", []),
        ("cycle=2010-2", ["CP-4"]),
        ("cycle=none", []),
        ("q=cp-2", ["CP-2"]),
        ("q=%25", []),
        ("cycle=2010-1&state=overdue&team=Crewe", ["CP-1"]),
        ("sort=reference", ["CP-1", "CP-2", "CP-3", "CP-4"]),
        ("sort=-reference", ["CP-4", "CP-3", "CP-2", "CP-1"]),
        ("sort=-team", ["CP-3", "CP-4", "CP-2", "CP-1"]),
        ("page=99", ["CP-1", "CP-3", "CP-4", "CP-2"]),
        ("page=x", ["CP-1", "CP-3", "CP-4", "CP-2"]),
    ],
)
def test_filters_and_sorting_are_addresses(
    coordinator: FlaskClient, brendan: Person, maeve: Person, query: str, found: list[str]
) -> None:
    an_audit("CP-1", team="Crewe", lead=brendan)
    an_audit("CP-2", team="Nantwich", lead=brendan, returned_on=date(2010, 11, 4))
    an_audit("CP-3", team="Wilmslow", lead=maeve, due_on=date(2010, 12, 1), started_on=date(2010, 11, 1))
    an_audit("CP-4", team="Wilmslow", cycle=a_cycle("2010-2", due_on=date(2010, 12, 17)))
    assert references(opened(coordinator, f"/audits?{query}")) == found


def test_the_counts_follow_the_cycle_that_is_asked_for(coordinator: FlaskClient) -> None:
    an_audit()
    an_audit(cycle=a_cycle("2010-2", due_on=date(2010, 12, 17)))
    page = visible(opened(coordinator, "/audits?cycle=2010-2"))
    assert "1 requested: 0 returned, 1 open (0 due this week, 0 overdue)" in page


def test_in_a_closed_cycle_late_returns_are_not_returned(coordinator: FlaskClient, brendan: Person) -> None:
    closed = a_cycle("2010-0", closed_on=date(2010, 11, 19), cut_off_on=date(2010, 11, 15))
    an_audit("IN-TIME", cycle=closed, lead=brendan, returned_on=date(2010, 11, 15))
    an_audit("TOO-LATE", cycle=closed, lead=brendan, returned_on=date(2010, 11, 16))
    an_audit("NEVER", cycle=closed, lead=brendan)
    page = opened(coordinator, "/audits")
    assert "3 requested: 1 returned, 0 open (0 due this week, 0 overdue), 2 not returned" in visible(page)
    assert "returned after the cut-off" in visible(page)
    assert sorted(references(opened(coordinator, "/audits?state=not+returned"))) == ["NEVER", "TOO-LATE"]


def test_what_a_file_tells_of_a_later_day_is_not_yet(coordinator: FlaskClient, clock_at: ClockAt) -> None:
    clock_at(FRIDAY_BEFORE)
    an_audit("CP-014", returned_on=date(2010, 11, 8))
    an_audit("CP-015", withdrawn_on=date(2010, 11, 8))
    page = opened(coordinator, "/audits")
    assert "2 requested: 0 returned, 2 open (0 due this week, 0 overdue)" in visible(page)
    assert references(page) == ["CP-014", "CP-015"]


def test_an_auditor_sees_their_own_and_cannot_ask_for_others(
    sign_in: SignIn, clock_at: ClockAt, brendan: Person, maeve: Person
) -> None:
    clock_at(WEEK_AFTER)
    an_audit("MINE", lead=brendan, second=maeve)
    an_audit("THEIRS", lead=maeve)
    client = sign_in(brendan)
    page = opened(client, "/audits")
    assert references(page) == ["MINE"]
    assert "1 requested" in visible(page)
    assert references(opened(client, "/audits?auditor=maeve.corrigan@council.example")) == ["MINE"]
    assert "Chase selected audits" not in page


def test_others_are_refused(sign_in: SignIn) -> None:
    client = sign_in(a_person("Violet Odell", roles=["practitioner"]))
    assert client.get("/audits").status_code == 403


def test_fifty_are_on_a_page(coordinator: FlaskClient) -> None:
    for number in range(60):
        an_audit(f"CP-{number:03}", returned_on=date(2010, 11, 1) if number >= 55 else None)
    first, second = opened(coordinator, "/audits"), opened(coordinator, "/audits?page=2")
    assert references(first) == [f"CP-{number:03}" for number in range(50)]
    assert references(second) == [f"CP-{number:03}" for number in range(50, 60)]
    assert "60 audits, showing 1 to 50" in visible(first)
    assert "60 audits, showing 51 to 60" in visible(second)


def test_the_download_has_what_the_list_has_and_no_case_number(
    coordinator: FlaskClient, brendan: Person, maeve: Person
) -> None:
    for number in range(60):
        an_audit(f"CP-{number:03}", lead=brendan, second=maeve, case_reference=f"7777{number}")
    answer = coordinator.get("/audits?download=csv&state=overdue")
    text = answer.get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert answer.mimetype == "text/csv"
    assert len(rows) == 60
    assert rows[0]["reference"] == "CP-000"
    assert rows[0]["state"] == "overdue, assigned"
    assert rows[0]["due_on"] == "2010-11-12"
    assert rows[0]["working_days_overdue"] == "6"
    assert rows[0]["lead_auditor"] == "Brendan Foxe"
    assert "7777" not in text
    assert "7777" not in opened(coordinator, "/audits")


def test_an_empty_service_says_so(coordinator: FlaskClient) -> None:
    assert "No audits yet" in visible(opened(coordinator, "/audits"))


def test_the_number_of_queries_does_not_grow_with_the_list(coordinator: FlaskClient) -> None:
    def queries() -> int:
        with statements() as sent:
            opened(coordinator, "/audits")
        return len(sent)

    for number in range(2):
        an_audit(lead=a_person(), second=a_person(), returned_on=date(2010, 11, 1) if number else None)
    with_two = queries()
    for number in range(70):
        lead = a_person(leave=[(date(2010, 11, 8), date(2011, 1, 14))])
        an_audit(lead=lead, second=a_person(), returned_on=date(2010, 11, 1) if number > 40 else None)
    assert queries() == with_two
    assert with_two <= 20
