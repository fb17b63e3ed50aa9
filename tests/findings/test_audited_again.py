"""The cases of an earlier cycle audited again: counted on both databases, said by pages and report."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from app.answers.models import Answer
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.case_keys.mark import as_compared
from app.database import db, transaction
from app.findings.again import BY_GRADE, Again, Moved
from app.findings.compared import compared
from app.findings.compared_data import as_data
from app.findings.freezing import findings_of, keep
from app.people.models import Person
from tests.factories import a_person
from tests.findings.asked_cycles import a_cycle_that_found, a_tool_asking
from tests.pages import opened, visible

FIRST, SECOND, LATER = date(2010, 10, 4), date(2011, 4, 4), date(2012, 1, 9)
CASES = [f"C{number}" for number in range(20)]
MET_NOW = [*CASES[2:17], *CASES[:2], *CASES[17:]]
"""The first 5 cases were met before; 15 of this order are now: 2 are worse, 12 better, 6 the same."""


def audit_again(
    selection: str | None = "whole population", cases: list[str] | None = None
) -> tuple[Cycle, Cycle]:
    """Make a cycle of 20 cases, and one that asks about them, or about some of them, again."""
    tool = a_tool_asking("risk", "overall")
    with transaction():
        tool.overall = "overall"
    answers = {"risk": (5, 15), "overall": (5, 15)}
    earlier = a_cycle_that_found("2010-1", tool, FIRST, answers, cases=CASES, selection="random")
    cases = cases or MET_NOW
    met = sum(case in MET_NOW[:15] for case in cases)
    cycle = a_cycle_that_found(
        "2011-1",
        tool,
        SECOND,
        {"risk": (met, len(cases) - met), "overall": (met, len(cases) - met)},
        cases=cases,
        selection=selection,
        comparable_with="2010-1",
        audits_again="2010-1",
    )
    with transaction():
        numbers = select(Audit.case_folded, Audit.id).where(Audit.cycle_id == earlier.id)
        before = dict(db.session.execute(numbers).all())
        for audit in db.session.scalars(select(Audit).where(Audit.cycle_id == cycle.id)):
            audit.re_audit_of_id = before[audit.case_folded]
    return earlier, cycle


def again_of(cycle: Cycle) -> Again:
    db.session.expire_all()
    again = findings_of(cycle, LATER).again
    assert again is not None
    return again


@pytest.mark.parametrize("selection", ["whole population", "random", "hand-picked", None])
def test_where_all_are_asked_again_the_probability_is_exact(service: Flask, selection: str | None) -> None:
    _, cycle = audit_again(selection)
    again = again_of(cycle)
    assert (again.earlier, again.cases, again.of, again.chosen) == ("2010-1", 20, 20, None)
    assert again.by_grade == Moved(12, 6, 2)
    assert again.grades == {
        "yes": {"yes": 3, "partly": 0, "no": 2},
        "no": {"yes": 12, "partly": 0, "no": 3},
    }
    assert [str(asked) for asked in again.questions] == [
        "12 better, 6 the same, 2 worse: likely real (probability 0.0129)"
    ] * 2


def test_cases_chosen_for_their_grade_have_the_table_and_no_probability(service: Flask) -> None:
    _, cycle = audit_again("hand-picked", MET_NOW[3:15] + CASES[17:])
    again = again_of(cycle)
    assert (again.cases, again.of, again.chosen) == (15, 20, BY_GRADE)
    assert again.grades == {"no": {"yes": 12, "partly": 0, "no": 3}}
    assert [asked.p for asked in again.questions] == [None, None]


def test_what_did_not_count_in_either_cycle_is_left_out(service: Flask) -> None:
    earlier, cycle = audit_again()
    with transaction():
        of = update(Audit).values(returned_on=None)
        db.session.execute(of.where(Audit.cycle_id == earlier.id, Audit.case_folded == as_compared("c0")))
        db.session.execute(of.where(Audit.cycle_id == cycle.id, Audit.case_folded == as_compared("c5")))
        answers = select(Audit.id).where(Audit.cycle_id == cycle.id, Audit.case_folded == as_compared("c6"))
        db.session.execute(delete(Answer).where(Answer.audit_id.in_(answers)))
    again = again_of(cycle)
    assert (again.cases, again.of) == (18, 19)
    assert again.by_grade == Moved(10, 6, 1)


def test_it_stays_as_frozen(app: Flask) -> None:
    earlier, cycle = audit_again()
    before = again_of(cycle)
    for each in (earlier, cycle):
        with transaction():
            each.frozen_on = each.closed_on
            keep(each)
    with transaction():
        db.session.execute(update(Audit).values(re_audit_of_id=None, case_reference=None, case_folded=None))
    assert again_of(cycle) == before
    data = as_data("2011-1", "2010-1", compared(earlier, cycle, LATER))
    assert data["same_cases"] == 20
    assert data["again"] == {
        "cases": 20,
        "better": 12,
        "same": 6,
        "worse": 2,
        "grades": {"yes": {"yes": 3, "partly": 0, "no": 2}, "no": {"yes": 12, "partly": 0, "no": 3}},
        "questions": [
            {"question": "risk", "better": 12, "worse": 2, "p": 0.0129},
            {"question": "overall", "better": 12, "worse": 2, "p": 0.0129},
        ],
    }


@pytest.fixture
def leader(sign_in: Callable[[Person], FlaskClient]) -> FlaskClient:
    return sign_in(a_person("The Leader", roles=["leader"]))


@pytest.mark.parametrize("page", ["findings", "compared", "report"])
def test_pages_and_report_show_the_cases_before_and_now(leader: FlaskClient, page: str) -> None:
    audit_again()
    words = visible(opened(leader, f"/cycles/2011-1/{page}"))
    assert (
        "20 of the 20 cases of cycle 2010-1 were audited again. This says nothing about other cases." in words
    )
    assert "Overall grade: 12 better, 6 the same, 2 worse." in words
    assert "Audits again cases of cycle 2010-1" in visible(opened(leader, "/cycles/2011-1"))
    assert "no 12 0 3" in words
    assert "Risk 12 6 2 likely real (probability 0.0129)" in words


def test_a_cycle_that_audits_nothing_again_shows_nothing_of_it(leader: FlaskClient) -> None:
    a_cycle_that_found("2010-1", a_tool_asking("risk"), FIRST, {"risk": (5, 15)})
    assert "audited again" not in visible(opened(leader, "/cycles/2010-1/findings"))
