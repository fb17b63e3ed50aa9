"""The change between two cycles: how large, and whether it is more than chance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.findings.change import Change, change
from app.findings.figures import Counts, Figure, Minimum, Sample, figure
from app.intervals import Interval


def a_figure(met: int, answered: int, selection: str = "random") -> Figure:
    return figure(Counts(met, answered - met), Minimum(0.8, 10), Sample(selection))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ((15, 25), (20, 25), "+20 points (-5 to +42), not shown to be real"),
        ((12, 25), (20, 25), "+32 points (+5 to +53), likely real"),
        ((20, 25), (12, 25), "-32 points (-53 to -5), likely real"),
        ((20, 25), (15, 25), "-20 points (-42 to +5), not shown to be real"),
        ((15, 25), (15, 25), "0 points (-25 to +25), not shown to be real"),
        ((50, 100), (51, 100), "+1 point (-13 to +15), not shown to be real"),
        ((0, 25), (25, 25), "+100 points (+81 to +100), likely real"),
    ],
)
def test_a_change_is_said_with_its_interval_and_what_it_shows(
    before: tuple[int, int], after: tuple[int, int], said: str
) -> None:
    assert str(change(a_figure(*before), a_figure(*after), comparable=True)) == said


@pytest.mark.parametrize(
    ("why", "before", "after", "comparable"),
    [
        ("the cycles are not comparable", a_figure(15, 25), a_figure(20, 25), False),
        ("too few answers before", a_figure(5, 9), a_figure(20, 25), True),
        ("too few answers after", a_figure(15, 25), a_figure(5, 9), True),
        ("cases were hand-picked before", a_figure(15, 25, "hand-picked"), a_figure(20, 25), True),
        ("all cases were audited after", a_figure(15, 25), a_figure(20, 25, "whole population"), True),
    ],
)
def test_otherwise_two_values_stand_side_by_side(
    why: str, before: Figure, after: Figure, comparable: bool
) -> None:
    assert change(before, after, comparable=comparable) is None, why


def test_points_come_from_the_counts_and_not_from_rounded_per_cents() -> None:
    before, after = a_figure(10, 30), a_figure(20, 30)  # shown as 33% and 67%
    found = change(before, after, comparable=True)
    assert found is not None
    assert found.points == 33


@pytest.mark.parametrize(
    ("low", "high", "likely_real"),
    [
        (-0.1, 0.2, False),
        (0.0, 0.2, False),  # no change at all is still within it
        (0.01, 0.2, True),
        (-0.2, 0.0, False),
        (-0.2, -0.01, True),
    ],
)
def test_a_change_is_likely_real_when_its_interval_leaves_out_nought(
    low: float, high: float, likely_real: bool
) -> None:
    assert Change((low + high) / 2, Interval(low, high)).is_likely_real is likely_real


counted = st.integers(10, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counted, counted)
def test_the_way_back_is_the_same_change_with_the_other_sign(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    there = change(a_figure(*first), a_figure(*second), comparable=True)
    back = change(a_figure(*second), a_figure(*first), comparable=True)
    assert there is not None
    assert back is not None
    assert there.points == -back.points
    assert there.is_likely_real == back.is_likely_real
    assert there.interval.low == pytest.approx(-back.interval.high)
    assert there.interval.low <= there.difference + 1e-12
    assert there.difference <= there.interval.high + 1e-12
