"""The times of the daily run, as a table."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.reminders.time_of_run import run_is_due, run_is_near

LONDON = ZoneInfo("Europe/London")


def local(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("when", "at", "done", "due"),
    [
        ("before half past eight", "2026-11-05 08:29:59", False, False),
        ("at half past eight", "2026-11-05 08:30", False, True),
        ("once it has happened", "2026-11-05 08:30", True, False),
        ("catching up at noon", "2026-11-05 12:00", False, True),
        ("catching up just before six", "2026-11-05 17:59:59", False, True),
        ("too late at six", "2026-11-05 18:00", False, False),
        ("at midnight", "2026-11-05 00:00", False, False),
        ("the day the clocks go forward", "2026-03-29 08:30", False, True),
        ("before, the day the clocks go forward", "2026-03-29 08:29", False, False),
        ("the day the clocks go back", "2026-10-25 08:30", False, True),
        ("before, the day the clocks go back", "2026-10-25 08:29", False, False),
    ],
)
def test_the_daily_run_is_due(when: str, at: str, done: bool, due: bool) -> None:
    assert run_is_due(local(at), done_today=done) == due, when


@pytest.mark.parametrize(
    ("at", "done", "near"),
    [
        ("2026-11-05 00:00", False, True),
        ("2026-11-05 08:44:59", False, True),
        ("2026-11-05 08:45", False, False),
        ("2026-11-05 23:59", False, False),
        ("2026-11-05 08:31", True, False),
    ],
)
def test_a_run_is_near_in_the_night_and_morning_before_it(at: str, done: bool, near: bool) -> None:
    assert run_is_near(local(at), done_today=done) == near


@pytest.mark.parametrize(
    ("day", "in_utc"),
    [("2026-03-28", "08:30"), ("2026-03-29", "07:30"), ("2026-10-24", "07:30"), ("2026-10-25", "08:30")],
)
def test_half_past_eight_is_london_time_also_when_the_clocks_change(day: str, in_utc: str) -> None:
    moment = datetime.fromisoformat(f"{day} {in_utc}").replace(tzinfo=UTC)
    assert run_is_due(moment.astimezone(LONDON), done_today=False)
    a_minute_before = moment.replace(minute=29)
    assert not run_is_due(a_minute_before.astimezone(LONDON), done_today=False)
