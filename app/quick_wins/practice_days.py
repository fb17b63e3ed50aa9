"""The days on which the message of a quick win goes out, and the day on which it ends. Pure."""

from datetime import date
from typing import Protocol

from app.working_days import WorkingDays


class Spread(Protocol):
    """The spread of the messages of a quick win: first day, working days between them, number of times."""

    @property
    def starts_on(self) -> date:
        """Return the first day; if it is no working day, the next one counts."""

    @property
    def every_working_days(self) -> int:
        """Return the working days from one message to the next."""

    @property
    def times(self) -> int:
        """Return the number of messages."""


def practice_days(spread: Spread, days: WorkingDays) -> list[date]:
    """Return the days on which it goes out: offset(start, k * interval) for k from 0 to times - 1."""
    return [
        days.offset(spread.starts_on, number * spread.every_working_days) for number in range(spread.times)
    ]


def end_of(spread: Spread, days: WorkingDays) -> date:
    """Return the day from which nothing more is sent: one interval after its last day."""
    return days.offset(spread.starts_on, spread.times * spread.every_working_days)


def practice_day(spread: Spread, on: date, days: WorkingDays) -> date | None:
    """Return the latest of its days up to a day; None before the first, and from its end on."""
    if on >= end_of(spread, days):
        return None
    return max((day for day in practice_days(spread, days) if day <= on), default=None)


def next_practice_day(spread: Spread, on: date, days: WorkingDays) -> date | None:
    """Return the first of its days after a day; None when there is none left."""
    return min((day for day in practice_days(spread, days) if day > on), default=None)
