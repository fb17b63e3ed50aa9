"""Requesting the audits of a case from each agency, and those of drawn cases."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audits.cycle import Cycle
from app.cycles.agencies import set_agencies
from app.database import db, transaction
from app.people.models import Person
from app.sampling import queries as drawn
from app.sampling.correcting import correct_case_number
from app.sampling.requesting import audits_in
from tests.factories import a_team
from tests.sampling.choosing import CASES, ON, audits, cycle, keep, kept, words

LISTED = "700001, Crewe\n700002, Nantwich"


def of_agencies(*names: str) -> None:
    with transaction():
        set_agencies(db.session.scalars(select(Cycle)).one(), names)


@pytest.fixture
def drawn_cases(coordinator: FlaskClient) -> FlaskClient:
    of_agencies("Police", "School")
    keep(coordinator, cases=LISTED, method="hand-picked", seed="1")
    return coordinator


def by_case() -> list[tuple[str, str | None, str | None]]:
    return sorted((audit.reference, audit.agency, audit.case_reference) for audit in audits())


def test_each_drawn_case_gets_an_audit_of_each_agency_and_its_meeting(drawn_cases: FlaskClient) -> None:
    page = words(drawn_cases.get(CASES))
    assert "Each case gets an audit of each of 2 agencies, and one more for its meeting." in page
    answer = drawn_cases.post(f"{CASES}/request", follow_redirects=True)
    assert "6 audits requested." in words(answer)
    first, second = (case.case_reference for case in drawn.chosen(kept()))
    assert by_case() == [
        ("2010-1-001-A", "Police", first),
        ("2010-1-001-B", "School", first),
        ("2010-1-001-together", "together", first),
        ("2010-1-002-A", "Police", second),
        ("2010-1-002-B", "School", second),
        ("2010-1-002-together", "together", second),
    ]
    again = words(drawn_cases.post(f"{CASES}/request", follow_redirects=True))
    assert "nothing was requested" in again
    assert "2010-1-001-A, Police 2010-1-001-B, School 2010-1-001-together, Meeting of the case" in again


def test_an_agency_that_comes_later_gets_its_audits_too(drawn_cases: FlaskClient) -> None:
    drawn_cases.post(f"{CASES}/request")
    of_agencies("Police", "Probation", "School")
    assert "2 of these cases lack an audit." in words(drawn_cases.get(CASES))
    answer = drawn_cases.post(f"{CASES}/request", follow_redirects=True)
    assert "2 audits requested." in words(answer)
    assert ("2010-1-001-C", "Probation") in {row[:2] for row in by_case()}
    assert len(audits()) == 8


def test_a_case_is_replaced_with_all_its_audits(coordinator: FlaskClient) -> None:
    of_agencies("Police", "School")
    keep(coordinator, cases=LISTED, method="random", size="1", seed="1")
    coordinator.post(f"{CASES}/request")
    page = words(coordinator.get(f"{CASES}/1/replace"))
    assert "Audits 2010-1-001-A, 2010-1-001-B, 2010-1-001-together will be withdrawn" in page
    reason = {"reason": "audited recently", "due_on": ["12", "11", "2010"]}
    answer = coordinator.post(f"{CASES}/1/replace", data=reason, follow_redirects=True)
    assert "Case 1 replaced by case 2" in words(answer)
    withdrawn = {audit.reference: audit.withdrawn_on for audit in audits()}
    assert [reference for reference, day in sorted(withdrawn.items()) if day is None] == [
        "2010-1-002-A",
        "2010-1-002-B",
        "2010-1-002-together",
    ]


def test_a_drawn_case_follows_the_last_of_its_audits_to_another_number(drawn_cases: FlaskClient) -> None:
    drawn_cases.post(f"{CASES}/request")
    jack = db.session.scalars(select(Person)).one()
    references = [audit.reference for audit in audits_in(cycle(), drawn.chosen(kept()))[1]]
    for reference in references[:-1]:
        correct_case_number(reference, jack, ON, "799999", "it was mistyped")
        assert len(audits_in(cycle(), drawn.chosen(kept()))[1]) < 3
    correct_case_number(references[-1], jack, ON, "799999", "it was mistyped")
    assert len(audits_in(cycle(), drawn.chosen(kept()))[1]) == 3


FORM = {"reference": "DA1", "case_reference": "700001", "due_on": ["12", "11", "2010"]}


def test_the_audits_of_a_case_are_requested_by_hand(coordinator: FlaskClient) -> None:
    of_agencies("Police", "School")
    page = words(coordinator.get("/audits/request?reference=2010-1"))
    assert "Request the audits of a case for cycle 2010-1" in page
    assert "Meeting of the case" in page
    form = {**FORM, "team": str(a_team("Crewe").id)}
    refused = coordinator.post("/audits/request", data=form)
    assert refused.status_code == 422
    assert "Select at least one agency" in words(refused)
    form["agencies"] = ["School", "together"]
    answer = coordinator.post("/audits/request", data=form, follow_redirects=True)
    assert "2 audits requested: DA1-A, DA1-together" in words(answer)
    assert 'value="DA2"' in answer.get_data(as_text=True)
    form["agencies"] = ["Police"]
    answer = coordinator.post("/audits/request", data=form, follow_redirects=True)
    assert "1 audit requested: DA1-B" in words(answer)
    assert [row[:2] for row in by_case()] == [
        ("DA1-A", "School"),
        ("DA1-B", "Police"),
        ("DA1-together", "together"),
    ]


def test_a_second_meeting_of_a_case_is_refused(coordinator: FlaskClient) -> None:
    of_agencies("Police")
    form = {**FORM, "team": str(a_team("Crewe").id), "agencies": ["together"]}
    coordinator.post("/audits/request", data=form)
    refused = coordinator.post("/audits/request", data={**form, "reference": "DA2"})
    assert "The meeting of this case is DA1-together already" in words(refused)
    coordinator.post("/audits/request", data={**form, "reference": "DA3", "case_reference": "700003"})
    jack = db.session.scalars(select(Person)).one()
    with pytest.raises(Exception, match="The meeting of that case is DA1-together already"):
        correct_case_number("DA3-together", jack, ON, "0700001", "it was mistyped")
    assert len(audits()) == 2
