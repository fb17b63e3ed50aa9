"""The bars of a report: figures with their ranges, and grades, drawn as on the findings page. Pure."""

from collections.abc import Sequence
from textwrap import wrap

from app.drawing import INK, QUIET, Drawing, Label, Line, Mark, box, moved
from app.findings.bars import marks
from app.findings.grade_bars import Measures, grade_bar, shades
from app.findings.responses import Given
from app.reports.paper import RESULT_NOT_SHOWN, Bar, GradeBar, Grades, Picture
from app.tools.content import Ceiling

NAME, LEFT, RIGHT, WIDTH = 0, 268, 500, 640
"""The x of the names, of 0 and of 100 per cent, and the width of the drawing."""

ROW, TOP, FOOT = 36, 12, 30
LETTERS = 40
"""Letters of a name that fit on a line."""

GRADES_RIGHT, COUNTS_LETTERS = 520, 17
"""The x of the end of a bar of grades, and the letters of its counts that fit behind it."""
ALONE = Measures(WIDTH - 2, 40, 13)
"""The measures of a bar that is alone in its picture."""

SWATCH, LEGEND, LEGEND_LETTER = 14, 24, 6.6
"""The size of a square of the legend, the height of its lines, and the width that a letter takes in it."""


def drawn(part: Picture | Grades) -> Drawing:
    """Return the drawing of a part of a report that is a picture."""
    return drawing(part.bars) if isinstance(part, Picture) else grades(part)


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
    figure = (
        Label(RIGHT + 22, middle, RESULT_NOT_SHOWN, 12, colour=QUIET)
        if bar.percent is None
        else Label(RIGHT + 22, middle, bar.said, 12)
    )
    return [
        *_name(bar.name, middle),
        *marks(_x, middle, bar.percent, bar.low, bar.high, bar.expected),
        figure,
    ]


def grades(part: Grades) -> Drawing:
    """Return the drawing: the grades in their order, and a row for each bar with its name and its counts."""
    legend, top = _legend(part.grades)
    shapes = legend
    if len(part.grade_bars) == 1 and (bar_alone := _bar(part.grades, part.grade_bars[0], ALONE)):
        # the caption names it
        shapes += moved(bar_alone.shapes, NAME + 1, top)
        return Drawing(WIDTH, top + bar_alone.height + 6, shapes)
    for number, bar in enumerate(part.grade_bars):
        shapes += _grade_row(part.grades, bar, top + ROW * number + ROW / 2)
    return Drawing(WIDTH, top + ROW * len(part.grade_bars) + 6, shapes)


def _legend(names: Sequence[str]) -> tuple[list[Mark], float]:
    """Return a square and a name for each grade, on as many lines as they need, and where they end."""
    shapes: list[Mark] = []
    x, y = float(NAME), TOP
    for name, shade in zip(names, shades(len(names)), strict=True):
        width = SWATCH + 6 + LEGEND_LETTER * len(name) + 18
        if x > NAME and x + width > WIDTH:
            x, y = NAME, y + LEGEND
        shapes += [box(x, y - SWATCH / 2, SWATCH, SWATCH, INK), box(x + 1, y - SWATCH / 2 + 1, 12, 12, shade)]
        shapes.append(Label(x + SWATCH + 6, y, name, 12))
        x += width
    return shapes, y + LEGEND / 2 + 4


def _grade_row(names: Sequence[str], bar: GradeBar, middle: float) -> list[Mark]:
    drawn = _bar(names, bar, Measures(GRADES_RIGHT - LEFT, 24, 12))
    counts = ", ".join(map(str, bar.counts))
    if len(counts) > COUNTS_LETTERS:
        counts = f"of {sum(bar.counts):,}"
    shapes = moved(drawn.shapes, LEFT, middle - drawn.height / 2) if drawn else []
    return [*_name(bar.name, middle), *shapes, Label(GRADES_RIGHT + 12, middle, counts, 12)]


def _bar(names: Sequence[str], bar: GradeBar, measures: Measures) -> Drawing | None:
    given = [Given(name, "", count, None, None) for name, count in zip(names, bar.counts, strict=True)]
    at_most = None if bar.at_most is None else Ceiling(bar.at_most_of, bar.at_most)
    return grade_bar(given, at_most, measures)


def _name(name: str, middle: float) -> list[Mark]:
    lines = wrap(name, LETTERS, max_lines=2, placeholder="…") or [""]
    first = middle - 8 * (len(lines) - 1)
    return [Label(NAME, first + 16 * number, line, 13) for number, line in enumerate(lines)]


def _x(per_cent: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * per_cent / 100, 1)
