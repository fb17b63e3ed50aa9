"""The council's own words on the page about privacy, and whom to tell about a hole in the service."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.history import record
from app.people.models import Person
from app.privacy.models import PrivacyText
from app.privacy.texts import PrivacyTexts, privacy_texts, set_privacy_texts
from tests.factories import a_person
from tests.pages import opened, visible

ADDRESS, SECURITY = "/settings/privacy", "/.well-known/security.txt"


@pytest.fixture(params=["coordinator", "administrator"])
def office(request: pytest.FixtureRequest, sign_in: Callable[[Person], FlaskClient]) -> FlaskClient:
    return sign_in(a_person("Jack Denny", roles=[request.param]))


def test_everybody_reads_what_the_council_says(app: Flask, office: FlaskClient) -> None:
    anybody = app.test_client()
    before = visible(opened(anybody, "/privacy"))
    assert "Your council has not entered its own lawful basis yet." in before
    assert "ask your council’s data protection officer" in before
    assert "are removed 24 months after a cycle was reported" in before
    assert "The record of who has read what is kept for 24 months" in before
    entered = {
        "lawful_basis": "Section 11 of the Children Act 2004.\r\n\r\nArticle 6(1)(e) of the UK GDPR.",
        "retention": "6 years <b>after</b> the report.",
        "about_staff": "To plan training.",
        "contact": " DPO@council.example ",
    }
    assert office.post(ADDRESS, data=entered).status_code == 302
    page = opened(anybody, "/privacy")
    assert '<p class="govuk-body">Article 6(1)(e) of the UK GDPR.</p>' in page
    for said in (
        "Section 11 of the Children Act 2004.",
        "6 years <b>after</b> the report.",
        "To plan training.",
    ):
        assert said in visible(page)
    assert '<a class="govuk-link" href="mailto:dpo@council.example">' in page
    assert "has not entered" not in page


def test_an_empty_text_brings_back_that_of_the_service(office: FlaskClient) -> None:
    office.post(ADDRESS, data={"retention": "6 years"})
    assert privacy_texts() == PrivacyTexts(retention="6 years")
    office.post(ADDRESS, data={"retention": " "})
    assert privacy_texts() == PrivacyTexts()
    assert not PrivacyText.__table__.c.text.nullable


def test_each_changed_text_is_in_the_history_once(service: Flask) -> None:
    with service.test_request_context():
        for text in ("6 years", "7 years", "7 years"):
            set_privacy_texts(PrivacyTexts(retention=text), by="cora@council.example")
    told = [(row.who, row.what, row.before, row.after) for row in record.of("setting", "privacy page")]
    what = "how long information is kept changed"
    assert told == [
        ("cora@council.example", what, "6 years", "7 years"),
        ("cora@council.example", what, PrivacyTexts().retention, "6 years"),
    ]


@pytest.mark.parametrize("contact", ["not an address", "dpo@", "a@b.c\nContact: mailto:evil@x.example"])
def test_the_contact_is_an_email_address(office: FlaskClient, contact: str) -> None:
    answer = office.post(ADDRESS, data={"contact": contact})
    assert answer.status_code == 422
    assert "Contact must be an email address" in visible(answer.get_data(as_text=True))
    assert office.get(SECURITY).status_code == 404


def test_security_txt_names_the_contact_and_holds_for_half_a_year(
    app: Flask, office: FlaskClient, clock_at: Callable[[datetime], None]
) -> None:
    anybody = app.test_client()
    assert anybody.get(SECURITY).status_code == 404
    office.post(ADDRESS, data={"contact": "dpo@council.example"})
    clock_at(datetime(2026, 11, 30, 23, 30, tzinfo=UTC))
    answer = anybody.get(SECURITY)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.get_data(as_text=True) == (
        "Contact: mailto:dpo@council.example\n"
        "Expires: 2027-05-29T00:00:00Z\n"
        "Preferred-Languages: en\n"
        "Canonical: http://127.0.0.1:8000/.well-known/security.txt\n"
        "Policy: http://127.0.0.1:8000/privacy\n"
    )
