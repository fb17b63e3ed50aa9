"""The duty team and its number are set once and shown on every page about a child at risk."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.concerns import alerts, remedies
from app.concerns.alerts import PhoneCall
from app.concerns.duty_team import set_duty_team
from app.concerns.models import CalledResponse
from app.database import db, transaction
from app.history import record
from app.outbox.models import Message
from app.people.models import Person
from tests.conftest import let_in
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

ADDRESS = "/settings/duty-team"
NUMBER = '<a class="govuk-link govuk-link--no-visited-state" href="tel:+441270555000">+44 1270 555 000</a>'


@pytest.fixture
def office(sign_in: Callable[[Person], FlaskClient]) -> FlaskClient:
    return sign_in(a_person("Jack Denny", roles=["coordinator"]))


def test_pages_about_a_child_at_risk_show_the_duty_team_with_its_number(office: FlaskClient) -> None:
    an_audit("CP-001", cycle=a_cycle())
    pages = ("/audits/CP-001", "/audits/CP-001/at-risk")
    assert all("555 000" not in opened(office, page) for page in pages)
    office.post(ADDRESS, data={"name": " Front door ", "telephone": "+44 1270 555 000"})
    for page in pages:
        assert f"Front door: {NUMBER}" in opened(office, page)
    printed = visible(opened(office, "/audits/CP-001/form/print"))
    assert "Front door: +44 1270 555 000." in printed


@pytest.mark.parametrize(
    ("entered", "fault"),
    [
        ({"name": "Front door", "telephone": ""}, "Enter the phone number"),
        ({"name": " ", "telephone": "999"}, "Enter the name of the duty team"),
    ],
)
def test_both_are_needed(office: FlaskClient, entered: dict[str, str], fault: str) -> None:
    answer = office.post(ADDRESS, data=entered)
    assert (answer.status_code, fault in visible(answer.get_data(as_text=True))) == (422, True)


def test_a_change_is_in_the_history_once(office: FlaskClient) -> None:
    for number in ("01270 1", "01270 2", "01270 2"):
        office.post(ADDRESS, data={"name": "Front door", "telephone": number})
    told = [(line.before, line.after) for line in record.of("setting", "duty team")]
    assert told == [("Front door, 01270 1", "Front door, 01270 2"), (None, "Front door, 01270 1")]


def test_every_page_and_email_about_a_child_at_risk_names_the_team(app: Flask) -> None:
    cora = a_person("Cora Ames", roles=["coordinator"])
    mona = a_person("Mona Reese", roles=["manager"], team="Nantwich")
    lead = a_person("Alison Hartley")
    an_audit("CP-001", lead=lead)
    set_duty_team("Front door", "01632 960 999", by="cora@council.example")
    call = PhoneCall("The team", "today", "by telephone", "They visit.")
    alerts.raise_alert("CP-001", call, lead, datetime(2010, 11, 5, 12, tzinfo=UTC), date(2010, 11, 5))
    for person, pages in (
        (cora, ("/", "/alerts", "/alerts/CP-001-A1", "/audits/CP-001")),
        (mona, ("/", "/alerts/CP-001-A1")),
        (lead, ("/alerts/CP-001-A1", "/audits/CP-001", "/audits/CP-001/at-risk", "/audits/CP-001/form")),
    ):
        client = let_in(app.test_client(), person)
        for page in pages:
            shown = opened(client, page)
            assert "Front door: 01632 960 999" in visible(shown), (person.name, page)
            assert 'href="tel:01632960999"' in shown
    texts = db.session.scalars(select(Message.text).where(Message.kind == "alert")).all()
    assert len(texts) == 2
    assert all("The duty team is Front door: 01632 960 999." in str(text) for text in texts)


PAGES_OF_CONCERNS = {
    "concerns.raise": "/audits/CP-001/at-risk",
    "concerns.alerts": "/alerts",
    "concerns.alert": "/alerts/CP-001-A1",
    "concerns.note": "/audits/CP-001/remedies/new",
    "concerns.remedies": "/remedies",
    "concerns.remedy": "/remedies/CP-001-F1",
    "concerns.finish": "/remedies/CP-001-F1/done",
    "concerns.later": "/remedies/CP-001-F1/later",
    "concerns.withdraw": "/remedies/CP-001-F1/withdraw",
    "concerns.owner": "/remedies/CP-001-F1/owner",
    "concerns.response": "/audits/CP-001/response",
    "concerns.decide": "/audits/CP-001/response/dispute",
}


def test_every_page_of_alerts_remedies_and_responses_names_the_team(app: Flask) -> None:
    """Pages of all endpoints are here, and are opened by who may open them."""
    endpoints = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("concerns.") and "GET" in (rule.methods or ())
    }
    assert endpoints == set(PAGES_OF_CONCERNS)
    on = date(2010, 11, 5)
    cora = a_person("Cora Ames", roles=["coordinator"])
    mona = a_person("Mona Reese", roles=["manager"], team="Nantwich")
    moira = a_person("Moira Dunn", roles=["moderator"])
    lead = a_person("Alison Hartley")
    audit = an_audit("CP-001", lead=lead, returned_on=on)
    set_duty_team("Front door", "01632 960 999", by="cora@council.example")
    call = PhoneCall("The team", "today", "by telephone", "They visit.")
    alerts.raise_alert("CP-001", call, lead, datetime(2010, 11, 5, 12, tzinfo=UTC), on)
    remedies.note("CP-001", "The chronology stops in June", date(2030, 1, 1), mona.id, lead, on)
    with transaction():
        called = {"reference": "CP-001-P1", "audit_id": audit.id, "called_on": on, "due_on": on}
        answered = {
            "answered_on": on,
            "answered_by_id": mona.id,
            "done": "A visit",
            "dispute": "Not so",
            "disputed_by_id": mona.id,
        }
        db.session.add(CalledResponse(**called, **answered, questions=["child_seen"]))
    named = set()
    for person in (cora, mona, lead, moira):
        client = let_in(app.test_client(), person)
        for endpoint, page in PAGES_OF_CONCERNS.items():
            answer = client.get(page)
            if answer.status_code == 200:
                shown = visible(answer.get_data(as_text=True))
                assert "Front door: 01632 960 999" in shown, (person.name, page)
                named.add(endpoint)
    assert set(PAGES_OF_CONCERNS) - named == set()
    assert "Front door: 01632 960 999" in visible(opened(let_in(app.test_client(), mona), "/"))
