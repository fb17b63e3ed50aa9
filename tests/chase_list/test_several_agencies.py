"""The chase list of a cycle with agencies: by agency, and case by case."""

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audits.case_returns import AgencyReturns, Cases, cases_of_cycle, returns_by_agency
from app.audits.models import Audit
from app.audits.standing import standings
from app.chase_list.queries import Asked, how_many, ids
from app.database import db
from app.people.closures import working_days
from app.people.models import Person
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

from .test_chase_list import references

SignIn = Callable[[Person], FlaskClient]
ClockAt = Callable[[date], None]

IN, ON = date(2010, 11, 8), date(2010, 11, 10)


def make_two_cases() -> None:
    """Make two cases: all three returns of the first that were not withdrawn are in, one of the second."""
    cycle = a_cycle("da-1", agencies=["Police", "School"])
    for reference, case, agency, returned_on, withdrawn_on in (
        ("DA1-A", "700001", "Police", IN, None),
        ("DA1-B", "0700001", "School", IN, None),
        ("DA1-M", "700 001", "together", IN, None),
        ("DA1-X", "700001", "School", None, IN),
        ("DA2-A", "700002", "Police", IN, None),
        ("DA2-B", "700002", "School", None, None),
    ):
        an_audit(
            reference,
            cycle=cycle,
            case_reference=case,
            agency=agency,
            returned_on=returned_on,
            withdrawn_on=withdrawn_on,
        )
    an_audit("CP-1", cycle=a_cycle("2010-1"))


@pytest.fixture
def coordinator(clock_at: ClockAt, sign_in: SignIn) -> FlaskClient:
    make_two_cases()
    clock_at(ON)
    return sign_in(a_person("Jack Denny", roles=["coordinator"]))


COMPLETE, NOT_COMPLETE = ["DA1-A", "DA1-B", "DA1-M", "DA1-X"], ["DA2-A", "DA2-B"]


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        (Asked(agency="police", sort="reference"), ["DA1-A", "DA2-A"]),
        (Asked(agency="together"), ["DA1-M"]),
        (Asked(agency="nobody"), []),
        (Asked(complete=True, sort="case"), COMPLETE),
        (Asked(complete=False, sort="case"), NOT_COMPLETE),
        (Asked(case="da1-m", sort="reference"), COMPLETE),
        (Asked(case="CP-1"), ["CP-1"]),
        (Asked(case="nothing"), []),
        (Asked(sort="case"), ["CP-1", *COMPLETE, *NOT_COMPLETE]),
        (Asked(sort="-case"), [*NOT_COMPLETE, *COMPLETE, "CP-1"]),
        (Asked(cycle="da-1", agency="School", sort="-reference"), ["DA2-B", "DA1-X", "DA1-B"]),
    ],
)
def test_audits_are_found_and_sorted_by_agency_and_case(
    service: Flask, asked: Asked, listed: list[str]
) -> None:
    make_two_cases()
    references_of = {audit.id: audit.reference for audit in db.session.scalars(select(Audit))}
    on_day = standings(ON, working_days())
    assert [references_of[audit_id] for audit_id in ids(asked, on_day)] == listed
    assert how_many(asked, on_day) == len(listed)


def test_returns_are_counted_by_case_and_by_agency(service: Flask) -> None:
    make_two_cases()
    cycle, on_day = a_cycle("da-1"), standings(ON, working_days())
    assert cases_of_cycle(cycle.id, on_day) == Cases(all=2, complete=1)
    assert cases_of_cycle(a_cycle("2010-1").id, on_day) == Cases()
    assert returns_by_agency(cycle.id, on_day) == [
        AgencyReturns("Police", 2, 2),
        AgencyReturns("School", 1, 2),
        AgencyReturns("together", 1, 1),
    ]
    assert cases_of_cycle(cycle.id, standings(date(2010, 11, 7), working_days())) == Cases(2, 0)


def test_a_row_says_whose_audit_it_is_and_how_many_of_its_case_are_in(coordinator: FlaskClient) -> None:
    page = opened(coordinator, "/audits?sort=case")
    said = visible(page)
    assert said.count("all 3 in") == 4
    assert said.count("1 of 2 in") == 2
    assert "7000" not in page
    assert 'href="?sort=case&amp;case=DA1-A"' in page


def test_without_agencies_the_list_has_neither_column(coordinator: FlaskClient) -> None:
    said = visible(opened(coordinator, "/audits?cycle=2010-1"))
    assert "Agency" not in said
    assert "Returns of the case" not in said


def test_the_file_has_agency_and_case_and_no_case_number(coordinator: FlaskClient) -> None:
    body = coordinator.get("/audits?sort=case&download=csv").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(body.removeprefix("\ufeff"))))
    columns = ("reference", "agency", "case", "case_is_complete")
    assert [tuple(row[name] for name in columns) for row in rows] == [
        ("CP-1", "", "", ""),
        ("DA1-A", "Police", "DA1-A", "yes"),
        ("DA1-B", "School", "DA1-A", "yes"),
        ("DA1-M", "together", "DA1-A", "yes"),
        ("DA1-X", "School", "DA1-A", "yes"),
        ("DA2-A", "Police", "DA2-A", "no"),
        ("DA2-B", "School", "DA2-A", "no"),
    ]
    assert "7000" not in body


def test_an_auditor_of_one_agency_sees_their_own_audit_alone(sign_in: SignIn) -> None:
    make_two_cases()
    auditor = a_person("Ann Lee")
    an_audit("DA2-M", cycle=a_cycle("da-1"), case_reference="700002", agency="together", lead=auditor)
    page = opened(sign_in(auditor), "/audits?case=DA2-A")
    assert references(page) == ["DA2-M"]
