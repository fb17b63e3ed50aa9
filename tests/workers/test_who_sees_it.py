"""The readers of the page of a worker: what each relation to the audit opens, and who reads their words."""

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.answers import moderation_queue, unseen_grade
from app.answers.moderation import refuse_moderator
from app.answers.side_by_side import moderation_facts
from app.audits.standing import standings
from app.audits.workers import Workers
from app.database import db, transaction
from app.outbox.models import Message
from app.people.closures import working_days
from app.people.models import Leave, Person, PersonRole
from app.people.roles import RoleName as R
from app.workers import replies
from app.workers.reply_life import OTHER_WORKER
from tests.conftest import let_in
from tests.factories import a_person, an_audit
from tests.pages import opened, reached, visible
from tests.workers.conftest import AGREED, CASE_NUMBER, REASON, REPLY, RETURNED_ON, WORKER, Scene

PAGE, DECIDE, TALK = (f"/audits/CP-009/worker{ending}" for ending in ("", "/decide", "/talk"))
ANSWERS, DETAIL = "/audits/CP-009/answers", "/audits/CP-009"
ADDRESSES = (PAGE, DECIDE, TALK, ANSWERS, DETAIL)
EVERYTHING = {*ADDRESSES}
PAIR_AND_MODERATORS = {PAGE, DECIDE, ANSWERS, DETAIL}


@pytest.fixture(autouse=True)
def _day_of_the_return(clock_at: Callable[[date], None]) -> None:
    clock_at(RETURNED_ON)


@pytest.fixture
def told(scene: Scene) -> Scene:
    """The audit returned, replied to and talked about, with people of every role and relation around it.

    A worker before this one has replied, too."""
    former = scene.people["former worker"] = a_person("Former Worker", roles=["practitioner"])
    wanda = scene["wanda"]
    with transaction():
        scene.audit().worker_id = former.id
    scene.returned()
    replies.reply(scene.reply().reference, "A former word", former, RETURNED_ON)
    with transaction():
        replies.end_open(scene.audit(), OTHER_WORKER, scene["cora"], RETURNED_ON)
        scene.audit().worker_id = wanda.id
        db.session.flush()
        db.session.expire_all()
        replies.ask(scene.audit(), scene["cora"], RETURNED_ON)
    scene.replied()
    replies.note_talk("CP-009", RETURNED_ON, "Both", AGREED, scene["alison"], RETURNED_ON)
    around(scene)
    for moderator in ("moira", "a moderator"):
        # before that they read none of it
        unseen_grade.ask("CP-009", scene[moderator], RETURNED_ON, unseen_grade.READ_FIRST)
    return scene


def around(scene: Scene) -> None:
    """Add the people who are close to the audit and must not read of its worker."""
    boss, alison, people = scene["boss"], scene["alison"], scene.people
    for role in R:
        people[f"a {role}"] = a_person(f"Some {role}", roles=[role])
    away = [(RETURNED_ON, RETURNED_ON)]
    people["deputy of the pair"] = a_person("Deputy Ofpair")
    people["deputy of their manager"] = a_person("Deputy Ofmanager", roles=["practitioner"])
    people["former auditor"] = a_person("Former Auditor")
    people["worker of another audit"] = a_person("Other Worker", roles=["practitioner"])
    people["auditor of another audit"] = a_person("Other Auditor")
    people["line manager of the worker"] = a_person("Line Manager", roles=["manager"], team="Crewe")
    people["moderator who audited"] = a_person("Moderates Audited", roles=["moderator"])
    other = an_audit("CP-010", lead=people["auditor of another audit"], cycle=scene.audit().cycle)
    an_audit("CQ-001", lead=people["moderator who audited"], case_reference=CASE_NUMBER)
    with transaction():
        other.worker_id = people["worker of another audit"].id
        people["wanda"].line_manager_id = people["line manager of the worker"].id
        for absent, deputy in (
            (alison, people["deputy of the pair"]),
            (boss, people["deputy of their manager"]),
        ):
            db.session.add(
                Leave(person_id=absent.id, from_on=away[0][0], to_on=away[0][1], deputy_id=deputy.id)
            )


MAY_OPEN: dict[str, set[str]] = {
    "wanda": {PAGE},
    "alison": EVERYTHING,
    "imogen": EVERYTHING,
    "moira": PAIR_AND_MODERATORS,
    "cora": {PAGE, TALK, ANSWERS, DETAIL},
    "boss": {DETAIL},
    "a coordinator": {PAGE, TALK, ANSWERS, DETAIL},
    "a moderator": PAIR_AND_MODERATORS,
    "a auditor": set(),
    "a manager": set(),
    "a leader": set(),
    "a practitioner": set(),
    "a administrator": set(),
    "deputy of the pair": set(),
    "deputy of their manager": {DETAIL},
    "former auditor": set(),
    "former worker": set(),
    "worker of another audit": set(),
    "auditor of another audit": set(),
    "line manager of the worker": set(),
    "moderator who audited": PAIR_AND_MODERATORS,
}
"""The addresses that each person opens; whether they can act there, the page itself decides."""


def test_each_opens_what_is_theirs_and_no_more(told: Scene, app: Flask) -> None:
    wrong = []
    assert MAY_OPEN.keys() == told.people.keys()
    for name, person in told.people.items():
        client = let_in(app.test_client(), person)
        found = {address for address in ADDRESSES if client.get(address).status_code != 403}
        if found != MAY_OPEN[name]:
            wrong.append((name, found))
    assert wrong == []


READ_THE_WORKERS_WORDS = (
    *("alison", "imogen", "moira", "cora"),
    *("a coordinator", "a moderator", "moderator who audited"),
)
CRAWLED = ("boss", "former worker", "line manager of the worker", "a leader", "a administrator")
"""Those who read nothing of it and open the most pages."""
CANARIES = (REPLY, AGREED, WORKER)
_OF_THE_OFFICE = re.compile(r"^/people|^/reading-log|/readers$")


def test_name_reply_and_talk_are_read_by_coordinators_moderators_and_the_pair_alone(
    told: Scene, app: Flask
) -> None:
    for name, person in told.people.items():
        client = let_in(app.test_client(), person)
        pages = [(path, client.get(path).get_data(as_text=True)) for path in ("/", *ADDRESSES)]
        if name in CRAWLED:
            pages += reached(app, client)
        found = {
            (canary, path)
            for path, page in pages
            for canary in CANARIES
            # the office looks after people, and sees who read which case number
            if canary in visible(page) and not (name == "a administrator" and _OF_THE_OFFICE.search(path))
        }
        if name in READ_THE_WORKERS_WORDS:
            assert {(canary, PAGE) for canary in CANARIES} <= found, name
        elif name != "wanda":
            assert found == set(), name


def test_the_worker_reads_of_no_other_case_and_of_no_earlier_worker(told: Scene, app: Flask) -> None:
    pages = list(reached(app, let_in(app.test_client(), told["wanda"])))
    assert PAGE in [path for path, _ in pages]
    for path, page in pages:
        for kept in ("CP-010", "CQ-001", "Former", "A former word", "Alison", "Imogen"):
            assert kept not in visible(page), (path, kept)


def test_no_email_says_grade_reason_case_or_reply(told: Scene) -> None:
    replies.decide(told.reply().reference, "We thank the worker", {}, told["alison"], RETURNED_ON)
    messages = db.session.scalars(select(Message)).all()
    assert {"reply", "replied"} <= {message.kind for message in messages}
    for message in messages:
        texts = f"{message.subject} {message.text} {message.html}"
        for kept in (CASE_NUMBER, REASON, REPLY, AGREED, WORKER, "nadequate", "We thank"):
            assert kept not in texts, (message.kind, kept)


def words_of(app: Flask, person: Person) -> Iterator[tuple[str, str]]:
    client = let_in(app.test_client(), person)
    yield from ((path, visible(page)) for path, page in reached(app, client))
    yield from ((a, visible(client.get(a).get_data(as_text=True))) for a in (*ADDRESSES, "/moderation"))


@pytest.mark.parametrize(
    "role", [R.PRACTITIONER, R.AUDITOR, R.MANAGER, R.LEADER, R.MODERATOR, R.ADMINISTRATOR]
)
def test_where_workers_are_told_nothing_no_role_shows_the_audit_to_its_worker(
    scene: Scene, app: Flask, role: R
) -> None:
    scene.way(Workers.NOT_TOLD)
    scene.returned()
    with transaction():
        scene["wanda"].roles = [PersonRole(name=role)]
    for path, words in words_of(app, scene["wanda"]):
        assert "CP-009" not in words, path
        assert CASE_NUMBER not in words, path
    sent_to = db.session.scalars(select(Message.recipient)).all()
    assert scene["wanda"].id not in sent_to


def test_a_manager_of_the_pair_whose_case_it_is_sees_what_a_manager_sees(scene: Scene, app: Flask) -> None:
    scene.way(Workers.NOT_TOLD)
    scene.returned()
    with transaction():
        scene.audit().worker_id = scene["boss"].id
    client = let_in(app.test_client(), scene["boss"])
    page = visible(opened(client, DETAIL))
    assert CASE_NUMBER not in page
    assert "Worker of the case" not in page
    assert client.get(PAGE).status_code == 403
    assert "Audits of your cases" not in visible(opened(client, "/"))


@pytest.mark.parametrize("way", [Workers.TOLD, Workers.MAY_REPLY])
def test_a_moderator_whose_case_it_is_reads_what_a_worker_reads(
    scene: Scene, app: Flask, way: Workers
) -> None:
    scene.way(way)
    scene.returned()
    with transaction():
        scene["wanda"].roles = [PersonRole(name=R.MODERATOR)]
    client = let_in(app.test_client(), scene["wanda"])
    page = visible(opened(client, PAGE))
    assert "of your case" in page
    assert (REASON in page) == way.may_reply
    for address in (DECIDE, TALK, ANSWERS, DETAIL, "/audits/CP-009/moderate", "/audits/CP-009/form"):
        assert client.get(address).status_code == 403, address
    assert "CP-009" not in visible(opened(client, "/moderation"))
    assert refuse_moderator(moderation_facts(scene.audit()), scene["wanda"].id, RETURNED_ON) == (
        "You are the worker of this case, so someone else must moderate it"
    )


def test_the_queue_of_others_has_the_case(scene: Scene) -> None:
    scene.returned()
    at = standings(RETURNED_ON, working_days())
    for moderator, queued in ((None, 1), (scene["moira"], 1), (scene["wanda"], 0)):
        assert len(moderation_queue.queue(at, moderator=moderator)) == queued


def test_a_coordinator_whose_case_it_is_goes_on_coordinating(scene: Scene, app: Flask) -> None:
    with transaction():
        scene["wanda"].roles = [PersonRole(name=R.COORDINATOR), PersonRole(name=R.MODERATOR)]
    client: FlaskClient = let_in(app.test_client(), scene["wanda"])
    assert client.get(DETAIL).status_code == 200
