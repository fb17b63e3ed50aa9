"""The audit programme: which cycles ask the same team at once, and what comes in which month. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, groupby

from app.wording import in_words

REQUESTED, DUE, CUT_OFF, REPORTED = "Audits requested", "Audits due", "Last day that counts", "Reporting day"


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
        """The last day on which it asks something of its teams."""
        return max(self.due_on, self.cut_off_on or self.due_on)

    @property
    def days(self) -> list[tuple[date, str]]:
        """Its days and what each is."""
        named = (
            (self.requested_on, REQUESTED),
            (self.due_on, DUE),
            (self.cut_off_on, CUT_OFF),
            (self.reported_on, REPORTED),
        )
        return [(day, what) for day, what in named if day is not None]


@dataclass(frozen=True)
class Overlap:
    """A team of a cycle that another cycle asks, too, from one day to another, both included."""

    team: str
    other: str
    from_on: date
    to_on: date


@dataclass(frozen=True)
class Month:
    """A month of the programme."""

    first: date
    days: Sequence[tuple[date, Planned, str]]
    """The day, the cycle, what it is: by day."""
    under_way: Sequence[Planned]
    """Cycles that ask something of their teams in this month, and have no day in it."""


def overlaps(cycles: Iterable[Planned]) -> dict[str, list[Overlap]]:
    """By the cycle's reference: the teams that it shares with another one on the same days, by team."""
    found: dict[str, list[Overlap]] = {}
    for one, other in combinations(cycles, 2):
        from_on, to_on = max(one.requested_on, other.requested_on), min(one.until, other.until)
        if from_on > to_on:
            continue
        for team in sorted(set(one.teams) & set(other.teams)):
            found.setdefault(one.reference, []).append(Overlap(team, other.reference, from_on, to_on))
            found.setdefault(other.reference, []).append(Overlap(team, one.reference, from_on, to_on))
    return {
        reference: sorted(each, key=lambda one: (one.team, one.from_on, one.other))
        for reference, each in found.items()
    }


def months(cycles: Sequence[Planned]) -> list[Month]:
    """The months in which something of these cycles comes, in order; those without a day are left out."""
    coming = sorted(
        ((day, cycle, what) for cycle in cycles for day, what in cycle.days),
        key=lambda each: (each[0], each[1].reference),
    )
    found = []
    for first, days in groupby(coming, key=lambda each: each[0].replace(day=1)):
        in_it = list(days)
        named = {cycle.reference for _, cycle, _ in in_it}
        under_way = [
            cycle
            for cycle in cycles
            if cycle.reference not in named and cycle.requested_on < first <= cycle.until
        ]
        found.append(Month(first, in_it, under_way))
    return found


def period(from_on: date, to_on: date) -> str:
    """ "3 to 20 March 2026", "3 March to 2 April 2026", for one day "3 March 2026"."""
    end = in_words(to_on)
    if from_on == to_on:
        return end
    if (from_on.year, from_on.month) == (to_on.year, to_on.month):
        return f"{from_on.day} to {end}"
    if from_on.year == to_on.year:
        return f"{from_on.day} {from_on:%B} to {end}"
    return f"{in_words(from_on)} to {end}"
