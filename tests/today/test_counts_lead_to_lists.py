"""A number on a page that leads to a list is the number of things in that list, and counts add up."""

import html
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.actions import moves
from app.database import db, transaction
from app.example import loading
from app.people.models import Person
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]

TODAY = date(2026, 7, 6)
LISTS = ("/audits", "/actions", "/messages", "/recommendations")


LINK = re.compile(r'<a\b[^>]*\bhref="([^"#]+)"[^>]*>(.*?)</a>')


def _person(email: str) -> Person:
    return db.session.scalars(select(Person).where(Person.email == f"{email}@council.example")).one()


@pytest.fixture
def jack(app: Flask, sign_in: SignIn, clock_at: Callable[[date], None]) -> FlaskClient:
    """The coordinator of the example; the owner of an action asks for a later date, another is signed off."""
    clock_at(TODAY)
    loading.load(TODAY, "a password that is long")
    jack, owner, later = _person("jack.denny"), _person("brendan.foxe"), date(2027, 1, 11)
    raised = [
        moves.raise_action(text=f"Brief {team}", by=jack, on=TODAY, owner_id=owner.id, due_on=later)
        for team in ("Crewe", "Nantwich", "Wilmslow")
    ]
    moves.ask_later(raised[0].reference, owner, TODAY, due_on=date(2027, 2, 1), because="The course is full")
    with transaction():
        for action, impact_due_on in zip(raised[1:], (TODAY, later), strict=True):
            action.done_on = action.signed_off_on = TODAY
            action.impact_due_on = impact_due_on
    return sign_in(jack)


def test_a_count_leads_to_a_list_of_that_many(jack: FlaskClient) -> None:
    followed = {}
    for page in ("/", "/audits", "/actions", "/cycles", "/messages", "/cycles/2026-2", "/cycles/2010-1"):
        answer = jack.get(page)
        if answer.status_code == 404:
            continue
        for href, words in LINK.findall(answer.get_data(as_text=True)):
            number = re.search(r"(?<![\d-])(\d[\d,]*) ([a-z]+)", re.sub(r"<[^>]+>", "", words))
            address = html.unescape(href)
            if number and address.partition("?")[0] in LISTS and "download" not in address:
                listed = visible(opened(jack, address))
                of = re.findall(r"(\d[\d,]*) (?:audit|action|email|recommendation)s?(?:,| ·) ", listed)
                shown = of[0] if of else "0"
                assert shown == number[1], f"{page}: {words} leads to {address} with {shown}"
                followed[address] = number[1]
    assert followed["/actions?state=asked+for+a+later+date"] == "1"
    assert followed["/actions?state=impact+check+due"] == "1"
    assert len(followed) > 15


def test_requested_is_divided_into_what_adds_up(jack: FlaskClient) -> None:
    for page in ("/", "/audits"):
        words = visible(opened(jack, page))
        requested = re.search(r"(\d+) requested: ", words)
        assert requested
        after = words[requested.end() : requested.end() + 200]
        parts = re.sub(r"\([^)]*\)", "", after)
        numbers = re.findall(r"(\d+) (returned|open|not returned|withdrawn)\b", parts)
        assert sum(int(number) for number, _ in numbers) == int(requested[1]), parts
        assert {"returned", "open"} <= {name for _, name in numbers}
