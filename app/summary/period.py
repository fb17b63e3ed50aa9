"""The period of a summary: a quarter, a year, or any two dates. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.cycles.programme import period
from app.wording import capitalised
from app.working_days import ONE_DAY, months_later

LOOKED_BACK = 24
"""The months before a period in which a team or theme must have been audited to be missed in it."""

QUARTERS_OFFERED = 4
"""The last whole quarters that the page offers."""

YEAR_BEGINS = 4
"""The month in which the financial year of councils begins."""


@dataclass(frozen=True)
class Period:
    """The days from one date to another, both included."""

    from_on: date
    to_on: date

    def __contains__(self, day: date | None) -> bool:
        return day is not None and self.from_on <= day <= self.to_on

    def __str__(self) -> str:
        """Return "1 July to 30 September 2026"."""
        return period(self.from_on, self.to_on)

    @property
    def label(self) -> str:
        """Return "July to September 2026" for whole months, else its dates in words."""
        if self.from_on.day != 1 or (self.to_on + ONE_DAY).day != 1:
            return str(self)
        first, last = self.from_on, self.to_on
        if (first.year, first.month) == (last.year, last.month):
            return f"{last:%B %Y}"
        return f"{first:%B}{f' {first.year}' if first.year != last.year else ''} to {last:%B %Y}"

    @property
    def before(self) -> "Period":
        """Return the 24 months before it."""
        return Period(months_later(self.from_on, -LOOKED_BACK), self.from_on - ONE_DAY)

    def until(self, on: date) -> "Period | None":
        """Return the part of it that has passed by a day, that day included; None where nothing has."""
        return Period(self.from_on, min(self.to_on, on)) if self.from_on <= on else None

    @property
    def months(self) -> Sequence["Period"]:
        """Return its calendar months in order; the first and the last may be parts of one."""
        months = []
        begins_on = self.from_on
        while begins_on <= self.to_on:
            next_month = months_later(begins_on.replace(day=1), 1)
            months.append(Period(begins_on, min(next_month - ONE_DAY, self.to_on)))
            begins_on = next_month
        return months

    @property
    def in_a_sentence(self) -> str:
        """Return "from 1 July to 30 September 2026", or "on 1 July 2026"."""
        return f"on {self}" if self.from_on == self.to_on else f"from {self}"


def joined(months: Sequence[Period]) -> list[Period]:
    """Return months in order as few periods: those that follow each other become one."""
    periods: list[Period] = []
    for month in months:
        if periods and periods[-1].to_on + ONE_DAY == month.from_on:
            periods[-1] = Period(periods[-1].from_on, month.to_on)
        else:
            periods.append(month)
    return periods


def last_quarter(on: date) -> Period:
    """Return the last whole quarter before the one of a day."""
    begins_on = months_later(on.replace(day=1), -((on.month - 1) % 3))
    return Period(months_later(begins_on, -3), begins_on - ONE_DAY)


def offered(on: date) -> list[tuple[str, Period]]:
    """Return the periods that the page offers on a day, each with its name: the last 4 whole quarters, the
    last 12 months of whole quarters, and the last whole financial year."""
    quarters = [last_quarter(on)]
    while len(quarters) < QUARTERS_OFFERED:
        quarters.append(last_quarter(quarters[-1].from_on))
    years = [Period(quarters[-1].from_on, quarters[0].to_on), _last_financial_year(on)]
    return [(capitalised(one.label), one) for one in dict.fromkeys([*quarters, *years])]


def _last_financial_year(on: date) -> Period:
    year = on.year if on.month >= YEAR_BEGINS else on.year - 1
    return Period(date(year - 1, YEAR_BEGINS, 1), date(year, YEAR_BEGINS, 1) - ONE_DAY)
