"""The same form from two connections at the same time does its work once, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import clock
from app.actions import moves
from app.actions.models import Action, Recommendation
from app.api.models import ApiToken
from app.audits.models import Audit, Chase
from app.concerns.models import Alert, Remedy
from app.database import Base, db
from app.moves import sent_once
from app.moves.models import FormSent
from app.outbox.delivery import never
from app.people.models import Closure, Leave, Person
from app.scheduling import jobs
from tests.conftest import Browser, let_in
from tests.factories import a_person, a_team, an_audit
from tests.forms import LINES, Entries, Form, forms_to
from tests.pages import opened

NOON = datetime(2010, 11, 5, 12, tzinfo=UTC)


@pytest.fixture
def cora(service: Flask) -> Person:
    """A coordinator, at noon, and an audit in a cycle."""
    service.config["WTF_CSRF_ENABLED"] = False
    service.test_client_class = Browser
    clock.clock().fixed = NOON
    a_team("Nantwich")
    an_audit("CP-1", lead=a_person("Alison Hartley"), second=a_person("Imogen Sayle"))
    return a_person("Cora Coordinator", roles=["coordinator"])


def shown(client: FlaskClient, page: str, to: str = "") -> Form:
    """The form on a page."""
    return forms_to(opened(client, page), (to or page).partition("?")[0], page)[0]


def sent_by_two(service: Flask, person: Person, form: Form, entries: Entries) -> list[tuple[int, str, Any]]:
    """Send a form from two connections at once; return both answers with what they tell."""
    clients = [let_in(service.test_client(), person) for _ in range(2)]
    db.session.remove()
    together = Barrier(2)

    def send(client: FlaskClient) -> tuple[int, str, Any]:
        with service.app_context():
            together.wait()
            answer = client.post(form.address, data=entries)
            with client.session_transaction() as kept:
                return answer.status_code, answer.headers.get("Location", ""), kept.get("_flashes")

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(send, clients))


def number_of(model: type[Base]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize(
    ("page", "model", "given"),
    [
        ("/audits/CP-1/at-risk", Alert, {}),
        ("/audits/CP-1/log-chase", Chase, {"channel": ["phone"], "day": ["4", "11", "2010"]}),
        ("/audits/CP-1/chase", Chase, {}),
        ("/audits/CP-1/remedies/new", Remedy, {}),
        ("/audits/request?reference=2010-1", Audit, {"reference": ["CP-2"], "case_reference": ["700200"]}),
        ("/actions/new", Action, {}),
        ("/recommendations/new?cycle=2010-1", Recommendation, {}),
        ("/people/{cora}/leave", Leave, {"from_on": ["6", "12", "2010"], "deputy": [""]}),
    ],
)
def test_two_sendings_at_once_do_the_work_once(
    service: Flask, cora: Person, page: str, model: type[Base], given: Entries
) -> None:
    form = shown(let_in(service.test_client(), cora), page.format(cora=cora.id))
    before = number_of(model)
    answers = sent_by_two(service, cora, form, form.filled_in() | given)
    added = number_of(model) - before
    assert added == 1
    assert answers[0] == answers[1]
    assert answers[0][0] == 302
    assert answers[0][2]
    assert number_of(FormSent) == 1


def test_an_import_is_made_once_and_told_twice(service: Flask, cora: Person) -> None:
    client = let_in(service.test_client(), cora)
    file = BytesIO(b"day,name\n2010-12-29,Between the years\n"), "closures.csv"
    kept = client.post("/imports", data={"kind": "closures", "file": file}).headers["Location"]
    form = shown(client, kept)
    answers = sent_by_two(service, cora, form, form.held)
    told = "Imported 1 closure day: 1 added, 0 changed, 0 unchanged"
    assert answers == [(302, "/imports", [("success", told)])] * 2
    assert number_of(Closure) == 1


def test_a_key_is_made_once(service: Flask, cora: Person) -> None:
    form = shown(let_in(service.test_client(), cora), "/keys")
    answers = sent_by_two(service, cora, form, form.filled_in())
    assert sorted(status for status, _, _ in answers) == [200, 302]
    assert number_of(ApiToken) == 1


def a_form(service: Flask, person: Person) -> tuple[FlaskClient, Form, Entries]:
    client = let_in(service.test_client(), person)
    form = shown(client, "/actions/new")
    return client, form, form.filled_in()


def test_a_form_that_failed_before_its_work_was_kept_can_be_sent_again(
    service: Flask, cora: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.config["PROPAGATE_EXCEPTIONS"] = False
    client, form, entries = a_form(service, cora)
    with monkeypatch.context() as broken:
        broken.setattr(moves, "tell", None)
        assert client.post(form.address, data=entries).status_code == 500
    assert (number_of(Action), number_of(FormSent)) == (0, 0)
    assert client.post(form.address, data=entries).status_code == 302
    assert (number_of(Action), number_of(FormSent)) == (1, 1)


def test_a_second_sending_of_a_form_whose_first_answer_is_lost_says_so(
    service: Flask, cora: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, form, entries = a_form(service, cora)
    monkeypatch.setattr(sent_once, "LOOKS", 2)
    with monkeypatch.context() as lost:
        # the process ends after the work and before the answer
        lost.setattr(sent_once, "began", lambda: False)
        client.post(form.address, data=entries)
    with client.session_transaction() as kept:
        kept.pop("_flashes", None)
    again = client.post(form.address, data=entries)
    assert again.status_code == 302
    with client.session_transaction() as kept:
        assert kept["_flashes"] == [("warning", sent_once.UNKNOWN)]
    assert number_of(Action) == 1


def test_other_words_on_the_same_page_are_another_form(service: Flask, cora: Person) -> None:
    client, form, entries = a_form(service, cora)
    client.post(form.address, data=entries)
    client.post(form.address, data=entries | {"text": [LINES + " And another."]})
    client.post(form.address, data=shown(client, "/actions/new").filled_in())
    assert number_of(Action) == 3


def test_a_form_is_nobody_elses(service: Flask, cora: Person) -> None:
    client, form, entries = a_form(service, cora)
    client.post(form.address, data=entries)
    other = let_in(service.test_client(), a_person("Jack Denny", roles=["coordinator"]))
    assert other.post(form.address, data=entries).status_code == 403
    assert number_of(Action) == 1


def test_what_was_sent_is_forgotten_after_a_week(service: Flask, cora: Person) -> None:
    client, form, entries = a_form(service, cora)
    client.post(form.address, data=entries)
    for days, number in ((6, 1), (8, 0)):
        clock.clock().fixed = NOON + timedelta(days=days)
        jobs.remove_what_is_old(never)
        assert number_of(FormSent) == number


def test_a_form_that_comes_back_with_a_fault_is_not_used_up(service: Flask, cora: Person) -> None:
    client, form, entries = a_form(service, cora)
    for _ in range(2):
        assert client.post(form.address, data=entries | {"text": [""]}).status_code == 422
    assert number_of(FormSent) == 0
