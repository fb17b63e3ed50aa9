"""The tracker and an action's life through the pages."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.actions import moves, recommending
from app.actions.models import Action, Recommendation
from app.database import db
from app.people.choosing import people_here
from app.people.models import Person
from tests import pages
from tests.factories import a_cycle, a_person

ON, DUE = date(2011, 1, 10), date(2011, 1, 31)

SignIn = Callable[[Person], FlaskClient]


def visible(answer: TestResponse) -> str:
    return pages.visible(answer.get_data(as_text=True))


@pytest.fixture
def cora(app: Flask, clock_at: Callable[[date], None]) -> Person:
    clock_at(ON)
    return a_person("Cora Coordinator", roles=["coordinator"])


@pytest.fixture
def ada(app: Flask) -> Person:
    return a_person("Ada Owner", roles=["manager"], team="Crewe")


def an_action(by: Person, owner: Person | None = None, **more: object) -> str:
    given: dict[str, object] = {"text": "Hold a briefing", "due_on": DUE if owner else None, **more}
    action = moves.raise_action(by=by, on=ON, owner_id=owner.id if owner else None, **given)  # type: ignore[arg-type]
    return action.reference


def the(reference: str) -> Action:
    db.session.rollback()
    return db.session.query(Action).filter_by(reference=reference).one()


def day(value: date) -> list[str]:
    return [str(value.day), str(value.month), str(value.year)]


def test_what_nobody_sees_to_stands_on_top(cora: Person, ada: Person, sign_in: SignIn) -> None:
    an_action(cora, ada, text="Overdue one", due_on=ON)
    an_action(cora, None, text="Nobody has this")
    page = visible(sign_in(cora).get("/actions"))
    assert page.index("Nobody has this") < page.index("Overdue one")
    assert "1 without an owner or due date" in page


def test_a_manager_sees_their_own_and_their_teams_and_nobody_elses(
    cora: Person, ada: Person, sign_in: SignIn
) -> None:
    colleague = a_person("Carl Colleague", roles=["auditor"], team="Crewe")
    stranger = a_person("Sally Stranger", roles=["auditor"], team="Wilmslow")
    an_action(cora, ada, text="Ada's own")
    an_action(cora, colleague, text="Her team's")
    other = an_action(cora, stranger, text="Somebody else's")
    client = sign_in(ada)
    page = visible(client.get("/actions"))
    assert "Ada's own" in page
    assert "Her team's" in page
    assert "Somebody else's" not in page
    assert "Somebody else's" not in client.get("/actions?download=csv&closed=yes").get_data(as_text=True)
    assert client.get(f"/actions/{other}").status_code == 403
    assert "Her team's" not in visible(client.get("/actions?whose=mine"))


@pytest.mark.parametrize(
    ("owner", "found"),
    [("ada", True), ("Owner", True), ("ada.owner@council.example", True), ("owner@", False), ("%", False)],
)
def test_the_list_is_narrowed_to_an_owner_by_a_part_of_their_name_or_their_email(
    cora: Person, ada: Person, sign_in: SignIn, owner: str, found: bool
) -> None:
    an_action(cora, ada, text="Ada's own")
    an_action(cora, cora, text="Cora's own")
    page = visible(sign_in(cora).get("/actions", query_string={"owner": owner}))
    assert ("Ada's own" in page) == found
    assert "Cora's own" not in page


def test_an_owner_reports_and_completes_and_another_signs_off(
    cora: Person, ada: Person, sign_in: SignIn
) -> None:
    reference = an_action(cora, ada)
    client = sign_in(ada)
    client.post(f"/actions/{reference}/progress", data={"line": "Room booked"})
    assert "Room booked" in visible(client.get(f"/actions/{reference}"))
    client.post(f"/actions/{reference}/done", data={"evidence": "Held on 12 January"})
    assert client.post(f"/actions/{reference}/sign-off", data={"impact_due_on": day(DUE)}).status_code == 403
    client.post("/sign-out")
    client = sign_in(cora)
    client.post(f"/actions/{reference}/sign-off", data={"impact_due_on": day(DUE)})
    answer = client.post(
        f"/actions/{reference}/impact", data={"impact": "not effective", "found": "2 of 15 files"}
    )
    assert answer.location == f"/actions/new?follows={reference}"
    assert f"Follows {reference}, which was not effective" in visible(client.get(answer.location))
    client.post(answer.location, data={"text": "Change the template", "owner": "", "due_on": ["", "", ""]})
    assert "Change the template" in visible(client.get(f"/actions/{reference}"))
    assert the("A2").follows_id == the(reference).id


def test_a_wrong_move_is_refused_at_its_address_and_changes_nothing(
    cora: Person, ada: Person, sign_in: SignIn
) -> None:
    reference = an_action(cora, ada)
    client = sign_in(cora)
    answer = client.post(
        f"/actions/{reference}/impact", data={"impact": "effective", "found": "13 of 15 files"}
    )
    assert answer.status_code == 409
    assert "It must be signed off first" in visible(answer)
    answer = client.post(f"/actions/{reference}/date", data={"due_on": day(date(2011, 3, 1)), "because": ""})
    assert answer.status_code == 422
    assert "Enter why the due date is changing" in visible(answer)
    assert (the(reference).due_on, the(reference).impact) == (DUE, None)


def test_nobody_signs_off_their_own_even_as_coordinator(cora: Person, sign_in: SignIn) -> None:
    reference = an_action(cora, cora)
    client = sign_in(cora)
    client.post(f"/actions/{reference}/done", data={"evidence": "done"})
    answer = client.post(f"/actions/{reference}/sign-off", data={"impact_due_on": day(DUE)})
    assert answer.status_code == 409
    assert "You own this action, so someone else must sign it off" in visible(answer)


def test_a_leaver_or_a_group_cannot_be_chosen(cora: Person, ada: Person, sign_in: SignIn) -> None:
    leaver = a_person("Lee Left", leaving_on=date(2011, 1, 7))
    reference = an_action(cora, ada)
    client = sign_in(cora)
    assert "Lee Left" not in client.get(f"/actions/{reference}/owner").get_data(as_text=True)
    for owner in (str(leaver.id), "the team"):
        answer = client.post(f"/actions/{reference}/owner", data={"owner": owner})
        assert answer.status_code == 422
        assert "Select one person who works here as the owner" in visible(answer)
    assert the(reference).owner_id == ada.id


def test_whoever_chooses_an_owner_sees_who_is_on_leave(cora: Person, ada: Person, sign_in: SignIn) -> None:
    away = a_person("Nia New", leave=[(ON, ON + timedelta(days=6))])
    client = sign_in(cora)
    an_action(cora, ada)
    page = client.get(f"/actions/hand-over/{ada.id}").get_data(as_text=True)
    assert "Nia New, on leave until Sunday 16 January 2011" in page
    assert dict(people_here(ON - timedelta(days=1)))[str(away.id)] == "Nia New"


def test_everything_of_a_leaver_goes_to_one_person(cora: Person, ada: Person, sign_in: SignIn) -> None:
    new = a_person("Nia New")
    cycle = a_cycle()
    an_action(cora, ada)
    done = an_action(cora, ada)
    moves.propose_done(done, ada, ON, "done")
    recommending.recommend(cycle, text="Agree it", by=cora, on=ON, owner_id=ada.id)
    client = sign_in(cora)
    client.post(f"/actions/hand-over/{ada.id}", data={"to": str(new.id)})
    assert (the("A1").owner_id, the(done).owner_id) == (new.id, ada.id)
    assert db.session.query(Recommendation).one().owner_id == new.id


def test_a_finding_leads_to_a_recommendation_an_action_or_a_reason(cora: Person, sign_in: SignIn) -> None:
    a_cycle()
    client = sign_in(cora)
    assert "1 of 1 finding has no action" in visible(client.get("/cycles/2010-1/answered"))
    made = client.post(
        "/recommendations/new?cycle=2010-1&question=child_seen",
        data={
            "text": "Agree it",
            "questions": ["child_seen"],
            "body": "",
            "owner": "",
            "due_on": ["", "", ""],
        },
    )
    assert made.location == "/recommendations/R1"
    client.post("/actions/new?recommendation=R1", data={"text": "Do it", "owner": "", "due_on": ["", "", ""]})
    assert "Every finding" in visible(client.get("/cycles/2010-1/answered"))
    client.post("/actions/A1/withdraw", data={"said": "Not needed"})
    assert "1 of 1 finding has" in visible(client.get("/cycles/2010-1/answered"))
    client.post("/cycles/2010-1/answered", data={"question": "child_seen", "said": "It is a strength"})
    assert "No action: It is a strength" in visible(client.get("/cycles/2010-1/answered"))


def test_a_decision_is_recorded_and_needs_words_unless_it_is_a_plain_yes(
    cora: Person, sign_in: SignIn
) -> None:
    recommending.recommend(a_cycle(), text="Agree it", by=cora, on=ON)
    client = sign_in(cora)
    decision = {"decision": "deferred", "decided_on": day(ON), "said": ""}
    assert client.post("/recommendations/R1/decide", data=decision).status_code == 422
    client.post("/recommendations/R1/decide", data=decision | {"said": "No money yet"})
    page = visible(client.get("/recommendations/R1"))
    assert "Deferred" in page
    assert "No money yet" in page


@pytest.mark.parametrize(
    ("owned", "dated", "warnings"),
    [
        (False, False, ["R1 has no owner yet", "R1 has no due date yet"]),
        (True, False, ["R1 has no due date yet"]),
        (False, True, ["R1 has no owner yet"]),
        (True, True, []),
    ],
)
def test_a_yes_without_an_owner_or_a_due_day_is_warned_of_once_and_let_through(
    cora: Person, ada: Person, sign_in: SignIn, owned: bool, dated: bool, warnings: list[str]
) -> None:
    recommending.recommend(
        a_cycle(),
        text="Agree it",
        by=cora,
        on=ON,
        owner_id=ada.id if owned else None,
        due_on=DUE if dated else None,
    )
    client = sign_in(cora)
    given: dict[str, object] = {"decision": "amended", "decided_on": day(ON), "said": "In Crewe alone"}
    answer = client.post("/recommendations/R1/decide", data=given)
    for each in ("R1 has no owner yet", "R1 has no due date yet"):
        assert (each in visible(answer)) == (each in warnings)
    assert db.session.query(Recommendation).one().decision == (None if warnings else "amended")
    client.post("/recommendations/R1/decide", data={**given, "let_through": warnings})
    db.session.rollback()
    assert db.session.query(Recommendation).one().decision == "amended"


def test_a_no_needs_neither_an_owner_nor_a_due_day(cora: Person, sign_in: SignIn) -> None:
    recommending.recommend(a_cycle(), text="Agree it", by=cora, on=ON)
    given: dict[str, object] = {"decision": "rejected", "decided_on": day(ON), "said": "No money"}
    sign_in(cora).post("/recommendations/R1/decide", data=given)
    assert db.session.query(Recommendation).one().decision == "rejected"


def test_a_leader_reads_and_moves_nothing(cora: Person, ada: Person, sign_in: SignIn) -> None:
    reference = an_action(cora, ada)
    client = sign_in(a_person("Lucy Leader", roles=["leader"]))
    page = visible(client.get(f"/actions/{reference}"))
    assert "Hold a briefing" in page
    assert "What you can do" not in page
    assert client.post(f"/actions/{reference}/withdraw", data={"said": "x"}).status_code == 403
