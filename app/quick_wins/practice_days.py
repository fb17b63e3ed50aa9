"""On which days a quick win's message goes out, and when it ends. Pure."""

from datetime import date
from typing import Protocol

from app.working_days import WorkingDays


class Spread(Protocol):
    """How a quick win's messages are spread: from when, every so many working days, how often."""

    @property
    def starts_on(self) -> date:
        """The first day; the next working day where it is none."""

    @property
    def every_working_days(self) -> int:
        """Working days from one message to the next."""

    @property
    def times(self) -> int:
        """Return how many messages."""


def practice_days(spread: Spread, days: WorkingDays) -> list[date]:
    """Return all days on which it goes out: offset(start, k * interval) for k from 0 to times - 1."""
    return [
        days.offset(spread.starts_on, number * spread.every_working_days) for number in range(spread.times)
    ]


def end_of(spread: Spread, days: WorkingDays) -> date:
    """The day from which nothing is sent any more: one interval after its last day."""
    return days.offset(spread.starts_on, spread.times * spread.every_working_days)


def practice_day(spread: Spread, on: date, days: WorkingDays) -> date | None:
    """The latest of its days that has come by a day; None before the first and from its end on."""
    if on >= end_of(spread, days):
        return None
    return max((day for day in practice_days(spread, days) if day <= on), default=None)


def next_practice_day(spread: Spread, on: date, days: WorkingDays) -> date | None:
    """The first of its days after a day; None when there is none left."""
    return min((day for day in practice_days(spread, days) if day > on), default=None)
