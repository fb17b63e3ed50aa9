"""`/api/v1`: what other programs read with a person's key, and what they never do."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.actions.models import Action
from app.api import tokens
from app.database import db, transaction
from app.history import record
from app.people.models import Person
from tests.factories import a_cycle, a_person, an_audit
from tests.findings.asked_cycles import a_cycle_that_found, a_tool_asking

SignIn = Callable[[Person], FlaskClient]
ON = date(2010, 12, 20)


@pytest.fixture(autouse=True)
def the_day(clock_at: Callable[[date], None]) -> None:
    clock_at(ON)


def a_key(role: str = "coordinator", person: Person | None = None) -> str:
    return tokens.make("Power BI", role, person or a_person(roles=[role]))


def asked(app: Flask, address: str, key: str | None) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    answer = app.test_client().get(f"/api/v1{address}", headers=headers)
    return answer.status_code, answer.get_json()


def test_figures_are_those_of_the_command_with_their_counts(app: Flask) -> None:
    a_cycle_that_found("2010-1", a_tool_asking("child_seen"), date(2010, 10, 4), {"child_seen": (15, 10)})
    status, said = asked(app, "/cycles/2010-1/figures", a_key("leader"))
    assert status == 200
    area = said["areas"][0]
    assert (area["met"], area["answered"], area["percent"]) == (15, 25, 60)
    assert (round(area["low"]), round(area["high"])) == (41, 77)
    assert said["hidden_up_to"] == 4


def test_a_page_of_audits_says_how_many_there_are_and_names_no_case(app: Flask) -> None:
    cycle = a_cycle()
    for number in range(7):
        an_audit(f"CP-{number}", cycle=cycle, case_reference=f"70000{number}")
    status, said = asked(app, "/audits?page=2&per_page=3&cycle=2010-1", a_key())
    assert status == 200
    assert [each["reference"] for each in said["items"]] == ["CP-3", "CP-4", "CP-5"]
    assert (said["total"], said["pages"]) == (7, 3)
    assert "70000" not in str(said)
    assert asked(app, "/audits?page=9", a_key())[1]["items"] == []


def test_what_has_not_happened_yet_is_not_told(app: Flask) -> None:
    an_audit("CP-1", returned_on=date(2010, 12, 23))
    told = asked(app, "/audits", a_key())[1]["items"][0]
    assert told["returned_on"] is None
    assert told["state"] != "returned"


def test_an_exempt_audit_is_told_as_exempt_and_never_as_overdue(app: Flask) -> None:
    an_audit("CP-1", exempted_on=date(2010, 11, 1))
    told = asked(app, "/audits", a_key())[1]["items"][0]
    assert (told["state"], told["exempt"], told["working_days_late"]) == ("exempt", True, 0)


def test_a_manager_reads_their_own_and_their_teams_actions_and_a_leader_all(app: Flask) -> None:
    manager = a_person(roles=["manager"], team="Crewe")
    owners = (manager, a_person(team="Crewe"), a_person(team="Wilmslow"))
    with transaction():
        for number, owner in enumerate(owners, start=1):
            db.session.add(
                Action(
                    reference=f"A-{number}",
                    text="Do it",
                    owner_id=owner.id,
                    due_on=date(2011, 1, 31),
                    first_due_on=date(2011, 1, 31),
                    agreed_on=ON,
                )
            )

    def read(key: str) -> list[str]:
        return [each["reference"] for each in asked(app, "/actions", key)[1]["items"]]

    assert read(a_key("manager", manager)) == ["A-1", "A-2"]
    assert read(a_key("leader")) == ["A-1", "A-2", "A-3"]


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("page=0", "page must be a whole number from 1 to 1000000"),
        ("page=x", "page must be a whole number"),
        ("page=1&page=2", "page must be a whole number"),
        ("per_page=501", "per_page must be a whole number from 1 to 500"),
        ("team=Crewe", "team is not a parameter of this address"),
        ("cycle=", "cycle must be the reference of 1 cycle"),
    ],
)
def test_what_cannot_be_understood_is_refused_in_a_sentence(app: Flask, query: str, why: str) -> None:
    status, said = asked(app, f"/audits?{query}", a_key())
    assert status == 400
    assert said["detail"].startswith(why)


@pytest.mark.parametrize(
    "address", ["/cycles/none", "/cycles/none/figures", "/audits?cycle=none", "/cycles/%00"]
)
def test_what_is_not_there_is_told_as_such(app: Flask, address: str) -> None:
    assert asked(app, address, a_key())[0] == 404


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [("GET", "/nothing", 404), ("POST", "/cycles", 405), ("DELETE", "/x", 404)],
)
def test_an_address_that_is_none_is_a_problem_in_json_too(
    app: Flask, method: str, address: str, status: int
) -> None:
    answer = app.test_client().open(f"/api/v1{address}", method=method)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.get_json()["status"] == status
    assert ("GET" in answer.headers.get("Allow", "")) == (status == 405)


def test_a_page_that_is_not_there_is_a_page(client: FlaskClient) -> None:
    answer = client.get("/api-that-is-none")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_without_a_key_that_opens_something_nothing_is_read(app: Flask, sign_in: SignIn) -> None:
    person = a_person(roles=["coordinator"])
    for key in (None, "pa_wrong", ""):
        assert asked(app, "/cycles", key)[0] == 401
    # a browser's sign-in is no key
    assert sign_in(person).get("/api/v1/cycles").status_code == 401


def test_a_key_ends_when_it_is_revoked_the_role_goes_or_the_person_leaves(app: Flask) -> None:
    revoked, lost, left = (a_person(roles=["leader"]) for _ in range(3))
    keys = [a_key("leader", person) for person in (revoked, lost, left)]
    assert [asked(app, "/cycles", key)[0] for key in keys] == [200, 200, 200]
    tokens.revoke(tokens.keys_of(revoked)[0].id, revoked)
    with transaction():
        db.session.get_one(Person, lost.id).roles.clear()
        db.session.get_one(Person, left.id).leaving_on = date(2010, 12, 17)
    assert [asked(app, "/cycles", key)[0] for key in keys] == [401, 401, 401]


@pytest.mark.parametrize("role", ["leader", "manager"])
def test_audits_are_for_coordinators(app: Flask, role: str) -> None:
    assert asked(app, "/audits", a_key(role))[0] == 403


def test_a_person_makes_a_key_sees_it_once_and_revokes_it(app: Flask, sign_in: SignIn) -> None:
    person = a_person("Jack Denny", roles=["coordinator", "auditor"])
    client = sign_in(person)
    page = client.post("/keys", data={"name": "Power BI", "role": "coordinator"}).get_data(as_text=True)
    key = page.split("<code>pa_")[1].split("<")[0]
    assert asked(app, "/audits", f"pa_{key}")[0] == 200
    again = client.get("/keys").get_data(as_text=True)
    assert "Power BI" in again
    assert key not in again
    number = tokens.keys_of(person)[0].id
    assert (
        "API key revoked. No program can use it any more."
        in client.post(f"/keys/{number}/revoke", follow_redirects=True).text
    )
    assert asked(app, "/audits", f"pa_{key}")[0] == 401
    assert {"API key created", "API key revoked"} <= {row.what for row in record.of("person", str(person.id))}


def test_a_key_for_a_role_that_one_lacks_is_not_made(sign_in: SignIn) -> None:
    client = sign_in(a_person(roles=["manager"]))
    assert client.post("/keys", data={"name": "Power BI", "role": "coordinator"}).status_code == 422


def test_nobody_revokes_a_key_of_another_but_an_administrator(app: Flask, sign_in: SignIn) -> None:
    owner = a_person(roles=["leader"])
    key = a_key("leader", owner)
    number = tokens.keys_of(owner)[0].id
    coordinator = sign_in(a_person(roles=["coordinator"]))
    coordinator.post(f"/keys/{number}/revoke")
    coordinator.post("/sign-out")
    assert asked(app, "/cycles", key)[0] == 200
    administrator = sign_in(a_person(roles=["administrator"]))
    assert owner.name in administrator.get("/keys").get_data(as_text=True)
    administrator.post(f"/keys/{number}/revoke")
    assert asked(app, "/cycles", key)[0] == 401
