"""The second implementation's own calendar, held against the `holidays` package and the rules' figures."""

from datetime import date, timedelta

import holidays
import pytest

from .second_working_days import bank_holidays, is_working_day, monday_of, offset


@pytest.mark.parametrize("year", range(2009, 2031))
def test_its_bank_holidays_are_those_of_england(year: int) -> None:
    of_england = holidays.country_holidays("GB", subdiv="ENG", years=year)
    weekdays = {day for day in of_england if day.weekday() < 5 and day.year == year}
    assert bank_holidays(year) == weekdays


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2010, 12, 22), 10, date(2011, 1, 10)),  # 27 and 28 December and 3 January are holidays
        (date(2010, 11, 12), -5, date(2010, 11, 5)),
        (date(2010, 11, 13), 0, date(2010, 11, 15)),  # Saturday counts as Monday
        (date(2010, 11, 13), 1, date(2010, 11, 16)),  # rolled first, then moved
        (date(2010, 11, 13), -1, date(2010, 11, 12)),
        (date(2010, 12, 25), 0, date(2010, 12, 29)),
        (date(2026, 12, 26), 0, date(2026, 12, 29)),  # Boxing Day's substitute is the 28th
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
    ],
)
def test_offset_rolls_forward_and_then_moves_by_working_days(day: date, n: int, expected: date) -> None:
    assert offset(day, n) == expected


def test_closure_days_are_not_working_days() -> None:
    closed = {date(2010, 12, 29), date(2010, 12, 30)}
    assert not is_working_day(date(2010, 12, 29), closed)
    assert offset(date(2010, 12, 24), 1, closed) == date(2010, 12, 31)


def test_the_monday_of_a_week_is_on_or_before_each_of_its_days() -> None:
    monday = date(2010, 11, 8)
    assert {monday_of(monday + timedelta(days=n)) for n in range(7)} == {monday}
