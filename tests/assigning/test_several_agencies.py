"""Assigning the audits of each agency."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audits.models import Audit
from app.database import db
from app.people.models import Person
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def coordinator(clock_at: Callable[[date], None], sign_in: SignIn) -> FlaskClient:
    clock_at(date(2010, 10, 4))
    a_person("Polly Police", team="POLICE")
    a_person("Sam Sergeant", team="POLICE")
    a_person("Tessa Teacher", team="School")
    cycle = a_cycle("da-1", agencies=["Police", "School"])
    for reference, agency in (("DA1-A", "Police"), ("DA1-B", "School"), ("DA1-M", "together")):
        an_audit(reference, cycle=cycle, agency=agency, case_reference="700001")
    return sign_in(a_person("Jack Denny", roles=["coordinator"]))


def proposed(page: str, reference: str) -> set[str]:
    """The auditors who are proposed for an audit."""
    return {
        line.split(">")[1].split(",")[0].split(" (")[0]
        for part in page.split("<select")[1:]
        if f'name="lead-{reference}"' in part or f'name="second-{reference}"' in part
        for line in part.splitlines()
        if " selected" in line and 'value=""' not in line
    }


def test_people_of_the_agency_are_proposed_for_its_audits(coordinator: FlaskClient) -> None:
    page = opened(coordinator, "/cycles/da-1/assign")
    assert proposed(page, "DA1-A") == {"Polly Police", "Sam Sergeant"}
    assert "They are of the team with the name of the agency" in visible(page)


@pytest.mark.parametrize(
    ("agency", "listed"),
    [
        ("police", ["DA1-A"]),
        ("School", ["DA1-B"]),
        ("together", ["DA1-M"]),
        ("x", ["DA1-A", "DA1-B", "DA1-M"]),
    ],
)
def test_the_audits_of_one_agency_are_assigned_by_themselves(
    coordinator: FlaskClient, agency: str, listed: list[str]
) -> None:
    page = opened(coordinator, f"/cycles/da-1/assign?agency={agency}")
    assert [reference for reference in ("DA1-A", "DA1-B", "DA1-M") if f"lead-{reference}" in page] == listed


def test_after_an_agency_is_assigned_the_page_says_so(coordinator: FlaskClient) -> None:
    people = {person.name: str(person.id) for person in db.session.scalars(select(Person))}
    form = {
        "lead-DA1-A": people["Polly Police"],
        "second-DA1-A": people["Sam Sergeant"],
        "let_through": "yes",
    }
    answer = coordinator.post("/cycles/da-1/assign?agency=Police", data=form)
    assert answer.status_code == 302
    page = visible(opened(coordinator, "/cycles/da-1/assign?agency=Police"))
    assert "All open audits of this agency have the auditors that they need." in page
    db.session.rollback()
    assigned = db.session.scalars(select(Audit).where(Audit.reference == "DA1-A")).one().assignments
    assert {each.person.name for each in assigned if each.person} == {"Polly Police", "Sam Sergeant"}
