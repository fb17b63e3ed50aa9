"""The audit programme: the teams that two cycles ask at once, and the days of each month. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, groupby

from app.wording import in_words

REQUESTED, DUE, CUT_OFF, REPORTED = "Audits requested", "Audits due", "Cut-off date", "Reporting date"


@dataclass(frozen=True)
class Planned:
    """A cycle in the programme: its days and the teams whose cases are audited in it."""

    reference: str
    title: str
    requested_on: date
    due_on: date
    cut_off_on: date | None
    reported_on: date | None
    teams: tuple[str, ...]

    @property
    def until(self) -> date:
        """Return the last day on which it asks something of its teams."""
        return max(self.due_on, self.cut_off_on or self.due_on)

    @property
    def days(self) -> list[tuple[date, str]]:
        """Return its days, each with its name."""
        named = (
            (self.requested_on, REQUESTED),
            (self.due_on, DUE),
            (self.cut_off_on, CUT_OFF),
            (self.reported_on, REPORTED),
        )
        return [(day, what) for day, what in named if day is not None]


@dataclass(frozen=True)
class Overlap:
    """A team of a cycle that another cycle asks, too, between two days, both included."""

    team: str
    other: str
    from_on: date
    to_on: date


@dataclass(frozen=True)
class Month:
    """A month of the programme."""

    first: date
    days: Sequence[tuple[date, Planned, str]]
    """(day, cycle, name of the day), in order of days."""
    under_way: Sequence[Planned]
    """Cycles that ask something of their teams in this month, and have no day in it."""


def overlaps(cycles: Iterable[Planned]) -> dict[str, list[Overlap]]:
    """Return the overlaps of each cycle with others, sorted by team, under its reference."""
    by_reference: dict[str, list[Overlap]] = {}
    for cycle, other in combinations(cycles, 2):
        from_on, to_on = max(cycle.requested_on, other.requested_on), min(cycle.until, other.until)
        if from_on > to_on:
            continue
        for team in sorted(set(cycle.teams) & set(other.teams)):
            by_reference.setdefault(cycle.reference, []).append(
                Overlap(team, other.reference, from_on, to_on)
            )
            by_reference.setdefault(other.reference, []).append(
                Overlap(team, cycle.reference, from_on, to_on)
            )
    return {
        reference: sorted(shared, key=lambda overlap: (overlap.team, overlap.from_on, overlap.other))
        for reference, shared in by_reference.items()
    }


def months(cycles: Sequence[Planned]) -> list[Month]:
    """Return the months in which these cycles have a day, in order."""
    coming = sorted(
        ((day, cycle, what) for cycle in cycles for day, what in cycle.days),
        key=lambda entry: (entry[0], entry[1].reference),
    )
    calendar = []
    for first, days in groupby(coming, key=lambda entry: entry[0].replace(day=1)):
        dates = list(days)
        named = {cycle.reference for _, cycle, _ in dates}
        under_way = [
            cycle
            for cycle in cycles
            if cycle.reference not in named and cycle.requested_on < first <= cycle.until
        ]
        calendar.append(Month(first, dates, under_way))
    return calendar


def period(from_on: date, to_on: date) -> str:
    """Return a period in words: "3 to 20 March 2026", "3 March to 2 April 2026", or one day."""
    end = in_words(to_on)
    if from_on == to_on:
        return end
    if (from_on.year, from_on.month) == (to_on.year, to_on.month):
        return f"{from_on.day} to {end}"
    if from_on.year == to_on.year:
        return f"{from_on.day} {from_on:%B} to {end}"
    return f"{in_words(from_on)} to {end}"
