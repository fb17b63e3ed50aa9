"""Runs and control limits: worked by hand, and against a published p-chart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.findings.run_chart import Signal, centre_line, control_limits, runs, shifts, trends

ORDERS = (12, 8, 6, 9, 10, 12, 11, 16, 10, 6, 20, 15, 9, 8, 6, 8, 10, 7, 5, 8, 5, 8, 10, 6, 9)
SAMPLED = (
    *(100, 80, 80, 100, 110, 110, 100, 100, 90, 90, 110, 120, 120),
    *(120, 110, 80, 80, 80, 90, 100, 100, 100, 100, 90, 90),
)
"""Montgomery, Introduction to Statistical Quality Control, purchase orders with errors: 234 of 2450."""

Figures = list[float | None]


def per_cents(*numbers: int | None) -> Figures:
    return [None if number is None else number / 100 for number in numbers]


@pytest.mark.parametrize(
    ("figures", "middle"),
    [
        (per_cents(60, 50, 60, 60, 48, 48, 70), None),  # seven are too few
        (per_cents(60, 50, 60, 60, 48, 48, 70, 72), 0.60),
        (per_cents(60, 50, None, 60, 60, 48, 48, 70), None),  # a gap is no figure, and not nought
        (per_cents(60, 50, None, 60, 60, 48, 48, 70, 72), 0.60),
        (per_cents(10, 20, 30, 40, 50, 60, 70, 80, 90), 0.50),
    ],
)
def test_there_is_a_median_from_eight_figures_on(figures: Figures, middle: float | None) -> None:
    assert centre_line(figures) == middle


@pytest.mark.parametrize(
    ("figures", "found"),
    [
        (per_cents(60, 61, 62, 61, 60, 40), []),  # five above
        (per_cents(60, 61, 62, 61, 60, 63), [(Signal.ABOVE, 0, 5, 6)]),
        (per_cents(40, 60, 61, 62, 61, 60, 63, 40), [(Signal.ABOVE, 1, 6, 6)]),
        (per_cents(40, 41, 42, 41, 40, 43, 42), [(Signal.BELOW, 0, 6, 7)]),
        (
            per_cents(60, 61, 50, 62, 61, 60, 63),
            [(Signal.ABOVE, 0, 6, 6)],
        ),  # one on the median is passed over
        (per_cents(60, 61, 50, 62, 61, 60), []),  # and does not count
        (per_cents(60, 61, None, 62, 61, 60, 63), [(Signal.ABOVE, 0, 6, 6)]),
        (per_cents(60, 61, 62, 49, 61, 60, 63), []),  # one below ends it
        (
            per_cents(60, 61, 62, 61, 60, 63, 40, 41, 42, 41, 40, 43),
            [(Signal.ABOVE, 0, 5, 6), (Signal.BELOW, 6, 11, 6)],
        ),
    ],
)
def test_six_in_a_row_on_one_side_of_the_median_are_a_shift(
    figures: Figures, found: list[tuple[Signal, int, int, int]]
) -> None:
    given = [(run.signal, run.first, run.last, run.points) for run in shifts(figures, 0.50)]
    assert given == found


@pytest.mark.parametrize(
    ("figures", "found"),
    [
        (per_cents(40, 45, 50, 55), []),  # four
        (per_cents(40, 45, 50, 55, 60), [(Signal.RISING, 0, 4, 5)]),
        (per_cents(60, 55, 50, 45, 40, 41), [(Signal.FALLING, 0, 4, 5)]),
        (per_cents(40, 45, 45, 50, 55, 60), [(Signal.RISING, 0, 5, 5)]),  # of two alike one is passed over
        (per_cents(40, 45, 45, 50, 55), []),
        (per_cents(40, None, 45, 50, 55, 60), [(Signal.RISING, 0, 5, 5)]),
        (per_cents(40, 45, 50, 49, 55, 60), []),
        (
            per_cents(10, 20, 30, 40, 50, 40, 30, 20, 10),
            [(Signal.RISING, 0, 4, 5), (Signal.FALLING, 4, 8, 5)],
        ),
        (per_cents(50, 50, 50, 50, 50, 50), []),
    ],
)
def test_five_in_a_row_that_go_one_way_are_a_trend(
    figures: Figures, found: list[tuple[Signal, int, int, int]]
) -> None:
    given = [(run.signal, run.first, run.last, run.points) for run in trends(figures)]
    assert given == found


def test_runs_are_looked_for_from_eight_figures_on() -> None:
    assert runs(per_cents(10, 20, 30, 40, 50, 60, 70)) == []
    assert [run.signal for run in runs(per_cents(10, 20, 30, 40, 50, 60, 70, 80))] == [Signal.RISING]


def test_the_limits_are_those_of_a_published_chart() -> None:
    limits = control_limits(list(zip(ORDERS, SAMPLED, strict=True)))
    assert limits is not None
    assert limits.centre == pytest.approx(234 / 2450)
    published = {
        100: (0.007, 0.184),
        80: (0, 0.194),
        90: (0.003, 0.188),
        110: (0.011, 0.180),
        120: (0.015, 0.176),
    }
    for found, answered in zip(limits.of_each, SAMPLED, strict=True):
        assert found == pytest.approx(published[answered], abs=0.0006)
    outside = [
        place
        for place, (found, met, answered) in enumerate(zip(limits.of_each, ORDERS, SAMPLED, strict=True))
        if found is not None and not found[0] <= met / answered <= found[1]
    ]
    assert outside == [10]  # the eleventh sample, as published


def test_there_are_limits_from_twelve_cycles_with_counts_on() -> None:
    assert control_limits([(15, 25)] * 11 + [None]) is None
    limits = control_limits([(15, 25)] * 11 + [None, (15, 25)])
    assert limits is not None
    assert limits.of_each[11] is None
    assert limits.of_each[12] == pytest.approx((0.6 - 0.2939, 0.6 + 0.2939), abs=1e-4)


figure_lists = st.lists(st.none() | st.integers(0, 100).map(lambda number: number / 100), max_size=30)


@given(figure_lists)
def test_turned_upside_down_the_same_runs_have_the_other_sign(figures: Figures) -> None:
    other = {
        Signal.ABOVE: Signal.BELOW,
        Signal.BELOW: Signal.ABOVE,
        Signal.RISING: Signal.FALLING,
        Signal.FALLING: Signal.RISING,
    }
    turned = [None if figure is None else -figure for figure in figures]
    there = {(other[run.signal], run.first, run.last, run.points) for run in runs(figures)}
    assert there == {(run.signal, run.first, run.last, run.points) for run in runs(turned)}


@given(figure_lists)
def test_gaps_change_no_run(figures: Figures) -> None:
    without = [figure for figure in figures if figure is not None]
    assert [(run.signal, run.points) for run in runs(figures)] == [
        (run.signal, run.points) for run in runs(without)
    ]
