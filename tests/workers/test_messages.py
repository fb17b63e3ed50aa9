"""The messages about a worker's reply: their words, who gets them, and what they say nothing of."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.answers.second_look import send_back
from app.audits.worker_messages import write_audited
from app.audits.workers import Workers
from app.database import db, transaction
from app.outbox.delivery import deliver
from app.outbox.models import OVERTAKEN, SENT, Message
from app.people.models import Leave, Person
from app.workers import replies
from tests.factories import a_person
from tests.mail_server import MailServer
from tests.outbox.messages import connect_to
from tests.pages import opened, visible
from tests.reminders.test_messages import compare

from .conftest import CASE_NUMBER, LAST_TO_REPLY, REASON, REPLY, RETURNED_ON, Scene

GOLDEN = Path(__file__).parent / "golden"
NEXT_DAY, TOO_LATE = date(2010, 11, 5), date(2010, 11, 19)
NEVER_SAID = (CASE_NUMBER, REASON, REPLY, "nadequate", "Canary")


def messages(kind: str) -> list[Message]:
    db.session.rollback()
    return db.session.query(Message).filter_by(kind=kind).order_by(Message.id).all()


def freeze(scene: Scene) -> None:
    with transaction():
        scene.audit().cycle.frozen_on = RETURNED_ON


def without_auditors(scene: Scene) -> None:
    """Both auditors leave the audit before the worker replies."""
    with transaction():
        for spell in scene.audit().assignments:
            spell.ended_on, spell.ended_because = RETURNED_ON, "reassigned"


BEFORE: dict[str, tuple[Callable[[Scene], object], list[str]]] = {
    "replied": (lambda _: None, ["Alison Hartley", "Imogen Sayle"]),
    "replied_frozen": (freeze, ["Alison Hartley", "Imogen Sayle"]),
    "replied_to_moderators": (without_auditors, ["Moira Kaye"]),
}


@pytest.mark.parametrize(
    ("name", "receivers", "before"), [(name, who, how) for name, (how, who) in BEFORE.items()], ids=BEFORE
)
def test_the_people_who_decide_are_told_in_these_words(
    scene: Scene, name: str, receivers: list[str], before: Callable[[Scene], object]
) -> None:
    scene.returned()
    before(scene)
    scene.replied()
    told = messages("replied")
    people = dict(db.session.execute(db.select(Person.id, Person.name)).all())
    assert [people[message.recipient or 0] for message in told] == receivers
    compare(name, told[0], GOLDEN)


def test_the_worker_is_asked_in_these_words(scene: Scene) -> None:
    scene.returned()
    [asked] = messages("reply")
    compare("reply", asked, GOLDEN)


def test_they_arrive_at_once_also_on_leave_and_say_neither_grade_nor_case(
    scene: Scene, clock_at: Callable[[datetime], None]
) -> None:
    """A Saturday, with the worker and an auditor on leave: the days to reply have begun."""
    saturday = date(2010, 11, 6)
    clock_at(datetime(2010, 11, 6, 9, tzinfo=UTC))
    with transaction():
        for name in ("wanda", "imogen"):
            db.session.merge(scene[name]).leave.append(Leave(from_on=RETURNED_ON, to_on=LAST_TO_REPLY))
    with MailServer() as server:
        connect_to(server.port)
        scene.returned(saturday)
        deliver(saturday)
        scene.replied(saturday)
        deliver(saturday)
        arrived = [(message.to.split("@")[0], message.subject) for message in server.messages]
    asked = [to for to, subject in arrived if subject.startswith("You can reply")]
    told = sorted(to for to, subject in arrived if subject.startswith("Read the worker’s reply"))
    assert (asked, told) == (["wanda.canary"], ["alison.hartley", "imogen.sayle"])
    for message in [*messages("reply"), *messages("replied")]:
        said = f"{message.subject} {message.text} {message.html}"
        assert [words for words in NEVER_SAID if words in said] == []


def test_the_audits_page_says_from_what_was_sent_whether_the_worker_was_told(
    scene: Scene, sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[datetime], None]
) -> None:
    clock_at(datetime(2010, 11, 4, 9, tzinfo=UTC))
    scene.way(Workers.TOLD)
    coordinator = sign_in(scene["cora"])

    def said() -> str:
        page = visible(opened(coordinator, "/audits/CP-009"))
        return page.split("Worker of the case Wanda Canary: ")[1].split(" Chase log")[0]

    assert said() == "will be told of this audit"
    with transaction():
        write_audited([scene.audit()], RETURNED_ON)
    assert said() == "will be told of this audit"
    with MailServer() as server:
        connect_to(server.port)
        deliver(RETURNED_ON)
    assert said() == "told of this audit on 4 November 2010"
    db.session.rollback()
    abe = a_person("Abe", roles=["practitioner"])
    with transaction():
        scene.audit().worker_id = abe.id
    assert "Abe: will be told of this audit" in visible(opened(coordinator, "/audits/CP-009"))
    scene.returned()
    assert "Abe: not told of this audit" in visible(opened(coordinator, "/audits/CP-009"))
    scene.way(Workers.NOT_TOLD)
    assert "Abe: not told of this audit" in visible(opened(coordinator, "/audits/CP-009"))


def _worker(scene: Scene, **values: object) -> None:
    with transaction():
        for name, value in values.items():
            setattr(db.session.merge(scene["wanda"]), name, value)


def _another(scene: Scene) -> None:
    with transaction():
        scene.audit().worker_id = a_person("Abe", roles=["practitioner"]).id


AFTER: dict[str, tuple[Callable[[Scene], object], date, str]] = {
    "nothing": (lambda _: None, RETURNED_ON, SENT),
    "a day later": (lambda _: None, NEXT_DAY, SENT),
    "too late to reply": (lambda _: None, TOO_LATE, OVERTAKEN),
    "the worker left": (lambda scene: _worker(scene, leaving_on=RETURNED_ON), NEXT_DAY, OVERTAKEN),
    "sent back": (
        lambda scene: send_back("CP-009", scene["cora"], RETURNED_ON, "Dates", LAST_TO_REPLY),
        RETURNED_ON,
        OVERTAKEN,
    ),
    "workers are told alone": (lambda scene: scene.way(Workers.TOLD), RETURNED_ON, OVERTAKEN),
    "workers are not told": (lambda scene: scene.way(Workers.NOT_TOLD), RETURNED_ON, OVERTAKEN),
    "another worker": (_another, RETURNED_ON, OVERTAKEN),
}


@pytest.mark.parametrize(("after", "on", "state"), AFTER.values(), ids=AFTER)
def test_the_worker_is_asked_only_while_they_can_reply(
    scene: Scene, clock_at: Callable[[datetime], None], after: Callable[[Scene], object], on: date, state: str
) -> None:
    clock_at(datetime(2010, 11, 4, 9, tzinfo=UTC))
    scene.returned()
    after(scene)
    clock_at(datetime(on.year, on.month, on.day, 9, tzinfo=UTC))
    with MailServer() as server:
        connect_to(server.port)
        deliver(on)
    assert [message.state for message in messages("reply")] == [state]


def test_once_one_has_decided_the_others_are_not_asked(
    scene: Scene, clock_at: Callable[[datetime], None]
) -> None:
    clock_at(datetime(2010, 11, 4, 9, tzinfo=UTC))
    scene.returned()
    scene.replied()
    replies.decide(scene.reply().reference, "We leave it", {}, scene["alison"], RETURNED_ON)
    with MailServer() as server:
        connect_to(server.port)
        deliver(RETURNED_ON)
    assert {message.state for message in messages("replied")} == {OVERTAKEN}
