"""Findings without an action: shown until each has one, or a written reason why there is none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.actions import moves, recommending
from app.actions.answered import findings
from app.audits.cycle import Cycle
from app.database import db, transaction
from app.people.models import Person
from app.reports.material import gather
from app.tools.conditions import Condition
from app.tools.content import Asked, Part
from app.tools.models import Question, ScaleResponse
from tests.factories import a_person
from tests.findings.any_tool import EVIDENCE_SCALE, Form, Told, written
from tests.findings.asked_cycles import a_cycle_that_found, a_tool_asking
from tests.findings.test_kinds_on_pages import TOOL
from tests.pages import opened, visible

ON = date(2010, 12, 22)
SignIn = Callable[[Person], FlaskClient]
PLACES = ("/cycles/2010-1", "/cycles/2010-1/findings")


@pytest.fixture
def cycle(app: Flask, clock_at: Callable[[date], None]) -> Cycle:
    clock_at(ON)
    answers = {"child_seen": (15, 10), "plan_shared": (12, 13)}
    return a_cycle_that_found("2010-1", a_tool_asking(*answers), date(2010, 10, 4), answers)


@pytest.fixture
def cora(cycle: Cycle) -> Person:
    return a_person("Cora Coordinator", roles=["coordinator"])


def test_each_finding_is_named_until_it_has_an_action_or_a_reason(
    cycle: Cycle, cora: Person, sign_in: SignIn
) -> None:
    client = sign_in(cora)
    for place in PLACES:
        assert "2 findings have no action, and no one has said why" in visible(opened(client, place))
    page = opened(client, "/cycles/2010-1/findings")
    assert "/actions/new?cycle=2010-1&amp;question=child_seen" in page
    assert "/cycles/2010-1/answered?question=plan_shared#reason" in page
    moves.raise_action(text="Remind staff", by=cora, on=ON, cycle=cycle, question="child_seen")
    for place in PLACES:
        assert "1 finding has no action, and no one has said why" in visible(opened(client, place))
    recommending.leave_finding(cycle, "plan_shared", cora, ON, "The new form has it")
    for place in PLACES:
        assert "no one has said why" not in visible(opened(client, place))
    words = visible(opened(client, "/cycles/2010-1/findings"))
    assert "Every finding has an action, or a reason for having none." in words


def test_a_question_that_only_asks_what_there_was_calls_for_no_action(
    cycle: Cycle, cora: Person, sign_in: SignIn
) -> None:
    with transaction():
        question = db.session.scalars(select(Question).where(Question.key == "plan_shared")).one()
        question.scale = "who"
        tool_id = cycle.tool_id
        db.session.add(
            ScaleResponse(tool_id=tool_id, scale="who", position=1, response="GP", counts_as="neither")
        )
    client = sign_in(cora)
    for place in PLACES:
        assert "1 finding has no action, and no one has said why" in visible(opened(client, place))
    # an action can still be about it
    assert [finding.question for finding in findings(cycle, ON)] == ["child_seen", "plan_shared"]


def test_a_question_that_applied_in_no_audit_is_no_finding(
    app: Flask, clock_at: Callable[[date], None], sign_in: SignIn
) -> None:
    """Neither by its answers nor by its condition; a blank applies, as far as is known."""
    clock_at(ON)
    forms = [Form(ON, "Crewe", {"asked": Told(("no",)), "never": Told(("n/a",))}) for _ in range(3)]
    questions = (
        Asked("asked", "Plan shared", "Was it?", "evidence"),
        Asked("never", "Interpreter used", "Was one?", "evidence"),
        Asked("hinges", "Plan sent on", "Was it?", "evidence", applies_if=Condition("asked", ("yes",))),
        Asked("blank", "Views recorded", "Were they?", "evidence"),
    )
    scales = (EVIDENCE_SCALE,)
    tool = replace(TOOL, scales=scales, sections=(Part("All", questions),), overall=None, limits=())
    written(tool, forms, hide_up_to=4)
    client = sign_in(a_person("Cora Coordinator", roles=["coordinator"]))
    for place in ("/cycles/any-1", "/cycles/any-1/findings"):
        assert "2 findings have no action, and no one has said why" in visible(opened(client, place))
    page = opened(client, "/cycles/any-1/findings")
    assert [key for key in ("asked", "never", "hinges", "blank") if f"question={key}#reason" in page] == [
        "asked",
        "blank",
    ]
    page = opened(client, "/cycles/any-1/answered")
    assert "2 of 2 findings have no action, and no one has said why." in visible(page)
    # an action can still be about it
    assert "question=never" in page
    assert "question=never#reason" not in page
    cycle = db.session.scalars(select(Cycle).where(Cycle.reference == "any-1")).one()
    cycle.closed_on = ON
    assert [area.name for area in gather(cycle, ON, None).answered] == ["Plan shared", "Views recorded"]


def test_an_action_that_was_withdrawn_answers_nothing(cycle: Cycle, cora: Person, sign_in: SignIn) -> None:
    made = moves.raise_action(text="Remind staff", by=cora, on=ON, cycle=cycle, question="child_seen")
    moves.withdraw(made.reference, cora, ON, "Not needed")
    client = sign_in(cora)
    for place in PLACES:
        assert "2 findings have no action" in visible(opened(client, place))


def test_leaders_see_them_without_links_that_they_cannot_open(cycle: Cycle, sign_in: SignIn) -> None:
    client = sign_in(a_person("Lea Leader", roles=["leader"]))
    for place in PLACES:
        page = opened(client, place)
        assert "2 findings have no action" in visible(page)
        assert "/answered" not in page
        assert "/actions/new" not in page


def test_a_quick_check_has_no_findings_of_its_own_to_answer(
    cycle: Cycle, cora: Person, sign_in: SignIn
) -> None:
    tool = a_tool_asking("child_seen", reference="check-A1")
    a_cycle_that_found("check-A1-1", tool, date(2010, 11, 1), {"child_seen": (20, 5)}, checks="A1")
    client = sign_in(cora)
    assert "no one has said why" not in visible(opened(client, "/cycles/check-A1-1"))
    words = visible(opened(client, "/cycles/check-A1-1/findings"))
    assert "This is a quick check of A1. Any actions are recorded there." in words
