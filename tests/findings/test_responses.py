"""The number of answers with each response, and floors and ceilings, against rules 9."""

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from app.findings.figures import Counts, Minimum, Sample, figure
from app.findings.responses import ceiling, floor, given

MINIMUM = Minimum(0.8, 10)
GRADES = {"outstanding": "met", "good": "met", "requires improvement": "not met", "inadequate": "not met"}


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        (Sample(), "14 (23%, 14% to 35%)"),
        (Sample("random", 2400), "14 (23%, 15% to 35%)"),
        (Sample("hand-picked"), "14 (23%)"),
        (Sample("whole population"), "14 (23%)"),
    ],
)
def test_a_share_of_one_response_has_its_interval_like_a_figure(sample: Sample, said: str) -> None:
    shown = figure(Counts(met=16, not_met=44), MINIMUM, sample)
    counts = {"outstanding": 2, "good": 14, "requires improvement": 30, "inadequate": 14}
    rows = given(counts, GRADES, shown, sample)
    assert [row.response for row in rows] == list(GRADES)
    assert str(rows[-1]) == said
    assert [row.count for row in rows] == [2, 14, 30, 14]


def test_where_too_few_answered_counts_stand_without_shares() -> None:
    shown = figure(Counts(met=5, not_met=4, not_answered=17), MINIMUM, Sample())
    assert [str(row) for row in given({"good": 5, "inadequate": 4}, GRADES, shown, Sample())] == [
        "0",
        "5",
        "0",
        "4",
    ]


@pytest.mark.parametrize(
    ("percent", "count", "answered", "kept"),
    [
        (10, 6, 60, True),  # exactly at the level is within it
        (10, 7, 60, False),
        (10, 14, 60, False),
        (33, 20, 60, False),  # 33.3% rounds to 33% and is above it
        (0, 0, 60, True),
        (0, 1, 60, False),
        (10, 0, 9, None),  # no figure
    ],
)
def test_a_ceiling_compares_before_rounding(
    percent: int, count: int, answered: int, kept: bool | None
) -> None:
    shown = figure(Counts(met=answered - count, not_met=count), MINIMUM, Sample())
    level = ceiling(percent, count, shown)
    assert (level.kind, level.percent, level.kept) == ("ceiling", percent, kept)


@pytest.mark.parametrize(
    ("percent", "met", "answered", "kept"),
    [(80, 48, 60, True), (80, 47, 60, False), (50, 99, 199, False), (80, 8, 9, None)],
)
def test_a_floor_compares_before_rounding(percent: int, met: int, answered: int, kept: bool | None) -> None:
    shown = figure(Counts(met=met, not_met=answered - met), MINIMUM, Sample())
    level = floor(percent, shown)
    assert (level.kind, level.percent, level.kept) == ("floor", percent, kept)


@examples(st.lists(st.integers(0, 40), min_size=4, max_size=4), st.integers(0, 30), st.integers(0, 30))
def test_responses_add_up_to_the_answers(numbers: list[int], not_applicable: int, not_answered: int) -> None:
    counts = dict(zip(GRADES, numbers, strict=True))
    met, not_met = sum(numbers[:2]), sum(numbers[2:])
    shown = figure(Counts(met, not_met, not_applicable, not_answered), MINIMUM, Sample())
    rows = given(counts, GRADES, shown, Sample())
    assert sum(row.count for row in rows) + not_applicable + not_answered == shown.counts.audits
