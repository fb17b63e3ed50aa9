"""The same cases audited again: McNemar's exact probability, and the table of grades."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from app.audits.selection import Selection
from app.findings.again import (
    BY_GRADE,
    HAND_PICKED,
    UNKNOWN,
    Again,
    AskedAgain,
    Moved,
    grades,
    mcnemar,
    moved,
    why_not_chance,
)

SCALE = ("outstanding", "good", "requires improvement", "inadequate")


@pytest.mark.parametrize(
    ("better", "worse", "said"),
    [
        (12, 2, "12 better, 6 the same, 2 worse: likely real (probability 0.0129)"),
        (2, 12, "2 better, 6 the same, 12 worse: likely real (probability 0.0129)"),
        (5, 1, "5 better, 6 the same, 1 worse: not shown to be real (probability 0.2188)"),
        (6, 0, "6 better, 6 the same, 0 worse: likely real (probability 0.0312)"),
        (5, 0, "5 better, 6 the same, 0 worse: not shown to be real (probability 0.0625)"),
        (3, 3, "3 better, 6 the same, 3 worse: not shown to be real (probability 1.0000)"),
        (1, 0, "1 better, 6 the same, 0 worse: not shown to be real (probability 1.0000)"),
        (0, 0, "0 better, 6 the same, 0 worse"),
    ],
)
def test_the_probability_is_said_with_what_it_shows(better: int, worse: int, said: str) -> None:
    asked = AskedAgain("child_seen", "Child seen", Moved(better, 6, worse), mcnemar(better, worse))
    assert str(asked) == said


def test_without_a_case_that_differs_there_is_none() -> None:
    assert mcnemar(0, 0) is None


@given(st.integers(0, 400), st.integers(0, 400))
def test_it_is_that_of_the_binomial_distribution(better: int, worse: int) -> None:
    found = mcnemar(better, worse)
    if found is None:
        assert better == worse == 0
        return
    assert 0 <= found <= 1
    assert found == mcnemar(worse, better)
    assert isclose(found, binomtest(better, better + worse).pvalue, rel_tol=1e-9)


@given(st.integers(0, 100), st.integers(0, 100))
def test_the_more_uneven_the_less_likely(fewer: int, more: int) -> None:
    low, high = sorted((fewer, more))
    here, further = mcnemar(low, high), mcnemar(low, high + 1)
    assert further is not None
    assert here is None or further <= here


grade_pairs = st.lists(st.tuples(st.sampled_from(SCALE), st.sampled_from(SCALE)))


@given(grade_pairs)
def test_every_case_is_in_one_cell_of_the_table_and_moved_one_way(pairs: list[tuple[str, str]]) -> None:
    table = grades(SCALE, pairs)
    assert sum(sum(row.values()) for row in table.values()) == len(pairs)
    assert all(tuple(row) == SCALE and sum(row.values()) for row in table.values())
    found = moved((SCALE.index(before), SCALE.index(now)) for before, now in pairs)
    assert found.better + found.same + found.worse == len(pairs)
    back = moved((SCALE.index(now), SCALE.index(before)) for before, now in pairs)
    assert (back.better, back.same, back.worse) == (found.worse, found.same, found.better)


def test_a_grade_nearer_the_best_is_better() -> None:
    pairs = [("inadequate", "good"), ("inadequate", "inadequate"), ("good", "requires improvement")]
    assert moved((SCALE.index(before), SCALE.index(now)) for before, now in pairs) == Moved(1, 1, 1)
    assert grades(SCALE, pairs) == {
        "good": {"outstanding": 0, "good": 0, "requires improvement": 1, "inadequate": 0},
        "inadequate": {"outstanding": 0, "good": 1, "requires improvement": 0, "inadequate": 1},
    }


ALL = [("good", True), ("inadequate", True)]
WORST = [("good", False), ("inadequate", True), ("inadequate", True)]
SOME = [("good", False), ("inadequate", True), ("inadequate", False)]


@pytest.mark.parametrize(
    ("selection", "earlier", "why"),
    [
        (Selection.RANDOM, SOME, None),
        (Selection.WHOLE_POPULATION, SOME, None),
        (Selection.HAND_PICKED, ALL, None),
        (None, ALL, None),
        (None, SOME, UNKNOWN),
        (Selection.STRATIFIED, WORST, UNKNOWN),
        (Selection.HAND_PICKED, WORST, BY_GRADE),
        (Selection.HAND_PICKED, SOME, HAND_PICKED),
        (Selection.HAND_PICKED, [(None, True), ("good", False)], HAND_PICKED),
    ],
)
def test_chance_is_spoken_of_only_where_all_or_a_random_share_were_asked(
    selection: str | None, earlier: list[tuple[str | None, bool]], why: str | None
) -> None:
    assert why_not_chance(selection, earlier) == why


def test_what_is_said_before_the_table() -> None:
    again = Again("2018-12", 14, 60, {}, Moved(9, 5, 0), chosen=BY_GRADE)
    assert again.sentences == [
        "14 of the 60 cases of cycle 2018-12 were audited again. This says nothing about other cases.",
        "The cases were chosen because of their grade: some would come out better by chance.",
    ]
