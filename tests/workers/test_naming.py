"""Naming the worker of a case: by hand, when an audit is requested, when a case is audited again."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.answers.moderation_queue import next_for
from app.assigning import moves as assigning
from app.assigning import requesting
from app.assigning.independence import Tie
from app.audits.agencies import TOGETHER
from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit
from app.audits.moves import withdraw
from app.audits.standing import standings
from app.audits.workers import Workers
from app.database import db, transaction
from app.findings.compiling import compiled
from app.history.record import of
from app.outbox.models import Message
from app.people.closures import working_days
from app.people.models import Person
from app.refusal import NotNow, Refused
from app.workers import queries, replies
from app.workers.naming import name_worker
from tests.factories import a_cycle, a_person, a_team, an_audit
from tests.pages import opened, visible
from tests.workers.conftest import CASE_NUMBER, RETURNED_ON, WORKER, Scene

SignIn = Callable[[Person], FlaskClient]
PAGE = "/audits/CP-009/name-worker"
WHY = "The agency has no other auditor"
NEXT_DAY = date(2010, 11, 5)


@pytest.fixture(autouse=True)
def on_4_november(clock_at: Callable[[date], None]) -> None:
    clock_at(RETURNED_ON)


@pytest.fixture
def walter(scene: Scene) -> Person:
    return a_person("Walter Next", roles=["practitioner"], team="Nantwich", manager=scene["imogen"])


def written(kind: str) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Message.address).where(Message.kind == kind)))


def override_of(person: Person) -> tuple[str | None, str | None]:
    db.session.rollback()
    query = select(Assignment).where(Assignment.person_id == person.id, Assignment.ended_on.is_(None))
    spell = db.session.scalars(query).one()
    return spell.overridden, spell.override_reason


def entries() -> list[tuple[str, str | None, str | None, str | None]]:
    rows = of("audit", "CP-009")
    return [(row.what, row.before, row.after, row.why) for row in rows if row.what.startswith("worker ")]


@pytest.mark.parametrize(
    ("way", "told"),
    [
        (Workers.NOT_TOLD, []),
        (Workers.TOLD, ["walter.next@council.example"]),
        (Workers.MAY_REPLY, ["walter.next@council.example"]),
    ],
)
def test_a_worker_is_told_of_an_open_audit_as_the_cycle_says(
    scene: Scene, way: Workers, told: list[str]
) -> None:
    walter = a_person("Walter Next", roles=["practitioner"])
    scene.way(way)
    name_worker("CP-009", walter.id, scene["cora"], RETURNED_ON)
    assert scene.audit().worker_id == walter.id
    assert written("audited") == told
    assert written("reply") == []
    assert entries() == [("worker changed", WORKER, "Walter Next", None)]


def test_a_new_worker_of_a_returned_audit_is_asked_for_a_reply_in_place_of_the_one_before(
    scene: Scene,
) -> None:
    walter = a_person("Walter Next", roles=["practitioner"])
    scene.returned()
    scene.replied()
    name_worker("CP-009", walter.id, scene["cora"], NEXT_DAY)
    latest, earlier = queries.of_audit(scene.audit().id)
    assert (latest.worker_id, latest.reference, latest.asked_on) == (walter.id, "CP-009-W2", NEXT_DAY)
    assert (earlier.ended_on, earlier.ended_because) == (NEXT_DAY, "the case has another worker")
    assert written("reply")[-1] == "walter.next@council.example"
    with pytest.raises(NotNow, match="The case has another worker, so there is nothing to decide"):
        replies.decide(earlier.reference, "Thank you", {}, scene["alison"], NEXT_DAY)


def test_nobody_replies_once_the_case_has_another_worker(scene: Scene) -> None:
    scene.returned()
    name_worker("CP-009", None, scene["cora"], NEXT_DAY)
    assert scene.audit().worker_id is None
    with pytest.raises(NotNow, match="The case has another worker, so you can no longer reply"):
        scene.replied(NEXT_DAY)
    assert entries()[0] == ("worker changed", WORKER, None, None)


@pytest.mark.parametrize("from_file", [True, False])
def test_only_returns_in_the_product_ask_for_a_reply(scene: Scene, from_file: bool) -> None:
    walter = a_person("Walter Next", roles=["practitioner"])
    with transaction():
        audit = scene.audit()
        audit.returned_on, audit.returned_in_product = RETURNED_ON, not from_file
    name_worker("CP-009", walter.id, scene["cora"], NEXT_DAY)
    assert len(queries.of_audit(scene.audit().id)) == (0 if from_file else 1)


def test_a_withdrawn_audit_keeps_its_worker(scene: Scene) -> None:
    withdraw("CP-009", scene["cora"], RETURNED_ON, "Case moved away")
    with pytest.raises(NotNow, match="This audit was withdrawn on 4 November 2010, so you cannot name"):
        name_worker("CP-009", scene["moira"].id, scene["cora"], RETURNED_ON)


def test_the_person_named_works_here_and_is_not_named_yet(scene: Scene) -> None:
    gone = a_person("Gwen Gone", leaving_on=date(2010, 11, 3))
    for id_, why in (
        (gone.id, "Select one person who works here"),
        (9999, "Select one person who works here"),
        (scene["wanda"].id, "Wanda Canary is the worker of the case already. Select someone else."),
    ):
        with pytest.raises(Refused, match=why):
            name_worker("CP-009", id_, scene["cora"], RETURNED_ON)
    name_worker("CP-009", None, scene["cora"], RETURNED_ON)
    with pytest.raises(Refused, match="Select the worker of the case"):
        name_worker("CP-009", None, scene["cora"], RETURNED_ON)


def test_an_auditor_who_is_the_worker_or_their_manager_goes_on_with_a_reason(
    scene: Scene, walter: Person
) -> None:
    with pytest.raises(Refused, match="Imogen Sayle is the line manager of the worker of the case of CP-009"):
        name_worker("CP-009", walter.id, scene["cora"], RETURNED_ON)
    assert scene.audit().worker_id == scene["wanda"].id
    with pytest.raises(Refused, match="Remove the case number"):
        name_worker("CP-009", walter.id, scene["cora"], RETURNED_ON, f"Like {CASE_NUMBER}")
    name_worker("CP-009", walter.id, scene["cora"], RETURNED_ON, WHY)
    assert override_of(scene["imogen"]) == (Tie.WORKERS_MANAGER, WHY)
    assert override_of(scene["alison"]) == (None, None)
    assert entries() == [("worker changed", WORKER, "Walter Next", WHY)]
    scene.returned()
    method = " ".join(compiled(scene.audit().cycle, RETURNED_ON).method)
    said = "1 audit was done by an auditor who is not independent of the case (worker’s manager: 1)"
    assert said in method
    # a mistake put right ends what overrode the tie
    name_worker("CP-009", scene["wanda"].id, scene["cora"], NEXT_DAY)
    assert override_of(scene["imogen"]) == (None, None)


def test_in_self_assessment_no_reason_is_asked(scene: Scene, walter: Person) -> None:
    with transaction():
        scene.audit().cycle.self_assessment = True
    name_worker("CP-009", walter.id, scene["cora"], RETURNED_ON)
    assert override_of(scene["imogen"]) == (None, None)


def test_nobody_is_assigned_to_a_case_whose_worker_they_are_or_manage(scene: Scene) -> None:
    manager = a_person("Mia Manager", roles=["auditor", "manager"])
    worker = a_person("Will Worker", manager=manager)
    an_audit("CP-010", cycle=a_cycle("2010-5"))
    name_worker("CP-010", worker.id, scene["cora"], RETURNED_ON)
    for person, why in (
        (worker, "Will Worker is the worker of the case of CP-010"),
        (manager, "Mia Manager is the line manager of the worker of the case of CP-010"),
    ):
        pair = assigning.NewPair("CP-010", person.id, scene["imogen"].id)
        with pytest.raises(Refused, match=f"{why}. Select someone else, or enter a reason"):
            assigning.assign(pair, scene["cora"], RETURNED_ON)
    assigning.assign(
        assigning.NewPair("CP-010", worker.id, scene["imogen"].id, WHY), scene["cora"], RETURNED_ON
    )
    assert override_of(worker) == (Tie.WORKER, WHY)
    with pytest.raises(Refused, match="Mia Manager is the line manager of the worker"):
        assigning.reassign("CP-010", "second", manager.id, scene["cora"], RETURNED_ON, "On leave")


def test_the_next_audit_of_a_moderator_is_no_case_of_theirs(scene: Scene) -> None:
    scene.returned()
    at = standings(RETURNED_ON, working_days())
    assert next_for(scene["moira"], at, "2010-1") == "CP-009"
    name_worker("CP-009", scene["moira"].id, scene["cora"], RETURNED_ON)
    assert next_for(scene["moira"], at, "2010-1") is None


def test_a_coordinator_names_the_worker_on_its_page(scene: Scene, walter: Person, sign_in: SignIn) -> None:
    client = sign_in(scene["cora"])
    assert "Change the worker" in opened(client, "/audits/CP-009")
    page = visible(opened(client, PAGE))
    assert "The worker gets an email that a case of theirs is audited." in page
    answer = client.post(PAGE, data={"worker": str(walter.id)})
    assert answer.status_code == 422
    assert "Imogen Sayle is the line manager of the worker" in visible(answer.get_data(as_text=True))
    sent = {"worker": str(walter.id), "override_reason": WHY}
    answer = client.post(PAGE, data=sent, follow_redirects=True)
    said = visible(answer.get_data(as_text=True))
    assert "Worker of audit CP-009 saved" in said
    assert "Walter Next" in said


def test_a_worker_who_has_left_stays_until_another_is_chosen(scene: Scene, sign_in: SignIn) -> None:
    with transaction():
        db.session.get_one(Person, scene["wanda"].id).leaving_on = date(2010, 11, 1)
    client = sign_in(scene["cora"])
    assert f"{WORKER}, has left" in opened(client, PAGE)
    answer = client.post(PAGE, data={"worker": str(scene["wanda"].id)})
    assert "is the worker of the case already" in visible(answer.get_data(as_text=True))
    assert scene.audit().worker_id == scene["wanda"].id


@pytest.mark.parametrize(
    ("way", "said"),
    [
        (Workers.NOT_TOLD, "Workers are not told about the audits of this cycle, so no one gets an email."),
        (Workers.TOLD, "This audit was returned, so no one gets an email."),
        (Workers.MAY_REPLY, "The worker gets an email now, because the audit was returned"),
    ],
)
def test_the_page_says_who_is_told_after_the_return(
    scene: Scene, sign_in: SignIn, way: Workers, said: str
) -> None:
    scene.way(way)
    scene.returned()
    assert said in visible(opened(sign_in(scene["cora"]), PAGE))


def test_one_is_requested_with_its_worker(scene: Scene, walter: Person, sign_in: SignIn) -> None:
    with transaction():
        cycle = a_cycle("2010-7")
        cycle.workers = Workers.TOLD.value
    page = "/audits/request?reference=2010-7"
    client = sign_in(scene["cora"])
    assert "If you name the worker of the case, they get an email" in visible(opened(client, page))
    sent: dict[str, Any] = {
        "reference": "R-1",
        "case_reference": "700100",
        "team": str(a_team("Crewe").id),
        "due_on": ["12", "11", "2010"],
        "worker": str(walter.id),
    }
    assert client.post(page, data=sent).status_code == 302
    audit = db.session.scalars(select(Audit).where(Audit.called("R-1"))).one()
    assert audit.worker_id == walter.id
    assert written("audited") == ["walter.next@council.example"]
    assert client.post(page, data=sent | {"reference": "R-2", "worker": "9999"}).status_code == 422
    assert client.post(page, data=sent | {"reference": "R-2", "worker": ""}).status_code == 302
    assert db.session.scalars(select(Audit.worker_id).where(Audit.called("R-2"))).one() is None


def test_the_audits_of_a_case_have_its_worker_who_is_told_once(scene: Scene, walter: Person) -> None:
    agencies = ("Police", "Health", TOGETHER)
    with transaction():
        cycle = a_cycle("2010-8", agencies=agencies[:2])
        cycle.workers = Workers.TOLD.value
    case = ("700200", a_team("Crewe").id, scene["cora"], RETURNED_ON)
    requesting.request_of_case("2010-8", "DA-1", agencies, *case, worker_id=walter.id)
    query = select(Audit.worker_id).join(Cycle).where(Cycle.called("2010-8"))
    assert db.session.scalars(query).all() == [walter.id] * 3
    assert written("audited") == ["walter.next@council.example"]


@pytest.mark.parametrize("has_left", [False, True])
def test_a_case_that_is_audited_again_keeps_its_worker_if_they_are_here(
    service: Flask, has_left: bool
) -> None:
    worker = a_person("Wanda Canary", leaving_on=date(2010, 11, 1) if has_left else None)
    other, cora = a_person("Olga Other"), a_person("Cora Lane", roles=["coordinator"])
    before, again = a_cycle("2010-1"), a_cycle("2011-1")
    an_audit("A-1", case_reference="a1", cycle=before)
    with transaction():
        db.session.get_one(Cycle, again.id).audits_again = before.reference
        db.session.scalars(select(Audit)).one().worker_id = worker.id
    case = (a_team("Crewe").id, cora, RETURNED_ON)
    requesting.request("2011-1", "B-1", "A 1", *case)
    requesting.request("2011-1", "B-2", "A2", *case)
    requesting.request("2011-1", "B-3", "a1", *case, worker_id=other.id)
    workers = dict(db.session.execute(select(Audit.reference, Audit.worker_id)).all())
    expected = {"A-1": worker.id, "B-1": None if has_left else worker.id, "B-2": None, "B-3": other.id}
    assert workers == expected
