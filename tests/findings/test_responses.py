"""The number of answers with each response, and floors and ceilings, against rules 9."""

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from app.findings.figures import Counts, Minimum, Sample, figure
from app.findings.responses import CEILING, FLOOR, Level, ceiling, floor, given

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


@pytest.mark.parametrize(
    ("level", "count", "answered", "said"),
    [
        (Level(CEILING, 10, False), 3, 29, "10.3%"),
        (Level(CEILING, 10, False), 14, 60, "23%"),
        (Level(CEILING, 10, True), 6, 60, "10%"),
        (Level(CEILING, 10, True), 2, 21, "10%"),  # 9.5% is within the ceiling, and reads so
        (Level(CEILING, 10, False), 251, 2500, "10.04%"),  # one decimal would not tell
        (Level(CEILING, 0, False), 1, 1000, "0.1%"),
        (Level(FLOOR, 80, False), 119, 149, "79.9%"),
        (Level(FLOOR, 80, False), 15, 25, "60%"),
        (Level(FLOOR, 100, False), 399, 400, "99.8%"),
        (Level(FLOOR, 60, True), 15, 25, "60%"),
    ],
)
def test_a_share_can_be_told_from_the_level_that_it_does_not_keep(
    level: Level, count: int, answered: int, said: str
) -> None:
    assert level.share_in_words(count, answered) == said


@examples(
    st.sampled_from([FLOOR, CEILING]),
    st.integers(0, 100),
    st.integers(1, 3000).flatmap(lambda answered: st.tuples(st.integers(0, answered), st.just(answered))),
)
def test_no_share_outside_a_level_reads_as_the_level(kind: str, percent: int, share: tuple[int, int]) -> None:
    count, answered = share
    kept = 100 * count >= percent * answered if kind == FLOOR else 100 * count <= percent * answered
    said = Level(kind, percent, kept).share_in_words(count, answered)
    assert kept or float(said.removesuffix("%")) != percent
