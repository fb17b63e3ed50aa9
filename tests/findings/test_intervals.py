"""Intervals of proportions: the figures of the rules, the ends, and a grid against an independent library."""

from fractions import Fraction
from math import inf, isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom, norm
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from app.intervals import Interval, newcombe, whole, wilson

SIZES = (1, 2, 3, 5, 10, 23, 26, 29, 60, 180, 1000)


def shares_of(answered: int) -> list[int]:
    """Return some numbers of answers met, from none to all of those answered."""
    return sorted({0, 1, answered // 3, answered // 2, answered - 1, answered})


GRID = [(met, answered) for answered in SIZES for met in shares_of(answered)]


@pytest.mark.parametrize(
    ("met", "answered", "population", "said"),
    [
        (15, 25, None, "41% to 77%"),
        (12, 25, None, "30% to 67%"),
        (13, 26, None, "32% to 68%"),
        (16, 23, None, "49% to 84%"),
        (15, 25, 180, "42% to 76%"),
        (0, 10, None, "0% to 28%"),
        (10, 10, None, "72% to 100%"),
        (10, 10, 50, "76% to 100%"),
        (15, 25, 26, "56% to 64%"),
        (15, 25, 25, "60% to 60%"),  # all were answered: nothing is left to chance
        (1, 1, 1, "100% to 100%"),
    ],
)
def test_an_interval_is_said_in_whole_per_cents(
    met: int, answered: int, population: int | None, said: str
) -> None:
    assert str(wilson(met, answered, population=population)) == said


def test_data_has_per_cents_with_one_decimal() -> None:
    assert wilson(15, 25).per_cents == (40.7, 76.6)


@pytest.mark.parametrize(("met", "answered"), GRID)
def test_wilson_agrees_with_statsmodels(met: int, answered: int) -> None:
    low, high = proportion_confint(met, answered, alpha=0.05, method="wilson")
    assert_same(wilson(met, answered), low, high)


@pytest.mark.parametrize("times", [1.01, 1.5, 4, 100])
@pytest.mark.parametrize(("met", "answered"), GRID)
def test_the_finite_population_form_is_wilson_with_more_answers(
    met: int, answered: int, times: float
) -> None:
    population = int(answered * times) + 1
    as_good_as = answered * (population - 1) / (population - answered)
    low, high = proportion_confint(met / answered * as_good_as, as_good_as, alpha=0.05, method="wilson")
    assert_same(wilson(met, answered, population=population), low, high)


# SciPy works out the skew beside the spread, which a population of three has not
@pytest.mark.filterwarnings("ignore:invalid value encountered in divide:RuntimeWarning")
@pytest.mark.parametrize("times", [1.01, 1.5, 4, 100])
@pytest.mark.parametrize(("met", "answered"), GRID)
def test_its_bounds_are_the_shares_whose_hypergeometric_spread_just_reaches_what_was_found(
    met: int, answered: int, times: float
) -> None:
    """The score interval from its definition, with the spread of drawing without putting back from SciPy."""
    population = int(answered * times) + 1
    half = population // 2
    # the variance is this times K(N - K), for K cases of N that are met
    factor = hypergeom.stats(population, half, answered, moments="v") / (half * (population - half))
    found, share = wilson(met, answered, population=population), met / answered
    assert found.low <= share <= found.high
    assert found.low < found.high
    for bound in (found.low, found.high):
        spread = sqrt(factor * population**2 * bound * (1 - bound)) / answered
        assert isclose(abs(share - bound), norm.ppf(0.975) * spread, abs_tol=1e-9)


@pytest.mark.parametrize("after", GRID[::3])
@pytest.mark.parametrize("before", GRID[::2])
def test_newcombe_agrees_with_statsmodels(before: tuple[int, int], after: tuple[int, int]) -> None:
    low, high = confint_proportions_2indep(*after, *before, compare="diff", method="newcomb", alpha=0.05)
    sides = [(met / answered, wilson(met, answered)) for met, answered in (before, after)]
    assert_same(newcombe(*sides), low, high)


@given(
    st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.fractions(0, 1, max_denominator=200),
)
def test_beside_a_full_count_only_the_sample_adds_to_the_width(
    sample: tuple[int, int], counted: Fraction
) -> None:
    share, range_of_it = sample[0] / sample[1], wilson(*sample)
    full = Interval(float(counted), float(counted))
    found = newcombe((float(counted), full), (share, range_of_it))
    assert_same(found, range_of_it.low - float(counted), range_of_it.high - float(counted))


@given(
    st.integers(1, 100).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.integers(1, 100).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.integers(1, 1000),
)
def test_a_known_population_makes_a_difference_no_wider(
    before: tuple[int, int], after: tuple[int, int], rest: int
) -> None:
    first = before[0] / before[1], wilson(*before)
    wide = newcombe(first, (after[0] / after[1], wilson(*after)))
    narrow = newcombe(first, (after[0] / after[1], wilson(*after, population=after[1] + rest)))
    assert wide.low - 1e-12 <= narrow.low <= narrow.high <= wide.high + 1e-12


@pytest.mark.parametrize("population", [None, 1, 5])
def test_without_answers_there_is_no_interval(population: int | None) -> None:
    with pytest.raises(ValueError):
        wilson(0, 0, population=population)


@pytest.mark.parametrize(("met", "answered", "population"), [(4, 3, None), (-1, 3, None), (1, 3, 2)])
def test_impossible_counts_are_refused(met: int, answered: int, population: int | None) -> None:
    with pytest.raises(ValueError):
        wilson(met, answered, population=population)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.integers(0, 400))
def test_the_smaller_the_rest_of_the_population_the_narrower(counted: tuple[int, int], rest: int) -> None:
    met, answered = counted
    share = met / answered
    last = Interval(-inf, inf)
    for population in (None, answered + 2 * rest + 2, answered + rest + 1, answered):
        found = wilson(met, answered, population=population)
        assert 0 <= found.low <= share + 1e-12
        assert share - 1e-12 <= found.high <= 1
        assert last.low <= found.low + 1e-12
        assert found.high <= last.high + 1e-12
        last = found


@pytest.mark.parametrize(
    ("number", "rounded"),
    [
        (0.5, 1),
        (-0.5, -1),
        (2.5, 3),
        (-2.5, -3),
        (2.49, 2),
        (-0.2, 0),
        (0, 0),
        (Fraction(25, 2), 13),
        (Fraction(-25, 2), -13),
        (100 * (Fraction(7, 200) - Fraction(1, 100)), 3),  # 2.5 exactly, and as floats a hair less
    ],
)
def test_halves_go_away_from_nought(number: float | Fraction, rounded: int) -> None:
    assert whole(number) == rounded


def assert_same(found: Interval, low: float, high: float) -> None:
    assert isclose(found.low, low, abs_tol=1e-9)
    assert isclose(found.high, high, abs_tol=1e-9)
