"""Recommendations, actions and quick wins of the first cycle: January to March 2011 and after,
day by day, through a real mail server.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from app.database import db, transaction
from app.history.record import Event, record
from app.outbox.delivery import deliver
from app.quick_wins.models import QuickWin
from app.reminders.daily_run import run
from tests.mail_server import MailServer
from tests.outbox.messages import connect_to

from . import second_implementation
from .case_loading import load_folder
from .conftest import FIRST_CYCLE
from .product import days_between, load
from .second_facts import Sent

ClockAt = Callable[[datetime], None]

SOCIAL_WORKERS = 12
WINSTON = "winston.grant@council.example"
SUBJECT = "Evidence that the child was seen"


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    load(load_folder(FIRST_CYCLE))
    with transaction():
        db.session.query(QuickWin).filter_by(reference="Q1").one().subject = SUBJECT
    with MailServer() as running:
        connect_to(running.port)
        yield running


def day_by_day(
    server: MailServer, clock_at: ClockAt, first: date, last: date
) -> dict[date, list[tuple[str, str]]]:
    """Run and deliver each day; what arrived, as address and subject, by day."""
    arrived = {}
    for on in days_between(first, last):
        clock_at(datetime(on.year, on.month, on.day, 8, 30, tzinfo=UTC))
        before = len(server.messages)
        run(on)
        deliver(on)
        arrived[on] = [(message.to, message.subject) for message in server.messages[before:]]
    return {on: messages for on, messages in arrived.items() if messages}


def days_of(arrived: dict[date, list[tuple[str, str]]], subject: str) -> dict[str, list[date]]:
    """Return the days on which a message with this subject arrived, by address."""
    found: dict[str, list[date]] = defaultdict(list)
    for on, messages in arrived.items():
        for to, said in messages:
            if said == subject:
                found[to].append(on)
    return found


def days(*month_days: tuple[int, int]) -> list[date]:
    return [date(2011, month, day) for month, day in month_days]


def test_every_message_arrives_as_the_rules_say(server: MailServer, clock_at: ClockAt) -> None:
    facts, sent = load_folder(FIRST_CYCLE), Sent()
    expected: dict[date, Counter[str]] = {}
    for on in days_between(date(2011, 1, 1), date(2011, 3, 31)):
        result = second_implementation.run(facts, sent, on)
        sent = result.sent
        if result.messages:
            expected[on] = Counter(message.to for message in result.messages)
    arrived = day_by_day(server, clock_at, date(2011, 1, 1), date(2011, 3, 31))
    assert {on: Counter(to for to, _ in messages) for on, messages in arrived.items()} == expected
    # six practice messages to eleven and five to Winston, and not only those
    assert sum(map(len, arrived.values())) > 11 * 6 + 5


def test_eleven_get_six_messages_and_one_who_was_on_leave_five(server: MailServer, clock_at: ClockAt) -> None:
    arrived = day_by_day(server, clock_at, date(2011, 1, 14), date(2011, 3, 11))
    found = days_of(arrived, SUBJECT)
    assert len(found) == SOCIAL_WORKERS
    assert found.pop(WINSTON) == days((1, 17), (1, 24), (1, 31), (2, 7), (2, 23))
    six = days((1, 17), (1, 24), (1, 31), (2, 7), (2, 14), (2, 21))
    assert all(got == six for got in found.values())


def test_a_run_over_easter_passes_over_the_bank_holidays(server: MailServer, clock_at: ClockAt) -> None:
    with transaction():
        quick_win = db.session.query(QuickWin).filter_by(reference="Q1").one()
        # a run of its own: that of January ended with its action
        quick_win.starts_on, quick_win.action_id = date(2011, 4, 11), None
    arrived = day_by_day(server, clock_at, date(2011, 4, 11), date(2011, 6, 3))
    found = days_of(arrived, SUBJECT)
    # not on Good Friday (22 April), Easter Monday (25 April), 29 April, 2 May and 30 May
    six = days((4, 11), (4, 18), (4, 27), (5, 6), (5, 13), (5, 20))
    assert len(found) == SOCIAL_WORKERS
    assert all(got == six for got in found.values())


def test_stopped_after_the_third_there_is_no_fourth(server: MailServer, clock_at: ClockAt) -> None:
    day_by_day(server, clock_at, date(2011, 1, 17), date(2011, 2, 4))
    with transaction():
        db.session.query(QuickWin).filter_by(reference="Q1").one().stopped_on = date(2011, 2, 4)
    arrived = day_by_day(server, clock_at, date(2011, 2, 5), date(2011, 3, 4))
    assert days_of(arrived, SUBJECT) == {}


def test_a_practice_message_held_back_by_the_mail_server_is_overtaken_by_the_next(
    server: MailServer, clock_at: ClockAt
) -> None:
    server.down()
    day_by_day(server, clock_at, date(2011, 1, 17), date(2011, 1, 21))
    server.up()
    arrived = day_by_day(server, clock_at, date(2011, 1, 24), date(2011, 1, 28))
    assert all(len(got) == 1 for got in days_of(arrived, SUBJECT).values())


def test_a_message_stopped_before_it_left_is_not_sent(server: MailServer, clock_at: ClockAt) -> None:
    clock_at(datetime(2011, 1, 17, 8, 30, tzinfo=UTC))
    run(date(2011, 1, 17))
    with transaction():
        db.session.query(QuickWin).filter_by(reference="Q1").one().stopped_on = date(2011, 1, 17)
        record("jack.denny@council.example", [Event("quick win", "Q1", "stopped")])
    deliver(date(2011, 1, 17))
    assert SUBJECT not in {message.subject for message in server.messages}
