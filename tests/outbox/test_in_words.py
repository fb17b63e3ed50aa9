"""The words for kinds, states and reminders: every stored name has some, and a council's own names too."""

import tomllib
from datetime import date

import pytest

from app.outbox.in_words import KINDS as KINDS_IN_WORDS
from app.outbox.in_words import (
    STATES as STATES_IN_WORDS,
)
from app.outbox.in_words import (
    kind_in_words,
    next_reminder,
    reminder_in_words,
    reminder_name,
    reminder_on,
    reminder_with_date,
)
from app.outbox.kinds import KINDS
from app.outbox.models import STATES
from app.outbox.names import DAILY
from app.working_days import WorkingDays
from config.settings import PROJECT

DUE = date(2010, 11, 12)


@pytest.mark.parametrize(
    ("step", "late", "said"),
    [
        ("due-soon", -5, "due in 5 working days"),
        ("due-soon", -1, "due in 1 working day"),
        ("due-today", 0, "due today"),
        ("overdue", 2, "overdue by 2 working days"),
        ("overdue-manager", 5, "overdue by 5 working days, manager told"),
        ("phone-call", 10, "phone call to make, overdue by 10 working days"),
        ("assigned", 0, "new audit"),
        ("reassign", 3, "the person has left"),
        ("check", 0, "quick win has ended"),
        ("practice", 0, "practice message"),
        ("ask-head-of-service", 15, "overdue by 15 working days, ask head of service"),
        ("ask-head-of-service", -2, "due in 2 working days, ask head of service"),
    ],
)
def test_a_reminder_is_named_by_its_working_days(step: str, late: int, said: str) -> None:
    assert reminder_in_words(step, late) == said


@pytest.mark.parametrize(
    ("due_on", "on", "said"),
    [
        (DUE, date(2010, 11, 5), "due in 5 working days (due Friday 12 November 2010)"),
        (DUE, DUE, "due today, Friday 12 November 2010"),
        (DUE, date(2010, 11, 16), "overdue by 2 working days (due Friday 12 November 2010)"),
        # a Saturday counts as the Monday
        (date(2010, 11, 13), date(2010, 11, 15), "due today, Monday 15 November 2010"),
        # overdue by no working day yet
        (DUE, date(2010, 11, 13), "overdue since Friday 12 November (due Friday 12 November 2010)"),
        (None, DUE, "overdue"),
    ],
)
def test_a_reminder_is_true_on_its_day(due_on: date | None, on: date, said: str) -> None:
    assert reminder_with_date("overdue", due_on, on, WorkingDays()) == said


def test_what_is_not_due_has_its_date_alone() -> None:
    ended = reminder_with_date("check", DUE, DUE, WorkingDays())
    assert ended == "quick win ended on Friday 12 November 2010"
    assert reminder_on("reassign", None, DUE, WorkingDays()) == "the person has left"


def test_every_step_of_the_default_ladders_has_words_of_its_own() -> None:
    with (PROJECT / "config" / "ladders.toml").open("rb") as stream:
        steps = {row["step"] for rows in tomllib.load(stream).values() for row in rows}
    for step in steps:
        assert "-" not in reminder_name(step) + reminder_in_words(step, 5)
        assert next_reminder(step) != step.replace("-", " ")


def test_a_reminder_of_the_council_keeps_its_own_name() -> None:
    assert next_reminder("overdue-manager") == "line managers told"
    assert next_reminder("ask-head-of-service") == "ask head of service"


def test_every_kind_and_state_has_words(app: object) -> None:
    assert set(STATES) == set(STATES_IN_WORDS)
    assert set(DAILY) <= set(KINDS_IN_WORDS)
    assert set(KINDS_IN_WORDS) <= set(KINDS)
    assert kind_in_words("not-known") == "not known"
