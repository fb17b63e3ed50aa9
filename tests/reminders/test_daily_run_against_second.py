"""The daily run of the product and the second implementation decide the same, day by day."""

from datetime import date

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings

from app.reminders.daily_run import run

from . import second_implementation
from .case_files import Case
from .case_loading import load_folder, without_tracker
from .cases import cases
from .conftest import FIRST_CYCLE, Installation
from .product import days_between, load, told
from .second_facts import Facts, Sent


def compare(facts: Facts, days: list[date]) -> None:
    load(facts)
    sent = Sent()
    for on in days:
        expected = second_implementation.run(facts, sent, on)
        messages, not_sent = told(run(on))
        assert messages == sorted(expected.messages, key=lambda message: (message.to, message.kind)), on
        assert not_sent == sorted(expected.not_sent), on
        sent = expected.sent


def test_the_fixture_of_the_rules(app: Flask) -> None:
    load(without_tracker(load_folder(FIRST_CYCLE)))
    digests = [message for message in run(date(2010, 11, 5)).messages if message.kind == "digest"]
    items = [item for message in digests for item in message.items]
    assert len(digests) == 7
    assert {item.item for item in items} == {"CP-009", "CP-014", "CP-017", "CP-024"}
    assert {item.step for item in items} == {"due-soon"}
    assert len(items) == 8
    assert [len(m.items) for m in digests if m.to == "katarzyna.wilk@council.example"] == [2]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2010, 10, 1), date(2010, 12, 31)),
        (date(2011, 1, 1), date(2011, 6, 30)),
        (date(2026, 1, 1), date(2026, 12, 31)),
    ],
    ids=["2010", "2011", "2026"],
)
def test_every_day_of_the_first_cycle(installation: Installation, first: date, last: date) -> None:
    compare(load_folder(FIRST_CYCLE), days_between(first, last))


@settings(
    max_examples=60,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(case=cases())
def test_any_case(app: Flask, case: Case) -> None:
    compare(case.facts, list(case.run_days))
