"""Reasons that were typed are shown again where somebody else was faster, and they cannot be saved."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.answers import second_look
from app.answers.moderating import moderate
from app.audits.models import Audit
from app.concerns import responses
from app.database import db
from app.people.models import Person
from app.workers import replies
from tests.answers.graded import question
from tests.pages import INSISTS, visible
from tests.test_meanwhile import ON, the_people

SignIn = Callable[[Person], FlaskClient]
WORDS, REASON = "Words that took an hour", "A reason that took an hour"
People = dict[str, Person]


@pytest.fixture
def people(app: Flask, clock_at: Callable[[date], None]) -> People:
    clock_at(ON)
    return the_people()


def confirmed(people: People) -> None:
    second_look.confirm("CP-3", people["imogen"], ON, {})


def moderated(reference: str) -> Callable[[People], None]:
    return lambda people: moderate(reference, people["moira"], ON, {}, read_before_grade=True)


def dispute_decided(people: People) -> None:
    responses.decide("CP-4-P1", "It stands", {}, people["moira"], ON)


def reply_decided(people: People) -> None:
    replies.decide("CP-6-W1", "Thank you", {}, people["alison"], ON)


@pytest.mark.parametrize(
    ("address", "who", "meanwhile", "words"),
    [
        ("/audits/CP-3/confirm", "imogen", confirmed, None),
        ("/audits/CP-4/agree", "imogen", moderated("CP-4"), None),
        ("/audits/CP-3/moderate", "moira", moderated("CP-3"), "said"),
        ("/audits/CP-4/response/dispute", "moira", dispute_decided, "decision"),
        ("/audits/CP-6/worker/decide", "imogen", reply_decided, "decision"),
    ],
)
def test_what_was_typed_is_shown_where_it_is_too_late(
    people: People,
    sign_in: SignIn,
    address: str,
    who: str,
    meanwhile: Callable[[People], None],
    words: str | None,
) -> None:
    meanwhile(people)
    sent = {f"reason-{question('plan_quality')}": REASON} | ({words: WORDS} if words else {})
    answer = sign_in(people[who]).post(address, data=sent)
    page = visible(answer.get_data(as_text=True))
    assert answer.status_code == 409
    assert f"Reason: How good is the plan? {REASON}" in page
    assert (WORDS in page) == (words is not None)


@pytest.mark.parametrize(
    ("address", "sent", "field"),
    [
        ("/audits/CP-3/moderate", {"decision": "agree"}, "said"),
        ("/audits/CP-4/response/dispute", {"choice": "keep"}, "decision"),
    ],
)
def test_what_is_wrong_with_the_words_stands_at_the_words(
    people: People, sign_in: SignIn, address: str, sent: dict[str, str], field: str
) -> None:
    number = db.session.query(Audit.case_reference).filter_by(reference=address.split("/")[2]).scalar()
    answer = sign_in(people["moira"]).post(address, data=sent | {field: f"See {number}"} | INSISTS)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'<a href="#{field}">Remove the case number' in page
    assert f'id="{field}-error"' in page
