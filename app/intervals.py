"""Intervals: the range in which chance alone may have moved a proportion, or a difference of two. Pure.

Inside the code all proportions and bounds are fractions (0 to 1, a difference -1 to 1); only what is shown is
in per cent or in percentage points.
"""

from dataclasses import dataclass
from math import copysign, floor, hypot, sqrt
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)
"""The 97.5% point of the normal distribution, exact (1.959964 rather than 1.96): 95% lie between -Z and Z."""


@dataclass(frozen=True)
class Interval:
    """A 95% interval, from `low` to `high`, both fractions."""

    low: float
    high: float

    @property
    def per_cents(self) -> tuple[float, float]:
        """Return low and high in per cent with one decimal, for data: (40.7, 76.6)."""
        return round(100 * self.low, 1), round(100 * self.high, 1)

    @property
    def whole_per_cents(self) -> tuple[int, int]:
        """Return low and high in whole per cent, for words: (41, 77). Halves are rounded away from 0."""
        return whole(100 * self.low), whole(100 * self.high)

    def __str__(self) -> str:
        """Return "41% to 77%"."""
        low, high = self.whole_per_cents
        return f"{low}% to {high}%"


def wilson(met: int, answered: int, *, population: int | None = None) -> Interval:
    """Return the score interval of the proportion met / answered (Wilson 1927, JASA 22:209-212, without
    continuity correction).

        (2x + z² ± z sqrt(z² + 4x(n - x)/n)) / 2(n + z²)    where n = answered, x = met

    `population` (N) is the number of cases that a random sample was drawn from. The interval is then
    narrower: n is replaced by n(N - 1)/(N - n) with the proportion unchanged. When all N were
    answered nothing is left to chance and the interval is the proportion itself.

    Raises ValueError without answers, with more met than answered or more answered than the population.
    """
    if not 0 <= met <= answered or answered == 0:
        raise ValueError(f"{met} met of {answered} answered has no interval")
    if population is not None and population < answered:
        raise ValueError(f"{answered} answered are more than the population of {population}")
    share = met / answered
    if answered == population:
        return Interval(share, share)
    n = counts_as(answered, population)
    middle = (2 * n * share + Z * Z) / (2 * (n + Z * Z))
    half = Z * sqrt(Z * Z + 4 * n * share * (1 - share)) / (2 * (n + Z * Z))
    # at the ends one bound is exactly 0 or 1, which the arithmetic misses by a hair
    return Interval(0.0 if met == 0 else middle - half, 1.0 if met == answered else middle + half)


def counts_as(answered: int, population: int | None) -> float:
    """Return the number that the answered count as in an interval: more than they are where they are a
    random sample of a known population. Fewer than that population were answered."""
    return answered if population is None else answered * (population - 1) / (population - answered)


def newcombe(before: tuple[int, int], after: tuple[int, int]) -> Interval:
    """Return the hybrid score interval of the difference `after` - `before` of two independent proportions,
    each given as (met, answered) (Newcombe 1998, Statistics in Medicine 17:873-890, method 10: without
    continuity correction).

        d - sqrt((p2 - l2)² + (u1 - p1)²)  to  d + sqrt((u2 - p2)² + (p1 - l1)²)

    with d = p2 - p1, 1 before, 2 after, and l, u the Wilson bounds of each. Fractions, -1 to 1.

    Raises ValueError where either has no Wilson interval.
    """
    share_before, share_after = before[0] / before[1], after[0] / after[1]
    first, second = wilson(*before), wilson(*after)
    difference = share_after - share_before
    return Interval(
        difference - hypot(share_after - second.low, first.high - share_before),
        difference + hypot(second.high - share_after, share_before - first.low),
    )


def whole(number: float) -> int:
    """Return the nearest whole number, halves rounded away from 0: a fall is rounded as a rise is."""
    return int(copysign(floor(abs(number) + 0.5), number))
