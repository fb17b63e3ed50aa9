"""Median and quartiles of numbers and days, against rules 9."""

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.findings.figures import Counts, Minimum
from app.findings.numbers import Numbers, number_in_words, numbers

MINIMUM = Minimum(0.8, 10)


def test_the_fixture() -> None:
    found = numbers([3, 5, 8, 13, 21, 34], Counts(neither=6), MINIMUM, "days")
    assert found == Numbers(6, 10.5, 5.75, 19, "days")
    assert str(found) == "6 answers, median 10.5 days, middle half from 5.75 to 19 days"


@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ([1, 2, 3, 4], Counts(neither=4)),  # fewer than 5
        ([1, 2, 3, 4, 5, 6], Counts(neither=6, not_answered=2)),  # 75% answered
        ([], Counts(not_applicable=3)),
    ],
)
def test_too_few_numbers_have_no_median(values: list[float], counts: Counts) -> None:
    assert numbers(values, counts, MINIMUM, "days") == Numbers(len(values), None, None, None, "days")


def test_not_found_counts_as_answered_and_is_in_no_median() -> None:
    found = numbers([1, 2, 3, 4, 5], Counts(met=5, not_met=3), MINIMUM, "visits")
    assert (found.answered, found.median) == (5, 3)


@given(st.lists(st.floats(-1e6, 1e6), min_size=5, max_size=40))
def test_quartiles_are_those_of_numpy(values: list[float]) -> None:
    found = numbers(sorted(values), Counts(neither=len(values)), MINIMUM, "")
    expected = numpy.percentile(values, [25, 50, 75])
    assert [found.lower_quartile, found.median, found.upper_quartile] == pytest.approx(list(expected))


@pytest.mark.parametrize(
    ("number", "words"), [(19, "19"), (5.75, "5.75"), (10.5, "10.5"), (1234, "1,234"), (0, "0"), (-2, "-2")]
)
def test_numbers_have_no_needless_decimals(number: float, words: str) -> None:
    assert number_in_words(number) == words
