"""The bar of the grades: what it says, where its parts stand, and that it needs no colour."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from app.drawing import Drawing, Label, Shape, svg
from app.findings.grade_bars import BY_ITSELF, IN_A_ROW, SHADES, bar_in_words, grade_bar
from app.findings.responses import Given
from app.tools.content import Ceiling

GRADES = ("outstanding", "good", "requires improvement", "inadequate")


def given(*counts: int) -> list[Given]:
    return [Given(name, "met", count, None, None) for name, count in zip(GRADES, counts, strict=False)]


def labels(drawing: Drawing | None) -> list[str]:
    assert drawing is not None
    return [mark.text for mark in drawing.shapes if isinstance(mark, Label)]


def parts(drawing: Drawing) -> list[tuple[float, float]]:
    """The left and right end of each part, in order."""
    shapes = [
        mark for mark in drawing.shapes if isinstance(mark, Shape) and mark.colour in SHADES and mark.edge
    ]
    return [(shape.corners[0][0], shape.corners[1][0]) for shape in shapes]


@pytest.mark.parametrize(
    ("counts", "in_a_row", "by_itself"),
    [
        # each with its name where there is room, then its count, then nothing
        ((2, 14, 30, 14), ["good 14", "30", "14"], ["2", "good 14", "requires improvement 30", "14"]),
        ((0, 16, 30, 14), ["good 16", "30", "14"], ["good 16", "requires improvement 30", "14"]),
        ((0, 0, 0, 60), ["inadequate 60"], ["inadequate 60"]),
    ],
)
def test_the_parts_have_their_names_and_counts_where_there_is_room(
    counts: Sequence[int], in_a_row: list[str], by_itself: list[str]
) -> None:
    assert labels(grade_bar(given(*counts))) == in_a_row
    assert labels(grade_bar(given(*counts), measures=BY_ITSELF)) == by_itself


def test_without_an_answer_there_is_no_bar() -> None:
    assert grade_bar(given(0, 0, 0, 0)) is None
    assert grade_bar([]) is None


def test_it_says_in_words_what_it_shows() -> None:
    words = "From best to worst: outstanding 2, good 14, requires improvement 30, inadequate 14"
    assert bar_in_words(given(2, 14, 30, 14)) == words
    drawn = grade_bar(given(2, 14, 30, 14))
    assert drawn is not None
    element = ElementTree.fromstring(svg(drawn, words))  # noqa: S314
    assert element.get("aria-label") == words
    assert not [each for each in element.iter() if "style" in each.attrib]


def test_a_ceiling_is_marked_where_the_worst_grades_would_reach_it() -> None:
    drawn = grade_bar(given(2, 14, 30, 14), Ceiling(("inadequate",), 10))
    assert drawn is not None
    marks = [mark for mark in drawn.shapes if isinstance(mark, Shape) and len(mark.corners) == 3]
    assert [mark.corners[2][0] for mark in marks] == [200.8, 200.8]  # 90% of 222 points, from 1 on
    assert drawn.height == IN_A_ROW.height + 18
    # over grades that are not the last ones there is nowhere to mark it
    plain = grade_bar(given(2, 14, 30, 14), Ceiling(("good",), 10))
    assert plain == grade_bar(given(2, 14, 30, 14))
    both = grade_bar(given(2, 14, 30, 14), Ceiling(("inadequate", "requires improvement"), 50))
    assert both is not None
    assert both.height == drawn.height


@examples(st.lists(st.integers(0, 5000), min_size=3, max_size=8).filter(any))
def test_parts_stand_in_order_and_fill_the_bar_by_their_counts(counts: list[int]) -> None:
    rows = [Given(f"grade {n}", "met", count, None, None) for n, count in enumerate(counts)]
    drawn = grade_bar(rows)
    assert drawn is not None
    ends = parts(drawn)
    shown = [count for count in counts if count]
    assert len(ends) == len(shown)
    assert ends[0][0] == 1
    assert ends[-1][1] == pytest.approx(IN_A_ROW.width - 1, abs=0.1)
    for (left, right), count in zip(ends, shown, strict=True):
        assert right - left == pytest.approx(222 * count / sum(counts), abs=0.21)
    for (_, end), (start, _) in pairwise(ends):
        assert start == pytest.approx(end, abs=0.11)


def test_no_two_neighbours_of_up_to_six_grades_have_one_shade() -> None:
    for number in range(2, 7):
        drawn = grade_bar([Given(f"grade {n}", "met", 10, None, None) for n in range(number)])
        assert drawn is not None
        shades = [mark.colour for mark in drawn.shapes if isinstance(mark, Shape) and mark.edge]
        assert len(set(shades)) == number
