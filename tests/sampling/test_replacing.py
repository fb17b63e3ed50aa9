"""Drawn cases on the pages of a cycle: their audits, and other cases in their place."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.database import transaction
from app.history.record import of as history_of
from app.people.models import Person
from app.sampling import queries as drawn
from tests.factories import an_audit
from tests.pages import INSISTS
from tests.sampling.choosing import CASES, LIST, ON, STRATIFIED, audits, cycle, keep, kept, words

SignIn = Callable[[Person], FlaskClient]


def test_audits_are_requested_once_with_the_team_of_each_case(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    chosen = {(case.case_reference, case.stratum) for case in drawn.chosen(kept())}
    answer = coordinator.post(f"{CASES}/request", follow_redirects=True)
    assert "30 audits requested." in words(answer)
    requested = audits()
    assert {(audit.case_reference, audit.team.name) for audit in requested} == chosen
    assert requested[0].reference == "2010-1-001"
    assert {audit.due_on for audit in requested} == {cycle().due_on}
    answer = coordinator.post(f"{CASES}/request", follow_redirects=True)
    assert "nothing was requested" in words(answer)
    assert len(audits()) == 30
    assert "An audit has been requested for every case." in words(answer)


def test_a_case_that_has_an_audit_in_the_cycle_gets_no_second_one(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    first = drawn.chosen(kept())[0]
    an_audit("CP-001", cycle=cycle(), case_reference=first.case_reference)
    assert "29 of these cases have no audit yet." in words(coordinator.get(CASES))
    coordinator.post(f"{CASES}/request")
    assert len(audits()) == 30


def test_a_case_that_has_an_audit_under_another_spelling_gets_no_second_one(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    first = drawn.chosen(kept())[0]
    an_audit("CP-001", cycle=cycle(), case_reference=f"00-{first.case_reference}")
    assert "29 of these cases have no audit yet." in words(coordinator.get(CASES))
    assert "that were not drawn" not in words(coordinator.get(CASES))
    coordinator.post(f"{CASES}/request")
    assert len(audits()) == 30


@pytest.mark.parametrize("number", ["2010", "1", "001", "10-1001", "0001"])
def test_a_case_whose_number_is_in_the_next_reference_gets_its_audit(
    coordinator: FlaskClient, number: str
) -> None:
    keep(coordinator, cases=f"{number}, Crewe", method="hand-picked", seed="1")
    answer = coordinator.post(f"{CASES}/request", follow_redirects=True)
    assert "1 audit requested." in words(answer)


def test_a_reference_never_holds_the_number_of_its_case_by_chance(coordinator: FlaskClient) -> None:
    keep(coordinator, cases="1030, Crewe", method="hand-picked", seed="1")
    an_audit("CP-1029", cycle=cycle(), case_reference="615739")
    coordinator.post(f"{CASES}/request")
    assert [audit.reference for audit in audits()] == ["CP-1029", "CP-1031"]


def test_nothing_is_requested_where_one_cannot_be(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    known = cycle()
    with transaction():
        known.requested_on = known.due_on = date(2010, 10, 1)
    answer = coordinator.post(f"{CASES}/request")
    assert answer.status_code == 409
    assert "Due date must be on or after the request date, 4 October 2010" in words(answer)
    assert audits() == []


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
    assert f"Case {position} replaced by case {expected.position}" in words(answer)
    assert f"replaces case {position}" in words(answer)
    assert "was replaced by the next case of the same team: case closed or transferred (1)." in words(answer)
    left_out = drawn.left_out(kept())
    assert [(each.id, each.left_out_because, by) for each, by in left_out] == [
        (case_id, "case closed or transferred: to Cheshire East", expected.position)
    ]
    assert len(drawn.chosen(kept())) == 30
    assert audits() == []
    event = history_of("cycle", "2010-1")[0]
    assert (event.what, event.why) == (f"case {position} of the draw replaced", "case closed or transferred")
    assert "got the same 30 cases in the same order" in words(coordinator.get(f"{CASES}/repeat"))


def test_without_a_reserve_a_case_is_left_out(coordinator: FlaskClient) -> None:
    keep(coordinator, cases=LIST, method="hand-picked", seed="1")
    answer = coordinator.post(
        f"{CASES}/2/replace", data={"reason": "audited recently"}, follow_redirects=True
    )
    page = words(answer)
    assert "Case 2 left out. There was no reserve to replace it." in page
    assert "1 case could not be audited and was not replaced: audited recently (1)." in page
    assert "179 cases to be audited" in page


def test_replacing_a_requested_case_withdraws_its_audit_and_requests_another(
    coordinator: FlaskClient,
) -> None:
    keep(coordinator, **STRATIFIED)
    coordinator.post(f"{CASES}/request")
    replaced = drawn.chosen(kept())[0].case_reference
    page = words(coordinator.get(f"{CASES}/1/replace"))
    assert "Audit 2010-1-001 will be withdrawn and an audit of the replacement case requested." in page
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
    assert "An audit has been requested for every case." in words(answer)


def test_a_returned_audit_is_not_replaced(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    coordinator.post(f"{CASES}/request")
    with transaction():
        audits()[0].returned_on = ON
    answer = coordinator.post(f"{CASES}/1/replace", data={"reason": "audited recently"})
    assert answer.status_code == 409
    assert "so you cannot withdraw it" in words(answer)
    assert drawn.left_out(kept()) == []
    assert len(audits()) == 30


@pytest.mark.parametrize(
    ("form", "status", "told"),
    [
        ({}, 422, "Select why the case cannot be audited"),
        ({"reason": "bored"}, 422, "Select why the case cannot be audited"),
        ({"reason": "other", "words": " "}, 409, "Enter details of why the case cannot be audited"),
        ({"reason": "other", "words": "same as 700001."}, 409, "Details must not include a case number"),
        ({"reason": "other", "words": "as 0700-001"}, 409, "Details must not include a case number"),
    ],
)
def test_a_case_is_not_replaced_without_a_reason(
    coordinator: FlaskClient, form: dict[str, str], status: int, told: str
) -> None:
    keep(coordinator, **STRATIFIED)
    answer = coordinator.post(f"{CASES}/1/replace", data=form | INSISTS)
    assert answer.status_code == status
    assert told in words(answer)
    assert drawn.left_out(kept()) == []


def test_a_case_is_replaced_once(coordinator: FlaskClient) -> None:
    keep(coordinator, **STRATIFIED)
    coordinator.post(f"{CASES}/1/replace", data={"reason": "audited recently"})
    answer = coordinator.post(f"{CASES}/1/replace", data={"reason": "audited recently"})
    assert answer.status_code == 409
    assert "This case is not one of the cases to be audited" in words(answer)
    assert len(drawn.left_out(kept())) == 1
    assert coordinator.post(f"{CASES}/999/replace", data={"reason": "audited recently"}).status_code == 404
