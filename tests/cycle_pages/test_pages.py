"""Cycles: what a coordinator sees of them and does with them."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.audits.counting import reasons_not_returned
from app.audits.cycle import Cycle
from app.audits.standing import standings
from app.cycles.models import EarlierCycle
from app.cycles.queries import found
from app.database import db, transaction
from app.history.record import of as history_of
from app.people.closures import working_days
from app.people.models import Person
from tests.answers.graded import a_graded_cycle, answered, viewed
from tests.answers.test_several_agencies import asks_once_per_case
from tests.factories import a_cycle, a_person, a_tool, an_audit
from tests.pages import opened, visible
from tests.test_meanwhile import Fields

SignIn = Callable[[Person], FlaskClient]

CLOSED_ON, AFTER = date(2010, 12, 17), date(2010, 12, 20)


def day(name: str, value: date) -> dict[str, list[str]]:
    return {name: [str(value.day), str(value.month), str(value.year)]}


@pytest.fixture(autouse=True)
def the_day(clock_at: Callable[[date], None]) -> None:
    clock_at(AFTER)


@pytest.fixture
def coordinator(sign_in: SignIn) -> FlaskClient:
    return sign_in(a_person("Jack Denny", roles=["coordinator"]))


def cycle(reference: str = "2010-1") -> Cycle:
    db.session.rollback()
    db.session.expire_all()
    known = found(reference)
    assert known is not None
    return known


def test_a_cycle_tells_its_returns_and_why_the_others_did_not_come(coordinator: FlaskClient) -> None:
    closed = a_cycle(closed_on=CLOSED_ON)
    for number in range(29):
        returned_on = date(2010, 11, 1) if number < 26 else None
        audit = an_audit(cycle=closed, returned_on=returned_on)
        with transaction():
            audit.reason_not_returned = {26: "sickness", 27: "capacity", 28: "sickness"}.get(number)
    page = visible(opened(coordinator, "/cycles/2010-1"))
    assert "26 of 29 (90%) returned" in page
    assert "29 requested = 26 returned + 3 not returned + 0 withdrawn + 0 open" in page
    assert "2 sickness 1 capacity" in page
    assert "26 of 29 (90%)" in visible(opened(coordinator, "/cycles"))


def test_an_exempt_audit_is_counted_with_that_as_its_reason_unless_another_is_written(
    coordinator: FlaskClient,
) -> None:
    closed = a_cycle(closed_on=CLOSED_ON)
    an_audit(cycle=closed)
    an_audit(cycle=closed, exempted_on=date(2010, 12, 27))  # only after this day
    an_audit(cycle=closed, exempted_on=date(2010, 12, 1))
    sick = an_audit(cycle=closed, exempted_on=date(2010, 12, 1))
    with transaction():
        sick.reason_not_returned = "sickness"
    page = visible(opened(coordinator, "/cycles/2010-1"))
    assert "+ 4 not returned +" in page
    assert "2 no reason given 1 exempt 1 sickness" in page
    assert reasons_not_returned(closed.id, standings(AFTER, working_days())) == [
        ("no reason given", 2),
        ("exempt", 1),
        ("sickness", 1),
    ]


def test_what_came_after_the_cut_off_is_told_and_does_not_count(coordinator: FlaskClient) -> None:
    closed = a_cycle(closed_on=CLOSED_ON, cut_off_on=date(2010, 12, 10))
    an_audit(cycle=closed, returned_on=date(2010, 12, 10))
    an_audit(cycle=closed, returned_on=date(2010, 12, 13))
    page = visible(opened(coordinator, "/cycles/2010-1"))
    assert "2 requested = 1 returned + 1 not returned + 0 withdrawn + 0 open" in page
    assert "1 came back after the cut-off and does not count" in page


def test_an_open_cycle_tells_its_states_and_what_to_do_next(coordinator: FlaskClient) -> None:
    brendan = a_person()
    an_audit()
    an_audit(due_on=date(2010, 12, 23))
    an_audit(due_on=date(2010, 12, 23), lead=brendan)
    an_audit(due_on=date(2011, 1, 21), lead=brendan, started_on=date(2010, 12, 1))
    an_audit(exempted_on=date(2010, 12, 1))
    page = visible(opened(coordinator, "/cycles/2010-1"))
    assert "5 requested = 0 returned + 1 not returned + 0 withdrawn + 4 open" in page
    assert "Open by state: 1 requested, 1 assigned, 1 in progress, 1 overdue." in page
    assert "Of these, 2 due this week." in page
    assert "Close cycle" in page


NEW = {
    "reference": "2011-1",
    "title": "Second cycle",
    "theme": "Cared for Children post 16",
    **day("requested_on", date(2011, 1, 4)),
    **day("due_on", date(2011, 2, 11)),
    "cut_off_on": ["", "", ""],
    "reported_on": ["28", "2", "2011"],
    "reported_to": "Senior Management Team",
}


def test_a_coordinator_creates_a_cycle(coordinator: FlaskClient) -> None:
    tool_id = str(a_tool().id)
    answer = coordinator.post("/cycles/new", data={**NEW, "tool": tool_id}, follow_redirects=True)
    page = visible(answer.get_data(as_text=True))
    assert "Cycle 2011-1 created" in page
    assert "Second cycle: Cared for Children post 16" in page
    assert "No audits have been requested yet." in page
    assert cycle("2011-1").due_on == date(2011, 2, 11)
    assert [(row.what, row.who) for row in history_of("cycle", "2011-1")] == [
        ("created", "jack.denny@council.example")
    ]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"reference": ""}, "Enter the reference"),
        ({"reference": "a/b"}, "Reference can only have letters, digits, dots and hyphens, such as 2027-1"),
        ({"reference": "new"}, "Reference cannot be “new”"),
        ({"reference": "2010-1"}, "Cycle 2010-1 already exists."),
        ({"title": "  "}, "Enter the title"),
        ({"tool": ""}, "Select an audit tool"),
        ({"tool": "999"}, "Select an audit tool"),
        ({"due_on": ["30", "2", "2011"]}, "Due date must be a real date"),
        ({"due_on": ["11", "", "2011"]}, "Due date must be a real date"),
        ({"due_on": ["", "", ""]}, "Enter the due date"),
        ({"due_on": "11/2/2011"}, "Due date must be a real date"),
        ({"due_on": ["3", "1", "2011"]}, "Due date must be on or after the request date"),
        ({"cut_off_on": ["3", "1", "2011"]}, "Cut-off date must be on or after the request date"),
    ],
)
def test_a_faulty_cycle_is_refused_where_the_fault_is(
    coordinator: FlaskClient, wrong: dict[str, str | list[str]], told: str
) -> None:
    a_cycle()
    answer = coordinator.post("/cycles/new", data={**NEW, "tool": str(a_tool().id), **wrong})
    page = visible(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "There is a problem" in page
    assert page.count(told) >= 2  # on top, and at the field
    assert found("2011-1") is None


def test_the_days_of_an_open_cycle_can_be_changed(coordinator: FlaskClient) -> None:
    a_cycle()
    form = {
        "title": "A cycle",
        "theme": "Child protection",
        **day("due_on", date(2010, 11, 19)),
        **day("cut_off_on", date(2010, 12, 10)),
    }
    answer = coordinator.post("/cycles/2010-1/edit", data=form, follow_redirects=True)
    assert "Cycle 2010-1 saved" in visible(answer.get_data(as_text=True))
    assert (cycle().due_on, cycle().cut_off_on) == (date(2010, 11, 19), date(2010, 12, 10))
    events = [(row.what, row.before, row.after) for row in history_of("cycle", "2010-1")]
    assert events == [
        ("cut-off date changed", None, "10 December 2010"),
        ("due date changed", "12 November 2010", "19 November 2010"),
    ]


def test_a_cycle_says_who_is_asked_to_respond(coordinator: FlaskClient) -> None:
    hollis = a_person("Hollis Head", roles=["leader"])
    known = a_cycle()
    assert "Asked to respond" not in visible(opened(coordinator, "/cycles/2010-1"))
    with transaction():
        known.tool.sections[0].questions[0].calls_for_response = {"response": ["no"], "working_days": 5}
    assert "Asked to respond Managers of the team Small" in visible(opened(coordinator, "/cycles/2010-1"))
    form = dict(Fields(opened(coordinator, "/cycles/2010-1/edit")).held)
    assert coordinator.post("/cycles/2010-1/edit", data=form | {"respond_to_id": str(hollis.id)}).status_code
    page = visible(opened(coordinator, "/cycles/2010-1"))
    assert "Asked to respond Managers of the team and Hollis Head" in page
    assert [(e.before, e.after) for e in history_of("cycle", "2010-1") if "responses" in e.what] == [
        (None, "Hollis Head")
    ]


def test_the_form_of_a_change_shows_what_holds_now(coordinator: FlaskClient) -> None:
    a_cycle()
    page = opened(coordinator, "/cycles/2010-1/edit")
    assert 'value="Child protection"' in page
    assert 'name="due_on" type="text" value="12"' in page


def test_a_closed_cycle_cannot_be_changed(coordinator: FlaskClient) -> None:
    a_cycle(closed_on=CLOSED_ON)
    form = {"title": "Other", "theme": "Other", **day("due_on", date(2010, 11, 19))}
    answer = coordinator.post("/cycles/2010-1/edit", data=form)
    assert answer.status_code == 409
    assert "is closed, so you can no longer edit it" in answer.get_data(as_text=True)
    assert cycle().title == "A cycle"


def test_a_closing_day_and_a_cut_off_that_are_still_to_come_have_not_happened(
    coordinator: FlaskClient,
) -> None:
    closing = a_cycle(closed_on=date(2010, 12, 23), cut_off_on=date(2010, 12, 10))
    an_audit("CP-001", cycle=closing, returned_on=date(2010, 12, 15))
    assert "1 of 1 (100%) returned" in visible(opened(coordinator, "/cycles/2010-1"))
    for address in ("/audits", "/audits/CP-001"):
        assert "returned after the cut-off" not in visible(opened(coordinator, address)).lower()
    form = {"title": "Other", "theme": "Other"}
    answer = coordinator.post("/cycles/2010-1/edit", data={**form, **day("due_on", date(2010, 11, 19))})
    assert answer.status_code == 302
    assert cycle().title == "Other"


def test_closing_says_what_it_means_and_asks(coordinator: FlaskClient) -> None:
    an_audit()
    page = visible(opened(coordinator, "/cycles/2010-1/close"))
    assert "1 audit still open: it will count as not returned." in page
    assert "not due" not in page
    assert "You cannot open a closed cycle again." in page
    answer = coordinator.post("/cycles/2010-1/close", data=day("cut_off_on", date(2010, 12, 10)))
    assert answer.status_code == 422
    assert "Select the box to confirm" in answer.get_data(as_text=True)
    assert cycle().closed_on is None


@pytest.mark.parametrize(
    ("cut_off_on", "offered"),
    [(None, AFTER), (CLOSED_ON, CLOSED_ON), (AFTER, AFTER), (date(2011, 1, 31), AFTER)],
)
def test_closing_offers_the_cycles_own_cut_off_and_today_where_that_is_still_to_come(
    coordinator: FlaskClient, cut_off_on: date | None, offered: date
) -> None:
    a_cycle(cut_off_on=cut_off_on)
    page = opened(coordinator, "/cycles/2010-1/close")
    given = dict(re.findall(r'name="cut_off_on"[^>]*id="[^"]*-(day|month|year)"[^>]*value="(\d*)"', page))
    given |= dict(re.findall(r'id="[^"]*-(day|month|year)" name="cut_off_on"[^>]*value="(\d*)"', page))
    assert given == {"day": str(offered.day), "month": str(offered.month), "year": str(offered.year)}


def test_closing_lists_what_it_cuts_off(coordinator: FlaskClient) -> None:
    cycle_of_grades, lead, second = a_graded_cycle(), a_person(), a_person()
    an_audit(cycle=cycle_of_grades)
    for due_on in (date(2010, 12, 23), date(2011, 1, 7)):
        an_audit(cycle=cycle_of_grades, due_on=due_on)
    pair = {"cycle": cycle_of_grades, "lead": lead, "second": second, "returned_on": date(2010, 12, 1)}
    unconfirmed = an_audit("CP-U", **pair)  # type: ignore[arg-type]
    differing = an_audit("CP-D", **pair, confirmed_on=date(2010, 12, 2))  # type: ignore[arg-type]
    answered(unconfirmed, {"plan_quality": "inadequate"})
    answered(differing, {"plan_quality": "good"})
    with transaction():
        cycle_of_grades.moderated_share = 0
    page = visible(opened(coordinator, "/cycles/2010-1/close"))
    assert "still disagree" not in page
    viewed(differing, "second", {"plan_quality": "adequate"})
    page = opened(coordinator, "/cycles/2010-1/close")
    words = visible(page)
    assert "3 audits still open: they will count as not returned." in words
    assert "2 are not due yet. The last is due on 7 January 2011." in words
    assert "1 audit returned but not confirmed: it will count" in words
    assert "1 audit on which the 2 auditors still disagree" in words
    assert "1 audit waiting for moderation: it keeps" in words
    assert "remedies, alerts and actions continue" in words
    for address in (
        "/audits?cycle=2010-1&amp;state=open",
        "/audits?cycle=2010-1&amp;state=to+confirm",
        "/audits/CP-D/answers",
        "/moderation?cycle=2010-1",
    ):
        assert f'href="{address}"' in page


def test_an_open_audit_that_is_not_due_yet_says_its_due_day(coordinator: FlaskClient) -> None:
    an_audit(due_on=date(2010, 12, 23))
    page = visible(opened(coordinator, "/cycles/2010-1/close"))
    assert "it will count as not returned. It is not due until 23 December 2010." in page


def test_a_closed_cycle_is_frozen_with_its_cut_off(coordinator: FlaskClient) -> None:
    an_audit()
    form = {**day("cut_off_on", date(2010, 12, 10)), "confirmed": "y"}
    answer = coordinator.post("/cycles/2010-1/close", data=form, follow_redirects=True)
    page = visible(answer.get_data(as_text=True))
    assert "Cycle 2010-1 closed. Its figures can no longer change." in page
    assert "1 requested = 0 returned + 1 not returned + 0 withdrawn + 0 open" in page
    known = cycle()
    assert (known.closed_on, known.cut_off_on, known.frozen_on) == (AFTER, date(2010, 12, 10), AFTER)
    assert [row.what for row in history_of("cycle", "2010-1")] == ["closed and frozen"]


@pytest.mark.parametrize("wrong", [date(2010, 12, 21), date(2010, 10, 3)])
def test_a_cut_off_outside_the_cycle_is_refused(coordinator: FlaskClient, wrong: date) -> None:
    a_cycle()
    answer = coordinator.post("/cycles/2010-1/close", data={**day("cut_off_on", wrong), "confirmed": "y"})
    assert answer.status_code == 422
    assert "Cut-off date must be from 4 October 2010 to 20 December 2010" in answer.get_data(as_text=True)
    assert cycle().closed_on is None


def test_a_frozen_cycle_cannot_be_closed_again(coordinator: FlaskClient) -> None:
    a_cycle()
    form = {**day("cut_off_on", AFTER), "confirmed": "y"}
    coordinator.post("/cycles/2010-1/close", data=form)
    answer = coordinator.post("/cycles/2010-1/close", data={**day("cut_off_on", CLOSED_ON), "confirmed": "y"})
    assert answer.status_code == 409
    assert "is already closed and frozen" in answer.get_data(as_text=True)
    assert cycle().cut_off_on == AFTER


def test_a_cycle_that_has_not_begun_cannot_be_closed(coordinator: FlaskClient) -> None:
    a_cycle("2011-1", requested_on=date(2011, 1, 4), due_on=date(2011, 2, 11))
    answer = coordinator.post("/cycles/2011-1/close", data={**day("cut_off_on", AFTER), "confirmed": "y"})
    assert answer.status_code == 409
    assert "starts on 4 January 2011, so you cannot close it yet" in answer.get_data(as_text=True)


def test_a_cycle_that_a_file_closed_keeps_its_closing_day_when_confirmed(coordinator: FlaskClient) -> None:
    a_cycle(closed_on=CLOSED_ON)
    assert "Confirm that cycle 2010-1 is complete" in visible(opened(coordinator, "/cycles/2010-1"))
    form = {**day("cut_off_on", CLOSED_ON), "confirmed": "y"}
    coordinator.post("/cycles/2010-1/close", data=form)
    assert (cycle().closed_on, cycle().frozen_on) == (CLOSED_ON, AFTER)


def test_one_that_a_file_closes_later_is_closed_on_the_day_it_is_confirmed(coordinator: FlaskClient) -> None:
    a_cycle(closed_on=date(2011, 1, 14), cut_off_on=date(2011, 1, 14))
    later = {**day("cut_off_on", date(2011, 1, 14)), "confirmed": "y"}
    assert coordinator.post("/cycles/2010-1/close", data=later).status_code == 422
    coordinator.post("/cycles/2010-1/close", data={**day("cut_off_on", AFTER), "confirmed": "y"})
    known = cycle()
    assert (known.closed_on, known.cut_off_on, known.frozen_on) == (AFTER, AFTER, AFTER)


@pytest.mark.parametrize("role", ["leader", "manager"])
def test_leaders_and_managers_read_without_the_coordinators_links(sign_in: SignIn, role: str) -> None:
    an_audit()
    client = sign_in(a_person(roles=[role]))
    page = visible(opened(client, "/cycles/2010-1"))
    assert "1 requested" in page
    assert "Close cycle" not in page
    assert "Create a cycle" not in visible(opened(client, "/cycles"))
    assert client.get("/cycles/2010-1/close").status_code == 403
    assert client.post("/cycles/new").status_code == 403


def test_an_unknown_cycle_is_not_found(coordinator: FlaskClient) -> None:
    assert coordinator.get("/cycles/none").status_code == 404


CHOOSING = {
    "title": "A cycle",
    "theme": "Child protection",
    **day("due_on", date(2010, 11, 12)),
    "selection": "random",
    "population": "180",
    "comparable_with": "2009-1",
    "hide_up_to": "5",
    "moderated_share": "25",
}


def test_how_cases_are_chosen_and_figures_are_made_can_be_changed(coordinator: FlaskClient) -> None:
    a_cycle()
    a_cycle("2009-1", requested_on=date(2009, 10, 5), due_on=date(2009, 11, 13), closed_on=date(2009, 12, 1))
    answer = coordinator.post("/cycles/2010-1/edit", data=CHOOSING, follow_redirects=True)
    page = visible(answer.get_data(as_text=True))
    assert "Comparable with cycle 2009-1" in page
    assert "1 to 5 are hidden in figures by team, place or context" in page
    known = cycle()
    assert (known.selection, known.population, known.comparable_with) == ("random", 180, "2009-1")
    assert (known.hide_up_to, known.moderated_share) == (5, 25)
    assert [(row.what, row.before, row.after) for row in history_of("cycle", "2010-1")] == [
        ("percentage of audits to moderate changed", "10", "25"),
        ("highest count to hide changed", "4", "5"),
        ("comparable cycle changed", None, "2009-1"),
        ("number of cases to choose from changed", None, "180"),
        ("way of choosing cases changed", None, "random"),
    ]


def test_what_is_left_empty_is_not_stated(coordinator: FlaskClient) -> None:
    a_cycle("2009-1", requested_on=date(2009, 10, 5), due_on=date(2009, 11, 13), closed_on=date(2009, 12, 1))
    a_cycle()
    coordinator.post("/cycles/2010-1/edit", data=CHOOSING)
    empty = {**CHOOSING, "selection": "", "population": " ", "comparable_with": ""}
    assert coordinator.post("/cycles/2010-1/edit", data=empty).status_code == 302
    known = cycle()
    assert (known.selection, known.population, known.comparable_with) == (None, None, None)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"selection": "lottery"}, "Select how the cases are chosen"),
        ({"population": "0"}, "Number of cases to choose from must be a whole number from 1 to 1,000,000"),
        ({"population": "many"}, "Number of cases to choose from must be a whole number from 1 to 1,000,000"),
        (
            {"population": "1"},
            "Number of cases to choose from must be 2 or more, because the cycle has 2 audits",
        ),
        ({"comparable_with": "2010-1"}, "Select the cycle to compare with"),
        ({"hide_up_to": "21"}, "Highest count to hide must be a whole number from 0 to 20"),
        ({"hide_up_to": ""}, "Enter the highest count to hide"),
        ({"moderated_share": "101"}, "Percentage of audits to moderate must be a whole number from 0 to 100"),
    ],
)
def test_a_faulty_change_is_refused_where_the_fault_is(
    coordinator: FlaskClient, wrong: dict[str, str], told: str
) -> None:
    an_audit()
    an_audit()
    an_audit(withdrawn_on=date(2010, 10, 20))
    answer = coordinator.post("/cycles/2010-1/edit", data={**CHOOSING, "comparable_with": "", **wrong})
    assert answer.status_code == 422
    assert visible(answer.get_data(as_text=True)).count(told) >= 2
    assert cycle().selection is None


def test_a_new_cycle_has_the_usual_settings_unless_others_are_given(coordinator: FlaskClient) -> None:
    page = opened(coordinator, "/cycles/new")
    assert 'name="hide_up_to" type="text"' in page
    assert 'value="4"' in page
    assert 'value="10"' in page
    form = {**NEW, "tool": str(a_tool().id), "selection": "whole population", "moderated_share": "100"}
    assert coordinator.post("/cycles/new", data=form).status_code == 302
    known = cycle("2011-1")
    assert (known.selection, known.hide_up_to, known.moderated_share) == ("whole population", 4, 100)


def test_a_new_cycle_cannot_have_the_reference_of_a_past_one_as_published(coordinator: FlaskClient) -> None:
    with transaction():
        past = EarlierCycle(
            reference="2011-1", title="As published", reported_on=date(2009, 6, 3), source="Annual report"
        )
        db.session.add(past)
    answer = coordinator.post("/cycles/new", data={**NEW, "tool": str(a_tool().id)})
    assert answer.status_code == 422
    assert "Cycle 2011-1 already exists." in visible(answer.get_data(as_text=True))


AGENCIES = {**CHOOSING, "comparable_with": "", "agencies": "Police\r\n\r\n  Children's   social care \r\n"}


def test_agencies_are_entered_one_on_each_line(coordinator: FlaskClient) -> None:
    a_cycle()
    coordinator.post("/cycles/2010-1/edit", data=AGENCIES)
    assert cycle().agencies == ["Police", "Children's social care"]
    again = {**AGENCIES, "agencies": "children’s social care\nPOLICE\nSchool"}
    coordinator.post("/cycles/2010-1/edit", data=again)
    assert cycle().agencies == ["Children's social care", "Police", "School"]
    told = [
        (row.before, row.after) for row in history_of("cycle", "2010-1") if row.what == "agencies changed"
    ]
    assert told == [
        ("Police, Children's social care", "Children's social care, Police, School"),
        (None, "Police, Children's social care"),
    ]
    page = opened(coordinator, "/cycles/2010-1/edit")
    assert "Children&#39;s social care\nPolice\nSchool</textarea>" in page


@pytest.mark.parametrize(
    ("entered", "told"),
    [
        ("Police\nPOLICE", "Agency “POLICE” is named twice"),
        ("Together", "Agency “Together” is the meeting of a case"),
        ("x" * 101, "Agencies must each be 100 characters or fewer"),
    ],
)
def test_agencies_that_cannot_be_are_refused(coordinator: FlaskClient, entered: str, told: str) -> None:
    a_cycle()
    answer = coordinator.post("/cycles/2010-1/edit", data={**AGENCIES, "agencies": entered})
    assert answer.status_code == 422
    assert told in visible(answer.get_data(as_text=True))
    assert cycle().agencies == []


def test_a_cycle_with_audits_keeps_the_agencies_that_have_some(coordinator: FlaskClient) -> None:
    an_audit(cycle=a_cycle(agencies=["Police", "School"]), agency="School")
    coordinator.post("/cycles/2010-1/edit", data={**AGENCIES, "agencies": "School\nProbation"})
    assert cycle().agencies == ["School", "Probation"]
    answer = coordinator.post("/cycles/2010-1/edit", data={**AGENCIES, "agencies": "Probation"})
    said = visible(answer.get_data(as_text=True))
    assert "School has audits in cycle 2010-1, so you cannot take it out" in said
    assert cycle().agencies == ["School", "Probation"]


def test_a_tool_that_asks_once_per_case_needs_agencies(coordinator: FlaskClient) -> None:
    a_cycle()
    asks_once_per_case()
    answer = coordinator.post("/cycles/2010-1/edit", data={**AGENCIES, "agencies": ""})
    told = "The tool asks some questions once per case, so name the agencies of the cycle"
    assert told in visible(answer.get_data(as_text=True))
    assert coordinator.post("/cycles/2010-1/edit", data=AGENCIES).status_code == 302
    new = {
        **AGENCIES,
        **day("requested_on", date(2010, 12, 20)),
        **day("due_on", date(2011, 1, 20)),
        "reference": "da-2",
        "tool": str(a_tool().id),
    }
    answer = coordinator.post("/cycles/new", data={**new, "agencies": ""})
    assert told in visible(answer.get_data(as_text=True))
    assert coordinator.post("/cycles/new", data=new).status_code == 302
    assert cycle("da-2").agencies == ["Police", "Children's social care"]


def test_the_number_of_cases_to_choose_from_is_compared_with_cases(coordinator: FlaskClient) -> None:
    shared = a_cycle(agencies=["Police", "School"])
    for case in ("700001", "700002"):
        for agency in ("Police", "School"):
            an_audit(cycle=shared, case_reference=case, agency=agency)
    agencies = {**AGENCIES, "agencies": "Police\nSchool"}
    answer = coordinator.post("/cycles/2010-1/edit", data={**agencies, "population": "1"})
    told = "must be 2 or more, because the cycle has audits of 2 cases"
    assert told in visible(answer.get_data(as_text=True))
    assert coordinator.post("/cycles/2010-1/edit", data={**agencies, "population": "2"}).status_code == 302


def test_a_cycle_with_agencies_tells_its_cases_and_the_returns_of_each_agency(
    coordinator: FlaskClient,
) -> None:
    shared = a_cycle(agencies=["Police", "School"])
    for case, team, returned_on in (
        ("700001", "Crewe", date(2010, 11, 8)),
        ("700002", "Crewe", None),
        ("700003", "Nantwich", date(2010, 11, 8)),
    ):
        for agency in ("Police", "School", "together"):
            an_audit(cycle=shared, case_reference=case, team=team, agency=agency, returned_on=returned_on)
    page = visible(opened(coordinator, "/cycles/2010-1"))
    assert "2 of 3 cases are complete." in page
    assert "Police 2 3 School 2 3 Meetings of cases 2 3" in page
    assert "Crewe: 3 returned, 3 overdue (2 cases). Nantwich: 3 returned (1 case)." in page
    assert "Agencies Police, School" in page
    assert "agency=together" in opened(coordinator, "/cycles/2010-1")
