"""A figure and its range drawn as a bar, which adds to the words and never replaces them. Pure.

Shape carries the meaning, colour nothing: the figure is a diamond, its range a thick line with an end on
either side, an expected level a triangle on a dashed line, a half the tall tick of the axis.
"""

from collections.abc import Callable
from functools import lru_cache

from markupsafe import Markup

from app.drawing import QUIET, RANGE, Drawing, Label, Line, Mark, Shape, diamond, svg
from app.intervals import whole

_LEFT = 12
_PER_CENT = 2
"""Points of the drawing to one per cent."""
_MIDDLE = 12
_AXIS = 25


@lru_cache(1024)
def interval_bar(percent: int, low: float | None, high: float | None, expected: int | None = None) -> Markup:
    """Return the bar of one figure on an axis from 0 to 100 per cent, as an SVG element for a page.

    All are per cents; give `low` and `high` unrounded, because the words round them. Both None: there is no
    interval to draw. `expected` is the level that the council expects. Its text is "60%, from 41% to 77%".
    """
    axis: list[Mark] = [Line(_x(0), _AXIS, _x(100), _AXIS, colour=QUIET)]
    for at in (0, 50, 100):
        axis.append(Line(_x(at), 2 if at == 50 else _AXIS - 4, _x(at), _AXIS, colour=QUIET))
        axis.append(Label(_x(at), _AXIS + 8, str(at), 11, "middle", QUIET))
    bar = Drawing(224, 40, axis + marks(_x, _MIDDLE, percent, low, high, expected), "pa-interval-bar")
    return svg(bar, bar_in_words(percent, low, high, expected))


def marks(
    x: Callable[[float], float],
    middle: float,
    percent: int | None,
    low: float | None,
    high: float | None,
    expected: float | None,
) -> list[Mark]:
    """Return the marks of one figure, its range and its expected level on a horizontal axis of per cents.

    `x` gives the position of a per cent, `middle` the height of the figure.
    """
    drawn: list[Mark] = []
    if expected is not None:
        at, foot = x(expected), middle + 13
        drawn.append(Line(at, middle - 10, at, foot, 1.5, dashed=True, dashes=(3, 2)))
        drawn.append(Shape(((at - 4, foot + 6), (at + 4, foot + 6), (at, foot))))
    if low is not None and high is not None:
        drawn.append(Line(x(low), middle, x(high), middle, 4, RANGE))
        drawn += [Line(x(end), middle - 5, x(end), middle + 5, 2, RANGE) for end in (low, high)]
    if percent is not None:
        drawn.append(diamond(x(percent), middle))
    return drawn


def bar_in_words(percent: int, low: float | None, high: float | None, expected: int | None = None) -> str:
    """Return "60%, from 41% to 77%", with "expected 80%" when there is an expected level."""
    words = f"{percent}%"
    if low is not None and high is not None:
        words += f", from {whole(low)}% to {whole(high)}%"
    return words if expected is None else f"{words}, expected {expected}%"


def _x(per_cent: float) -> float:
    return round(_LEFT + _PER_CENT * per_cent, 1)
