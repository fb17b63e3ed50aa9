"""Past cycles known only as percentages: entered as published, marked so wherever they stand."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.database import db
from app.findings.over_time import points_of
from app.history import record
from app.people.models import Person
from tests.factories import a_person
from tests.findings.asked_cycles import a_cycle_that_found, a_tool_asking
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]
TYPED = {
    "reference": "2008-1",
    "title": "Case file audit 2008",
    "reported_on": ["3", "6", "2008"],
    "source": "Annual report, page 12",
    "percent-child_seen": "55%",
    "answered-child_seen": "20",
    "percent-complaints": "40",
    "answered-complaints": "",
}


@pytest.fixture
def coordinator(sign_in: SignIn) -> FlaskClient:
    a_tool_asking("child_seen", "complaints", "gatekeeping")
    return sign_in(a_person("Co Ordinator", roles=["coordinator"]))


def told(reference: str = "2008-1") -> list[tuple[str, str | None, str | None]]:
    db.session.rollback()
    return [(row.what, row.before, row.after) for row in record.of("earlier cycle", reference)]


def test_a_coordinator_enters_changes_and_removes_one_with_its_history(coordinator: FlaskClient) -> None:
    answer = coordinator.post("/findings/earlier/new", data=TYPED, follow_redirects=True)
    assert "Past cycle 2008-1 added" in answer.get_data(as_text=True)
    page = opened(coordinator, "/findings/earlier/2008-1")
    assert 'name="percent-child_seen" value="55"' in page
    assert 'name="answered-child_seen" value="20"' in page
    changed = TYPED | {"percent-complaints": "", "percent-gatekeeping": "70", "percent-child_seen": "56"}
    assert coordinator.post("/findings/earlier/2008-1", data=changed).status_code == 302
    assert told() == [
        ("figure of gatekeeping changed", None, "70%"),
        ("figure of complaints changed", "40%", None),
        ("figure of child_seen changed", "55% of 20", "56% of 20"),
        ("entered as published", None, "child_seen 55% of 20, complaints 40%"),
    ]
    assert "Its 2 percentages will no longer" in opened(coordinator, "/findings/earlier/2008-1/remove")
    assert coordinator.post("/findings/earlier/2008-1/remove").status_code == 302
    assert coordinator.get("/findings/earlier/2008-1").status_code == 404
    assert told()[0] == ("removed", "child_seen 56% of 20, gatekeeping 70%", None)


def test_what_is_saved_unchanged_leaves_no_trace(coordinator: FlaskClient) -> None:
    coordinator.post("/findings/earlier/new", data=TYPED)
    coordinator.post("/findings/earlier/2008-1", data=TYPED)
    assert len(told()) == 1


@pytest.mark.parametrize(
    ("field", "typed", "why"),
    [
        ("percent-child_seen", "101", "Percentage for “Child seen” must be a whole number from 0 to 100"),
        ("percent-child_seen", "54.5", "Percentage for “Child seen” must be a whole number from 0 to 100"),
        ("percent-child_seen", "-1", "Percentage for “Child seen” must be a whole number from 0 to 100"),
        (
            "percent-child_seen",
            "",
            "Enter the percentage for “Child seen”, or leave both of its fields blank",
        ),
        (
            "answered-child_seen",
            "0",
            "Number of audits that answered “Child seen” must be a whole number, such as 25, or blank",
        ),
        ("answered-child_seen", "many", "Number of audits that answered “Child seen” must be a whole number"),
        ("reference", "2008/1", "Reference can only have letters, digits, dots and hyphens"),
        ("reference", "new", "Reference cannot be “new”"),
        ("reference", "2010-1", "Cycle 2010-1 already exists. Enter another reference."),
        ("title", "", "Enter the title"),
        ("source", "", "Enter the source"),
        ("reported_on", ["30", "2", "2008"], "Date of the report must be a real date"),
    ],
)
def test_a_fault_is_named_at_its_field_and_nothing_is_kept(
    coordinator: FlaskClient, field: str, typed: object, why: str
) -> None:
    tool = a_tool_asking("child_seen", version=2)
    a_cycle_that_found("2010-1", tool, date(2010, 10, 4), {})
    answer = coordinator.post("/findings/earlier/new", data=TYPED | {field: typed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert page.count(why) >= 2  # in the summary and at the field
    assert "<title>Error: " in page
    assert told() == []


def test_one_without_any_percentage_is_refused(coordinator: FlaskClient) -> None:
    empty = TYPED | {"percent-child_seen": "", "answered-child_seen": "", "percent-complaints": ""}
    answer = coordinator.post("/findings/earlier/new", data=empty)
    assert "Enter at least one percentage" in answer.get_data(as_text=True)
    assert told() == []


def test_nought_per_cent_is_a_figure(coordinator: FlaskClient) -> None:
    coordinator.post("/findings/earlier/new", data=TYPED | {"percent-child_seen": "0"})
    assert 'name="percent-child_seen" value="0"' in opened(coordinator, "/findings/earlier/2008-1")
    assert points_of("child_seen", date(2011, 1, 4))[0].share == 0


def test_it_stands_over_time_as_published_with_a_mark_of_its_own_and_without_a_range(
    coordinator: FlaskClient,
) -> None:
    coordinator.post("/findings/earlier/new", data=TYPED)
    tool = a_tool_asking("child_seen", version=2)
    a_cycle_that_found("2010-1", tool, date(2010, 10, 4), {"child_seen": (15, 10)})
    page = opened(coordinator, "/findings/over-time?question=child_seen")
    assert "2008-1 Tue 3 Jun 2008 (reported) 55% of 20, as published none" in visible(page)
    assert page.count('class="pa-over-time__published"') == 1
    assert "not declared comparable" in visible(page)


def test_it_stands_beside_a_cycle_without_a_difference(coordinator: FlaskClient) -> None:
    coordinator.post("/findings/earlier/new", data=TYPED)
    tool = a_tool_asking("child_seen", version=2)
    a_cycle_that_found("2010-1", tool, date(2010, 10, 4), {"child_seen": (15, 10)}, comparable_with="2008-1")
    words = visible(opened(coordinator, "/cycles/2010-1/compared"))
    assert "Not comparable: only the published percentages of 2008-1 are known." in words
    assert "Child seen 55% of 20, as published 15 of 25 (60%), 41% to 77%" in words
    assert "points" not in words
    assert "Only in 2008-1 Complaints" in words


def test_others_than_coordinators_do_not_enter_any(sign_in: SignIn) -> None:
    client = sign_in(a_person("The Leader", roles=["leader"]))
    for address in ("/findings/earlier", "/findings/earlier/new", "/findings/earlier/2008-1"):
        assert client.get(address).status_code == 403
