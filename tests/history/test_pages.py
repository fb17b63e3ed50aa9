"""A coordinator removes the words of one row on its page, in two steps."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.database import db, transaction
from app.history.checking import first_break
from app.history.models import HistoryRow
from app.history.record import Event, of, record
from app.people.models import Person
from app.settings.history_views import PAGES
from tests.factories import a_person, an_audit
from tests.history.test_correcting import SECRET
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def number(app: Flask) -> int:
    an_audit("CP-001", lead=a_person("Alison"))
    with transaction():
        record("a@council.example", [Event("audit", "CP-001", "extended", after="due 2 May", why=SECRET)])
    return of("audit", "CP-001")[0].id


def test_the_words_go_from_the_page_of_the_thing(number: int, sign_in: SignIn) -> None:
    client = sign_in(a_person("Cora", roles=["coordinator"]))
    address = f"/history/{number}/remove-words"
    page = opened(client, "/audits/CP-001")
    assert SECRET in page
    assert address in page
    form = opened(client, address)
    assert SECRET in form
    said = visible(form)
    assert "The words themselves cannot be restored" in said
    answer = client.post(address, data={"why": ""})
    assert answer.status_code == 422
    assert "Enter why the words must go" in visible(answer.get_data(as_text=True))
    answer = client.post(address, data={"why": "a name was in it"})
    assert answer.headers["Location"] == "/audits/CP-001"
    words = visible(opened(client, "/audits/CP-001"))
    assert SECRET not in words
    assert "words removed" in words
    assert "a name was in it" in words
    assert first_break() is None
    row = db.session.get_one(HistoryRow, number)
    assert (row.before, row.after, row.why) == (None, None, None)
    assert client.post(address, data={"why": "again"}).status_code == 409


def test_others_do_not_see_the_link(number: int, sign_in: SignIn) -> None:
    client = sign_in(a_person("Mo", roles=["moderator"]))
    assert "remove-words" not in opened(client, "/audits/CP-001")
    assert client.get(f"/history/{number}/remove-words").status_code == 403


def test_what_says_that_words_went_keeps_its_own(number: int, sign_in: SignIn) -> None:
    client = sign_in(a_person("Cora", roles=["coordinator"]))
    client.post(f"/history/{number}/remove-words", data={"why": "a name was in it"})
    latest = of("audit", "CP-001")[0]
    assert client.get(f"/history/{latest.id}/remove-words").status_code == 404
    assert client.get("/history/99999/remove-words").status_code == 404


def test_the_pages_of_things_are_there(app: Flask) -> None:
    endpoints = {rule.endpoint: rule.arguments for rule in app.url_map.iter_rules()}
    assert {kind: endpoints[page] for kind, page in PAGES.items()} == {kind: {"reference"} for kind in PAGES}
