"""Quick checks through the pages: made in two steps, drawn, and their figure beside the one before."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from werkzeug.test import TestResponse

from app.actions import moves
from app.actions.lifecycle import ActionFacts, refuse_quick_check
from app.answers.models import Answer
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.cycles import moves as cycle_moves
from app.database import db, transaction
from app.history import record
from app.people.models import Person
from app.quick_wins.life import QuickWinFacts, refuse_check
from app.quick_wins.models import QuickWin
from app.tools.models import Tool
from app.working_days import WorkingDays
from tests import pages
from tests.factories import a_person, a_team
from tests.findings.asked_cycles import a_cycle_that_found, a_tool_asking

STARTS, ON = date(2011, 1, 17), date(2011, 4, 1)
SignIn = Callable[[Person], FlaskClient]
YES_OR_NO = {"yes": "met", "no": "not met"}
CHECK = {"questions": ["child_seen"], "files": "25", "due_on": ["15", "4", "2011"]}


def visible(answer: TestResponse) -> str:
    return pages.visible(answer.get_data(as_text=True))


@pytest.fixture
def cora(app: Flask, clock_at: Callable[[date], None]) -> Person:
    """A coordinator, with action A1 of a quick win Q1 about what 15 of 25 files showed."""
    clock_at(ON)
    cora = a_person("Cora Coordinator", roles=["coordinator"])
    before = a_cycle_that_found(
        "2010-1",
        a_tool_asking("child_seen", "plan_shared", counts_as=YES_OR_NO),
        date(2010, 10, 4),
        {"child_seen": (15, 10), "plan_shared": (12, 13)},
    )
    action = moves.raise_action(
        text="Remind staff",
        by=cora,
        on=STARTS,
        cycle=before,
        question="child_seen",
        owner_id=a_person("Ona Owner", roles=["manager"]).id,
        due_on=date(2011, 3, 4),
    )
    with transaction():
        quick_win = QuickWin(
            reference="Q1",
            subject="Evidence that the child was seen",
            message="Record it.",
            action_id=action.id,
            question="child_seen",
            starts_on=STARTS,
            every_working_days=5,
            times=6,
        )
        quick_win.audience_roles = ["practitioner"]
        db.session.add(quick_win)
    return cora


def made(client: FlaskClient, address: str = "/quick-wins/Q1/check", **changes: Any) -> TestResponse:
    """Preview a check, then make what was previewed."""
    look = client.post(address, data=CHECK | changes | {"do": "look"})
    mark = look.get_data(as_text=True).partition('name="shown"')[2].partition('value="')[2].partition('"')[0]
    return client.post(address, data=CHECK | changes | {"do": "make", "shown": mark})


def found(reference: str, met: int, not_met: int) -> None:
    """The quick check's audits are returned with these answers to its question."""
    cycle = db.session.query(Cycle).filter_by(reference=reference).one()
    responses = {one.response: one.id for one in cycle.tool.responses}
    question = cycle.tool.sections[0].questions[0].id
    facts = {"cycle_id": cycle.id, "requested_on": ON, "due_on": ON, "first_due_on": ON, "returned_on": ON}
    team = a_team().id
    with transaction():
        audits = [
            Audit(reference=f"QC-{number}", case_reference=f"9{number}", team_id=team, **facts)
            for number in range(met + not_met)
        ]
        db.session.add_all(audits)
        db.session.flush()
        rows = [
            {
                "audit_id": audit.id,
                "question_id": question,
                "response_id": responses["yes" if place < met else "no"],
                "version": 1,
            }
            for place, audit in enumerate(audits)
        ]
        db.session.execute(insert(Answer), rows)


def test_it_is_looked_at_before_it_is_made(cora: Person, sign_in: SignIn) -> None:
    client = sign_in(cora)
    form = client.get("/quick-wins/Q1/check").get_data(as_text=True)
    assert form.count("checked") == 1  # the quick win's own question
    look = client.post("/quick-wins/Q1/check", data=CHECK | {"do": "make"})
    assert "25 files, drawn at random" in visible(look)
    assert db.session.query(Cycle).filter(Cycle.checks.is_not(None)).count() == 0
    answer = made(client)
    assert answer.location == "/cycles/check-Q1-1/cases?size=25&method=random"
    assert 'value="25"' in client.get(answer.location).get_data(as_text=True)


def test_it_asks_the_same_question_and_is_comparable_with_the_cycle_before(
    cora: Person, sign_in: SignIn
) -> None:
    made(sign_in(cora), teams=[str(a_team("Crewe").id)])
    cycle = db.session.query(Cycle).filter_by(reference="check-Q1-1").one()
    assert (cycle.checks, cycle.comparable_with, cycle.requested_on) == ("Q1", "2010-1", ON)
    assert (cycle.moderated_share, cycle.title) == (0, "Quick check of quick win Q1, team Crewe")
    assert (cycle.tool.reference, cycle.tool.published_on, cycle.tool.is_draft) == ("check-Q1", ON, False)
    assert [one.key for section in cycle.tool.sections for one in section.questions] == ["child_seen"]
    assert [one.what for one in record.of("quick win", "Q1")] == ["quick check created"]


def test_a_second_one_is_the_next_version_of_its_small_tool(cora: Person, sign_in: SignIn) -> None:
    client = sign_in(cora)
    made(client)
    closed = db.session.query(Cycle).filter_by(reference="check-Q1-1").one()
    cycle_moves.mark_closed(closed, cut_off_on=None, by=cora, on=ON)
    made(client, questions=["child_seen", "plan_shared"])
    assert {one.reference for one in db.session.query(Cycle)} == {"2010-1", "check-Q1-1", "check-Q1-2"}
    assert [one.version for one in db.session.query(Tool).filter_by(reference="check-Q1")] == [1, 2]


def test_sent_twice_it_is_made_once(cora: Person, sign_in: SignIn) -> None:
    client = sign_in(cora)
    made(client)
    again = made(client)
    assert again.status_code == 409
    assert "Quick check check-Q1-1 is under way. Close it before you create another one." in visible(again)
    assert db.session.query(Cycle).filter_by(checks="Q1").count() == 1


def test_its_cycle_leads_back_to_what_it_measures(cora: Person, sign_in: SignIn) -> None:
    client = sign_in(cora)
    made(client)
    made(client, "/actions/A1/check")
    assert 'href="/quick-wins/Q1"' in client.get("/cycles/check-Q1-1").get_data(as_text=True)
    assert 'href="/actions/A1"' in client.get("/cycles/check-A1-1").get_data(as_text=True)


def test_another_question_that_asks_for_a_grade_is_not_offered(cora: Person, sign_in: SignIn) -> None:
    graded = a_tool_asking("child_seen", "plan_quality", reference="graded")
    cycle = a_cycle_that_found("2010-2", graded, date(2010, 11, 1), {"child_seen": (15, 10)})
    about: dict[str, Any] = {"cycle": cycle, "question": "child_seen", "owner_id": cora.id, "due_on": ON}
    action = moves.raise_action(text="Remind staff", by=cora, on=ON, **about)
    page = sign_in(cora).get(f"/actions/{action.reference}/check").get_data(as_text=True)
    assert 'value="child_seen"' in page
    assert 'value="plan_quality"' not in page


def test_at_its_end_nobody_is_asked_if_a_figure_changed_that_there_is_not_yet(
    cora: Person, sign_in: SignIn
) -> None:
    client = sign_in(cora)
    page = visible(client.get("/quick-wins/Q1"))
    assert "This quick win has ended. There is no later figure to compare yet. Create quick check" in page
    assert "Did the figure change?" not in page
    assert "If nothing else shows a change, select “Not known yet”." in visible(
        client.get("/quick-wins/Q1/moved")
    )
    made(client)
    found("check-Q1-1", 22, 3)
    assert "This quick win has ended. Did the figure change?" in visible(client.get("/quick-wins/Q1"))
    assert "Not known yet”" not in visible(client.get("/quick-wins/Q1/moved"))


def test_its_figure_stands_beside_the_one_before(cora: Person, sign_in: SignIn) -> None:
    client = sign_in(cora)
    made(client)
    assert "Quick check check-Q1-1 is under way" in visible(client.get("/quick-wins/Q1"))
    found("check-Q1-1", 20, 5)
    for address in ("/quick-wins/Q1", "/actions/A1"):
        page = visible(client.get(address))
        assert "15 of 25 (60%)" in page
        assert "20 of 25 (80%)" in page
        assert "+20 points (-5 to +42), not shown to be real" in page


def test_what_it_found_is_offered_as_evidence_of_the_impact_check(cora: Person, sign_in: SignIn) -> None:
    client = sign_in(cora)
    assert made(client, "/actions/A1/check").location.startswith("/cycles/check-A1-1/cases")
    found("check-A1-1", 20, 5)
    owner = db.session.query(Person).filter_by(name="Ona Owner").one()
    moves.propose_done("A1", owner, ON, "Messages went out")
    moves.sign_off("A1", cora, ON, impact_due_on=date(2011, 6, 30))
    assert (
        "Child seen: 20 of 25 (80%) in quick check check-A1-1, 15 of 25 (60%) before in cycle 2010-1: "
        "+20 points (-5 to +42), not shown to be real." in visible(client.get("/actions/A1/impact"))
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"files": "9"}, "Number of files must be 10 or more. With fewer answers, the result is not shown."),
        ({"questions": []}, "Select at least one question"),
        ({"due_on": ["31", "3", "2011"]}, "Due date must be today or later"),
    ],
)
def test_what_gives_no_figure_is_refused(
    cora: Person, sign_in: SignIn, changes: dict[str, Any], said: str
) -> None:
    answer = made(sign_in(cora), **changes)
    assert answer.status_code == 422
    assert said in visible(answer)
    assert db.session.query(Tool).count() == 1


def test_a_withdrawn_action_and_one_without_a_question_are_not_checked(cora: Person, sign_in: SignIn) -> None:
    other = moves.raise_action(text="A briefing", by=cora, on=ON, owner_id=cora.id, due_on=ON)
    client = sign_in(cora)
    answer = made(client, f"/actions/{other.reference}/check")
    assert answer.status_code == 409
    assert "is not linked to a question, so there is no figure to measure again" in visible(answer)
    moves.withdraw("A1", cora, ON, "Not needed")
    assert "This action is withdrawn, so there is no effect to measure" in visible(
        client.get("/actions/A1/check")
    )
    assert "Action A1 is withdrawn, so there is no effect to measure" in visible(
        client.get("/quick-wins/Q1/check")
    )


QUICK_WIN = QuickWinFacts(STARTS, 5, 6)
DAYS = WorkingDays()


@pytest.mark.parametrize(
    ("facts", "on", "said"),
    [
        (QUICK_WIN, date(2011, 1, 14), "This quick win starts on 17 January 2011."),
        (QUICK_WIN, STARTS, None),
        (QUICK_WIN, ON, None),
        (QuickWinFacts(STARTS, 5, 6, stopped_on=date(2011, 2, 1)), ON, "This quick win has been stopped"),
    ],
)
def test_a_quick_win_is_checked_once_it_goes_out(facts: QuickWinFacts, on: date, said: str | None) -> None:
    refused = refuse_check(facts, on, DAYS)
    assert refused is None if said is None else (refused or "").startswith(said)


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        (ActionFacts(owner_id=1, due_on=ON), False),
        (ActionFacts(owner_id=1, due_on=ON, done_on=STARTS, signed_off_on=STARTS), False),
        (ActionFacts(owner_id=None, due_on=ON), True),
        (ActionFacts(owner_id=1, due_on=ON, withdrawn_on=ON), True),
    ],
)
def test_an_action_is_checked_from_its_agreement_until_it_is_withdrawn(
    facts: ActionFacts, refused: bool
) -> None:
    assert (refuse_quick_check(facts, ON) is not None) is refused
