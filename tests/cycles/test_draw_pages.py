"""Choosing the cases of a cycle on its pages: list, draw, requests, replacements."""

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.audits.models import Audit
from app.cycles import drawn
from app.cycles.models import Cycle, Draw
from app.cycles.queries import found
from app.database import db, transaction
from app.history.record import of as history_of
from app.people.models import Person
from tests.factories import a_cycle, a_person, a_team, an_audit
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]

ON = date(2010, 10, 4)
CASES = "/cycles/2010-1/cases"
LIST = "\n".join(
    [f"7{number:05}, Crewe" for number in range(90)]
    + [f"8{number:05}\tNantwich" for number in range(60)]
    + [f"9{number:05};wilmslow" for number in range(30)]
)
STRATIFIED = {"cases": LIST, "method": "stratified", "size": "30", "seed": "42", "is_whole_list": "y"}


@pytest.fixture(autouse=True)
def the_day(clock_at: Callable[[date], None]) -> None:
    clock_at(ON)


@pytest.fixture
def coordinator(sign_in: SignIn) -> FlaskClient:
    for team in ("Crewe", "Nantwich", "Wilmslow"):
        a_team(team)
    a_cycle()
    return sign_in(a_person("Jack Denny", roles=["coordinator"]))


def cycle() -> Cycle:
    db.session.rollback()
    db.session.expire_all()
    known = found("2010-1")
    assert known is not None
    return known


def kept() -> Draw:
    draw = drawn.kept(cycle())
    assert draw is not None
    return draw


def words(answer: TestResponse) -> str:
    return visible(answer.get_data(as_text=True))


def marked(answer: TestResponse) -> str:
    """The mark of the draw that the page shows."""
    mark = re.search(r'name="shown"[^>]* value="(\w+)"', answer.get_data(as_text=True))
    assert mark is not None
    return mark[1]


def keep(client: FlaskClient, **form: str) -> TestResponse:
    """Look at a draw, then keep it."""
    shown = client.post(CASES, data={**form, "do": "show"})
    assert shown.status_code == 200, words(shown)
    return client.post(CASES, data={**form, "shown": marked(shown), "do": "keep"}, follow_redirects=True)


def audits() -> list[Audit]:
    cycle()
    return list(db.session.scalars(select(Audit).order_by(Audit.id)))


def test_a_draw_is_shown_before_it_is_kept(coordinator: FlaskClient) -> None:
    answer = coordinator.post(CASES, data={**STRATIFIED, "do": "show"})
    page = words(answer)
    assert "This draws 30 of 180 cases." in page
    assert "Crewe 90 15 Nantwich 60 10 Wilmslow 30 5" in page
    assert "of 180 cases, 93 give ±10 points, 39 give ±15 points and 21 give ±20 points" in page
    assert drawn.kept(cycle()) is None
    assert cycle().selection is None


def test_a_kept_draw_sets_the_method_and_the_population_of_the_cycle(coordinator: FlaskClient) -> None:
    page = words(keep(coordinator, **STRATIFIED))
    assert "30 cases have been drawn." in page
    assert "30 cases to be audited, 150 in reserve" in page
    assert (cycle().selection, cycle().population) == ("stratified", 180)
    draw = kept()
    assert (draw.method, draw.seed, draw.size, draw.drawn_on) == ("stratified", 42, 30, ON)
    assert [(row.what, row.after) for row in history_of("cycle", "2010-1")] == [
        ("cases drawn", "30 of 180, stratified, seed 42")
    ]


def test_a_draw_that_was_changed_after_it_was_shown_is_shown_again(coordinator: FlaskClient) -> None:
    mark = marked(coordinator.post(CASES, data={**STRATIFIED, "do": "show"}))
    answer = coordinator.post(CASES, data={**STRATIFIED, "seed": "43", "shown": mark, "do": "keep"})
    assert "This draws 30 of 180 cases." in words(answer)
    assert drawn.kept(cycle()) is None


def test_no_case_is_shown_before_the_draw_is_kept(coordinator: FlaskClient) -> None:
    """Or somebody might draw until they like the cases. What was pasted stands in its own field alone."""
    page = coordinator.post(CASES, data={**STRATIFIED, "do": "show"}).get_data(as_text=True)
    assert "700000" not in re.sub(r"<textarea.*?</textarea>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"cases": ""}, "There is no case in the list."),
        ({"cases": "700001, Crew"}, "Line 1: there is no such team. The nearest is Crewe."),
        ({"method": ""}, "Choose how the cases are chosen."),
        ({"method": "lottery"}, "Not a valid choice"),
        ({"size": ""}, "Enter how many cases, or how precise the figures should be."),
        ({"size": "181"}, "The list has 180 cases. Enter that many or fewer."),
        ({"size": "0"}, "Enter a whole number from 1 to 10,000."),
        ({"size": "thirty"}, "Enter a whole number from 1 to 10,000."),
        ({"points": "10"}, "Give either how many cases or how precise, not both."),
        ({"size": "", "points": "5"}, "That takes 381 cases. The list has 180 cases."),
        ({"size": "", "points": "51"}, "Enter a whole number from 1 to 50."),
        ({"seed": ""}, "Enter a whole number from 0 to 999,999,999."),
        ({"seed": "-1"}, "Enter a whole number from 0 to 999,999,999."),
    ],
)
def test_a_faulty_draw_is_refused_where_the_fault_is(
    coordinator: FlaskClient, changed: dict[str, str], told: str
) -> None:
    answer = coordinator.post(CASES, data={**STRATIFIED, **changed, "do": "keep"})
    assert answer.status_code == 422
    assert words(answer).count(told) >= 2
    assert drawn.kept(cycle()) is None


@pytest.mark.parametrize(
    ("form", "size"),
    [
        ({"method": "random"}, 62),
        ({"method": "random", "is_whole_list": ""}, 93),  # the population is not known
        ({"method": "stratified"}, 93),  # it keeps the wider interval, as the findings do
    ],
)
def test_the_size_follows_from_the_precision_wanted(
    coordinator: FlaskClient, form: dict[str, str], size: int
) -> None:
    wanted = {**STRATIFIED, "size": "", "points": "10", **form, "do": "show"}
    page = words(coordinator.post(CASES, data={name: value for name, value in wanted.items() if value}))
    assert f"This draws {size} of 180 cases." in page
    assert "a figure is at most 10 points off either way" in page


def test_a_file_is_read_in_place_of_what_was_pasted(coordinator: FlaskClient) -> None:
    content = "case_reference,team\n" + "\n".join(f"7{number:05},Crewe" for number in range(20))
    form = {"cases": "nonsense", "method": "random", "size": "5", "seed": "1", "do": "show"}
    sent = {**form, "file": (io.BytesIO(content.encode()), "cases.csv")}
    answer = coordinator.post(CASES, data=sent, content_type="multipart/form-data")
    assert "This draws 5 of 20 cases." in words(answer)
    assert "700000\tCrewe" in answer.get_data(as_text=True)


def test_a_list_that_is_not_whole_says_nothing_of_the_population(coordinator: FlaskClient) -> None:
    form = {name: value for name, value in STRATIFIED.items() if name != "is_whole_list"}
    keep(coordinator, **{**form, "method": "random"})
    assert (cycle().selection, cycle().population) == ("random", None)


@pytest.mark.parametrize(("method", "population"), [("hand-picked", None), ("whole population", 180)])
def test_a_hand_picked_list_and_a_whole_population_are_taken_whole(
    coordinator: FlaskClient, method: str, population: int | None
) -> None:
    answer = keep(coordinator, cases=LIST, method=method, seed="1")
    assert "180 cases to be audited" in words(answer)
    assert (cycle().selection, cycle().population) == (method, population)
    assert kept().size == 180


def test_a_draw_can_be_repeated_from_its_page(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    page = words(coordinator.get(f"{CASES}/repeat"))
    assert "The draw has just been repeated and the same 30 cases came out, in the same order." in page
    assert "Seed: 42." in page


def test_a_list_that_was_tampered_with_does_not_come_out_the_same(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    first = drawn.cases_of(kept())[0]
    with transaction():
        first.case_reference = "123456"
    assert "other cases came out" in words(coordinator.get(f"{CASES}/repeat"))


def test_without_case_numbers_a_draw_can_no_longer_be_repeated(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    first = drawn.cases_of(kept())[0]
    with transaction():
        first.case_reference = None
    assert "can no longer be repeated" in words(coordinator.get(f"{CASES}/repeat"))
    assert "removed Crewe" in words(coordinator.get(CASES)) or first.stratum != "Crewe"


def test_audits_are_requested_once_with_the_team_of_each_case(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    chosen = {(case.case_reference, case.stratum) for case in drawn.chosen(kept())}
    answer = coordinator.post(f"{CASES}/request", follow_redirects=True)
    assert "30 audits have been requested." in words(answer)
    requested = audits()
    assert {(audit.case_reference, audit.team.name) for audit in requested} == chosen
    assert requested[0].reference == "2010-1-001"
    assert {audit.due_on for audit in requested} == {cycle().due_on}
    answer = coordinator.post(f"{CASES}/request", follow_redirects=True)
    assert "nothing was requested" in words(answer)
    assert len(audits()) == 30
    assert "An audit has been requested for each." in words(answer)


def test_a_case_that_has_an_audit_in_the_cycle_gets_no_second_one(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    first = drawn.chosen(kept())[0]
    an_audit("CP-001", cycle=cycle(), case_reference=first.case_reference)
    assert "29 of them have no audit yet." in words(coordinator.get(CASES))
    coordinator.post(f"{CASES}/request")
    assert len(audits()) == 30


def test_nothing_is_requested_where_one_cannot_be(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    known = cycle()
    with transaction():
        known.requested_on = known.due_on = date(2010, 10, 1)
    answer = coordinator.post(f"{CASES}/request")
    assert answer.status_code == 409
    assert "The due day must not be before the day it is requested." in words(answer)
    assert audits() == []


def test_cases_are_drawn_again_until_their_audits_are_requested(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    page = words(keep(coordinator, **{**STRATIFIED, "seed": "7"}))
    assert "1 earlier draw for this cycle was set aside before any audit was requested." in page
    assert kept().seed == 7
    coordinator.post(f"{CASES}/request")
    answer = coordinator.post(CASES, data={**STRATIFIED, "do": "show"})
    assert answer.status_code == 409
    assert "Audits of the drawn cases have been requested, so they cannot be drawn again." in words(answer)
    assert "Set it aside" not in words(coordinator.get(CASES))


def test_the_cases_of_a_closed_cycle_stay_as_they_are(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    with transaction():
        cycle().closed_on = ON
    for address, form in (
        (CASES, {**STRATIFIED, "do": "keep"}),
        (f"{CASES}/request", {}),
        (f"{CASES}/1/replace", {"reason": "audited recently"}),
    ):
        answer = coordinator.post(address, data=form)
        assert answer.status_code == 409, address
        assert "is closed, so its cases stay as they are." in words(answer)
    assert audits() == []
    assert kept().cases[0].is_chosen
    assert "Replace" not in words(coordinator.get(CASES))


def test_a_case_is_replaced_by_the_next_reserve_of_its_team(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    case = next(case for case in drawn.chosen(kept()) if case.stratum == "Wilmslow")
    expected = next(case for case in drawn.reserves(kept()) if case.stratum == "Wilmslow")
    position, case_id = case.position, case.id
    answer = coordinator.post(
        f"{CASES}/{position}/replace",
        data={"reason": "case closed or transferred", "words": "to Cheshire East"},
        follow_redirects=True,
    )
    assert f"Case {position} has been replaced by case {expected.position}." in words(answer)
    assert f"stands in for case {position}" in words(answer)
    assert "was replaced by the next case of the same team: case closed or transferred (1)." in words(answer)
    left_out = drawn.left_out(kept())
    assert [(each.id, each.left_out_because, by) for each, by in left_out] == [
        (case_id, "case closed or transferred: to Cheshire East", expected.position)
    ]
    assert len(drawn.chosen(kept())) == 30
    assert audits() == []
    event = history_of("cycle", "2010-1")[0]
    assert (event.what, event.why) == (f"case {position} of the draw replaced", "case closed or transferred")
    assert "the same 30 cases came out" in words(coordinator.get(f"{CASES}/repeat"))


def test_in_a_random_draw_the_next_of_all_stands_in(coordinator: FlaskClient) -> None:
    keep(coordinator, **{**STRATIFIED, "method": "random"})
    coordinator.post(f"{CASES}/3/replace", data={"reason": "audited recently"})
    coordinator.post(f"{CASES}/31/replace", data={"reason": "record cannot be opened"})
    positions = [case.position for case in drawn.chosen(kept())]
    assert positions == [1, 2, *range(4, 31), 32]


def test_without_a_reserve_a_case_is_left_out(coordinator: FlaskClient) -> None:
    keep(coordinator, cases=LIST, method="hand-picked", seed="1")
    answer = coordinator.post(
        f"{CASES}/2/replace", data={"reason": "audited recently"}, follow_redirects=True
    )
    page = words(answer)
    assert "Case 2 is left out. No reserve was left to stand in for it." in page
    assert "1 case could not be audited and no other stood in: audited recently (1)." in page
    assert "179 cases to be audited" in page


def test_replacing_a_requested_case_withdraws_its_audit_and_requests_another(
    coordinator: FlaskClient,
) -> None:
    keep(coordinator, **STRATIFIED)
    coordinator.post(f"{CASES}/request")
    replaced = drawn.chosen(kept())[0].case_reference
    page = words(coordinator.get(f"{CASES}/1/replace"))
    assert "2010-1-001 is withdrawn and an audit of the other case is requested." in page
    form = {"reason": "audited recently", "due_on": ["19", "11", "2010"]}
    answer = coordinator.post(f"{CASES}/1/replace", data=form, follow_redirects=True)
    assert answer.status_code == 200
    found_ = audits()
    assert len(found_) == 31
    assert (found_[0].case_reference, found_[0].withdrawn_on) == (replaced, ON)
    assert found_[0].withdrawn_because == "the case is not audited: audited recently"
    stand_in = drawn.left_out(kept())[0][1]
    assert stand_in is not None
    case = drawn.case_at(kept(), stand_in)
    assert case is not None
    assert (found_[-1].case_reference, found_[-1].due_on) == (case.case_reference, date(2010, 11, 19))
    assert "An audit has been requested for each." in words(answer)


def test_a_returned_audit_is_not_replaced(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    coordinator.post(f"{CASES}/request")
    with transaction():
        audits()[0].returned_on = ON
    answer = coordinator.post(f"{CASES}/1/replace", data={"reason": "audited recently"})
    assert answer.status_code == 409
    assert "so it cannot be withdrawn." in words(answer)
    assert drawn.left_out(kept()) == []
    assert len(audits()) == 30


@pytest.mark.parametrize(
    ("form", "status", "told"),
    [
        ({}, 422, "Choose why the case cannot be audited."),
        ({"reason": "bored"}, 422, "Not a valid choice"),
        ({"reason": "other", "words": " "}, 409, "Say why the case cannot be audited."),
        ({"reason": "other", "words": "same as 700001."}, 409, "Leave case numbers out"),
    ],
)
def test_a_case_is_not_replaced_without_a_reason(
    coordinator: FlaskClient, form: dict[str, str], status: int, told: str
) -> None:
    keep(coordinator, **STRATIFIED)
    answer = coordinator.post(f"{CASES}/1/replace", data=form)
    assert answer.status_code == status
    assert told in words(answer)
    assert drawn.left_out(kept()) == []


def test_a_case_is_replaced_once(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    coordinator.post(f"{CASES}/1/replace", data={"reason": "audited recently"})
    answer = coordinator.post(f"{CASES}/1/replace", data={"reason": "audited recently"})
    assert answer.status_code == 409
    assert "This case is not among those to be audited." in words(answer)
    assert len(drawn.left_out(kept())) == 1
    assert coordinator.post(f"{CASES}/999/replace", data={"reason": "audited recently"}).status_code == 404


def test_cases_audited_within_twelve_months_are_marked(coordinator: FlaskClient) -> None:
    earlier = a_cycle(
        "2009-1", requested_on=date(2009, 9, 7), due_on=date(2009, 10, 30), closed_on=date(2009, 12, 1)
    )
    cases = "\n".join(f"7{number:05}, Crewe" for number in range(3))
    an_audit("OLD-1", cycle=earlier, case_reference="700000", returned_on=date(2009, 10, 3))
    an_audit("OLD-2", cycle=earlier, case_reference="700001", returned_on=date(2009, 10, 5))
    an_audit("OLD-3", cycle=earlier, case_reference="700002")
    form = {"cases": cases, "method": "whole population", "seed": "1"}
    shown = words(coordinator.post(CASES, data={**form, "do": "show"}))
    assert "1 of the cases was audited within 12 months or is being audited now" in shown
    page = words(keep(coordinator, **form))
    assert "1 case was audited within 12 months" in page
    assert "audited within 12 months or now: OLD-2" in page
    assert "OLD-1" not in page
    assert "OLD-3" not in page


def test_case_numbers_stand_in_no_address_title_history_or_message(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    coordinator.post(f"{CASES}/1/replace", data={"reason": "audited recently"})
    coordinator.post(f"{CASES}/request")
    numbers = {case.case_reference for case in drawn.cases_of(kept())}
    page = opened(coordinator, CASES)
    outside = re.findall(r'href="([^"]*)"', page) + re.findall(r"<title>(.*?)</title>", page)
    events = [
        str(word)
        for kind, subjects in (("cycle", ["2010-1"]), ("audit", [each.reference for each in audits()]))
        for subject in subjects
        for row in history_of(kind, subject)
        for word in (row.what, row.before, row.after, row.why)
    ]
    told = " ".join(outside + events)
    assert not [number for number in numbers if number and number in told]


def test_long_lists_come_in_pages(coordinator: FlaskClient) -> None:
    keep(coordinator, cases=LIST, method="hand-picked", seed="1")
    assert "Page 1 of 4" in words(coordinator.get(CASES))
    assert "Page 4 of 4" in words(coordinator.get(f"{CASES}?page=9"))


@pytest.mark.parametrize("role", ["leader", "manager", "auditor", "moderator", "administrator"])
def test_only_coordinators_see_the_list(sign_in: SignIn, role: str) -> None:
    a_cycle()
    client = sign_in(a_person(roles=[role]))
    for address in (CASES, f"{CASES}/repeat", f"{CASES}/1/replace"):
        assert client.get(address).status_code == 403


def test_the_method_of_a_file_that_contradicts_the_draw_is_what_is_told(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    with transaction():
        cycle().selection = "hand-picked"
    assert drawn.method_facts(cycle()).draw is None


@pytest.mark.parametrize("reference", ["none", "2010-2"])
def test_an_unknown_cycle_is_not_found(coordinator: FlaskClient, reference: str) -> None:
    assert coordinator.get(f"/cycles/{reference}/cases").status_code == 404
