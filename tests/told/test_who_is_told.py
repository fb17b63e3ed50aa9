"""The table of hand-overs, answers and outcomes: who is told at once, and to whom it is news.

Each row is played with the SMTP server: what arrives at once, and what the next daily emails carry, once.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import delete, func, select

from app import clock
from app.actions import handing_over, recommending
from app.actions import moves as actions
from app.actions.lifecycle import EFFECTIVE, NOT_EFFECTIVE
from app.actions.models import Body, Meeting, Recommendation
from app.answers import second_look
from app.answers.moderating import moderate
from app.answers.viewing import Change
from app.assigning import moves as assigning
from app.assigning.moves import NewPair
from app.audits import chasing, moves
from app.audits.promising import promise
from app.bodies.deciding import Decision, record_decisions
from app.concerns import alerts, remedies, responses
from app.concerns.alerts import PhoneCall
from app.concerns.models import CalledResponse
from app.database import db, transaction
from app.news.happenings import FIRST_PAGE_ALONE, Happening
from app.news.models import News
from app.outbox.delivery import deliver
from app.outbox.models import SENT, Message, MessageItem
from app.people import sessions
from app.people.closures import working_days
from app.people.models import Leave, Person, SignIn
from app.reminders.daily_run import run
from app.today.own_news import show_news
from app.tools.models import Question
from app.workers import replies
from tests.answers.graded import question, response
from tests.conftest import let_in
from tests.factories import a_cycle, a_person
from tests.mail_server import MailServer
from tests.outbox.messages import connect_to
from tests.pages import opened, visible
from tests.workers.conftest import Scene, a_scene

FRI, MON, TUE = date(2010, 11, 5), date(2010, 11, 8), date(2010, 11, 9)
DUE, LATER = date(2010, 12, 10), date(2010, 12, 17)
PROMISED = date(2010, 11, 23)

Told = set[tuple[str, str]]
"""The kind of message, or the happening, and who it goes to, by first name."""

Step = Callable[["Play"], object]


@dataclass
class Play:
    """The scene of a row: audit CP-009 of Alison and Imogen, its people, and three more."""

    scene: Scene
    references: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> Person:
        return self.scene[name]

    def given(self, name: str = "owen", by: str = "cora") -> None:
        """Raise an action for a person."""
        self.references.append(
            actions.raise_action(
                text="Send the guidance", by=self[by], on=FRI, owner_id=self[name].id, due_on=DUE
            ).reference
        )

    def draft(self, name: str = "owen") -> None:
        """Raise an action without a due date, which is set later."""
        made = actions.raise_action(text="Send it", by=self["cora"], on=FRI, owner_id=self[name].id)
        actions.move_date(made.reference, self["cora"], FRI, due_on=DUE)
        self.references.append(made.reference)

    def recommended(self, name: str = "owen") -> None:
        """Recommend something to a body, with an owner."""
        with transaction():
            body = db.session.query(Body).filter_by(name="The board").one_or_none() or Body(name="The board")
            db.session.add(body)
        self.references.append(
            recommending.recommend(
                a_cycle(),
                text="Agree one place",
                by=self["cora"],
                on=FRI,
                owner_id=self[name].id,
                due_on=DUE,
                body_id=body.id,
            ).reference
        )

    @property
    def reference(self) -> str:
        """The thing that was raised last."""
        return self.references[-1]


@pytest.fixture
def play(app: Flask, mail_server: MailServer) -> Play:
    return a_play(mail_server)


def at(moment: datetime) -> None:
    clock.clock().fixed = moment


def a_play(mail_server: MailServer) -> Play:
    at(datetime(2010, 11, 5, 12, tzinfo=UTC))
    connect_to(mail_server.port)
    scene = a_scene()
    scene.people["olu"] = a_person("Olu Bello")
    scene.people["owen"] = a_person("Owen Hale", roles=["practitioner"])
    scene.people["pat"] = a_person("Pat Quinn", roles=["practitioner", "auditor"])
    for person in scene.people.values():
        sessions.begin(person.id)
    return Play(scene)


def after(*steps: Step) -> Step:
    """Return several steps as one."""

    def take(play: Play) -> None:
        for step in steps:
            step(play)

    return take


def nothing(_play: Play) -> None:
    """Start with nothing that happened before."""


def nobody_is_here(play: Play) -> None:
    """Let nobody be signed in, so that they cannot have seen what is theirs."""
    with transaction():
        db.session.execute(delete(SignIn))


def chased(play: Play) -> None:
    chasing.chase("CP-009", play["cora"], FRI, "Can I help?")


def returned(play: Play) -> None:
    play.scene.returned(FRI)


def replied(play: Play) -> None:
    returned(play)
    play.scene.replied(FRI)


def confirmed(play: Play, *, differs: bool = False) -> None:
    changes = {question("plan_quality"): Change(response("good"), reason="It has dates")} if differs else {}
    second_look.confirm("CP-009", play["imogen"], FRI, changes)


def moderated(play: Play, *, differs: bool = False) -> None:
    changes = {question("plan_quality"): Change(response("good"), reason="It has dates")} if differs else {}
    moderate("CP-009", play["moira"], FRI, changes, read_before_grade=True)


def reply_decided(play: Play, *, differs: bool = False) -> None:
    changes = {question("plan_quality"): Change(response("good"), reason="It has dates")} if differs else {}
    replies.decide(play.scene.reply().reference, "Thank you", changes, play["alison"], FRI)


def called_for(play: Play) -> None:
    """A grade of the returned audit called for a response."""
    returned(play)
    with transaction():
        db.session.add(
            CalledResponse(
                reference="CP-009-P1",
                audit_id=play.scene.audit().id,
                called_on=FRI,
                due_on=DUE,
                questions=["plan_quality"],
            )
        )


def calling_for(grade: str) -> Step:
    """Return the step that lets a grade of the tool call for a response."""

    def take(_play: Play) -> None:
        with transaction():
            db.session.get_one(Question, question("plan_quality")).calls_for_response = {
                "response": [grade],
                "working_days": 5,
            }

    return take


def disputed(play: Play) -> None:
    called_for(play)
    responses.answer("CP-009-P1", "A visit today", [], "Not so", play["boss"], FRI)


def dispute_decided(play: Play, *, differs: bool = False) -> None:
    changes = {question("plan_quality"): Change(response("good"), reason="It has dates")} if differs else {}
    responses.decide("CP-009-P1", "The plan was read again", changes, play["moira"], FRI)


def alerted(play: Play) -> None:
    call = PhoneCall("The duty team", "today, 11:20", "by telephone", "They visit at 16:00.")
    alerts.raise_alert("CP-009", call, play["alison"], datetime(2010, 11, 5, 12, tzinfo=UTC), FRI)


def proposed(play: Play) -> None:
    play.given()
    actions.propose_done(play.reference, play["owen"], FRI, "Sent to all")


def signed_off(play: Play) -> None:
    proposed(play)
    actions.sign_off(play.reference, play["cora"], FRI, impact_due_on=MON)


def closed(play: Play) -> None:
    signed_off(play)
    read_it(play)
    actions.check_impact(play.reference, play["cora"], FRI, impact=EFFECTIVE, found="Yes")


def read_it(play: Play, name: str = "owen") -> None:
    """Show a person their first page."""
    deliver(FRI)
    with current_app.test_request_context():
        show_news(play[name], FRI, working_days())
    db.session.rollback()


def sign_off_read(play: Play) -> None:
    signed_off(play)
    read_it(play)


def check_read(play: Play) -> None:
    closed(play)
    read_it(play)


def sign_off_taken_back(play: Play) -> None:
    actions.take_back_sign_off(play.reference, play["cora"], FRI, "A mistake")


def passed_on(play: Play, name: str = "pat") -> None:
    """Give the action that was raised last to a person."""
    actions.change_owner(play.reference, play["cora"], FRI, owner_id=play[name].id)
    deliver(FRI)


def lost(play: Play) -> None:
    """Owen loses an action, and reads it."""
    play.given()
    deliver(FRI)
    passed_on(play)
    read_it(play)


def lost_unread(play: Play) -> None:
    play.given()
    deliver(FRI)
    passed_on(play)


def asked_later(play: Play) -> None:
    play.given()
    actions.ask_later(play.reference, play["owen"], FRI, due_on=LATER, because="A holiday")


def two_recommended(play: Play) -> None:
    play.recommended()
    play.recommended()


def decided(play: Play, decision: str, words: str | None = None) -> None:
    """The board decides on all that was recommended to it."""
    with transaction():
        meeting = Meeting(body_id=db.session.query(Body).one().id, on=FRI)
        db.session.add(meeting)
    made = [Decision(reference, decision, words, None) for reference in play.references]
    record_decisions(meeting, made, play["cora"], FRI)


def accepted(play: Play) -> None:
    play.recommended()
    decided(play, "accepted")


def accepted_while_away(play: Play) -> None:
    """The board accepts what is Owen's, who is on leave."""
    play.scene.people["owen"] = a_person("Owen Away", roles=["practitioner"], leave=[(FRI, FRI)])
    accepted(play)


def agreed_while_away(play: Play) -> None:
    """Owen is told of what is recommended to him; the board accepts it while he is on leave."""
    play.recommended()
    deliver(FRI)
    with transaction():
        play["owen"].leave.append(Leave(from_on=FRI, to_on=FRI))
    decided(play, "accepted")


def a_leavers_work(play: Play) -> None:
    play.given("pat")
    play.given("pat")
    play.recommended("pat")
    recommending.decide(play.reference, play["cora"], FRI, decision="accepted", decided_on=FRI)
    with transaction():
        play["pat"].leaving_on = date(2010, 11, 4)


def noted(play: Play) -> None:
    owner_id = play["boss"].id
    remedies.note("CP-009", "The chronology stops in June", DUE, owner_id, play["alison"], FRI)


def exempted(play: Play) -> None:
    chased(play)
    deliver(FRI)
    moves.exempt("CP-009", play["cora"], FRI, "In court", "Hollis Head")


def exemption_read(play: Play) -> None:
    """Alison, who was never sent anything about the audit, reads on her first page that it is exempt."""
    moves.exempt("CP-009", play["cora"], FRI, "In court", "Hollis Head")
    assert [news.reference for news in show_news(play["alison"], FRI, working_days())] == ["CP-009"]


def to(play: Play, name: str, because: str = "Leave") -> None:
    """Give the lead's part to a person, and deliver what that causes."""
    assigning.reassign("CP-009", "lead", play[name].id, play["cora"], FRI, because)
    deliver(FRI)


def handed_on(play: Play, *, by_chase: bool) -> None:
    """Olu gets the audit and hands it back to Alison, on one day."""
    if by_chase:
        chased(play)
        deliver(FRI)
    to(play, "olu")
    to(play, "alison")


def given_back(play: Play) -> None:
    to(play, "olu", "She is on leave after all")


def declined_and_given(play: Play) -> None:
    """Olu gets the audit and cannot do it."""
    to(play, "olu")
    assigning.decline("CP-009", play["olu"], FRI, "capacity")
    deliver(FRI)


def promised(play: Play) -> None:
    """Say as an auditor, to whom the audit was sent, that it will be back after its due date."""
    chased(play)
    promise("CP-009", play["alison"], FRI, PROMISED)


def replaced_and_put_back(play: Play) -> None:
    for name in ("olu", "alison"):
        assigning.reassign("CP-009", "lead", play[name].id, play["cora"], FRI, "By mistake")


TAKEN_OVER = "Pat Quinn has taken it over. You do not have to do anything more for it."

OVER = {("handed-over", "Alison"), ("handed-over", "Imogen")}

ROWS: dict[str, tuple[Step, Step, Told, Told]] = {
    "an auditor is replaced": (
        chased,
        lambda play: assigning.reassign("CP-009", "lead", play["olu"].id, play["cora"], FRI, "Leave"),
        {("handed-over", "Alison"), ("assigned", "Olu")},
        {("other auditor", "Imogen")},
    ),
    "who was never sent anything about it is replaced": (
        nothing,
        lambda play: assigning.reassign("CP-009", "lead", play["olu"].id, play["cora"], FRI, "Leave"),
        {("assigned", "Olu")},
        {("no longer theirs", "Alison"), ("other auditor", "Imogen")},
    ),
    "who cannot have seen that it was theirs is replaced": (
        nobody_is_here,
        lambda play: assigning.reassign("CP-009", "lead", play["olu"].id, play["cora"], FRI, "Leave"),
        {("assigned", "Olu")},
        {("other auditor", "Imogen")},
    ),
    "a draft goes on before its owner can have seen it": (
        after(nobody_is_here, lambda play: play.draft()),
        lambda play: passed_on(play, "pat"),
        set(),
        set(),
    ),
    "an auditor is replaced, and the due date moves": (
        chased,
        lambda play: assigning.reassign("CP-009", "lead", play["olu"].id, play["cora"], FRI, "Leave", LATER),
        {("handed-over", "Alison"), ("assigned", "Olu")},
        {("other auditor", "Imogen"), ("other due date", "Imogen")},
    ),
    "an auditor is replaced while a promise holds": (
        promised,
        lambda play: assigning.reassign("CP-009", "second", play["olu"].id, play["cora"], FRI, "Leave"),
        {("handed-over", "Imogen"), ("assigned", "Olu")},
        {("other auditor", "Alison"), ("promise over", "Alison")},
    ),
    "the due date moves to one before the promised date": (
        promised,
        lambda play: moves.extend("CP-009", play["cora"], FRI, "Leave", PROMISED - timedelta(days=1)),
        set(),
        {(what, name) for what in ("other due date", "promise over") for name in ("Alison", "Imogen")},
    ),
    "the due date moves to the promised date": (
        promised,
        lambda play: moves.extend("CP-009", play["cora"], FRI, "Leave", PROMISED),
        set(),
        {("other due date", "Alison"), ("other due date", "Imogen")},
    ),
    "an auditor with a promise is replaced by mistake and put back": (
        promised,
        replaced_and_put_back,
        set(),
        {("promise over", "Alison"), ("promise over", "Imogen"), ("no longer theirs", "Olu")},
    ),
    "all of an auditor's goes to another": (
        chased,
        lambda play: assigning.reassign_all(
            ["CP-009"], play["alison"].id, play["olu"].id, play["cora"], FRI, "Leave"
        ),
        {("handed-over", "Alison"), ("assigned", "Olu")},
        {("other auditor", "Imogen")},
    ),
    "an audit is withdrawn": (
        chased,
        lambda play: moves.withdraw("CP-009", play["cora"], FRI, "Drawn twice"),
        OVER,
        set(),
    ),
    "an audit becomes exempt": (
        chased,
        lambda play: moves.exempt("CP-009", play["cora"], FRI, "In court", "Hollis Head"),
        OVER,
        set(),
    ),
    "an exemption is taken back": (
        exempted,
        lambda play: moves.lift_exemption("CP-009", play["cora"], FRI, "The hearing was cancelled"),
        {("to-do-again", "Alison"), ("to-do-again", "Imogen")},
        set(),
    ),
    "an exemption is taken back of which nobody had heard": (
        lambda play: moves.exempt("CP-009", play["cora"], FRI, "In court", "Hollis Head"),
        lambda play: moves.lift_exemption("CP-009", play["cora"], FRI, "The hearing was cancelled"),
        set(),
        set(),
    ),
    "an exemption is taken back of which one auditor had read": (
        exemption_read,
        lambda play: moves.lift_exemption("CP-009", play["cora"], FRI, "The hearing was cancelled"),
        set(),
        {("no longer exempt", "Alison")},
    ),
    "it is given back on the same day": (
        lambda play: handed_on(play, by_chase=True),
        given_back,
        {("to-do-again", "Olu"), ("handed-over", "Alison")},
        {("other auditor", "Imogen")},
    ),
    "whoever could not do it can, on the same day": (
        declined_and_given,
        lambda play: assigning.assign(NewPair("CP-009", play["olu"].id, None), play["cora"], FRI),
        {("to-do-again", "Olu")},
        {("other auditor", "Imogen")},
    ),
    "an audit of which nothing was sent is withdrawn": (
        nothing,
        lambda play: moves.withdraw("CP-009", play["cora"], FRI, "Drawn twice"),
        set(),
        {("no longer theirs", "Alison"), ("no longer theirs", "Imogen")},
    ),
    "an audit of which nothing was sent becomes exempt": (
        nothing,
        lambda play: moves.exempt("CP-009", play["cora"], FRI, "In court", "Hollis Head"),
        set(),
        {("no longer theirs", "Alison"), ("no longer theirs", "Imogen")},
    ),
    "an auditor cannot do it": (
        nothing,
        lambda play: assigning.decline("CP-009", play["alison"], FRI, "capacity"),
        {("declined", "Cora")},
        {("other auditor", "Imogen")},
    ),
    "the missing auditor is found": (
        lambda play: assigning.decline("CP-009", play["alison"], FRI, "capacity"),
        lambda play: assigning.assign(NewPair("CP-009", play["olu"].id, None), play["cora"], FRI),
        {("assigned", "Olu")},
        {("other auditor", "Imogen")},
    ),
    "the due date moves": (
        nothing,
        lambda play: moves.extend("CP-009", play["cora"], FRI, "A long case", LATER),
        set(),
        {("other due date", "Alison"), ("other due date", "Imogen")},
    ),
    "an audit is returned": (
        nothing,
        returned,
        {("confirm", "Imogen"), ("reply", "Wanda")},
        {("to moderate", "Moira")},
    ),
    "the second confirms": (returned, confirmed, set(), set()),
    "the second differs": (
        returned,
        lambda play: confirmed(play, differs=True),
        set(),
        {("second differs", "Alison")},
    ),
    "an audit is sent back": (
        returned,
        lambda play: second_look.send_back("CP-009", play["cora"], FRI, "Reasons are missing", LATER),
        {("chase", "Alison"), ("chase", "Imogen")},
        set(),
    ),
    "a moderator agrees": (returned, moderated, set(), set()),
    "a moderator changes the grade": (
        returned,
        lambda play: moderated(play, differs=True),
        set(),
        {("grade changed", "Alison"), ("grade changed", "Imogen")},
    ),
    "the worker replies": (
        returned,
        lambda play: play.scene.replied(FRI),
        {("replied", "Alison"), ("replied", "Imogen")},
        set(),
    ),
    "the reply changes nothing": (replied, reply_decided, set(), {("reply decided", "Wanda")}),
    "the reply changes the grade": (
        replied,
        lambda play: reply_decided(play, differs=True),
        set(),
        {("reply decided", "Wanda"), ("reply changed grade", "Imogen")},
    ),
    "a response falls away": (
        called_for,
        lambda play: second_look.send_back("CP-009", play["cora"], FRI, "Reasons are missing", LATER),
        {("chase", "Alison"), ("chase", "Imogen")},
        {("response fell away", "Bob")},
    ),
    "the managers dispute a grade": (
        called_for,
        lambda play: responses.answer("CP-009-P1", "A visit today", [], "Not so", play["boss"], FRI),
        set(),
        {("to moderate", "Moira")},
    ),
    "a grade calls for a response": (
        calling_for("inadequate"),
        returned,
        {("response", "Bob"), ("confirm", "Imogen"), ("reply", "Wanda")},
        {("to moderate", "Moira")},
    ),
    "a grade of a moderator calls for a response": (
        after(calling_for("good"), returned),
        lambda play: moderated(play, differs=True),
        {("response", "Bob")},
        {("grade changed", "Alison"), ("grade changed", "Imogen")},
    ),
    "a dispute changes a grade": (
        disputed,
        lambda play: dispute_decided(play, differs=True),
        set(),
        {("dispute decided", "Bob"), ("grade changed", "Alison"), ("grade changed", "Imogen")},
    ),
    "a dispute changes nothing": (disputed, dispute_decided, set(), {("dispute decided", "Bob")}),
    "an alert is raised": (nothing, alerted, {("alert", "Cora"), ("alert", "Bob")}, set()),
    "an alert is taken up": (
        alerted,
        lambda play: alerts.acknowledge(
            "CP-009-A1", play["boss"], "A visit at 16:00", datetime(2010, 11, 5, 13, tzinfo=UTC), FRI
        ),
        set(),
        {("alert taken up", "Alison")},
    ),
    "an action is given": (nothing, lambda play: play.given(), {("given", "Owen")}, set()),
    "an action is given to oneself": (nothing, lambda play: play.given("cora"), set(), set()),
    "a draft is raised": (nothing, lambda play: play.draft(), set(), set()),
    "a draft is agreed": (
        lambda play: play.draft(),
        lambda play: actions.agree(play.reference, play["cora"], FRI),
        {("given", "Owen")},
        set(),
    ),
    "an action is passed on": (
        lambda play: play.given(),
        lambda play: actions.change_owner(play.reference, play["cora"], FRI, owner_id=play["pat"].id),
        {("given", "Pat")},
        {("nothing more to do", "Owen")},
    ),
    "a draft, of which nothing was sent, is passed on": (
        lambda play: play.draft(),
        lambda play: actions.change_owner(play.reference, play["cora"], FRI, owner_id=play["pat"].id),
        set(),
        {("no longer theirs", "Owen")},
    ),
    "an owner passes an action on": (
        lambda play: play.given("cora", "owen"),
        lambda play: actions.change_owner(play.reference, play["cora"], FRI, owner_id=play["pat"].id),
        {("given", "Pat")},
        set(),
    ),
    "an action is withdrawn": (
        lambda play: play.given(),
        lambda play: actions.withdraw(play.reference, play["cora"], FRI, "Raised twice"),
        set(),
        {("nothing more to do", "Owen")},
    ),
    "an action is withdrawn by its owner": (
        lambda play: play.given("cora", "owen"),
        lambda play: actions.withdraw(play.reference, play["cora"], FRI, "Raised twice"),
        set(),
        set(),
    ),
    "the due date of an action moves": (
        lambda play: play.given(),
        lambda play: actions.move_date(
            play.reference, play["cora"], FRI, due_on=LATER, because="A long holiday"
        ),
        set(),
        {("other due date", "Owen")},
    ),
    "the owner says that it is not theirs": (
        lambda play: play.given(),
        lambda play: actions.not_mine(play.reference, play["owen"], FRI, "Of another team"),
        set(),
        {("owner needed", "Cora")},
    ),
    "the owner of a recommendation says that it is not theirs": (
        lambda play: play.recommended(),
        lambda play: actions.not_mine(
            play.reference, play["owen"], FRI, "Of another team", of=Recommendation
        ),
        set(),
        {("owner needed", "Cora")},
    ),
    "a leaver's work goes to one person": (
        a_leavers_work,
        lambda play: handing_over.hand_over(play["pat"], play["owen"].id, by=play["cora"], on=FRI),
        {("given", "Owen")},
        set(),
    ),
    "something is recommended": (nothing, lambda play: play.recommended(), {("given", "Owen")}, set()),
    "something is recommended to oneself": (nothing, lambda play: play.recommended("cora"), set(), set()),
    "an undecided recommendation has another owner": (
        lambda play: play.recommended(),
        lambda play: recommending.change_owner(play.reference, play["cora"], FRI, owner_id=play["pat"].id),
        {("given", "Pat")},
        {("nothing more to do", "Owen")},
    ),
    "a decision is taken back before its owner was back": (
        agreed_while_away,
        lambda play: recommending.take_back_decision(play.reference, play["cora"], FRI, "Another one"),
        set(),
        set(),
    ),
    "a body accepts two": (
        two_recommended,
        lambda play: decided(play, "accepted"),
        {("given", "Owen")},
        set(),
    ),
    "a body rejects one": (
        lambda play: play.recommended(),
        lambda play: decided(play, "rejected", "No"),
        set(),
        {("rejected", "Owen")},
    ),
    "a body defers one": (
        lambda play: play.recommended(),
        lambda play: decided(play, "deferred", "Later"),
        set(),
        {("deferred", "Owen")},
    ),
    "a coordinator records that one is rejected": (
        lambda play: play.recommended(),
        lambda play: recommending.decide(
            play.reference, play["cora"], FRI, decision="rejected", decided_on=FRI, said="No"
        ),
        set(),
        {("rejected", "Owen")},
    ),
    "its owner records that one is rejected": (
        lambda play: play.recommended("cora"),
        lambda play: decided(play, "rejected", "No"),
        set(),
        set(),
    ),
    "a rejection of which nobody had heard is taken back": (
        after(lambda play: play.recommended(), lambda play: decided(play, "rejected", "No")),
        lambda play: recommending.take_back_decision(play.reference, play["cora"], FRI, "Another one"),
        set(),
        set(),
    ),
    "a rejection is taken back": (
        after(lambda play: play.recommended(), lambda play: decided(play, "rejected", "No"), read_it),
        lambda play: recommending.take_back_decision(play.reference, play["cora"], FRI, "Another one"),
        set(),
        {("decision taken back", "Owen")},
    ),
    "an action comes back to who had read that it had gone": (
        lost,
        lambda play: passed_on(play, "owen"),
        {("given", "Owen")},
        {("nothing more to do", "Pat")},
    ),
    "an action comes back to who had not heard that it had gone": (
        lost_unread,
        lambda play: passed_on(play, "owen"),
        set(),
        {("nothing more to do", "Pat")},
    ),
    "an action comes back to who said that it was not theirs": (
        after(
            lambda play: play.given(),
            lambda _: deliver(FRI),
            lambda play: actions.not_mine(play.reference, play["owen"], FRI, "Of another team"),
        ),
        lambda play: passed_on(play, "owen"),
        {("given", "Owen")},
        set(),
    ),
    "an audit goes and comes back in one delivery": (
        chased,
        after(
            lambda play: assigning.reassign("CP-009", "lead", play["olu"].id, play["cora"], FRI, "Leave"),
            lambda play: assigning.reassign("CP-009", "lead", play["alison"].id, play["cora"], FRI, "Back"),
        ),
        set(),
        {("no longer theirs", "Olu")},
    ),
    "an audit of which nothing was sent goes and comes back in one delivery": (
        nothing,
        after(
            lambda play: assigning.reassign("CP-009", "lead", play["olu"].id, play["cora"], FRI, "Leave"),
            lambda play: assigning.reassign("CP-009", "lead", play["alison"].id, play["cora"], FRI, "Back"),
        ),
        {("assigned", "Alison")},
        {("no longer theirs", "Olu")},
    ),
    "an audit goes and comes back in one delivery, due later": (
        chased,
        after(
            lambda play: assigning.reassign(
                "CP-009", "lead", play["olu"].id, play["cora"], FRI, "Leave", LATER
            ),
            lambda play: assigning.reassign("CP-009", "lead", play["alison"].id, play["cora"], FRI, "Back"),
        ),
        {("assigned", "Alison")},
        {("no longer theirs", "Olu"), ("other due date", "Imogen")},
    ),
    "an action is given, goes and comes back in one delivery": (
        nothing,
        after(
            lambda play: play.given(),
            lambda play: actions.change_owner(play.reference, play["cora"], FRI, owner_id=play["pat"].id),
            lambda play: actions.change_owner(play.reference, play["cora"], FRI, owner_id=play["owen"].id),
        ),
        {("given", "Owen")},
        {("no longer theirs", "Pat")},
    ),
    "the due date of an action moves, and back": (
        lambda play: play.given(),
        after(
            lambda play: actions.move_date(
                play.reference, play["cora"], FRI, due_on=LATER, because="A holiday"
            ),
            lambda play: actions.move_date(
                play.reference, play["cora"], FRI, due_on=DUE, because="No holiday"
            ),
        ),
        set(),
        set(),
    ),
    "a second differs, and the audit is sent back": (
        after(returned, lambda play: confirmed(play, differs=True)),
        lambda play: second_look.send_back("CP-009", play["cora"], FRI, "Reasons are missing", LATER),
        {("chase", "Alison"), ("chase", "Imogen")},
        set(),
    ),
    "a carried out recommendation is opened again of which nobody had heard": (
        after(
            accepted,
            lambda _: deliver(FRI),
            lambda play: recommending.carry_out(play.reference, play["cora"], FRI),
        ),
        lambda play: recommending.open_again(play.reference, play["cora"], FRI, "Half of it"),
        set(),
        set(),
    ),
    "a recommendation is carried out": (
        accepted,
        lambda play: recommending.carry_out(play.reference, play["cora"], FRI),
        set(),
        {("signed off", "Owen")},
    ),
    "a carried out recommendation is handed back": (
        after(
            accepted,
            lambda play: recommending.propose(play.reference, play["owen"], FRI, "It is in the minutes"),
        ),
        lambda play: recommending.send_back(play.reference, play["cora"], FRI, "Two teams are missing"),
        set(),
        {("handed back", "Owen")},
    ),
    "a carried out recommendation is opened again": (
        after(
            accepted,
            lambda play: recommending.carry_out(play.reference, play["cora"], FRI),
            read_it,
        ),
        lambda play: recommending.open_again(play.reference, play["cora"], FRI, "Half of it"),
        set(),
        {("handed back", "Owen")},
    ),
    "a remedy is noted": (nothing, noted, {("given", "Bob")}, set()),
    "a remedy has another owner": (
        noted,
        lambda play: remedies.hand_on("CP-009-F1", play["owen"].id, play["cora"], FRI),
        {("given", "Owen")},
        {("nothing more to do", "Bob")},
    ),
    "a remedy is withdrawn": (
        noted,
        lambda play: remedies.withdraw("CP-009-F1", "It stands in the file", play["cora"], FRI),
        set(),
        {("nothing more to do", "Bob")},
    ),
    "the due date of a remedy moves": (
        noted,
        lambda play: remedies.give_more_time("CP-009-F1", LATER, "Leave", play["cora"], FRI),
        set(),
        {("other due date", "Bob")},
    ),
    "the owner of a remedy moves its due date": (
        noted,
        lambda play: remedies.give_more_time("CP-009-F1", LATER, "Leave", play["boss"], FRI),
        set(),
        set(),
    ),
    "an accepted recommendation has another owner": (
        accepted,
        lambda play: recommending.change_owner(play.reference, play["cora"], FRI, owner_id=play["pat"].id),
        {("given", "Pat")},
        {("nothing more to do", "Owen")},
    ),
    "the due date of a recommendation moves": (
        accepted,
        lambda play: actions.move_date(
            play.reference, play["cora"], FRI, due_on=LATER, because="Half of it", of=Recommendation
        ),
        set(),
        {("other due date", "Owen")},
    ),
    "a decision of which nobody had heard is taken back": (
        accepted_while_away,
        lambda play: recommending.take_back_decision(
            play.reference, play["cora"], FRI, "It was about another one"
        ),
        set(),
        set(),
    ),
    "a decision is taken back": (
        accepted,
        lambda play: recommending.take_back_decision(
            play.reference, play["cora"], FRI, "It was about another one"
        ),
        set(),
        {("decision taken back", "Owen")},
    ),
    "a later date is agreed": (
        asked_later,
        lambda play: actions.answer_later(play.reference, play["cora"], FRI, yes=True),
        set(),
        {("later granted", "Owen")},
    ),
    "a later date is refused": (
        asked_later,
        lambda play: actions.answer_later(play.reference, play["cora"], FRI, yes=False, because="No"),
        set(),
        {("later refused", "Owen")},
    ),
    "another date answers who asked for a later one": (
        asked_later,
        lambda play: actions.move_date(
            play.reference, play["cora"], FRI, due_on=date(2010, 12, 14), because="Half of it"
        ),
        set(),
        {("other due date", "Owen")},
    ),
    "an action is signed off": (
        proposed,
        lambda play: actions.sign_off(play.reference, play["cora"], FRI, impact_due_on=MON),
        set(),
        {("signed off", "Owen")},
    ),
    "an action is handed back": (
        proposed,
        lambda play: actions.send_back(play.reference, play["cora"], FRI, "One team is missing"),
        set(),
        {("handed back", "Owen")},
    ),
    "a sign-off of which nobody had heard is taken back": (
        signed_off,
        sign_off_taken_back,
        set(),
        set(),
    ),
    "a sign-off is taken back": (
        sign_off_read,
        sign_off_taken_back,
        set(),
        {("sign-off taken back", "Owen")},
    ),
    "an impact check of which nobody had heard is taken back": (
        closed,
        lambda play: actions.take_back_check(play.reference, play["cora"], FRI, "A mistake"),
        set(),
        set(),
    ),
    "an impact check is taken back": (
        check_read,
        lambda play: actions.take_back_check(play.reference, play["cora"], FRI, "A mistake"),
        set(),
        {("check taken back", "Owen")},
    ),
    "an action was effective": (
        signed_off,
        lambda play: actions.check_impact(play.reference, play["cora"], FRI, impact=EFFECTIVE, found="Yes"),
        set(),
        {("effective", "Owen")},
    ),
    "an action was not effective": (
        signed_off,
        lambda play: actions.check_impact(
            play.reference, play["cora"], FRI, impact=NOT_EFFECTIVE, found="No"
        ),
        set(),
        {("not effective", "Owen")},
    ),
}


@pytest.mark.parametrize(("before", "move", "at_once", "news"), ROWS.values(), ids=ROWS)
def test_who_is_told(
    play: Play,
    mail_server: MailServer,
    before: Step,
    move: Step,
    at_once: Told,
    news: Told,
) -> None:
    before(play)
    deliver(FRI)
    arrived, written = len(mail_server.messages), _last(News.id)
    last_message = _last(Message.id)
    move(play)
    deliver(FRI)
    db.session.rollback()
    first_names = {person.id: person.name.split()[0] for person in db.session.query(Person)}
    sent = db.session.query(Message).filter(Message.id > last_message, Message.state == SENT).all()
    # one message each, and each has arrived
    assert sorted((one.kind, first_names[one.recipient or 0]) for one in sent) == sorted(at_once)
    assert sorted(to for one in mail_server.messages[arrived:] for to in one.recipients) == sorted(
        one.address for one in sent
    )
    made = db.session.query(News).filter(News.id > written).all()
    assert sorted((one.what, first_names[one.person_id]) for one in made) == sorted(news)
    ids = [one.id for one in made if one.what not in FIRST_PAGE_ALONE]
    at(datetime(2010, 11, 8, 9, tzinfo=UTC))
    run(MON)
    deliver(MON)
    assert _carried([one.id for one in made]) == sorted(
        (one.id, one.person_id, SENT) for one in made if one.id in ids
    )
    at(datetime(2010, 11, 9, 9, tzinfo=UTC))
    run(TUE)
    deliver(TUE)
    assert len(_carried([one.id for one in made])) == len(ids)


@pytest.mark.parametrize(
    "row",
    [
        "an auditor is replaced",
        "an auditor with a promise is replaced by mistake and put back",
        "an audit is returned",
        "a leaver's work goes to one person",
        "an exemption is taken back",
        "an exemption is taken back of which one auditor had read",
        "it is given back on the same day",
        "a remedy is noted",
        "a remedy has another owner",
        "a body rejects one",
        "a second differs, and the audit is sent back",
        "an action comes back to who had not heard that it had gone",
        "an audit goes and comes back in one delivery",
        "an action is given, goes and comes back in one delivery",
        "the managers dispute a grade",
        "a grade calls for a response",
        "a dispute changes a grade",
        "a carried out recommendation is handed back",
        "an action is withdrawn",
        "a response falls away",
    ],
)
@pytest.mark.usefixtures("service")
def test_it_is_told_alike_on_both_databases(mail_server: MailServer, row: str) -> None:
    test_who_is_told(a_play(mail_server), mail_server, *ROWS[row])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "an action is passed on",
            TAKEN_OVER,
        ),
        ("a remedy is withdrawn", "It was withdrawn. You do not have to do anything more for it."),
        ("a decision is taken back", "The decision was taken back: it is awaiting a decision again."),
    ],
)
def test_the_email_with_news_leads_to_a_page_that_says_the_same(
    app: Flask, play: Play, mail_server: MailServer, row: str, said: str
) -> None:
    before, move, _, [(_, name)] = ROWS[row]
    before(play)
    deliver(FRI)
    move(play)
    at(datetime(2010, 11, 8, 9, tzinfo=UTC))
    run(MON)
    deliver(MON)
    db.session.rollback()
    person = next(one for one in play.scene.people.values() if one.name.startswith(name))
    query = select(Message).where(Message.recipient == person.id, Message.on == MON, Message.state == SENT)
    [text] = [message.text or "" for message in db.session.scalars(query)]
    assert said in text
    client = let_in(app.test_client(), person)
    links = re.findall(r"https?://[^/\s]+(/\S*)", text)
    assert links == ["/"]
    assert said in visible(opened(client, "/"))


def test_who_gets_an_action_back_is_not_told_that_it_is_over(play: Play) -> None:
    play.given()
    deliver(FRI)
    for name in ("pat", "owen"):
        actions.change_owner(play.reference, play["cora"], FRI, owner_id=play[name].id)
    at(datetime(2010, 11, 8, 9, tzinfo=UTC))
    run(MON)
    deliver(MON)
    told = _carried(list(db.session.scalars(select(News.id))))
    assert [person for _, person, _ in told] == []


def test_what_came_back_before_anybody_heard_is_not_said_to_be_theirs_again(play: Play) -> None:
    lost_and_found = ROWS["an audit of which nothing was sent goes and comes back in one delivery"]
    lost_and_found[1](play)
    play.given()
    for name in ("pat", "owen"):
        actions.change_owner(play.reference, play["cora"], FRI, owner_id=play[name].id)
    # written on Friday, and in other words on Monday
    at(datetime(2010, 11, 8, 9, tzinfo=UTC))
    deliver(MON)
    texts = [
        f"{one.subject} {one.text}" for one in db.session.query(Message) if one.kind in ("assigned", "given")
    ]
    assert ["again" in text for text in texts] == [False, False, False, False]


@pytest.mark.parametrize(
    ("move", "steps"),
    [
        ("an audit goes and comes back in one delivery", []),
        ("an audit goes and comes back in one delivery, due later", ["assigned"]),
    ],
)
def test_the_daily_run_is_silent_about_what_came_back_before_anybody_heard(
    play: Play, move: str, steps: list[str]
) -> None:
    with transaction():
        play.scene.audit().due_on = DUE
    chased(play)
    deliver(FRI)
    ROWS[move][1](play)
    run(FRI)
    items = db.session.query(MessageItem).filter_by(person_id=play["alison"].id, kind="digest")
    assert [item.step for item in items if item.carrier_id] == steps


def test_an_audit_handed_over_on_a_day_off_is_told_as_on_a_working_day(
    service: Flask, mail_server: MailServer
) -> None:
    play = a_play(mail_server)
    with transaction():
        play.scene.audit().due_on = date(2010, 11, 1)
    chased(play)
    deliver(FRI)
    assigning.reassign("CP-009", "lead", play["olu"].id, play["cora"], FRI, "Leave")
    deliver(FRI)
    at(datetime(2010, 11, 6, 12, tzinfo=UTC))
    saturday = date(2010, 11, 6)
    assigning.reassign("CP-009", "lead", play["alison"].id, play["cora"], saturday, "Back")
    assigning.reassign("CP-009", "second", play["pat"].id, play["cora"], saturday, "Leave")
    at(datetime(2010, 11, 8, 9, tzinfo=UTC))
    run(MON)
    deliver(MON)
    db.session.rollback()
    told = {
        one.recipient: f"{one.subject}: {one.text}"
        for one in db.session.query(Message).filter_by(on=MON, kind="digest", state=SENT)
    }
    overdue = "CP-009: was due Monday 1 November, 5 working days ago."
    assert "Audit CP-009, yours again, overdue since" in told[play["alison"].id]
    assert f"{overdue} You are the lead auditor, with Pat Quinn" in told[play["alison"].id]
    assert "It is yours again." in told[play["alison"].id]
    assert "New audit CP-009 overdue since Monday 1 November" in told[play["pat"].id]
    assert f"{overdue} You are the second auditor, with Alison" in told[play["pat"].id]
    assert "It is new to you." in told[play["pat"].id]


def _last(column: object) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.max(column))) or 0


def _carried(ids: list[int]) -> list[tuple[int, int, str]]:
    """Return the items about these pieces of news: the news, whose it is, how their message stands."""
    db.session.rollback()
    query = (
        select(MessageItem.obligation_id, MessageItem.person_id, Message.state)
        .join(Message, Message.id == MessageItem.carrier_id)
        .where(MessageItem.step == "news", MessageItem.obligation_id.in_(ids))
    )
    return sorted((news_id, person_id, state) for news_id, person_id, state in db.session.execute(query))


def test_every_kind_of_news_has_a_row() -> None:
    made = {what for *_, news in ROWS.values() for what, _ in news}
    assert made == {happening.value for happening in Happening}
