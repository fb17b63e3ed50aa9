"""The forms of accounts sent twice, and what is typed in them kept nowhere."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.database import db
from app.history.models import HistoryRow
from app.moves.models import TypedText
from app.people.models import Person, SignIn
from tests.account.test_second_factor import code_of, give_second_factor, key_on
from tests.conftest import PASSWORD, let_in
from tests.factories import a_person
from tests.forms import Form, form_to
from tests.pages import opened

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NEW = "copper kettle violin"


@pytest.fixture
def ann(app: Flask) -> Person:
    """A person at noon, with an authenticator app."""
    clock.clock().fixed = NOON
    app.config["WTF_CSRF_ENABLED"] = True
    return a_person("Ann Lee")


def in_it(app: Flask, person: Person) -> FlaskClient:
    client = let_in(app.test_client(), person)
    client.get("/account")
    return client


def what_happened() -> list[str]:
    db.session.rollback()
    return [row.what for row in db.session.query(HistoryRow).order_by(HistoryRow.id)]


FORMS = {
    "password": ("/account/password", "/account/password", {"password": PASSWORD, "new_password": NEW}),
    "app": ("/account/authenticator-app", "/account/authenticator-app", {"code": "now"}),
    "recovery codes": ("/account", "/account/recovery-codes", {}),
    "remove": ("/account/authenticator-app/remove", "/account/authenticator-app/remove", {}),
}


def filled(form: Form, page: str, given: Mapping[str, str]) -> dict[str, Any]:
    entries: dict[str, Any] = {**form.held, **given}
    if given.get("code") == "now":
        entries["code"] = code_of(key_on(page))
    return entries


@pytest.mark.parametrize("name", FORMS)
def test_a_form_of_an_account_sent_twice_does_its_work_once(app: Flask, ann: Person, name: str) -> None:
    address, to, given = FORMS[name]
    client = in_it(app, ann)
    if name in ("recovery codes", "remove"):
        key = key_on(opened(client, "/account/authenticator-app"))
        page = opened(client, "/account/authenticator-app")
        form = form_to(page, "/account/authenticator-app", "/account/authenticator-app")
        client.post(form.address, data=dict(form.held) | {"code": code_of(key)})
    page = opened(client, address)
    form = form_to(page, to, address)
    entries = filled(form, page, given)
    before = what_happened()
    first = client.post(form.address, data=entries)
    assert first.status_code in (200, 302)
    after = what_happened()
    assert len(after) == len(before) + 1
    assert client.post(form.address, data=entries).status_code == 302
    assert what_happened() == after


@pytest.mark.parametrize("name", ["password", "app"])
def test_no_password_and_no_code_is_kept_when_the_sign_in_has_ended(
    app: Flask, ann: Person, name: str
) -> None:
    address, to, given = FORMS[name]
    client = in_it(app, ann)
    page = opened(client, address)
    form = form_to(page, to, address)
    entries = filled(form, page, given)
    clock.clock().fixed = NOON + timedelta(hours=5)
    assert client.post(form.address, data=entries).headers["Location"].startswith("/sign-in?")
    assert db.session.query(TypedText).all() == []


def test_other_sessions_end_once(app: Flask, ann: Person) -> None:
    client = in_it(app, ann)
    others = [in_it(app, ann) for _ in range(3)]
    page = opened(client, "/account")
    one = db.session.query(SignIn).order_by(SignIn.id).all()[1].id
    form = form_to(page, f"/account/sessions/{one}/end", "/account")
    for _ in range(2):
        assert client.post(form.address, data=form.held).headers["Location"] == "/account"
    assert [other.get("/account").status_code for other in others] == [302, 200, 200]
    form = form_to(page, "/account/sessions/end-others", "/account")
    for _ in range(2):
        assert client.post(form.address, data=form.held).headers["Location"] == "/account"
    assert [other.get("/account").status_code for other in others] == [302, 302, 302]
    assert client.get("/account").status_code == 200


def test_nobody_ends_the_session_of_another(app: Flask, ann: Person) -> None:
    victim = in_it(app, ann)
    number = db.session.query(SignIn).one().id
    app.config["WTF_CSRF_ENABLED"] = False
    in_it(app, a_person("Walter Else")).post(f"/account/sessions/{number}/end")
    assert victim.get("/account").status_code == 200


def test_the_code_that_opens_a_session_is_used_up_by_the_first_sending(app: Flask, ann: Person) -> None:
    key = give_second_factor(ann)
    client = let_in(app.test_client(), ann)
    page = opened(client, "/sign-in/code")
    form = form_to(page, "/sign-in/code", "/sign-in/code")
    entries = dict(form.held) | {"code": code_of(key)}
    assert client.post(form.address, data=entries).headers["Location"] == "/"
    assert client.post(form.address, data=entries).status_code == 302
    assert client.get("/account").status_code == 200
