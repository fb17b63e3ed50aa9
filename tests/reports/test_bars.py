"""The bars of a report, drawn beside the whole drawing in golden/."""

from pathlib import Path

import pytest

from app.drawing import Drawing, Label, Line, svg
from app.reports.bars import drawing
from app.reports.paper import Bar

GOLDEN = Path(__file__).parent / "golden"
BARS = (
    Bar("Child seen", 60, 40.7, 76.6, 80, "15 of 25"),
    Bar("Was the plan reviewed in time by the core group?", 13, 100 / 3, 50.0, None, "5 of 40"),
    Bar("Gatekeeping", None, None, None, None, "answered in 9 of 26 audits"),
    Bar("", 0, None, None, None, "0 of 12"),
)


def test_a_picture_is_drawn_as_it_is_in_golden() -> None:
    written = str(svg(drawing(BARS), "bars")).replace("><", ">\n<") + "\n"
    assert written == (GOLDEN / "bars.svg").read_text()


def labels(drawn: Drawing, at: float = 0) -> list[tuple[float, str]]:
    return [(shape.y, shape.text) for shape in drawn.shapes if isinstance(shape, Label) and shape.x == at]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Child seen", [(30, "Child seen")]),
        ("a" * 20 + " " + "b" * 19, [(30, "a" * 20 + " " + "b" * 19)]),  # forty letters
        ("a" * 20 + " " + "b" * 20, [(22, "a" * 20), (38, "b" * 20)]),
        (
            " ".join(["a" * 30, "b" * 30, "c" * 30]),
            [(22, "a" * 30), (38, "b" * 30 + "…")],
        ),
        ("", [(30, "")]),
    ],
)
def test_a_name_has_two_lines_around_the_middle_at_most(name: str, lines: list[tuple[float, str]]) -> None:
    assert labels(drawing([Bar(name, 60)])) == lines


def test_what_has_no_figure_says_so() -> None:
    assert labels(drawing(BARS), 522) == [
        (30, "15 of 25"),
        (66, "5 of 40"),
        (102, "result not shown"),
        (138, "0 of 12"),
    ]


def test_the_half_is_the_thick_line_and_the_quarters_are_dashed() -> None:
    upright = [shape for shape in drawing([]).shapes if isinstance(shape, Line)]
    assert [(line.x1, line.width, line.dashed) for line in upright] == [
        (268, 1, False),
        (326, 1, True),
        (384, 1.5, False),
        (442, 1, True),
        (500, 1, False),
    ]
