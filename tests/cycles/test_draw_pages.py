"""Choosing the cases of a cycle on its pages: list, draw, requests, replacements."""

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.audits.models import Audit
from app.cycles import drawn
from app.cycles.models import Cycle, Draw
from app.cycles.queries import found
from app.database import db, transaction
from app.history.record import of as history_of
from app.people.models import Person
from tests.factories import a_cycle, a_person, a_team, an_audit
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]

ON = date(2010, 10, 4)
CASES = "/cycles/2010-1/cases"
LIST = "\n".join(
    [f"7{number:05}, Crewe" for number in range(90)]
    + [f"8{number:05}\tNantwich" for number in range(60)]
    + [f"9{number:05};wilmslow" for number in range(30)]
)
STRATIFIED = {"cases": LIST, "method": "stratified", "size": "30", "seed": "42", "is_whole_list": "y"}


@pytest.fixture(autouse=True)
def the_day(clock_at: Callable[[date], None]) -> None:
    clock_at(ON)


@pytest.fixture
def coordinator(sign_in: SignIn) -> FlaskClient:
    for team in ("Crewe", "Nantwich", "Wilmslow"):
        a_team(team)
    a_cycle()
    return sign_in(a_person("Jack Denny", roles=["coordinator"]))


def cycle() -> Cycle:
    db.session.rollback()
    db.session.expire_all()
    known = found("2010-1")
    assert known is not None
    return known


def kept() -> Draw:
    draw = drawn.kept(cycle())
    assert draw is not None
    return draw


def words(answer: TestResponse) -> str:
    return visible(answer.get_data(as_text=True))


def marked(answer: TestResponse) -> str:
    """The mark of the draw that the page shows."""
    mark = re.search(r'name="shown"[^>]* value="(\w+)"', answer.get_data(as_text=True))
    assert mark is not None
    return mark[1]


def keep(client: FlaskClient, **form: str) -> TestResponse:
    """Look at a draw, then keep it."""
    shown = client.post(CASES, data={**form, "do": "show"})
    assert shown.status_code == 200, words(shown)
    return client.post(CASES, data={**form, "shown": marked(shown), "do": "keep"}, follow_redirects=True)


def audits() -> list[Audit]:
    cycle()
    return list(db.session.scalars(select(Audit).order_by(Audit.id)))


def test_a_draw_is_shown_before_it_is_kept(coordinator: FlaskClient) -> None:
    answer = coordinator.post(CASES, data={**STRATIFIED, "do": "show"})
    page = words(answer)
    assert "This draws 30 of 180 cases." in page
    assert "Crewe 90 15 Nantwich 60 10 Wilmslow 30 5" in page
    assert "of 180 cases, 123 give ±5 points, 62 give ±10 points, 33 give ±15 points and 19 give ±20" in page
    assert drawn.kept(cycle()) is None
    assert cycle().selection is None


def test_a_kept_draw_sets_the_method_and_the_population_of_the_cycle(coordinator: FlaskClient) -> None:
    page = words(keep(coordinator, **STRATIFIED))
    assert "30 cases have been drawn." in page
    assert "30 cases to be audited, 150 in reserve" in page
    assert (cycle().selection, cycle().population) == ("stratified", 180)
    draw = kept()
    assert (draw.method, draw.seed, draw.size, draw.drawn_on) == ("stratified", 42, 30, ON)
    assert [(row.what, row.after) for row in history_of("cycle", "2010-1")] == [
        ("cases drawn", "30 of 180, stratified, seed 42")
    ]
