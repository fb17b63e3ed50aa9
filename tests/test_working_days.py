"""The rule of days, with the figures of the rules."""

from datetime import date, timedelta

import pytest

from app.working_days import FIRST_YEAR, LAST_YEAR, WorkingDays, happened, monday, months_later

FRIDAY, SATURDAY, SUNDAY, MONDAY, TUESDAY = (date(2010, 11, 12) + timedelta(days=k) for k in range(5))


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2010, 12, 22), 10, date(2011, 1, 10)),  # 27 and 28 December and 3 January are holidays
        (FRIDAY, -5, date(2010, 11, 5)),
        (SATURDAY, 0, MONDAY),
        (SATURDAY, 1, TUESDAY),  # rolled first, then moved
        (SATURDAY, -1, FRIDAY),
        (date(2010, 12, 25), 0, date(2010, 12, 29)),
    ],
)
def test_an_offset_rolls_forward_and_then_moves_by_working_days(day: date, n: int, expected: date) -> None:
    assert WorkingDays().offset(day, n) == expected


@pytest.mark.parametrize(
    ("due_on", "on", "late", "working_days"),
    [
        (FRIDAY, FRIDAY, False, 0),
        (FRIDAY, SATURDAY, True, 0),
        (FRIDAY, MONDAY, True, 1),
        (FRIDAY, TUESDAY, True, 2),
        (SATURDAY, SUNDAY, False, 0),
        (SATURDAY, MONDAY, False, 0),
        (SUNDAY, TUESDAY, True, 1),
        (MONDAY, FRIDAY, False, 0),
    ],
)
def test_due_today_is_not_late_and_a_weekend_counts_as_monday(
    due_on: date, on: date, late: bool, working_days: int
) -> None:
    days = WorkingDays()
    assert days.is_late(due_on, on) is late
    assert days.working_days_late(due_on, on) == working_days


@pytest.mark.parametrize(
    ("fact_on", "on", "has"),
    [
        (None, FRIDAY, False),
        (FRIDAY, SATURDAY, True),
        (FRIDAY, FRIDAY, True),  # a fact dated on the day has happened on it
        (SATURDAY, FRIDAY, False),
    ],
)
def test_a_fact_has_happened_from_its_day_on(fact_on: date | None, on: date, has: bool) -> None:
    assert happened(fact_on, on) is has


@pytest.mark.parametrize("day", [FRIDAY, SATURDAY, SUNDAY, date(2010, 11, 8)])
def test_a_week_begins_on_its_monday(day: date) -> None:
    assert monday(day) == date(2010, 11, 8)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2012, 2, 29), -12, date(2011, 2, 28)),
        (date(2010, 10, 1), -24, date(2008, 10, 1)),
        (date(2010, 12, 15), 1, date(2011, 1, 15)),
        (date(2011, 1, 15), -1, date(2010, 12, 15)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_its_month(day: date, months: int, then: date) -> None:
    assert months_later(day, months) == then


def test_days_are_counted_from_1900_to_2199() -> None:
    assert (FIRST_YEAR, LAST_YEAR) == (1900, 2199)


@pytest.mark.parametrize(
    ("due_on", "on", "today"),
    [
        (FRIDAY, FRIDAY, True),
        (FRIDAY, MONDAY, False),
        (SATURDAY, SATURDAY, False),
        (SATURDAY, MONDAY, True),
        (SUNDAY, MONDAY, True),
    ],
)
def test_what_is_due_at_a_weekend_is_due_on_the_working_day_that_counts(
    due_on: date, on: date, today: bool
) -> None:
    assert WorkingDays().is_due(due_on, on) is today


def test_a_closure_day_makes_what_was_due_on_it_due_a_day_later() -> None:
    assert WorkingDays().is_late(FRIDAY, MONDAY)
    assert not WorkingDays({FRIDAY}).is_late(FRIDAY, MONDAY)


def test_a_range_of_due_days_holds_exactly_those_that_are_late() -> None:
    # Christmas, New Year and a council closed between them
    days = WorkingDays({date(2010, 12, 29), date(2010, 12, 30)})
    first = date(2010, 12, 10)
    month = [first + timedelta(days=k) for k in range(45)]
    for on in month:
        assert [due for due in month if due <= days.latest_late(on)] == [
            due for due in month if days.is_late(due, on)
        ]
