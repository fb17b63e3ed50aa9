"""Quick wins through the pages: planned after a look, changed, stopped, and whether the figure moved."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.actions import moves
from app.database import db, transaction
from app.people.models import Person
from app.quick_wins.models import QuickWin
from app.reminders.daily_run import run
from tests import pages
from tests.factories import a_cycle, a_person
from tests.findings.asked_cycles import a_cycle_that_found, a_tool_asking

ON = date(2011, 1, 10)
SignIn = Callable[[Person], FlaskClient]
PLAN = {
    "subject": "Evidence that the child was seen",
    "message": "Record when, where and whether alone.",
    "where": "In the case note of the visit.",
    "example": "Seen alone at home. Said that school is better.",
    "why": "",
    "link": "",
    "question": "child_seen",
    "roles": ["practitioner"],
    "starts_on": ["17", "1", "2011"],
    "every_working_days": "5",
    "times": "6",
    "owner": "",
    "due_on": ["", "", ""],
}


def visible(answer: TestResponse) -> str:
    return pages.visible(answer.get_data(as_text=True))


@pytest.fixture
def cora(app: Flask, clock_at: Callable[[date], None]) -> Person:
    clock_at(ON)
    a_cycle()
    a_person("Wendy Worker", roles=["practitioner"])
    a_person("Lee Left", roles=["practitioner"], leaving_on=date(2011, 1, 7))
    return a_person("Cora Coordinator", roles=["coordinator"])


def planned(client: FlaskClient, **changes: object) -> TestResponse:
    """The plan is looked at first; what was looked at is then saved."""
    address = "/quick-wins/new?cycle=2010-1&question=child_seen"
    look = client.post(address, data=PLAN | changes | {"do": "look"})
    mark = look.get_data(as_text=True).partition('name="shown"')[2].partition('value="')[2].partition('"')[0]
    return client.post(address, data=PLAN | changes | {"do": "save", "shown": mark})


def test_what_goes_out_is_looked_at_before_it_is_planned(cora: Person, sign_in: SignIn) -> None:
    client = sign_in(cora)
    look = client.post("/quick-wins/new?cycle=2010-1&question=child_seen", data=PLAN | {"do": "save"})
    page = visible(look)
    assert "The message goes to 1 person at present. It is sent 6 times, on:" in page
    assert "Monday 17 January 2011" in page
    assert "Record when, where and whether alone." in page
    assert "/practice/Q1" in look.get_data(as_text=True)
    assert db.session.query(QuickWin).count() == 0
    made = planned(client)
    assert made.location == "/quick-wins/Q1"
    quick_win = db.session.query(QuickWin).one()
    assert quick_win.action is not None
    assert (quick_win.action.is_quick_win, quick_win.action.question) == (True, "child_seen")


def test_words_that_look_like_a_case_are_warned_of(cora: Person, sign_in: SignIn) -> None:
    client = sign_in(cora)
    look = client.post(
        "/quick-wins/new?cycle=2010-1",
        data=PLAN | {"example": "Oliver Smith was seen. NHS number 943 476 5919.", "do": "look"},
    )
    page = visible(look)
    assert "Plan quick win anyway" in page
    # staff who read it have no audit to name instead
    assert "This text seems to include an NHS number. Remove it. “" in page


def test_a_start_in_the_past_is_refused(cora: Person, sign_in: SignIn) -> None:
    answer = planned(sign_in(cora), starts_on=["3", "1", "2011"])
    assert answer.status_code == 422
    assert "Date of the first message must be today or later" in visible(answer)


def test_stopped_it_goes_out_no_more_and_cannot_be_changed(
    cora: Person, sign_in: SignIn, clock_at: Callable[[date], None]
) -> None:
    client = sign_in(cora)
    planned(client)
    clock_at(date(2011, 1, 17))
    assert [message.kind for message in run(date(2011, 1, 17)).messages].count("practice") == 1
    client = sign_in(cora)
    assert "17 Jan 2011" in visible(client.get("/quick-wins/Q1"))
    assert client.post("/quick-wins/Q1/stop", data={"said": ""}).status_code == 422
    client.post("/quick-wins/Q1/stop", data={"said": "The form has the field now"})
    page = visible(client.get("/quick-wins/Q1"))
    assert "This quick win was stopped on Monday 17 January 2011." in page
    assert "Did the figure change?" not in page
    assert client.post("/quick-wins/Q1/stop", data={"said": "again"}).status_code == 409
    clock_at(date(2011, 1, 24))
    assert "practice" not in [message.kind for message in run(date(2011, 1, 24)).messages]


def test_at_its_end_the_coordinator_says_whether_the_figure_moved(
    cora: Person, sign_in: SignIn, clock_at: Callable[[date], None]
) -> None:
    client = sign_in(cora)
    planned(client, times="1")
    assert client.post("/quick-wins/Q1/moved", data={"moved": "no"}).status_code == 409
    clock_at(date(2011, 1, 24))
    client = sign_in(cora)
    page = visible(client.get("/quick-wins/Q1"))
    assert "This quick win has ended. There is no later figure to compare yet." in page
    asked = client.post("/quick-wins/Q1/moved", data={"moved": "no", "said": "Still 15 of 25"})
    page = visible(client.get(asked.location))
    assert "Follows quick win Q1, which did not change the figure" in page
    assert "not effective" not in page
    assert "Add an action to change the process" in visible(client.get("/quick-wins/Q1"))


def test_staff_read_their_message_and_nobody_elses(cora: Person, sign_in: SignIn) -> None:
    client = sign_in(cora)
    planned(client)
    client.post("/sign-out")
    client = sign_in(a_person("Pat Practitioner", roles=["practitioner"]))
    page = visible(client.get("/practice/Q1"))
    assert "Seen alone at home" in page
    assert client.get("/quick-wins/Q1").status_code == 403
    client.post("/sign-out")
    assert sign_in(a_person("Andy Auditor", roles=["auditor"])).get("/practice/Q1").status_code == 403


def test_an_owner_sees_their_quick_win_and_others_do_not(cora: Person, sign_in: SignIn) -> None:
    owner, other = a_person("Ona Owner", roles=["manager"]), a_person("Otto Other", roles=["manager"])
    client = sign_in(cora)
    planned(client, owner=str(owner.id), due_on=["4", "3", "2011"])
    client.post("/sign-out")
    assert "Evidence that the child was seen" in visible(sign_in(owner).get("/quick-wins"))
    client.post("/sign-out")
    client = sign_in(other)
    assert "Evidence that the child was seen" not in visible(client.get("/quick-wins"))
    assert client.get("/quick-wins/Q1").status_code == 403


def test_withdrawing_its_action_ends_its_messages(cora: Person, sign_in: SignIn) -> None:
    planned(sign_in(cora))
    moves.withdraw("A1", cora, ON, "Not needed")
    assert "practice" not in [message.kind for message in run(date(2011, 1, 17)).messages]


def test_the_figure_after_stands_beside_the_one_before_with_the_difference_in_words(
    app: Flask, sign_in: SignIn, clock_at: Callable[[date], None]
) -> None:
    clock_at(date(2011, 4, 29))
    tool = a_tool_asking("child_seen")
    cora = a_person("Cora Coordinator", roles=["coordinator"])
    first = a_cycle_that_found("2010-1", tool, date(2010, 10, 4), {"child_seen": (15, 10)})
    action = moves.raise_action(
        text="Remind staff", by=cora, on=ON, cycle=first, question="child_seen", owner_id=cora.id
    )
    with transaction():
        quick_win = QuickWin(
            reference="Q1",
            subject="Evidence that the child was seen",
            message="Record it.",
            action_id=action.id,
            question="child_seen",
            starts_on=date(2011, 1, 17),
            every_working_days=5,
            times=6,
        )
        quick_win.audience_roles = ["practitioner"]
        db.session.add(quick_win)
    client = sign_in(cora)
    assert "15 of 25 (60%)" in visible(client.get("/quick-wins/Q1"))
    a_cycle_that_found("2011-1", tool, date(2011, 2, 28), {"child_seen": (20, 5)}, comparable_with="2010-1")
    page = visible(client.get("/quick-wins/Q1"))
    assert "20 of 25 (80%)" in page
    assert "+20 points (-5 to +42), not shown to be real" in page
