"""The figures of a report as bars with their ranges, drawn with the marks of the findings page. Pure."""

from collections.abc import Sequence
from textwrap import wrap

from app.drawing import QUIET, Drawing, Label, Line, Mark
from app.findings.bars import marks
from app.reports.paper import RESULT_NOT_SHOWN, Bar

NAME, LEFT, RIGHT, WIDTH = 0, 268, 508, 640
"""The x of the names, of 0 and of 100 per cent, and the width of the drawing."""

ROW, TOP, FOOT = 40, 12, 30
LETTERS = 40
"""Letters of a name that fit on a line."""


def drawing(bars: Sequence[Bar]) -> Drawing:
    """Return the drawing: a row for each bar with its name, its figure on its range, and its counts.

    The tall line is a half; an expected level is a triangle on a dashed line.
    """
    bottom = TOP + ROW * len(bars)
    shapes: list[Mark] = []
    for at in (0, 25, 50, 75, 100):
        thick = 1.5 if at == 50 else 1
        shapes.append(Line(_x(at), TOP, _x(at), bottom + 4, thick, QUIET, dashed=at not in (0, 50, 100)))
        shapes.append(Label(_x(at), bottom + 16, f"{at}%", 11, "middle", QUIET))
    for number, bar in enumerate(bars):
        shapes += _row(bar, TOP + ROW * number + ROW / 2)
    return Drawing(WIDTH, bottom + FOOT, shapes)


def _row(bar: Bar, middle: float) -> list[Mark]:
    lines = wrap(bar.name, LETTERS, max_lines=2, placeholder="…") or [""]
    first = middle - 8 * (len(lines) - 1)
    name = [Label(NAME, first + 16 * number, line, 13) for number, line in enumerate(lines)]
    figure = (
        Label(RIGHT + 22, middle, RESULT_NOT_SHOWN, 12, colour=QUIET)
        if bar.percent is None
        else Label(RIGHT + 22, middle, bar.said, 12)
    )
    return [*name, *marks(_x, middle, bar.percent, bar.low, bar.high, bar.expected), figure]


def _x(per_cent: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * per_cent / 100, 1)
