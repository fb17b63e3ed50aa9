"""Working days: Monday to Friday, less the bank holidays of England and the council's closure days. Pure."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

ONE_DAY = timedelta(days=1)

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""The first and last year of the days that the product calculates with, with room for leave and offsets."""


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """Return the bank holidays of England in a year, substitute days included."""
    import holidays

    # without subdiv, Easter Monday and the August holiday are missing
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def happened(fact_on: date | None, on: date) -> bool:
    """True when a fact has a day, and that day is not after `on`."""
    return fact_on is not None and fact_on <= on


class WorkingDays:
    """The council's calendar of working days. All offsets are in working days."""

    def __init__(self, closures: Iterable[date] = ()) -> None:
        self._closures = frozenset(closures)
        self._offsets: dict[tuple[date, int], date] = {}
        self._between: dict[tuple[date, date], int] = {}

    def is_working_day(self, day: date) -> bool:
        """True on Monday to Friday, unless a bank holiday of England or a closure day."""
        return day.weekday() < 5 and day not in self._closures and day not in bank_holidays(day.year)

    def offset(self, day: date, n: int) -> date:
        """Roll `day` forward to a working day, then move n working days (n may be negative).

        Monotone in `day`: a later day never has an earlier offset.
        """
        known = self._offsets.get((day, n))
        if known is None:
            known = self._offsets[day, n] = self._step(self._rolled(day, ONE_DAY), n)
        return known

    def latest_reaching(self, on: date, n: int) -> date:
        """Return the latest day d with offset(d, n) on or before `on`.

        This inverse of `offset` turns a step of a ladder into one range of due days.
        """
        return self._step(self._rolled(on, -ONE_DAY), -n)

    def is_late(self, due_on: date, on: date) -> bool:
        """True when `on` is after the due day. Due today is not late.

        A due day that is not a working day counts as the next working day.
        """
        return on > self.offset(due_on, 0)

    def is_due(self, due_on: date, on: date) -> bool:
        """Return whether `on` is the due day, or the working day that it counts as."""
        return on == self.offset(due_on, 0)

    def latest_late(self, on: date) -> date:
        """Return the latest due day that is late on `on`.

        For queries: `due_on <= days.latest_late(on)` is `is_late` as a range.
        """
        return self.latest_reaching(on - ONE_DAY, 0)

    def working_days_late(self, due_on: date, on: date) -> int:
        """Return the number of working days that `on` is after the due day.

        It is 0 while the thing is not late, and at the weekend after a due Friday.
        """
        return self.between(self.offset(due_on, 0), on)

    def between(self, first: date, last: date) -> int:
        """Return the number of working days after `first` up to and with `last`; 0 if `last` is not later."""
        known = self._between.get((first, last))
        if known is None:
            days = range(1, (last - first).days + 1)
            known = sum(self.is_working_day(first + timedelta(days=k)) for k in days)
            self._between[(first, last)] = known
        return known

    def _rolled(self, day: date, direction: timedelta) -> date:
        while not self.is_working_day(day):
            day += direction
        return day

    def _step(self, day: date, n: int) -> date:
        direction = ONE_DAY if n > 0 else -ONE_DAY
        for _ in range(abs(n)):
            day = self._rolled(day + direction, direction)
        return day


def monday(day: date) -> date:
    """Return the Monday of the week that `day` is in."""
    return day - timedelta(days=day.weekday())
