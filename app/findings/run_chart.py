"""Signals in a figure over many cycles that chance alone would rarely make. Pure.

Figures are fractions (0 to 1) in the order of their cycles, None where a cycle has no figure: a gap, which
neither makes nor ends a run, and never counts as 0. All of them must be of one stretch, between two breaks
(comparability.py): nothing is counted across a break.

The rules of the run chart are those of Perla, Provost and Murray 2011, "The run chart: a simple analytical
tool for learning from variation in healthcare processes", BMJ Quality & Safety 20:46-51: a shift of six
points or more and a trend of five or more. The control limits are those of Shewhart's p-chart with a varying
number in each sample (Montgomery, Introduction to Statistical Quality Control, "variable sample size").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise
from math import sqrt
from statistics import median

RUN_CHART_FROM = 8
"""Fewest figures in a stretch that have a median and runs."""
LIMITS_FROM = 12
"""Fewest figures with counts in a stretch that have control limits."""
SHIFT = 6
TREND = 5
SIGMAS = 3


class Signal(StrEnum):
    """A run that chance alone would rarely make. None is called better or worse: only the reader knows."""

    ABOVE = "above the median"
    BELOW = "below the median"
    RISING = "rising"
    FALLING = "falling"


@dataclass(frozen=True)
class Run:
    """Figures in a row that make a signal, by the indexes of the first and the last, both included."""

    signal: Signal
    first: int
    last: int
    points: int
    """The number of figures that count towards it."""


@dataclass(frozen=True)
class Limits:
    """The control limits of a p-chart: its centre line, and low and high of each cycle that has counts."""

    centre: float
    of_each: tuple[tuple[float, float] | None, ...]


def centre_line(figures: Sequence[float | None]) -> float | None:
    """Return the median of the figures; None with fewer than eight, which are too few for runs."""
    present = [figure for figure in figures if figure is not None]
    return median(present) if len(present) >= RUN_CHART_FROM else None


def runs(figures: Sequence[float | None]) -> list[Run]:
    """Return all shifts and trends of a stretch, in order; none with fewer than eight figures."""
    middle = centre_line(figures)
    if middle is None:
        return []
    both = shifts(figures, middle) + trends(figures)
    return sorted(both, key=lambda run: (run.first, run.last))


def shifts(figures: Sequence[float | None], middle: float) -> list[Run]:
    """Return the shifts: six or more figures in a row all above the median, or all below it.

    A figure on the median neither makes nor ends a shift.
    """
    off_it = [
        (place, Signal.ABOVE if figure > middle else Signal.BELOW)
        for place, figure in enumerate(figures)
        if figure is not None and figure != middle
    ]
    rows = [
        (signal, [place for place, _ in row]) for signal, row in groupby(off_it, key=lambda entry: entry[1])
    ]
    return [
        Run(signal, places[0], places[-1], len(places)) for signal, places in rows if len(places) >= SHIFT
    ]


def trends(figures: Sequence[float | None]) -> list[Run]:
    """Return the trends: five or more figures in a row, each higher than the one before, or each lower.

    Of equal figures in a row only the first counts: the others neither make nor end a trend.
    """
    points: list[tuple[int, float]] = []
    for place, figure in enumerate(figures):
        if figure is not None and (not points or figure != points[-1][1]):
            points.append((place, figure))
    steps = [
        (before[0], after[0], Signal.RISING if after[1] > before[1] else Signal.FALLING)
        for before, after in pairwise(points)
    ]
    rows = [(signal, list(row)) for signal, row in groupby(steps, key=lambda step: step[2])]
    return [Run(signal, row[0][0], row[-1][1], len(row) + 1) for signal, row in rows if len(row) + 1 >= TREND]


def control_limits(counts: Sequence[tuple[int, int] | None]) -> Limits | None:
    """Return three sigma on either side of the share over all cycles, for each by how many it answered.

    `counts` has (met, answered) of each cycle, None where it has no figure or its counts are not known.
    Returns None with fewer than twelve counts. Limits do not go below 0 or above 1.
    """
    known = [pair for pair in counts if pair is not None]
    if len(known) < LIMITS_FROM:
        return None
    centre = sum(met for met, _ in known) / sum(answered for _, answered in known)

    def around(answered: int) -> tuple[float, float]:
        reach = SIGMAS * sqrt(centre * (1 - centre) / answered)
        return max(0.0, centre - reach), min(1.0, centre + reach)

    return Limits(centre, tuple(None if pair is None else around(pair[1]) for pair in counts))
