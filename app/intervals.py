"""Intervals: the range in which chance alone may have moved a proportion, or a difference of two. Pure.

Inside the code all proportions and bounds are fractions (0 to 1, a difference -1 to 1); only what is shown is
in per cent or in percentage points.
"""

from dataclasses import dataclass
from fractions import Fraction
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


def newcombe(before: tuple[float, Interval], after: tuple[float, Interval]) -> Interval:
    """Return the hybrid score interval of the difference `after` - `before` of two independent proportions,
    each given with its own interval (Newcombe 1998, Statistics in Medicine 17:873-890, method 10: without
    continuity correction).

        d - sqrt((p2 - l2)² + (u1 - p1)²)  to  d + sqrt((u2 - p2)² + (p1 - l1)²)

    with d = p2 - p1, 1 before, 2 after, and l, u the bounds of each: those of `wilson`, the narrower ones of
    a random sample of a known population included. Where one of the two counted every case, both its bounds
    are its proportion, and only the other adds to the width. Fractions, -1 to 1.
    """
    (share_before, first), (share_after, second) = before, after
    difference = share_after - share_before
    return Interval(
        difference - hypot(share_after - second.low, first.high - share_before),
        difference + hypot(second.high - share_after, share_before - first.low),
    )


def whole(number: float | Fraction) -> int:
    """Return the nearest whole number, halves rounded away from 0: a fall is rounded as a rise is. A fraction
    is rounded exactly."""
    return int(copysign(floor(abs(Fraction(number)) + Fraction(1, 2)), number))
