"""Alerts that nobody has acknowledged are told again: a table of moments on the council's clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.concerns.telling_again import is_due

LONDON = ZoneInfo("Europe/London")


def at(day: int, hour: int, minute: int = 0, second: int = 0, month: int = 11) -> datetime:
    return datetime(2010, month, day, hour, minute, second, tzinfo=LONDON)


CASES = [
    # told last, now, a working day, due
    (at(5, 9), at(5, 10, 59, 59), True, False),  # Friday
    (at(5, 9), at(5, 11), True, True),
    (at(5, 16, 30), at(5, 17), True, False),
    (at(5, 15), at(5, 17), True, True),
    (at(5, 15), at(5, 17, 0, 1), True, False),
    (at(5, 15), at(5, 18, 30), True, False),
    (at(5, 16, 30), at(6, 10), False, False),  # Saturday
    (at(5, 16, 30), at(8, 8, 59, 59), True, False),
    (at(5, 16, 30), at(8, 9), True, True),  # Monday
    (at(7, 3), at(8, 9), True, True),  # raised in the night to Sunday
    (at(8, 7, 30), at(8, 9), True, False),  # raised before the office opens: two hours have not passed
    (at(8, 7, 30), at(8, 9, 30), True, True),
    (at(8, 9), at(8, 16, 59), True, True),  # the service was down in between
    # the clocks go back on 31 October 2010 and forward on 28 March: two hours are two hours
    (at(31, 0, 30, month=10), at(1, 9), True, True),
]


@pytest.mark.parametrize(("told", "now", "working_day", "due"), CASES)
def test_told_again_after_two_hours_within_the_day_of_a_working_day(
    told: datetime, now: datetime, working_day: bool, due: bool
) -> None:
    assert is_due(told, now, working_day=working_day) == due
    assert is_due(told.astimezone(UTC), now, working_day=working_day) == due
