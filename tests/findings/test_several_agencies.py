"""Findings of a cycle with agencies: by agency and by case, on the page, in files, reports and data."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from app.audits.cycle import Cycle
from app.database import transaction
from app.findings.data import agency_returns, as_data
from app.findings.document import Findings, from_json
from app.findings.files import figures_xlsx
from app.findings.freezing import findings_of
from app.people.models import Person
from tests.answers.graded import answered
from tests.answers.test_several_agencies import asks_once_per_case
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]
IN, ON = date(2010, 11, 8), date(2010, 11, 10)


def cases(number: int, *, of: str = "Crewe", first: int = 1, meetings: int = 0) -> Cycle:
    """Cases that the police (all met) and the school (none met) returned, the first of them with meetings, in
    which the agencies agreed."""
    cycle = a_cycle("da-1", agencies=["Police", "School"])
    for each in range(first, first + number):
        about: dict[str, Any] = {"cycle": cycle, "team": of, "returned_on": IN}
        about["case_reference"] = f"70{each:04}"
        answered(an_audit(f"DA{each}-A", agency="Police", **about), {"child_seen": "yes"})
        answered(an_audit(f"DA{each}-B", agency="School", **about), {"child_seen": "no"})
        if each < first + meetings:
            answered(an_audit(f"DA{each}-M", agency="together", **about), {"agreed": "yes"})
    return cycle


def found(cycle: Cycle) -> Findings:
    return findings_of(cycle, ON)


def test_each_question_counts_the_audits_that_ask_it(service: Flask) -> None:
    asks_once_per_case()
    told = found(cases(12, meetings=11))
    seen, shared, agreed = told.areas
    assert (seen.figure.counts.audits, str(seen.figure)) == (24, "12 of 24 (50%)")
    assert (agreed.figure.counts.audits, str(agreed.figure)) == (11, "11 of 11 (100%)")
    assert (shared.figure.counts.audits, shared.figure.counts.not_answered) == (11, 11)
    assert told.no_interval_because == "35 returns about 12 cases"
    assert (seen.figure.interval, agreed.figure.interval is None) == (None, False)


def test_counts_of_agencies_leave_from_ten_answers_on(service: Flask) -> None:
    few = found(cases(9))
    assert as_data(few)["agencies"] is None
    enough = found(cases(1, first=10))
    assert as_data(enough)["agencies"] == {
        "Police": {"child_seen": {"yes": 10, "no": 0}},
        "School": {"child_seen": {"yes": 0, "no": 10}},
    }
    assert agency_returns(enough) == {
        "Police": {"returned": 10, "wanted": 10},
        "School": {"returned": 10, "wanted": 10},
    }
    assert few.several_agencies is not None
    assert few.several_agencies.counts["School"] == {"child_seen": {"yes": 0, "no": 9}}


def test_a_cycle_without_agencies_says_nothing_of_them(service: Flask) -> None:
    an_audit(returned_on=IN)
    told = found(a_cycle("2010-1"))
    assert told.several_agencies is None
    assert (as_data(told)["agencies"], agency_returns(told)) == (None, None)


def test_the_document_comes_back_from_json(service: Flask) -> None:
    told = found(cases(10))
    assert from_json(told.to_json()) == told


def test_complete_cases_have_all_their_returns(service: Flask) -> None:
    cycle = cases(3)
    an_audit("DA1-M", cycle=cycle, case_reference="700001", agency="together")
    told = found(cycle).several_agencies
    assert told is not None
    assert (told.cases, told.complete, told.cases_in_words) == (3, 2, "2 of 3 cases are complete")
    assert {name: str(each) for name, each in told.returns_in_words.items()} == {
        "Police": "3 of 3",
        "School": "3 of 3",
        "Meetings of cases": "0 of 1",
    }


def test_teams_and_context_divide_what_is_no_meeting(service: Flask) -> None:
    asks_once_per_case()
    cases(5, of="Nantwich", meetings=5)
    told = found(cases(5, of="Crewe", first=6))
    assert told.teams == {"Crewe": 10, "Nantwich": 10}
    assert (told.returns.returned, told.divided_returns) == (25, 20)


@pytest.fixture
def on_the_day(clock_at: Callable[[date], None]) -> None:
    clock_at(ON)


def test_coordinators_and_auditors_of_the_cycle_see_few_counts_on_the_page(
    on_the_day: None, sign_in: SignIn
) -> None:
    cycle = cases(3)
    for reader, sees in (
        (a_person("Jack Denny", roles=["coordinator"]), True),
        (a_person("Lena Leader", roles=["leader"]), False),
        (a_person("Mona Manager", roles=["manager"]), False),
    ):
        page = visible(opened(sign_in(reader), "/cycles/da-1/findings"))
        assert "All 3 cases are complete" in page
        assert "Police 3 3 School 3 3" in page
        assert ("School 0 3" in page) is sees
        assert ("The answers of each agency are not shown, to protect privacy." in page) is not sees
    auditor = a_person("Alan Auditor", roles=["auditor", "manager"])
    an_audit("DA9-A", cycle=cycle, agency="Police", lead=auditor)
    page = visible(opened(sign_in(auditor), "/cycles/da-1/findings"))
    assert "School 0 3" in page
    assert "Only coordinators, and auditors of this cycle who can open this page, see these counts." in page
    alone = a_person("Olive Auditor", roles=["auditor"])
    an_audit("DA9-B", cycle=cycle, agency="School", lead=alone)
    assert sign_in(alone).get("/cycles/da-1/findings").status_code == 403


def test_reports_and_files_have_the_counts_that_may_leave(on_the_day: None, sign_in: SignIn) -> None:
    cases(9)
    leader = sign_in(a_person("Lena Leader", roles=["leader"]))
    with transaction():
        a_cycle("da-1").closed_on = IN
    few = visible(opened(leader, "/cycles/da-1/report"))
    assert "Returns of each agency (All 9 cases are complete)" in few
    assert "Child seen, by agency" not in few
    cases(1, first=10)
    enough = visible(opened(leader, "/cycles/da-1/report"))
    assert "Child seen, by agency Agency yes no Police 10 0 School 0 10" in enough
    book = CalamineWorkbook.from_filelike(io.BytesIO(figures_xlsx(found(a_cycle("da-1")))))
    assert book.get_sheet_by_name("Agencies").to_python()[1:] == [["Police", 10, 10], ["School", 10, 10]]
    assert book.get_sheet_by_name("By agency").to_python()[1:] == [
        ["child_seen", "Child seen", "Police", "yes", 10],
        ["child_seen", "Child seen", "Police", "no", 0],
        ["child_seen", "Child seen", "School", "yes", 0],
        ["child_seen", "Child seen", "School", "no", 10],
    ]
    page = visible(opened(leader, "/cycles/da-1/findings"))
    assert "Police 10 0 School 0 10" in page
