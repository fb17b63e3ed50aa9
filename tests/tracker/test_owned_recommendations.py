"""The pages of a recommendation for its owner and for coordinators, and what is taken back on them."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.actions import moves, recommending
from app.actions.models import Body, Meeting, Recommendation
from app.database import db, transaction
from app.people.models import Person
from tests.factories import a_cycle, a_person
from tests.pages import opened, visible

ON, DUE = date(2011, 1, 10), date(2011, 1, 31)
LATER_DUE = ["28", "2", "2011"]
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def cora(app: Flask, clock_at: Callable[[date], None]) -> Person:
    clock_at(ON)
    return a_person("Cora Coordinator", roles=["coordinator"])


@pytest.fixture
def ada(app: Flask) -> Person:
    return a_person("Ada Owner", roles=["manager"])


@pytest.fixture
def one(cora: Person, ada: Person) -> str:
    """An accepted recommendation of Ada's."""
    made = recommending.recommend(
        a_cycle(), text="Agree one place", by=cora, on=ON, owner_id=ada.id, due_on=DUE
    )
    recommending.decide(made.reference, cora, ON, decision="accepted", decided_on=ON)
    return f"/recommendations/{made.reference}"


def test_an_owner_finds_on_the_page_all_that_the_emails_speak_of(
    one: str, ada: Person, cora: Person, sign_in: SignIn
) -> None:
    client = sign_in(ada)
    page = visible(opened(client, one))
    own = (
        "Report progress",
        "Say that it is carried out",
        "Ask for a later date",
        "Say that it is not mine",
    )
    assert [words for words in own if words not in page] == []
    assert "Mark as carried out" not in page
    client.post(f"{one}/progress", data={"line": "Two teams do it"})
    client.post(f"{one}/later", data={"due_on": LATER_DUE, "because": "One team is new"})
    client.post(f"{one}/proposed", data={"evidence": "All teams do it"})
    page = visible(opened(client, one))
    assert "Two teams do it" in page
    assert "asked for a later due date" in page
    assert "said on Monday 10 January 2011 that it is carried out: All teams do it" in page
    assert "It waits for a coordinator" in page
    assert "you said that it is carried out, waits for a coordinator" in visible(opened(client, "/"))
    client.post("/sign-out")
    client = sign_in(cora)
    home = opened(client, "/")
    assert "1 with a request for a later date, 1 said to be carried out, to agree" in visible(home)
    for state in ("asked+for+a+later+date", "said+to+be+carried+out"):
        address = f"/recommendations?state={state}"
        assert f'href="{address}"' in home
        assert "Agree one place" in visible(opened(client, address))
    assert "Agree one place" not in visible(opened(client, "/recommendations?state=without+owner+or+date"))
    assert "All teams do it" in visible(opened(client, f"{one}/carried-out"))
    client.post(f"{one}/carried-out", data={"said": "All teams do it"})
    page = visible(opened(client, one))
    assert "Carried out" in page
    assert "It waits for a coordinator" not in page


def test_a_coordinator_sends_it_back_and_nobody_but_its_owner_proposes(
    one: str, ada: Person, cora: Person, sign_in: SignIn
) -> None:
    client = sign_in(cora)
    assert client.get(f"{one}/proposed").status_code == 403
    assert "Send back to owner" not in visible(opened(client, one))
    recommending.propose(one.rpartition("/")[2], ada, ON, "All teams do it")
    assert "Send back to owner" in visible(opened(client, one))
    client.post(f"{one}/send-back", data={"said": "Two teams do not"})
    assert "It waits for a coordinator" not in visible(opened(client, one))


def test_it_goes_back_to_who_raised_it_and_stands_on_top(
    one: str, ada: Person, cora: Person, sign_in: SignIn
) -> None:
    client = sign_in(ada)
    answer = client.post(f"{one}/not-mine", data={"said": "It is for the partnership"})
    assert answer.location == "/recommendations"
    assert client.get(one).status_code == 403
    client.post("/sign-out")
    client = sign_in(cora)
    assert "1 without an owner or due date" in visible(opened(client, "/"))
    assert "It is for the partnership" in visible(opened(client, one))


@pytest.mark.parametrize("who", ["ada", "cora"])
def test_a_line_of_progress_is_struck_through_by_its_writer_or_a_coordinator(
    one: str, ada: Person, cora: Person, sign_in: SignIn, who: str
) -> None:
    moves.report(one.rpartition("/")[2], ada, ON, "Two teams do it", of=Recommendation)
    other = a_person("Olga Other", roles=["leader"])
    client = sign_in(other)
    assert "Strike through" not in visible(opened(client, one))
    address = f"{one}/progress/1/strike"
    assert client.get(address).status_code == 403
    client.post("/sign-out")
    client = sign_in({"ada": ada, "cora": cora}[who])
    assert f'href="{address}"' in opened(client, one)
    client.post(address, data={"said": "None does"})
    page = opened(client, one)
    assert "<s>Two teams do it</s>" in page
    assert "Struck through on Monday 10 January 2011: None does" in visible(page)
    assert f'href="{address}"' not in page
    assert client.get(f"{one}/progress/9/strike").status_code in (403, 404)


def test_a_coordinator_takes_a_decision_of_a_meeting_back(one: str, cora: Person, sign_in: SignIn) -> None:
    with transaction():
        body = Body(name="Management Team", meetings=[Meeting(on=ON)])
        db.session.add(body)
        db.session.flush()
        db.session.query(Recommendation).one().body_id = body.id
    client = sign_in(cora)
    meeting = f"/bodies/{body.id}/meetings/{body.meetings[0].id}"
    assert f'href="{one}/decision/take-back"' in opened(client, meeting)
    page = visible(opened(client, f"{one}/decision/take-back"))
    assert "Its actions stay as they are" in page
    client.post(f"{one}/decision/take-back", data={"said": "It was about another one"})
    assert "Awaiting decision" in visible(opened(client, one))
    assert "Still to decide" in (page := visible(opened(client, meeting)))
    assert "No decisions of this meeting have been recorded" in page
    client.post(f"{meeting}/decide", data={"decision-R1": "amended", "words-R1": "In two steps"})
    client.post(f"{one}/carried-out", data={"said": ""})
    assert "Take decision back" not in visible(opened(client, one))
    client.post(f"{one}/open-again", data={"said": "Not in all teams"})
    assert "Amended" in visible(opened(client, one))


def test_whoever_may_sign_an_action_off_takes_that_back_and_others_do_not(
    cora: Person, ada: Person, sign_in: SignIn
) -> None:
    raiser = a_person("Rita Raiser", roles=["manager"])
    action = moves.raise_action(text="Do it", by=raiser, on=ON, owner_id=ada.id, due_on=DUE).reference
    moves.propose_done(action, ada, ON, "See the form")
    moves.sign_off(action, raiser, ON, impact_due_on=DUE)
    address = f"/actions/{action}/sign-off/take-back"
    client = sign_in(ada)
    assert client.get(address).status_code == 403
    client.post("/sign-out")
    client = sign_in(raiser)
    assert "Take sign-off back" in visible(opened(client, f"/actions/{action}"))
    client.post(address, data={"said": "Another action was meant"})
    page = visible(opened(client, f"/actions/{action}"))
    assert "Done awaiting sign-off" in page
    assert "sign-off taken back" in page.lower()


def test_what_cannot_be_undone_says_so(cora: Person, ada: Person, sign_in: SignIn) -> None:
    action = moves.raise_action(text="Do it", by=cora, on=ON, owner_id=ada.id, due_on=DUE).reference
    assert "You cannot undo this" in visible(opened(sign_in(cora), f"/actions/{action}/withdraw"))
