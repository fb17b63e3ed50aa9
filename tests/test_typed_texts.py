"""Texts typed when a sign-in ended are kept for whoever typed them, and for nobody else."""

import logging
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from app import clock
from app.audits.models import Chase
from app.database import db, transaction
from app.moves import typed_texts
from app.moves.models import TypedText
from app.outbox.delivery import never
from app.people.models import Person, PersonRole, SignIn
from app.scheduling import jobs
from tests.conftest import PASSWORD, give_password, let_in
from tests.factories import a_person, an_audit
from tests.forms import Entries, Form, form_to
from tests.pages import opened, visible

NOON = datetime(2010, 11, 5, 12, tzinfo=UTC)
LOG = "/audits/CP-1/log-chase"
WORDS = "Rang the office.\n\nShe calls back on Monday."


@pytest.fixture
def cora(app: Flask, clock_at: Callable[[datetime], None]) -> Person:
    """A coordinator, at noon, with an audit to chase."""
    clock_at(NOON)
    an_audit(
        "CP-1", lead=a_person("Alison Hartley"), second=a_person("Imogen Sayle"), case_reference="717275"
    )
    app.config["WTF_CSRF_ENABLED"] = True
    return a_person("Cora Coordinator", roles=["coordinator"])


@pytest.fixture
def typing(app: Flask, cora: Person) -> tuple[FlaskClient, Form, Entries]:
    """Cora at the form of the chase log, with everything entered and nothing sent."""
    client = let_in(app.test_client(), cora)
    form = form_to(opened(client, LOG), LOG, LOG)
    return client, form, form.filled_in() | {"channel": ["phone"], "outcome": [WORDS]}


def idle(_client: FlaskClient, _person: Person) -> None:
    clock.clock().fixed = NOON + timedelta(hours=4, minutes=1)


def twelve_hours(client: FlaskClient, _person: Person) -> None:
    for hours in (3, 6, 9, 11):
        clock.clock().fixed = NOON + timedelta(hours=hours)
        opened(client, "/")
    clock.clock().fixed = NOON + timedelta(hours=12, minutes=1)


def signed_out_in_another_tab(client: FlaskClient, _person: Person) -> None:
    leaving = form_to(opened(client, "/account"), "/sign-out", "/account")
    assert client.post("/sign-out", data=leaving.held).status_code == 302


def ended_on_the_server(_client: FlaskClient, person: Person) -> None:
    with transaction():
        db.session.execute(delete(SignIn).where(SignIn.person_id == person.id))


def other_roles(client: FlaskClient, person: Person) -> None:
    with transaction():
        db.session.add(PersonRole(person_id=person.id, name="administrator"))
    ended_on_the_server(client, person)


def browser_closed(client: FlaskClient, _person: Person) -> None:
    client.delete_cookie("practice_audits")


ENDS = (idle, twelve_hours, signed_out_in_another_tab, ended_on_the_server, other_roles, browser_closed)


@pytest.mark.parametrize("end", ENDS)
def test_what_was_typed_is_there_after_signing_in_again(
    end: Callable[[FlaskClient, Person], None], typing: tuple[FlaskClient, Form, Entries], cora: Person
) -> None:
    client, form, entries = typing
    end(client, cora)
    answer = client.post(form.address, data=entries)
    assert answer.headers["Location"] == "/sign-in?next=/typed"
    asked = opened(client, "/sign-in?next=/typed")
    assert "You were signed out, so what you typed was not saved. Sign in to send it." in visible(asked)
    assert "Rang the office" not in asked
    give_password(cora)
    signing = form_to(asked, "/sign-in", "/sign-in").held | {"email": cora.email, "password": PASSWORD}
    assert client.post("/sign-in", data=signing).headers["Location"] == "/typed"
    kept = opened(client, "/typed")
    assert WORDS in kept
    assert db.session.query(Chase).count() == 0
    again = form_to(kept, LOG, "/typed")
    sent = client.post(again.address, data=again.held)
    assert sent.headers["Location"] == "/audits/CP-1"
    assert db.session.query(Chase).one().outcome == WORDS
    assert "There is nothing left to send" in visible(opened(client, "/typed"))


def test_a_stale_form_is_kept_for_whoever_is_still_signed_in(
    typing: tuple[FlaskClient, Form, Entries],
) -> None:
    client, form, entries = typing
    answer = client.post(form.address, data=entries | {"csrf_token": "of yesterday"})
    assert answer.headers["Location"] == "/typed"
    kept = form_to(opened(client, "/typed"), LOG, "/typed")
    assert client.post(kept.address, data=kept.held).headers["Location"] == "/audits/CP-1"


def test_a_fault_in_what_was_kept_is_put_right_on_its_own_page(
    typing: tuple[FlaskClient, Form, Entries], cora: Person
) -> None:
    client, form, entries = typing
    idle(client, cora)
    client.post(form.address, data=entries | {"channel": [""]})
    let_in(client, cora)
    kept = form_to(opened(client, "/typed"), LOG, "/typed")
    answer = client.post(kept.address, data=kept.held)
    assert answer.status_code == 422
    assert WORDS in answer.get_data(as_text=True)
    mended = form_to(answer.get_data(as_text=True), LOG, LOG).held | {"channel": ["phone"]}
    assert client.post(LOG, data=mended).status_code == 302
    assert "There is nothing left to send" in visible(opened(client, "/typed"))


def test_nobody_else_sees_or_sends_it(
    app: Flask, typing: tuple[FlaskClient, Form, Entries], cora: Person
) -> None:
    client, form, entries = typing
    other = a_person("Jack Denny", roles=["coordinator"])
    idle(client, cora)
    client.post(form.address, data=entries)
    let_in(client, other)
    assert "There is nothing left to send" in visible(opened(client, "/typed"))
    page = db.session.query(TypedText).one().page
    token = form_to(opened(client, LOG), LOG, LOG).held
    client.post(f"/typed/{page}/delete", data=token)
    assert db.session.query(TypedText).count() == 1


@pytest.mark.parametrize("token_holds", [True, False])
def test_whoever_signs_in_after_another_does_not_send_in_their_own_name(
    typing: tuple[FlaskClient, Form, Entries], cora: Person, token_holds: bool
) -> None:
    client, form, entries = typing
    other = a_person("Jack Denny", roles=["coordinator"])
    idle(client, cora)
    let_in(client, other)
    if not token_holds:
        entries |= {"csrf_token": ["of yesterday"]}
    answer = client.post(form.address, data=entries)
    assert answer.status_code == 403
    shown = answer.get_data(as_text=True)
    assert "This page was opened by someone else" in visible(shown)
    assert "Rang the office" not in shown
    assert db.session.query(Chase).count() == 0
    let_in(client, cora)
    assert WORDS in opened(client, "/typed")


def test_nobody_keeps_anything_with_an_id_of_their_own_making(
    typing: tuple[FlaskClient, Form, Entries], cora: Person
) -> None:
    client, form, entries = typing
    idle(client, cora)
    forged = re.sub("^.", "x", entries["form_id"][0])
    answer = client.post(form.address, data=entries | {"form_id": forged})
    assert answer.headers["Location"] == "/sign-in?next=/"
    assert db.session.query(TypedText).count() == 0


def test_it_is_in_no_address_and_in_no_log(
    typing: tuple[FlaskClient, Form, Entries], cora: Person, caplog: pytest.LogCaptureFixture
) -> None:
    client, form, entries = typing
    idle(client, cora)
    with caplog.at_level(logging.DEBUG):
        answer = client.post(form.address, data=entries)
    assert "Rang" not in answer.headers["Location"] + caplog.text


def test_it_can_be_deleted(typing: tuple[FlaskClient, Form, Entries], cora: Person) -> None:
    client, form, entries = typing
    idle(client, cora)
    client.post(form.address, data=entries)
    let_in(client, cora)
    page = opened(client, "/typed")
    address = re.search(r'action="(/typed/[^"]+)"', page)
    assert address is not None
    assert client.post(address[1], data=form_to(page, address[1], "/typed").held).status_code == 302
    assert "There is nothing left to send" in visible(opened(client, "/typed"))


def test_it_is_kept_for_a_week(typing: tuple[FlaskClient, Form, Entries], cora: Person) -> None:
    client, form, entries = typing
    idle(client, cora)
    client.post(form.address, data=entries)
    typed_at = clock.now()
    for passed, number in ((timedelta(days=6, hours=23), 1), (timedelta(days=7, hours=1), 0)):
        clock.clock().fixed = typed_at + passed
        assert typed_texts.waits_for(cora.id) == bool(number)
        jobs.remove_what_is_old(never)
        assert db.session.query(TypedText).count() == number


def test_every_form_of_a_template_carries_its_id() -> None:
    texts: Mapping[str, str] = {str(path): path.read_text() for path in Path("templates").rglob("*.html")}
    posts = r'<form\b[^>]*method="post"(?:"[^"]*"|[^">])*>'
    forms = [(path, text[at.end() :]) for path, text in texts.items() for at in re.finditer(posts, text)]
    lacking = [path for path, rest in forms if not re.match(r"\s*{{ (fields\.)?(token|csrf)\(\) }}", rest)]
    # signing out is no work, and a text sends the id of the page where it was typed
    assert sorted(lacking) == ["templates/base.html", "templates/typed.html"]
    assert len(forms) > 80
