"""The figures of a report as bars with their ranges, in the visual language of the findings page. Pure."""

from collections.abc import Sequence
from textwrap import wrap

from app.drawing import INK, QUIET, RANGE, Drawing, Label, Line, Shape, diamond
from app.reports.paper import Bar

NAME, LEFT, RIGHT, WIDTH = 0, 268, 508, 640
"""Where names begin, where 0 and 100 per cent are, and how wide the drawing is."""

ROW, TOP, FOOT = 40, 12, 30
LETTERS = 40
"""So many letters of a name fit on a line."""


def drawing(bars: Sequence[Bar]) -> Drawing:
    """One row for each bar: its name, its figure as a diamond on its range, and its counts.

    The tall line is a half; an expected level is a triangle on a dashed line.
    """
    bottom = TOP + ROW * len(bars)
    shapes: list[Line | Shape | Label] = []
    for at in (0, 25, 50, 75, 100):
        shapes.append(
            Line(
                _x(at), TOP, _x(at), bottom + 4, 1 if at != 50 else 1.5, QUIET, dashed=at not in (0, 50, 100)
            )
        )
        shapes.append(Label(_x(at), bottom + 16, f"{at}%", 11, "middle", QUIET))
    for number, bar in enumerate(bars):
        shapes += _row(bar, TOP + ROW * number + ROW / 2)
    return Drawing(WIDTH, bottom + FOOT, shapes)


def _row(bar: Bar, middle: float) -> list[Line | Shape | Label]:
    lines = wrap(bar.name, LETTERS, max_lines=2, placeholder="…") or [""]
    first = middle - 8 * (len(lines) - 1)
    shapes: list[Line | Shape | Label] = [
        Label(NAME, first + 16 * number, line, 13) for number, line in enumerate(lines)
    ]
    if bar.expected is not None:
        x = _x(bar.expected)
        shapes.append(Line(x, middle - 14, x, middle + 14, 1.5, INK, dashed=True))
        shapes.append(Shape(((x - 5, middle + 19), (x + 5, middle + 19), (x, middle + 11))))
    if bar.low is not None and bar.high is not None:
        shapes.append(Line(_x(bar.low), middle, _x(bar.high), middle, 4, RANGE))
        shapes += [Line(_x(end), middle - 6, _x(end), middle + 6, 2, RANGE) for end in (bar.low, bar.high)]
    if bar.percent is None:
        shapes.append(Label(RIGHT + 22, middle, "no figure", 12, colour=QUIET))
    else:
        shapes += [diamond(_x(bar.percent), middle), Label(RIGHT + 22, middle, bar.said, 12)]
    return shapes


def _x(per_cent: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * per_cent / 100, 1)
