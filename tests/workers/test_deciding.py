"""Deciding about a worker's reply: by whom, once, with the answers before and after; and noting talks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.answers.models import AnswerView
from app.answers.moderating import moderate
from app.answers.side_by_side import side_by_side
from app.answers.viewing import Change, WrongChanges
from app.audits.workers import Workers
from app.database import db, transaction
from app.outbox.models import Message
from app.people.models import Person
from app.refusal import NotNow, Refused
from app.workers import queries, replies
from tests.answers.graded import ask_for_grades, question, viewed
from tests.conftest import Browser, let_in
from tests.pages import opened, visible
from tests.test_meanwhile import Fields
from tests.workers.conftest import AGREED, REASON, REPLY, WORKER, Scene, a_scene

SignIn = Callable[[Person], FlaskClient]
ClockAt = Callable[[date], None]
PAGE, DECIDE, TALK = (f"/audits/CP-009/worker{ending}" for ending in ("", "/decide", "/talk"))
FRIDAY = date(2010, 11, 5)
THANKS = "We thank you, and leave it"


@pytest.fixture(autouse=True)
def _friday(clock_at: ClockAt) -> None:
    clock_at(FRIDAY)


@pytest.fixture
def replied(scene: Scene) -> Scene:
    """The audit returned, and replied to."""
    scene.returned()
    scene.replied()
    return scene


def moderated(scene: Scene, **grades: str) -> None:
    """Moderate it, with another grade of the plan if one is given."""
    changes = {}
    for beside in queries.judgements(side_by_side(scene.audit(), FRIDAY)):
        if grade := grades.get(beside.question.key):
            changes[beside.question.id] = Change(beside.question.ids[grade], reason="Moderated so")
    moderate("CP-009", scene["moira"], FRIDAY, changes, read_before_grade=True)


def form_of(client: FlaskClient) -> dict[str, object]:
    return dict(Fields(opened(client, DECIDE)).held)


def test_a_decision_needs_words_and_says_so_at_their_field(replied: Scene, sign_in: SignIn) -> None:
    client = sign_in(replied["alison"])
    for sent, field, fault in (
        ({}, "choice", "Select whether you leave the answers as they are or change one"),
        ({"choice": "leave"}, "decision", "Enter what you want to tell the worker"),
        ({"choice": "change", "decision": THANKS}, "choice", "Change at least one answer"),
    ):
        answer = client.post(DECIDE, data=form_of(client) | sent)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert f'<a href="#{field}">{fault}' in page
        assert f'id="{field}-error"' in page
    assert "2010-11-05" not in str(replied.reply().decided_on)
    assert Fields(page).held["decision"] == [THANKS]


def test_what_seems_to_name_a_child_is_warned_of_once(replied: Scene, sign_in: SignIn) -> None:
    client = sign_in(replied["alison"])
    sent = form_of(client) | {"choice": "leave", "decision": "Born on 3 May 2004, as you say"}
    page = client.post(DECIDE, data=sent).get_data(as_text=True)
    assert "seems to include a date of birth" in page
    assert replied.reply().decided_on is None
    held = dict(Fields(page).held)
    assert client.post(DECIDE, data=held).status_code == 302
    assert replied.reply().decided_on == FRIDAY


def test_one_decision_is_enough_and_the_later_keeps_what_they_typed(replied: Scene, app: Flask) -> None:
    lead, second = (let_in(app.test_client(), replied[who]) for who in ("alison", "imogen"))
    first, later = ({**form_of(client), "choice": "leave"} for client in (lead, second))
    assert lead.post(DECIDE, data=first | {"decision": THANKS}).status_code == 302
    answer = second.post(DECIDE, data=later | {"decision": "Mine was longer"})
    assert answer.status_code == 409
    page = visible(answer.get_data(as_text=True))
    assert "This reply has already been decided" in page
    assert "What you entered What you want to tell the worker Mine was longer" in page
    assert replied.reply().decision == THANKS
    assert "Decide about the reply" not in visible(opened(second, "/"))
    assert "This reply has already been decided" in visible(opened(second, DECIDE))


def test_an_answer_that_changed_meanwhile_is_looked_at_again(replied: Scene, sign_in: SignIn) -> None:
    client = sign_in(replied["alison"])
    seen = form_of(client) | {"choice": "leave", "decision": THANKS}
    viewed(replied.audit(), "agreed", {"plan_quality": "adequate"}, FRIDAY)
    with transaction():
        replied.audit().version += 1
    answer = client.post(DECIDE, data=seen)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Someone changed this audit while you had the page open." in visible(page)
    assert "The auditors then agreed: Adequate" in visible(page)
    assert client.post(DECIDE, data=Fields(page).held).status_code == 302


def test_after_moderation_the_reply_is_for_moderators(replied: Scene, app: Flask) -> None:
    moderated(replied, plan_quality="adequate")
    written = select(Message.recipient).where(Message.kind == "replied")
    assert replied["moira"].id in db.session.scalars(written).all()
    pair, moderator = (let_in(app.test_client(), replied[who]) for who in ("alison", "moira"))
    assert "A moderator has decided about this audit, so a moderator" in visible(opened(pair, DECIDE))
    assert "Decide about the reply" not in visible(opened(pair, PAGE))
    assert "Decide about the reply" not in visible(opened(pair, "/"))
    assert "Waiting for a moderator" in visible(opened(pair, PAGE))
    assert "Decide about the reply to CP-009" in visible(opened(moderator, "/"))
    queue = visible(opened(moderator, "/moderation"))
    assert "Workers’ replies to decide" in queue
    page = visible(opened(moderator, DECIDE))
    assert f"Inadequate {REASON} The moderator changed it to: Adequate, 5 November 2010 Moderated so" in page
    sent = form_of(moderator) | {"choice": "leave", "decision": THANKS}
    assert moderator.post(DECIDE, data=sent).status_code == 302
    assert "Workers’ replies to decide" not in visible(opened(moderator, "/moderation"))
    assert replied.reply().decided_by_id == replied["moira"].id


def test_a_moderator_reads_the_reply_with_the_answers(replied: Scene, sign_in: SignIn) -> None:
    client = sign_in(replied["moira"])
    assert client.get("/audits/CP-009/answers").status_code == 403
    assert REPLY not in visible(opened(client, "/audits/CP-009/moderate"))
    ask_for_grades(client, "CP-009")
    for address in ("/audits/CP-009/answers", "/audits/CP-009/moderate"):
        assert REPLY in visible(opened(client, address)), address


def test_the_latest_change_counts_and_has_its_words(replied: Scene, sign_in: SignIn) -> None:
    key = question("plan_quality")
    (beside,) = queries.judgements(side_by_side(replied.audit(), FRIDAY))
    change = {key: Change(beside.question.ids["good"], reason="The dates are there")}
    replies.decide(replied.reply().reference, "You are right", change, replied["imogen"], FRIDAY)
    page = visible(opened(sign_in(replied["cora"]), "/audits/CP-009/answers"))
    assert "Changed after the worker’s reply Good The dates are there Imogen Sayle, 5 November 2010" in page
    assert "Answer that counts Good, changed after the worker’s reply" in page
    assert replied.reply().changed == {"plan_quality": ["inadequate", "good"]}
    assert "1 answer changed" in page


def test_only_what_the_worker_read_can_be_changed(replied: Scene) -> None:
    with pytest.raises(Refused, match="not on this page"):
        replies.decide(
            replied.reply().reference,
            THANKS,
            {question("child_seen"): Change(1, reason="Why not")},
            replied["alison"],
            FRIDAY,
        )
    with pytest.raises(WrongChanges):
        replies.decide(
            replied.reply().reference, THANKS, {question("plan_quality"): Change()}, replied["alison"], FRIDAY
        )


def test_once_the_cycle_is_frozen_a_decision_changes_no_answer(replied: Scene, sign_in: SignIn) -> None:
    with transaction():
        cycle = replied.audit().cycle
        cycle.closed_on = cycle.cut_off_on = cycle.frozen_on = FRIDAY
    client = sign_in(replied["alison"])
    page = visible(opened(client, DECIDE))
    assert "The cycle is frozen, so you cannot change an answer." in page
    assert "Change an answer" not in page
    key = question("plan_quality")
    (beside,) = queries.judgements(side_by_side(replied.audit(), FRIDAY))
    change = {key: Change(beside.question.ids["good"], reason="So")}
    with pytest.raises(NotNow, match="frozen"):
        replies.decide(replied.reply().reference, THANKS, change, replied["alison"], FRIDAY)
    sent = form_of(client) | {"choice": "leave", "decision": THANKS}
    assert client.post(DECIDE, data=sent).status_code == 302
    assert db.session.scalars(select(AnswerView)).all() == []


def test_the_coordinator_sees_how_long_replies_wait(
    replied: Scene, sign_in: SignIn, clock_at: ClockAt
) -> None:
    clock_at(date(2010, 11, 10))
    client = sign_in(replied["cora"])
    home = visible(opened(client, "/"))
    assert "CP-009 The auditors Thu 4 Nov 2010 4 working days" in home
    assert f"{WORKER}: replied, waiting for a decision" in visible(opened(client, "/audits/CP-009"))
    replies.decide(replied.reply().reference, THANKS, {}, replied["alison"], FRIDAY)
    assert "Workers’ replies without a decision" not in visible(opened(client, "/"))
    assert f"{WORKER}: replied, decided" in visible(opened(client, "/audits/CP-009"))


@pytest.mark.parametrize("who", ["alison", "cora"])
def test_a_talk_is_noted_with_its_date(replied: Scene, sign_in: SignIn, who: str) -> None:
    client = sign_in(replied[who])
    assert "Note a talk" in visible(opened(client, PAGE))
    sent = {"who": "Wanda and her manager", "agreed": AGREED}
    for day, fault in (
        (["", "", ""], "Enter the date of the talk"),
        (["30", "2", "2010"], "Date of the talk must be a real date"),
        (["3", "10", "2010"], "Date of the talk must be from 4 October 2010 to 5 November 2010"),
        (["6", "11", "2010"], "Date of the talk must be from 4 October 2010 to 5 November 2010"),
    ):
        answer = client.post(TALK, data={"day": day, **sent})
        assert answer.status_code == 422
        assert fault in visible(answer.get_data(as_text=True))
        assert AGREED in answer.get_data(as_text=True)
    assert client.post(TALK, data={"day": ["4", "11", "2010"], **sent}).status_code == 302
    page = visible(opened(client, PAGE))
    assert f"Thursday 4 November 2010 Who took part Wanda and her manager What was agreed {AGREED}" in page
    client.post("/sign-out")
    assert AGREED in visible(opened(sign_in(replied["wanda"]), PAGE))


def test_no_talk_is_noted_where_the_worker_is_told_nothing(replied: Scene, sign_in: SignIn) -> None:
    replied.way(Workers.NOT_TOLD)
    client = sign_in(replied["cora"])
    assert "Note a talk" not in visible(opened(client, PAGE))
    answer = client.post(TALK, data={"day": ["4", "11", "2010"], "who": "Both", "agreed": AGREED})
    assert answer.status_code == 409
    page = visible(answer.get_data(as_text=True))
    assert "names no worker who was told of it" in page
    assert AGREED in page


def test_of_two_who_decide_at_once_one_is_told(service: Flask) -> None:
    service.config["WTF_CSRF_ENABLED"], service.test_client_class = False, Browser
    clock.clock().fixed = datetime.combine(FRIDAY, time(12), tzinfo=UTC)
    scene = a_scene()
    scene.returned()
    scene.replied()
    clients = [let_in(service.test_client(), scene[who]) for who in ("alison", "imogen")]
    forms = [form_of(client) | {"choice": "leave", "decision": THANKS} for client in clients]
    db.session.remove()
    together = Barrier(2)

    def decide(number: int) -> int:
        with service.app_context():
            together.wait()
            try:
                return clients[number].post(DECIDE, data=forms[number]).status_code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, range(2))) == [302, 409]


def test_closing_the_cycle_says_which_replies_wait(replied: Scene, sign_in: SignIn) -> None:
    client = sign_in(replied["cora"])
    said = "1 worker’s reply without a decision: it can still be answered, but no answer can change. CP-009"
    assert said in visible(opened(client, "/cycles/2010-1/close"))
    replies.decide(replied.reply().reference, THANKS, {}, replied["alison"], FRIDAY)
    assert "reply without a decision" not in visible(opened(client, "/cycles/2010-1/close"))
