"""The number of cases to draw for a wanted precision, and the precision of a number of cases. Pure.

Derivation. The Wilson interval of x = pn met of n answered is, with z the 97.5% point of the normal curve,

    (2pn + z² ± z sqrt(z² + 4np(1 - p))) / 2(n + z²)

so its half-width is z sqrt(z² + 4np(1 - p)) / 2(n + z²), widest at p = 1/2, where it is

    w = z sqrt(z² + n) / 2(n + z²) = z / 2 sqrt(n + z²)

Solved for n: w is at most h when n is at least m = z²/4h² - z². Of a population of N, n counts as
n(N - 1)/(N - n) (`app/intervals.py`), and n(N - 1)/(N - n) >= m when n >= mN / (N - 1 + m).
"""

from math import ceil, sqrt

from app.intervals import Z, counts_as


def size_for(points: float, population: int | None) -> int:
    """Return the fewest cases whose interval is nowhere wider than ± `points` percentage points.

    `points` is above 0 and at most 50. `population` is the number of cases that a random sample is drawn
    from; None where it does not count, as for a stratified sample (`findings/figures.py`). Every case must
    then be audited and the question apply to it: with fewer answers the interval is wider.

    Raises ValueError when either is out of bounds.
    """
    if not 0 < points <= 50 or (population is not None and population < 1):
        raise ValueError(f"± {points} points of {population} cases")
    half = points / 100
    wanted = Z * Z / (4 * half * half) - Z * Z
    if population is not None and wanted > 0:
        wanted = wanted * population / (population - 1 + wanted)
    size = max(1, ceil(wanted))
    # the fraction may miss a whole number by a hair, on either side
    while points_of(size, population) > points:
        size += 1
    while size > 1 and points_of(size - 1, population) <= points:
        size -= 1
    return size


def points_of(size: int, population: int | None) -> float:
    """Return half the width, in percentage points, of the widest interval of a sample of this size.

    0 when the whole population was drawn. Raises ValueError when `size` is not between 1 and the
    population.
    """
    if size < 1 or (population is not None and size > population):
        raise ValueError(f"{size} of {population} cases")
    if size == population:
        return 0.0
    return 100 * Z / (2 * sqrt(counts_as(size, population) + Z * Z))


def share_of(cases: int, percent: int) -> int:
    """Return how many cases a percentage of a list is: to the nearest case, half up, and at least 1."""
    return max(1, (cases * percent + 50) // 100)
