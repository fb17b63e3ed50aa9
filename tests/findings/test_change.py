"""The change between two cycles: how large, what it rests on, and whether it is more than chance."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audits.selection import Selection
from app.findings.change import Change, SameCases, Side, change, without_figure
from app.findings.figures import Counts, Figure, Minimum, Sample, figure
from app.intervals import Interval

OTHERS = SameCases(0, 25)
"""No case of the two cycles is the same."""
WHOLE, PICKED = Selection.WHOLE_POPULATION, Selection.HAND_PICKED


def a_figure(met: int, answered: int, blank: int = 0, sample: Sample | None = None) -> Figure:
    return figure(Counts(met, answered - met, 0, blank), Minimum(0.8, 10), sample or Sample("random"))


def a_side(
    met: int,
    answered: int,
    selection: str | None = "random",
    *,
    cycle: str = "2010-1",
    population: int | None = None,
    asked: int | None = None,
    blank: int = 0,
    several_returns: str | None = None,
) -> Side:
    """Return a side whose returned audits answered the question, but for `blank`, of `asked` requested."""
    sample = Sample(selection, population, several_returns is not None)
    found = a_figure(met, answered, blank, sample)
    returned = answered + blank
    return Side(
        cycle,
        met,
        answered,
        found.interval,
        selection,
        asked or returned,
        returned,
        found.counts.applicable,
        several_returns,
    )


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
@pytest.mark.parametrize("selection", ["random", "stratified", None])
def test_a_change_is_said_with_its_interval_and_what_it_shows(
    before: tuple[int, int], after: tuple[int, int], said: str, selection: str | None
) -> None:
    assert str(change(a_side(*before, selection), a_side(*after, selection), OTHERS)) == said


@pytest.mark.parametrize(
    ("before", "after", "same_cases", "said"),
    [
        # nothing is left to chance on either side
        (a_side(16, 58, WHOLE), a_side(73, 75, WHOLE), OTHERS, "+70 points, every case counted in both"),
        (a_side(16, 58, WHOLE), a_side(16, 58, WHOLE), OTHERS, "0 points, every case counted in both"),
        # the same cases, all counted twice: exact all the same
        (
            a_side(16, 58, WHOLE),
            a_side(40, 58, WHOLE),
            SameCases(58, 58),
            "+41 points, every case counted in both",
        ),
        # a sample that turned out to be all there are
        (
            a_side(15, 25, population=25),
            a_side(73, 75, WHOLE),
            OTHERS,
            "+37 points, every case counted in both",
        ),
        # all were asked, and some returns or answers are missing
        (
            a_side(7, 28, WHOLE, asked=34),
            a_side(73, 75, WHOLE),
            OTHERS,
            "+72 points, all cases were asked; 6 of 34 are missing in 2010-1",
        ),
        (
            a_side(73, 75, WHOLE),
            a_side(7, 28, WHOLE, cycle="2011-1", asked=29),
            OTHERS,
            "-72 points, all cases were asked; 1 of 29 is missing in 2011-1",
        ),
        (
            a_side(7, 28, WHOLE, asked=34),
            a_side(20, 25, WHOLE, cycle="2011-1", blank=3),
            OTHERS,
            (
                "+55 points, all cases were asked; 6 of 34 are missing in 2010-1 and 3 of 28 answers are "
                "missing in 2011-1"
            ),
        ),
        (
            a_side(7, 28, WHOLE, asked=34),
            a_side(20, 25),
            OTHERS,
            "+55 points, all cases of 2010-1 were asked; 6 of 34 are missing",
        ),
        # one side counted all: its own value stands for both its limits (41% to 77% of the other)
        (a_side(30, 50, WHOLE), a_side(15, 25), OTHERS, "0 points (-19 to +17), not shown to be real"),
        (a_side(15, 25), a_side(60, 60, WHOLE), OTHERS, "+40 points (+23 to +59), likely real"),
        # of a known population the interval is the narrower one (42% to 76%)
        (
            a_side(30, 50, WHOLE),
            a_side(15, 25, population=180),
            OTHERS,
            "0 points (-18 to +16), not shown to be real",
        ),
        (
            a_side(15, 25, population=30),
            a_side(20, 25, population=30),
            OTHERS,
            "+20 points (+9 to +30), likely real",
        ),
        # picked on one side or on both: nothing follows for other cases
        (a_side(15, 25, PICKED), a_side(20, 25), OTHERS, "+20 points, these cases only"),
        (a_side(15, 25, WHOLE), a_side(20, 25, PICKED), OTHERS, "+20 points, these cases only"),
        (a_side(14, 14, PICKED), a_side(14, 14, PICKED), SameCases(14, 14), "0 points, these cases only"),
        # cases in both are no two samples
        (
            a_side(15, 25),
            a_side(20, 25),
            SameCases(25, 25),
            "+20 points, 25 of the 25 cases were in both cycles",
        ),
        (
            a_side(15, 25),
            a_side(20, 25),
            SameCases(1, 25),
            "+20 points, 1 of the 25 cases was in both cycles",
        ),
        (
            a_side(15, 25, WHOLE),
            a_side(20, 25),
            SameCases(3, 25),
            "+20 points, 3 of the 25 cases were in both cycles",
        ),
        (
            a_side(15, 25),
            a_side(20, 25),
            SameCases(None, 25),
            "+20 points, it is not known whether any case was in both",
        ),
        # several returns about one case
        (
            a_side(6, 12, several_returns="12 returns about 2 cases"),
            a_side(20, 25),
            OTHERS,
            "+30 points, 12 returns about 2 cases in 2010-1",
        ),
    ],
)
def test_without_chance_or_samples_of_their_own_a_change_says_what_it_rests_on(
    before: Side, after: Side, same_cases: SameCases, said: str
) -> None:
    assert str(change(before, after, same_cases)) == said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (a_figure(15, 25), a_figure(20, 25), None),
        (
            a_figure(5, 9, 17),
            a_figure(20, 25),
            "5 of 9, then 20 of 25 (80%); no figure in 2010-1 (answered in 9 of 26 audits where it applied)",
        ),
        (
            a_figure(5, 9),
            a_figure(0, 0),
            (
                "5 of 9, then 0 of 0; no figure in 2010-1 (answered in 9 of 9 audits where it applied) and "
                "2011-1 (no returned audit counts yet)"
            ),
        ),
    ],
)
def test_where_one_has_no_figure_both_counts_are_said_and_why(
    before: Figure, after: Figure, said: str | None
) -> None:
    assert without_figure(("2010-1", before), ("2011-1", after)) == said


def test_points_come_from_the_counts_and_not_from_rounded_per_cents() -> None:
    assert change(a_side(10, 30), a_side(20, 30), OTHERS).points == 33  # shown as 33% and 67%


@pytest.mark.parametrize(("before", "after", "points"), [(2, 7, 3), (7, 2, -3)])
def test_half_a_point_goes_away_from_nought(before: int, after: int, points: int) -> None:
    # 2.5 points; as floats a hair less
    assert change(a_side(before, 200, WHOLE), a_side(after, 200, WHOLE), OTHERS).points == points


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
    assert Change(Fraction((low + high) / 2), Interval(low, high)).is_likely_real is likely_real


counted = st.integers(10, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
sides = st.builds(
    lambda shares, selection, missing, blank, several, more: a_side(
        shares[0],
        shares[1],
        selection,
        asked=shares[1] + blank + missing,
        blank=blank,
        several_returns="12 returns about 2 cases" if several else None,
        population=None if more is None else shares[1] + blank + missing + more,
    ),
    counted,
    st.sampled_from([*Selection, None]),
    st.sampled_from([0, 0, 1, 6]),
    st.sampled_from([0, 0, 1, 2]),
    st.sampled_from([False, False, True]),
    st.sampled_from([None, 0, 1, 1000]),
)
in_both = st.sampled_from([None, 0, 0, 0, 5]).map(lambda number: SameCases(number, 25))


@given(sides, sides, in_both)
def test_the_way_back_is_the_same_change_with_the_other_sign(
    first: Side, second: Side, same_cases: SameCases
) -> None:
    there, back = change(first, second, same_cases), change(second, first, same_cases)
    assert there.points == -back.points
    assert there.difference == -back.difference
    assert there.is_likely_real == back.is_likely_real
    assert (there.interval is None) == (back.interval is None)
    if there.interval is not None and back.interval is not None:
        assert there.interval.low == pytest.approx(-back.interval.high)
        assert there.interval.low <= there.difference + 1e-12
        assert there.difference <= there.interval.high + 1e-12


@given(sides, sides, in_both)
def test_a_word_of_real_is_said_of_other_cases_chosen_by_chance_alone(
    first: Side, second: Side, same_cases: SameCases
) -> None:
    both = (first, second)
    said = str(change(first, second, same_cases))
    samples = [side for side in both if side.interval is not None]
    may_be_chance = (
        samples and all(side in samples or side.counted_all for side in both) and same_cases.number == 0
    )
    assert ("real" in said) == bool(may_be_chance)
    if "every case counted in both" in said:
        assert all(side.asked == side.returned and side.answered == side.applicable for side in both)
        assert not samples
    if any(side.is_hand_picked for side in both):
        assert said.endswith("these cases only")
    assert "No difference" not in said


@given(sides, sides)
def test_what_is_counted_in_full_narrows_a_difference(first: Side, second: Side) -> None:
    full = replace(first, selection=WHOLE, interval=None, asked=first.returned, applicable=first.answered)
    wide, narrow = change(first, second, OTHERS).interval, change(full, second, OTHERS).interval
    if wide is not None and narrow is not None:
        assert wide.low - 1e-12 <= narrow.low
        assert narrow.high <= wide.high + 1e-12
