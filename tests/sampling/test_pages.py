"""Choosing the cases of a cycle on its pages: the list, the draw, who sees what of it."""

import io
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from xlsxwriter import Workbook

from app.audits.selection import Selection
from app.case_numbers import CUT
from app.database import db, transaction
from app.history.record import of as history_of
from app.people.models import Person
from app.sampling import queries as drawn
from app.sampling.models import Draw, DrawnCase
from app.sampling.seeded_draw import ListedCase, draw
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened
from tests.sampling.choosing import CASES, LIST, ON, STRATIFIED, audits, cycle, keep, kept, marked, words
from tests.test_meanwhile import Fields

SignIn = Callable[[Person], FlaskClient]


def test_a_draw_is_shown_before_it_is_kept(coordinator: FlaskClient) -> None:
    answer = coordinator.post(CASES, data={**STRATIFIED, "do": "show"})
    page = words(answer)
    assert "This draw takes 30 of 180 cases." in page
    assert "Crewe 90 15 Nantwich 60 10 Wilmslow 30 5" in page
    assert (
        "of 180 cases, you need 93 for figures within 10 percentage points, 39 within 15 or 21 within 20"
        in page
    )
    assert drawn.kept(cycle()) is None
    assert cycle().selection is None


def test_a_kept_draw_sets_the_method_and_the_population_of_the_cycle(coordinator: FlaskClient) -> None:
    page = words(keep(coordinator, **STRATIFIED))
    assert "30 cases drawn." in page
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
    assert "This draw takes 30 of 180 cases." in words(answer)
    assert drawn.kept(cycle()) is None


def test_of_two_who_draw_at_once_the_later_is_told_of_the_draw_that_theirs_replaces(
    coordinator: FlaskClient,
) -> None:
    later = Fields(coordinator.post(CASES, data={**STRATIFIED, "do": "show"}).get_data(as_text=True)).held
    keep(coordinator, **STRATIFIED | {"size": "20"})
    answer = coordinator.post(CASES, data={**later, "do": "keep"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    told = (
        "drew 20 cases (stratified) while you had the page open. If you keep your draw, it replaces theirs."
    )
    assert told in words(answer)
    assert "This draw takes 30 of 180 cases." in words(answer)
    assert kept().size == 20
    assert coordinator.post(CASES, data={**Fields(page).held, "do": "keep"}).status_code == 302
    assert kept().size == 30


def test_no_case_is_shown_before_the_draw_is_kept(coordinator: FlaskClient) -> None:
    """Or somebody might draw until they like the cases. What was pasted stands in its own field alone."""
    page = coordinator.post(CASES, data={**STRATIFIED, "do": "show"}).get_data(as_text=True)
    assert "700000" not in re.sub(r"<textarea.*?</textarea>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"cases": ""}, "The list has no cases."),
        ({"cases": "700001, Crew"}, "Line 1: this team does not exist: the nearest is Crewe"),
        ({"method": ""}, "Select how to choose the cases"),
        ({"method": "lottery"}, "Select how to choose the cases"),
        ({"size": ""}, "Enter the number of cases, the percentage or the precision"),
        ({"size": "181"}, "Number of cases must be 180 or fewer, because the list has 180 cases"),
        ({"size": "0"}, "Number of cases must be a whole number from 1 to 10,000"),
        ({"size": "thirty"}, "Number of cases must be a whole number from 1 to 10,000"),
        ({"points": "10"}, "Enter only one of the number of cases, the percentage and the precision"),
        ({"size": "", "points": "5"}, "This precision needs 381 cases, but the list has 180 cases"),
        ({"percent": "5"}, "Enter only one of the number of cases, the percentage and the precision"),
        ({"size": "", "percent": "101"}, "Percentage of the list must be a whole number from 1 to 100"),
        ({"size": "", "points": "51"}, "Precision must be a whole number from 1 to 50"),
        ({"seed": ""}, "Enter the seed"),
        ({"seed": "-1"}, "Seed must be a whole number from 0 to 999,999,999"),
    ],
)
def test_a_faulty_draw_is_refused_where_the_fault_is(
    coordinator: FlaskClient, changed: dict[str, str], told: str
) -> None:
    answer = coordinator.post(CASES, data={**STRATIFIED, **changed, "do": "keep"})
    assert answer.status_code == 422
    assert words(answer).count(told) >= 2
    assert drawn.kept(cycle()) is None


@pytest.mark.parametrize(("percent", "size"), [("1", 2), ("5", 9), ("10", 18), ("100", 180)])
def test_the_size_is_a_percentage_of_the_list(coordinator: FlaskClient, percent: str, size: int) -> None:
    wanted = {**STRATIFIED, "size": "", "percent": percent, "do": "show"}
    page = words(coordinator.post(CASES, data=wanted))
    assert f"This draw takes {size} of 180 cases." in page


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
    assert f"This draw takes {size} of 180 cases." in page
    assert "a figure could be up to 10 percentage points too high or low" in page


def test_a_file_is_read_in_place_of_what_was_pasted(coordinator: FlaskClient) -> None:
    content = "case_reference,team\n" + "\n".join(f"7{number:05},Crewe" for number in range(20))
    form = {"cases": "nonsense", "method": "random", "size": "5", "seed": "1", "do": "show"}
    sent = {**form, "file": (io.BytesIO(content.encode()), "cases.csv")}
    answer = coordinator.post(CASES, data=sent, content_type="multipart/form-data")
    assert "This draw takes 5 of 20 cases." in words(answer)
    assert "700000\tCrewe" in answer.get_data(as_text=True)


def test_lines_that_a_spreadsheet_has_cut_are_no_cases(coordinator: FlaskClient) -> None:
    cut = "\n".join("1.23457E+12\tCrewe" for _ in range(40))
    form = {**STRATIFIED, "cases": f"{LIST}\n{cut}", "do": "show"}
    answer = coordinator.post(CASES, data=form)
    assert answer.status_code == 422
    assert f"Line 181: {CUT}" in words(answer)
    assert "and 20 more errors" in words(answer)
    assert "This draw takes" not in words(answer)


def test_spellings_of_one_number_are_drawn_once_and_slashes_are_warned_about(
    coordinator: FlaskClient,
) -> None:
    spelt = "0700000, Crewe\n700-001, Crewe\n7000/02, Crewe"
    answer = coordinator.post(CASES, data={**STRATIFIED, "cases": f"{LIST}\n{spelt}", "do": "show"})
    assert "This draw takes 30 of 181 cases." in words(answer)
    assert "2 lines repeat a case and are ignored" in words(answer)
    assert "1 case number differs from another in the list only by slashes" in words(answer)


def test_a_case_that_was_audited_under_another_spelling_is_known(coordinator: FlaskClient) -> None:
    an_audit("OLD-1", cycle=a_cycle("2010-0"), case_reference="0700-000")
    answer = coordinator.post(CASES, data={"cases": "700000, Crewe", "method": "hand-picked", "seed": "1"})
    assert "1 of the cases was audited in the last 12 months or is being audited now" in words(answer)


@pytest.mark.parametrize(
    ("hidden", "said"),
    [
        ([], ""),
        ([3], "1 row is hidden in the spreadsheet, for example by a filter, and its case is in the list too"),
        (
            [3, 4],
            "2 rows are hidden in the spreadsheet, for example by a filter, and their cases are in the list",
        ),
    ],
)
def test_rows_that_a_filter_hides_are_told_before_the_draw(
    coordinator: FlaskClient, hidden: list[int], said: str
) -> None:
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("case_reference", "team"))
        for row in range(1, 21):
            sheet.write_row(row, 0, (f"7{row:05}", "Crewe"))
        for row in hidden:
            sheet.set_row(row, None, None, {"hidden": True})
    content.seek(0)
    form = {"method": "random", "size": "5", "seed": "1", "do": "show"}
    sent = {**form, "file": (content, "cases.xlsx")}
    page = words(coordinator.post(CASES, data=sent, content_type="multipart/form-data"))
    assert "This draw takes 5 of 20 cases." in page
    assert (said in page) if said else ("hidden" not in page)


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
    assert "The service has repeated the draw and got the same 30 cases in the same order." in page
    assert "Seed: 42." in page


def test_a_draw_from_before_two_spellings_were_one_comes_out_the_same(coordinator: FlaskClient) -> None:
    """Its list has one case twice, and each stands where its own spelling puts it."""
    spelt = ("615739", "0615-739", "CR-1234", "cr 1234", "717275")
    order = draw([ListedCase(number, "Crewe") for number in spelt], Selection.RANDOM, 2, 42)
    drawn_by = db.session.scalars(select(Person.id)).first()
    cases = [
        DrawnCase(position=position, case_reference=case.reference, stratum="Crewe", is_chosen=position <= 2)
        for position, case in enumerate(order, start=1)
    ]
    made = {"method": "random", "seed": 42, "size": 2, "drawn_on": ON, "drawn_by_id": drawn_by}
    with transaction():
        db.session.add(Draw(cycle_id=cycle().id, cases=cases, **made))
    assert "got the same 2 cases in the same order" in words(coordinator.get(f"{CASES}/repeat"))


def test_a_list_that_was_tampered_with_does_not_come_out_the_same(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    first = drawn.cases_of(kept())[0]
    with transaction():
        first.case_reference = "123456"
    assert "The service has repeated the draw and got different cases." in words(
        coordinator.get(f"{CASES}/repeat")
    )


def test_without_case_numbers_a_draw_can_no_longer_be_repeated(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    first = drawn.cases_of(kept())[0]
    with transaction():
        first.case_reference = None
    assert "so the draw cannot be repeated" in words(coordinator.get(f"{CASES}/repeat"))
    assert "removed Crewe" in words(coordinator.get(CASES)) or first.stratum != "Crewe"


def test_cases_are_drawn_again_until_their_audits_are_requested(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    page = words(keep(coordinator, **{**STRATIFIED, "seed": "7"}))
    assert "1 earlier draw for this cycle was set aside before any audit was requested." in page
    assert kept().seed == 7
    coordinator.post(f"{CASES}/request")
    answer = coordinator.post(CASES, data={**STRATIFIED, "do": "show"})
    assert answer.status_code == 409
    assert "Audits of the drawn cases have been requested, so you cannot draw again" in words(answer)
    assert "Replace this draw with a new one" not in words(coordinator.get(CASES))


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
        assert "is closed, so you cannot change its cases" in words(answer)
    assert audits() == []
    assert kept().cases[0].is_chosen
    assert "Replace" not in words(coordinator.get(CASES))


def test_the_cases_of_a_cycle_that_closes_later_can_still_change(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    with transaction():
        cycle().closed_on = ON + timedelta(days=1)
    coordinator.post(f"{CASES}/request")
    assert words(coordinator.get(CASES)).count("Replace case") == 30


@pytest.mark.parametrize(
    ("fact", "days_ahead", "offered"),
    [("returned_on", 0, 29), ("returned_on", 1, 30), ("withdrawn_on", 0, 30)],
)
def test_a_case_is_replaced_until_its_audit_has_come_back(
    coordinator: FlaskClient, fact: str, days_ahead: int, offered: int
) -> None:
    keep(coordinator, **STRATIFIED)
    coordinator.post(f"{CASES}/request")
    with transaction():
        setattr(audits()[0], fact, ON + timedelta(days=days_ahead))
    assert words(coordinator.get(CASES)).count("Replace case") == offered


def test_in_a_random_draw_the_next_of_all_stands_in(coordinator: FlaskClient) -> None:
    keep(coordinator, **{**STRATIFIED, "method": "random"})
    coordinator.post(f"{CASES}/3/replace", data={"reason": "audited recently"})
    coordinator.post(f"{CASES}/31/replace", data={"reason": "record cannot be opened"})
    positions = [case.position for case in drawn.chosen(kept())]
    assert positions == [1, 2, *range(4, 31), 32]


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
    assert "1 of the cases was audited in the last 12 months or is being audited now" in shown
    page = words(keep(coordinator, **form))
    assert "1 case was audited in the last 12 months" in page
    assert "audited in the last 12 months or being audited now: OLD-2" in page
    assert "OLD-1" not in page
    assert "OLD-3" not in page


def test_only_the_drawn_cases_audited_within_twelve_months_are_counted_before_the_draw_is_kept(
    coordinator: FlaskClient,
) -> None:
    earlier = a_cycle("2009-1", requested_on=date(2009, 9, 7), due_on=date(2009, 10, 30))
    for number in range(4):
        an_audit(f"OLD-{number}", cycle=earlier, case_reference=f"70000{number}")
    form = {"cases": "\n".join(f"70000{number}, Crewe" for number in range(4)), "method": "random"}
    page = words(coordinator.post(CASES, data={**form, "size": "2", "seed": "1", "do": "show"}))
    assert "2 of the drawn cases were audited in the last 12 months or are being audited now" in page
    assert "OLD-" not in page


def test_a_draw_by_team_of_fewer_cases_than_teams_says_so_before_it_is_kept(coordinator: FlaskClient) -> None:
    said = "no case is drawn from 1 of 3 teams, because there are more teams than cases to draw"
    assert said in words(coordinator.post(CASES, data={**STRATIFIED, "size": "2", "do": "show"}))
    assert "no case is drawn" not in words(coordinator.post(CASES, data={**STRATIFIED, "do": "show"}))
    random = {**STRATIFIED, "method": "random", "size": "2", "do": "show"}
    assert "no case is drawn" not in words(coordinator.post(CASES, data=random))


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


def test_a_draw_comes_before_audits_are_requested_otherwise(coordinator: FlaskClient) -> None:
    an_audit("CP-1", cycle=cycle(), case_reference="500001")
    an_audit("CP-2", cycle=cycle(), case_reference="500002", withdrawn_on=date(2010, 10, 5))
    refused = words(coordinator.post(CASES, data={**STRATIFIED, "do": "show"}))
    assert "1 audit has already been requested in cycle 2010-1." in refused
    assert drawn.kept(cycle()) is None
    assert cycle().selection is None


def test_audits_of_other_cases_than_the_drawn_ones_are_told(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    coordinator.post("/cycles/2010-1/cases/request")
    said = "1 audit was requested for cases that were not drawn. Its answers count in the figures."
    assert "that were not drawn" not in words(coordinator.get(CASES))
    an_audit("CP-X", cycle=cycle(), case_reference="500001")
    assert said in words(coordinator.get(CASES))
