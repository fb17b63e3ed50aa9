"""A figure and its range drawn as a bar: a picture beside the words, never instead of them. Pure.

Drawn with the attributes of SVG alone, since pages forbid inline styles. Shape carries the meaning, colour
nothing: the figure is a diamond, its range a thick line with an end on either side, an expected level a
triangle on a dashed line, a half the tall tick of the axis.
"""

from markupsafe import Markup, escape

from app.findings.intervals import whole

INK = "#0b0c0c"
RANGE = "#1d70b8"
QUIET = "#505a5f"

_LEFT = 12
_PER_CENT = 2
"""Units of the drawing to one per cent."""
_MIDDLE = 12
_AXIS = 25


def interval_bar(percent: int, low: float | None, high: float | None, expected: int | None = None) -> Markup:
    """The bar of one figure on an axis from 0 to 100 per cent, as an SVG element for a page.

    All are per cents; `low` and `high` best unrounded, since the words round them. Both None: there is no
    interval to draw. `expected` is the level that the council expects. Its text is "60%, from 41% to 77%".
    """
    said = escape(bar_in_words(percent, low, high, expected))
    drawn = [_axis()]
    if expected is not None:
        drawn.append(_expected(expected))
    if low is not None and high is not None:
        drawn.append(_range(low, high))
    drawn.append(_figure(percent))
    return Markup(
        '<svg class="pa-interval-bar" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 224 40" '
        'width="224" height="40" role="img" aria-label="{said}" focusable="false">'
        "<title>{said}</title>{drawn}</svg>"
    ).format(said=said, drawn=Markup("").join(drawn))


def bar_in_words(percent: int, low: float | None, high: float | None, expected: int | None = None) -> str:
    """ "60%, from 41% to 77%", and where there is one "expected 80%"."""
    said = f"{percent}%"
    if low is not None and high is not None:
        said += f", from {whole(low)}% to {whole(high)}%"
    return said if expected is None else f"{said}; expected {expected}%"


def _x(per_cent: float) -> float:
    return round(_LEFT + _PER_CENT * per_cent, 1)


def _axis() -> Markup:
    ticks = Markup("").join(
        Markup('<path d="M{x} {top}V{bottom}"/>').format(
            x=_x(at), top=2 if at == 50 else _AXIS - 4, bottom=_AXIS
        )
        for at in (0, 50, 100)
    )
    numbers = Markup("").join(
        Markup('<text x="{x}" y="{y}">{at}</text>').format(x=_x(at), y=_AXIS + 12, at=at)
        for at in (0, 50, 100)
    )
    return Markup(
        '<g stroke="{quiet}" stroke-width="1" fill="none"><path d="M{left} {axis}H{right}"/>{ticks}</g>'
        '<g fill="{quiet}" font-family="arial, sans-serif" font-size="11" text-anchor="middle">{numbers}</g>'
    ).format(quiet=QUIET, left=_x(0), right=_x(100), axis=_AXIS, ticks=ticks, numbers=numbers)


def _expected(expected: int) -> Markup:
    x = _x(expected)
    return Markup(
        '<path d="M{x} 2V{axis}" stroke="{ink}" stroke-width="1.5" stroke-dasharray="3 2" fill="none"/>'
        '<path d="M{left} {foot}H{right}L{x} {axis}Z" fill="{ink}"/>'
    ).format(x=x, axis=_AXIS, ink=INK, left=x - 4, right=x + 4, foot=_AXIS + 6)


def _range(low: float, high: float) -> Markup:
    return Markup(
        '<g stroke="{colour}" fill="none"><path d="M{low} {middle}H{high}" stroke-width="4"/>'
        '<path d="M{low} {top}V{bottom}M{high} {top}V{bottom}" stroke-width="2"/></g>'
    ).format(colour=RANGE, low=_x(low), high=_x(high), middle=_MIDDLE, top=_MIDDLE - 5, bottom=_MIDDLE + 5)


def _figure(percent: int) -> Markup:
    return Markup(
        '<path d="M{left} {middle}L{x} {top}L{right} {middle}L{x} {bottom}Z" fill="{ink}" stroke="#ffffff"/>'
    ).format(
        left=_x(percent) - 6,
        x=_x(percent),
        right=_x(percent) + 6,
        middle=_MIDDLE,
        top=_MIDDLE - 6,
        bottom=_MIDDLE + 6,
        ink=INK,
    )
