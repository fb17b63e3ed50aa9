"""A cookie that was copied opens nothing after whatever ends its session, on both databases."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.database import db, transaction
from app.people import moves, own_roles, second_factor
from app.people.importing_staff import import_staff
from app.people.models import Person
from app.people.roles import RoleName
from tests.account.test_second_factor import code_of, give_second_factor, key_on
from tests.conftest import PASSWORD, let_in
from tests.factories import a_person

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
COOKIE = "practice_audits"
NEW = "copper kettle violin"

OPEN_TO_HER = ("/", "/account", "/account/password", "/actions", "/typed", "/sign-in/code", "/calendar")


@dataclass
class Scene:
    """Ann, a manager who is signed in on her own browser, and a coordinator who is an administrator too."""

    service: Flask
    ann: Person
    cora: Person
    hers: FlaskClient
    office: FlaskClient
    folder: Path

    def details(self) -> moves.Details:
        return moves.details_of(db.session.get_one(Person, self.ann.id))

    def change(self, **changed: object) -> None:
        details = replace(self.details(), **changed)  # type: ignore[arg-type]
        moves.change_person(self.ann.id, details, by=self.cora.email)


@pytest.fixture
def scene(service: Flask, tmp_path: Path) -> Scene:
    service.config["WTF_CSRF_ENABLED"] = False
    clock.clock().fixed = NOON
    ann = a_person("Ann Lee", roles=["manager"])
    cora = a_person("Cora Kent", roles=["coordinator", "administrator"])
    hers, office = let_in(service.test_client(), ann), let_in(service.test_client(), cora)
    return Scene(service, ann, cora, hers, office, tmp_path)


def signed_out(scene: Scene) -> None:
    assert scene.hers.post("/sign-out").status_code == 302


def password_changed(scene: Scene) -> None:
    entries = {"password": PASSWORD, "new_password": NEW}
    assert scene.hers.post("/account/password", data=entries).headers["Location"] == "/account"
    assert scene.hers.get("/account").status_code == 200


def password_set_by_a_link_or_a_command(scene: Scene) -> None:
    moves.set_password(scene.ann.id, NEW, by="command line")


def role_given(scene: Scene) -> None:
    scene.change(roles=frozenset({RoleName.MANAGER, RoleName.MODERATOR}))


def role_taken_away(scene: Scene) -> None:
    scene.change(roles=frozenset())


def role_changed_by_a_file(scene: Scene) -> None:
    file = scene.folder / "staff.csv"
    file.write_text(f"email,name,roles\n{scene.ann.email},Ann Lee,auditor\n")
    assert not import_staff(file).refused


def own_role_confirmed(scene: Scene) -> None:
    with transaction():
        ann = db.session.get_one(Person, scene.ann.id)
        own_roles.ask(ann, frozenset({RoleName.LEADER}), ann.email)
    own_roles.confirm(scene.ann.id, RoleName.LEADER, by=scene.cora.email)


def access_turned_off(scene: Scene) -> None:
    assert scene.office.post(f"/people/{scene.ann.id}/turn-off").status_code == 302


def access_turned_off_and_on(scene: Scene) -> None:
    access_turned_off(scene)
    assert scene.office.post(f"/people/{scene.ann.id}/turn-on").status_code == 302


def leaving_date_reached(scene: Scene) -> None:
    with transaction():
        db.session.get_one(Person, scene.ann.id).leaving_on = date(2026, 11, 22)


def app_set_up(scene: Scene) -> None:
    key = key_on(scene.hers.get("/account/authenticator-app").get_data(as_text=True))
    answer = scene.hers.post("/account/authenticator-app", data={"code": code_of(key)})
    assert answer.status_code == 200
    assert scene.hers.get("/account").status_code == 200


def app_replaced(scene: Scene) -> None:
    app_set_up(scene)
    scene.hers = copied(scene.service, scene.hers)
    clock.clock().fixed = clock.now() + timedelta(seconds=30)
    app_set_up(scene)


def app_removed(scene: Scene) -> None:
    app_set_up(scene)
    assert scene.hers.post("/account/authenticator-app/remove").headers["Location"] == "/account"


def app_reset(scene: Scene) -> None:
    give_second_factor(scene.ann)
    assert scene.office.post(f"/people/{scene.ann.id}/reset-authenticator-app").status_code == 302


def app_reset_by_the_command(scene: Scene) -> None:
    give_second_factor(scene.ann)
    second_factor.reset(scene.ann.id, by="command line")


def others_ended(scene: Scene) -> None:
    another = let_in(scene.service.test_client(), scene.ann)
    assert another.post("/account/sessions/end-others").status_code == 302


def four_hours_idle(_scene: Scene) -> None:
    clock.clock().fixed = NOON + timedelta(hours=4, minutes=1)


ENDS: list[Callable[[Scene], None]] = [
    signed_out,
    password_changed,
    password_set_by_a_link_or_a_command,
    role_given,
    role_taken_away,
    role_changed_by_a_file,
    own_role_confirmed,
    access_turned_off,
    access_turned_off_and_on,
    leaving_date_reached,
    app_set_up,
    app_replaced,
    app_removed,
    app_reset,
    app_reset_by_the_command,
    others_ended,
    four_hours_idle,
]


def copied(service: Flask, client: FlaskClient) -> FlaskClient:
    """Return another browser with the cookie that this one has now."""
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    thief = service.test_client()
    thief.set_cookie(COOKIE, cookie.value)
    return thief


def accepted(thief: FlaskClient) -> list[str]:
    """Return the addresses that open for a copied cookie, or let something be changed with it."""
    opened = [
        address
        for address in OPEN_TO_HER
        if not str(thief.get(address).headers.get("Location", "")).startswith("/sign-in?")
        and not (address == "/sign-in/code" and thief.get(address).headers.get("Location") == "/")
    ]
    changes = ("/account/password", "/account/sessions/end-others", "/news/emails", "/calendar/make")
    posted = [
        address
        for address in changes
        if not str(thief.post(address).headers.get("Location", "")).startswith("/sign-in?")
    ]
    return opened + posted


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_a_copied_cookie_opens_nothing_afterwards(scene: Scene, end: Callable[[Scene], None]) -> None:
    thief = copied(scene.service, scene.hers)
    assert thief.get("/account").status_code == 200
    end(scene)
    assert accepted(thief) == []


def test_no_cookie_of_before_comes_back_by_what_follows(scene: Scene) -> None:
    cookies = [copied(scene.service, scene.hers)]
    for end in (password_changed, app_set_up, app_removed, role_given):
        end(scene)
        cookies.append(copied(scene.service, scene.hers))
    access_turned_off_and_on(scene)
    assert [accepted(thief) for thief in cookies] == list(itertools.repeat([], len(cookies)))


def test_a_session_that_waits_for_its_code_opens_nothing_either(scene: Scene) -> None:
    key = give_second_factor(scene.ann)
    client = let_in(scene.service.test_client(), scene.ann)
    waiting = copied(scene.service, client)
    assert client.post("/sign-in/code", data={"code": code_of(key)}).headers["Location"] == "/"
    assert client.get("/account").status_code == 200
    # the session goes on under another token
    assert accepted(waiting) == []
    for end in (password_changed, access_turned_off):
        again = let_in(scene.service.test_client(), scene.ann)
        waiting = copied(scene.service, again)
        scene.hers = client
        end(scene)
        clock.clock().fixed = clock.now() + timedelta(seconds=30)
        waiting.post("/sign-in/code", data={"code": code_of(key)})
        assert accepted(waiting) == []
