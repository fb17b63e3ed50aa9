"""Sample sizes: the fewest cases that are precise enough, held against the interval that the figures have."""

import pytest

from app.intervals import wilson
from app.sampling.sample_size import points_of, size_for

POPULATIONS = (None, 1, 2, 9, 40, 180, 181, 1000, 5000)


def widest(size: int, population: int | None) -> float:
    """Half the width, in points, of the widest interval of the findings for so many answers."""
    intervals = [wilson(met, size, population=population) for met in range(size + 1)]
    return max(50 * (interval.high - interval.low) for interval in intervals)


@pytest.mark.parametrize("population", POPULATIONS)
@pytest.mark.parametrize("points", [3, 5, 7.5, 10, 15, 20, 40])
def test_the_size_is_the_smallest_whose_intervals_are_narrow_enough(
    points: float, population: int | None
) -> None:
    size = size_for(points, population)
    assert widest(size, population) <= points + 1e-9
    # half of an odd number cannot be met, so one fewer is checked where it is even
    fewer = (size - 1) // 2 * 2
    if fewer:
        assert widest(fewer, population) > points


@pytest.mark.parametrize("size", [2, 10, 60, 178, 180])
def test_the_precision_of_a_size_is_that_of_the_widest_interval(size: int) -> None:
    assert points_of(size, 180) == pytest.approx(widest(size, 180), abs=1e-9)


@pytest.mark.parametrize(
    ("points", "population", "expected"),
    [
        (10, 180, 62),
        (5, 180, 123),
        (20, 180, 19),
        (10, 100_000, 93),
        (50, 180, 1),
        (10, 1, 1),
        (1, 30, 30),
        (10, None, 93),
    ],
)
def test_sizes_for_a_wanted_precision(points: float, population: int | None, expected: int) -> None:
    assert size_for(points, population) == expected


@pytest.mark.parametrize("population", [None, 180, 1000])
def test_the_size_for_the_precision_of_a_size_is_that_size(population: int | None) -> None:
    """Also where the arithmetic misses a whole number by a hair."""
    sizes = range(1, 180)
    assert [size_for(points_of(size, population), population) for size in sizes] == [*sizes]


@pytest.mark.parametrize(("points", "population"), [(0, 180), (51, 180), (10, 0)])
def test_what_has_no_size_is_refused(points: float, population: int) -> None:
    with pytest.raises(ValueError, match="points of"):
        size_for(points, population)


@pytest.mark.parametrize("size", [0, 181])
def test_what_has_no_precision_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="of 180 cases"):
        points_of(size, 180)
