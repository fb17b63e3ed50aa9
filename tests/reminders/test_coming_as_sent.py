"""The page of scheduled emails tells each email to the letter as it is then sent."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.database import db
from app.example import loading
from app.outbox.delivery import deliver
from app.outbox.models import HELD, SENT, Message
from app.people.closures import working_days
from app.people.models import Person
from app.people.presence import PersonFacts
from app.reminders import coming
from app.reminders.coming import AUDITS_OF_A_PAGE, Scheduled, pages_of, people_to_email, scheduled_for
from app.reminders.daily_run import run
from tests.mail_server import MailServer, mail_server
from tests.outbox.messages import connect_to
from tests.pages import opened, visible

from .case_loading import load_folder
from .conftest import FIRST_CYCLE
from .product import load

__all__ = ["mail_server"]

Emails = dict[tuple[str, str], tuple[str, str | None]]
"""The subject and text of emails, by address and kind."""

Clock = Callable[[date | datetime], None]


def scheduled(on: date) -> Emails:
    """Return the emails of a date as the page tells them."""
    coming = Scheduled(on)
    return {
        (email.to.email, email.kind): (email.rendered.subject, email.rendered.text)
        for number in range(0, coming.number, 50)
        for email in coming.emails(number)
    }


def told_apart(before: Emails, written: Iterable[Message]) -> list[tuple[str, str]]:
    """Return the emails that are not as they were told before, by address and kind."""
    after = {(message.address, message.kind): (message.subject, message.text) for message in written}
    return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


def live_through(first: date, last: date, clock_at: Clock, *, on_hold: bool) -> int:
    """Look at the page in the evening before each working day, then send; return the number of emails."""
    emails = 0
    for n in range((last - first).days + 1):
        on = first + timedelta(days=n)
        if not working_days().is_working_day(on):
            continue
        clock_at(datetime(on.year, on.month, on.day, 6, tzinfo=UTC))
        before = scheduled(on)
        clock_at(datetime(on.year, on.month, on.day, 9, tzinfo=UTC))
        ids = [message.id for message in run(on).messages]
        deliver(on)
        written = db.session.scalars(select(Message).where(Message.id.in_(ids))).all()
        assert {message.state for message in written} <= {HELD if on_hold else SENT}, on
        assert told_apart(before, written) == [], on
        emails += len(written)
        db.session.rollback()
    return emails


@pytest.fixture(params=["on hold", "sent"])
def on_hold(request: pytest.FixtureRequest, app: Flask) -> bool:
    """Return True without a mail server; where there is one, it takes everything."""
    if request.param == "sent":
        server: MailServer = request.getfixturevalue("mail_server")
        connect_to(server.port)
    return bool(request.param == "on hold")


def test_five_weeks_of_the_first_cycle(app: Flask, clock_at: Clock, on_hold: bool) -> None:
    load(load_folder(FIRST_CYCLE))
    assert live_through(date(2010, 11, 1), date(2010, 12, 3), clock_at, on_hold=on_hold) > 50


def test_two_weeks_of_the_second_cycle(app: Flask, clock_at: Clock, on_hold: bool) -> None:
    clock_at(date(2026, 11, 30))
    loading.load(date(2026, 11, 30), "a password that is long")
    clock_at(date(2026, 11, 30))
    assert live_through(date(2026, 12, 1), date(2026, 12, 15), clock_at, on_hold=on_hold) > 60


@pytest.fixture
def second_cycle(app: Flask, clock_at: Clock) -> None:
    clock_at(date(2026, 11, 30))
    loading.load(date(2026, 11, 30), "a password that is long")
    clock_at(date(2026, 11, 30))


@pytest.mark.parametrize("at_once", [1, 3])
@pytest.mark.parametrize("days", [1, 4, 8])
@pytest.mark.usefixtures("second_cycle")
def test_a_few_people_at_a_time_get_what_everyone_gets(days: int, at_once: int) -> None:
    on = working_days().offset(date(2026, 11, 30), days)
    everyones = Scheduled(on)
    people = people_to_email(everyones.day)
    told, not_sent = [], []
    for first in range(0, len(people), at_once):
        theirs = scheduled_for(everyones.day, people[first : first + at_once], nobodys=not first)
        told += theirs.emails(0)
        not_sent += theirs.not_sent()
    assert told == everyones.emails(0, everyones.number)
    assert set(not_sent) == set(everyones.not_sent())
    assert told


@pytest.mark.usefixtures("second_cycle")
def test_with_very_many_audits_a_page_has_the_emails_of_a_few_people(
    sign_in: Callable[[Person], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coming, "MANY_AUDITS", 0)
    coordinator = db.session.scalars(select(Person).where(Person.email == "jack.denny@council.example")).one()
    jack, on = sign_in(coordinator), working_days().offset(date(2026, 11, 30), 1)
    everyones = Scheduled(on)
    people = people_to_email(everyones.day)
    first = visible(opened(jack, f"/messages/coming?on={on}"))
    assert f"shows the emails to 10 people, from {people[0].name} to {people[9].name}." in first
    assert f"Page 1 of {-(-len(people) // 10)}" in first
    last = opened(jack, f"/messages/coming?on={on}&page=1000")
    assert f"to {people[-1].name}." in visible(last)


def _person(number: int) -> PersonFacts:
    return PersonFacts(number, "", f"Person {number}", None, None, None, None, None, frozenset(), ())


@pytest.mark.parametrize(
    ("audits", "sizes"),
    [
        ({}, [10, 10, 3]),
        ({7: AUDITS_OF_A_PAGE, 6: 1}, [6, 10, 7]),
        ({1: AUDITS_OF_A_PAGE * 9, 2: 1}, [1, 10, 10, 2]),
        (dict.fromkeys(range(24), AUDITS_OF_A_PAGE // 4), [4, 4, 4, 4, 4, 3]),
    ],
)
def test_a_page_has_few_people_where_they_have_many_audits(audits: dict[int, int], sizes: list[int]) -> None:
    people = [_person(number) for number in range(1, 24)]
    pages = list(pages_of(people, audits))
    assert [len(page) for page in pages] == sizes
    assert [person for page in pages for person in page] == people
    assert [list(page) for page in pages_of([], audits)] == [[]]
