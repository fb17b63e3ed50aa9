"""The form with numbers, dates, several responses, conditions, sections set aside and a limited grade."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.answers.models import Answer
from app.audits.models import Audit
from app.database import db
from app.people.models import Person
from tests.answers.every_kind import (
    DAYS,
    MEETING,
    VISITS,
    WHO,
    WHY_NOT,
    a_cycle_of_every_kind,
)
from tests.answers.filling import Filling, question_id, response_to
from tests.factories import a_person, an_audit
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]
FORM = "/audits/CP-001/form"


@pytest.fixture(autouse=True)
def on_5_november(clock_at: Callable[[date], None]) -> None:
    clock_at(date(2010, 11, 5))


@pytest.fixture
def alison(app: Flask) -> Person:
    return a_person("Alison Hartley")


@pytest.fixture(autouse=True)
def audit(alison: Person, tmp_path: Path) -> Audit:
    cycle = a_cycle_of_every_kind(tmp_path)
    return an_audit("CP-001", lead=alison, second=a_person("Imogen Sayle"), cycle=cycle)


@pytest.fixture
def client(sign_in: SignIn, alison: Person) -> FlaskClient:
    return sign_in(alison)


def stored(question: str) -> Answer:
    db.session.rollback()
    return db.session.scalars(select(Answer).where(Answer.question_id == question_id(question))).one()


def test_a_number_is_saved_and_read_back(client: FlaskClient) -> None:
    Filling(client, f"{FORM}/1").number(VISITS, " 1,200.5 ").send()
    assert (stored(VISITS).number, stored(VISITS).response_id) == (1200.5, response_to(VISITS, "given"))
    page = Filling(client, f"{FORM}/1")
    assert page.fields[f"number-{question_id(VISITS)}"] == ["1200.5"]
    assert "1,200.5 visits" in visible(opened(client, f"{FORM}/check"))


def test_what_hangs_on_an_answer_is_shown_when_its_section_is_saved(client: FlaskClient) -> None:
    page = Filling(client, f"{FORM}/1")
    assert [page.shows(question) for question in (DAYS, WHO, WHY_NOT, VISITS)] == [False, False, False, True]
    answer = page.answer(MEETING, "yes").send()
    assert answer.headers["Location"] == f"{FORM}/1#question-{question_id(DAYS)}"
    page = Filling(client, f"{FORM}/1")
    assert "Saved. 2 more questions apply now." in visible(page.page)
    assert [page.shows(question) for question in (DAYS, WHO, WHY_NOT)] == [True, True, False]
    assert page.send().headers["Location"] == f"{FORM}/2"
