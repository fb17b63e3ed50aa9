"""The overall grade of a returned audit, on the chase list and on its own page."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.answers.models import AnswerView
from app.answers.overall import overall_grades
from app.audits.models import Audit
from app.database import db, transaction
from app.people.models import Person
from app.tools.models import Tool
from tests.answers.graded import a_graded_cycle, answered, question, response
from tests.factories import a_person, an_audit
from tests.pages import opened, visible

ON = date(2010, 11, 22)


def a_returned_audit() -> Audit:
    """A returned audit whose overall grade is "adequate"."""
    a_graded_cycle()
    with transaction():
        db.session.query(Tool).one().overall = "plan_quality"
    audit = an_audit("CP-1", lead=a_person("Alison Ash"), returned_on=date(2010, 11, 8))
    answered(audit, {"child_seen": "yes", "plan_quality": "adequate"})
    return audit


@pytest.fixture
def returned(app: Flask) -> Audit:
    return a_returned_audit()


def moderated(audit: Audit, grade: str | None, on: date, whose: str = "moderated") -> None:
    view = {"audit_id": audit.id, "question_id": question("plan_quality"), "response_id": response(grade)}
    with transaction():
        db.session.add(AnswerView(**view, whose=whose, made_on=on, reason="See the plan"))


def test_it_is_the_answer_that_counts_on_that_day(service: Flask) -> None:
    returned = a_returned_audit()
    grades = {day: overall_grades([returned.id], date(2010, 11, day)) for day in (7, 8)}
    assert grades == {7: {}, 8: {returned.id: "adequate"}}
    moderated(returned, "good", date(2010, 11, 20), "second")  # never counts by itself
    assert overall_grades([returned.id], ON) == {returned.id: "adequate"}
    moderated(returned, "good", date(2010, 11, 16), "agreed")
    moderated(returned, "inadequate", date(2010, 11, 20))
    assert overall_grades([returned.id], date(2010, 11, 15)) == {returned.id: "adequate"}
    assert overall_grades([returned.id], date(2010, 11, 19)) == {returned.id: "good"}
    assert overall_grades([returned.id], date(2010, 11, 20)) == {returned.id: "inadequate"}


def test_a_tool_without_one_and_a_blank_have_none(service: Flask) -> None:
    returned = a_returned_audit()
    moderated(returned, None, ON)
    assert overall_grades([returned.id], ON) == {}
    with transaction():
        db.session.query(Tool).one().overall = None
    assert overall_grades([returned.id], date(2010, 11, 19)) == {}


def test_the_chase_list_and_the_audit_say_it(
    returned: Audit, sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]
) -> None:
    clock_at(ON)
    an_audit("CP-2", lead=a_person("Brendan Foxe"))
    coordinator = sign_in(a_person("Jack Denny", roles=["coordinator"]))
    page = visible(opened(coordinator, "/audits"))
    assert page.count("overall grade:") == 1
    assert "returned overall grade: adequate" in page
    assert "Overall grade Adequate" in visible(opened(coordinator, "/audits/CP-1"))
    assert "Overall grade" not in visible(opened(coordinator, "/audits/CP-2"))


def test_a_moderator_reads_it_with_the_answers_alone(
    returned: Audit, sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]
) -> None:
    clock_at(ON)
    moderator = sign_in(a_person("Moira Kane", roles=["moderator"]))
    assert "Overall grade" not in visible(opened(moderator, "/audits/CP-1"))
