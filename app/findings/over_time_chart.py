"""Draws one key area over time: intervals, median, control limits, breaks. The table beside it says it all.

Drawn, like bars.py, with the attributes of SVG alone. Each kind of figure has its own shape: a diamond for
a cycle of this service, hollow while the cycle is open; a hollow square for one as published; a ring around
what is outside the control limits. A gap has no mark and no line through it.
"""

from collections.abc import Sequence

from markupsafe import Markup

from app.findings.bars import INK, QUIET, RANGE
from app.findings.earlier import Published
from app.findings.over_time import Point, Stretch

_LEFT = 48
_TOP = 24
_HEIGHT = 220
_SLOT = 68
_BOTTOM = _TOP + _HEIGHT
_LONGEST_LABEL = 9


def chart(name: str, points: Sequence[Point], stretches: Sequence[Stretch]) -> Markup:
    """The chart of a key area, as an SVG element for a page. `stretches` are those of the same points."""
    width = _LEFT + _SLOT * len(points) + 16
    parts = [_axis(width)]
    for stretch in stretches:
        parts += [_limits(stretch), _median(stretch), _lines(stretch)]
    for place, point in enumerate(points):
        parts.append(_label(place, point))
        if point.breaks:
            parts.append(_break(place))
        if point.share is not None:
            parts.append(_point(place, point, point.share))
    for stretch in stretches:
        parts += [
            Markup('<circle cx="{x}" cy="{y}" r="11" fill="none" stroke="{ink}" stroke-width="2"/>').format(
                x=_x(stretch.first + place), y=_y(point.share), ink=INK
            )
            for place, point in enumerate(stretch.points)
            if point.share is not None and stretch.is_outside(place)
        ]
    said = f"{name}, {len(points)} cycles from {points[0].reference} to {points[-1].reference}"
    return Markup(
        '<svg class="pa-over-time" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'width="{width}" height="{height}" role="img" aria-label="{said}. The table has the same figures." '
        'focusable="false" font-family="arial, sans-serif" font-size="13">'
        "<title>{said}</title>{parts}</svg>"
    ).format(width=width, height=_BOTTOM + 48, said=said, parts=Markup("").join(parts))


def _x(place: int) -> int:
    return _LEFT + _SLOT * place + _SLOT // 2


def _y(share: float) -> float:
    return round(_BOTTOM - _HEIGHT * share, 1)


def _axis(width: int) -> Markup:
    lines = Markup("").join(
        Markup(
            '<path d="M{left} {y}H{right}" stroke="{quiet}" stroke-width="{thick}" fill="none"/>'
            '<text x="{text}" y="{below}" text-anchor="end" fill="{quiet}">{at}%</text>'
        ).format(
            left=_LEFT,
            right=width - 8,
            y=_y(at / 100),
            thick=1 if at in (0, 50, 100) else 0.3,
            quiet=QUIET,
            text=_LEFT - 8,
            below=_y(at / 100) + 4,
            at=at,
        )
        for at in (0, 25, 50, 75, 100)
    )
    return Markup("<g>{}</g>").format(lines)


def _limits(stretch: Stretch) -> Markup:
    if stretch.limits is None:
        return Markup("")
    drawn = Markup("").join(
        Markup('<path d="M{left} {y}h{width}"/>').format(
            left=_x(stretch.first + place) - _SLOT // 2, y=_y(bound), width=_SLOT
        )
        for place, bounds in enumerate(stretch.limits.of_each)
        if bounds is not None
        for bound in bounds
    )
    return Markup(
        '<g class="pa-over-time__limits" stroke="{}" stroke-width="2" stroke-dasharray="2 3">{}</g>'
    ).format(INK, drawn)


def _median(stretch: Stretch) -> Markup:
    if stretch.median is None:
        return Markup("")
    return Markup(
        '<path class="pa-over-time__median" d="M{left} {y}h{width}" stroke="{ink}" stroke-width="1.5" '
        'stroke-dasharray="12 4" fill="none"/>'
    ).format(
        left=_x(stretch.first) - _SLOT // 2,
        y=_y(stretch.median),
        width=_SLOT * len(stretch.points),
        ink=INK,
    )


def _lines(stretch: Stretch) -> Markup:
    """Lines between neighbours that both have a figure: none across a gap, none across a break."""
    return Markup("").join(
        Markup('<path d="M{} {}L{} {}" stroke="{}" stroke-width="1" fill="none"/>').format(
            _x(stretch.first + place), _y(before.share), _x(stretch.first + place + 1), _y(after.share), QUIET
        )
        for place, (before, after) in enumerate(zip(stretch.points, stretch.points[1:], strict=False))
        if before.share is not None and after.share is not None
    )


def _label(place: int, point: Point) -> Markup:
    label = point.reference
    if len(label) > _LONGEST_LABEL:
        label = label[: _LONGEST_LABEL - 1] + "…"
    below = f"{point.day:%b %Y}" if point.share is not None else "no figure"
    return Markup(
        '<g text-anchor="middle"><text x="{x}" y="{y}" fill="{ink}">{label}</text>'
        '<text x="{x}" y="{under}" fill="{quiet}" font-size="12">{below}</text></g>'
    ).format(x=_x(place), y=_BOTTOM + 20, under=_BOTTOM + 38, ink=INK, quiet=QUIET, label=label, below=below)


def _break(place: int) -> Markup:
    x = _x(place) - _SLOT // 2
    return Markup(
        '<path class="pa-over-time__break" d="M{x} {top}V{bottom}" stroke="{ink}" stroke-width="2" '
        'stroke-dasharray="6 5" fill="none"/>'
        '<text x="{x}" y="{above}" text-anchor="middle" fill="{ink}">break</text>'
    ).format(x=x, top=_TOP - 4, bottom=_BOTTOM, above=_TOP - 9, ink=INK)


def _point(place: int, point: Point, share: float) -> Markup:
    x, y = _x(place), _y(share)
    if isinstance(point.found, Published):
        return Markup(
            '<rect class="pa-over-time__published" x="{}" y="{}" width="12" height="12" fill="#ffffff" '
            'stroke="{}" stroke-width="2"/>'
        ).format(x - 6, y - 6, INK)
    drawn = Markup("")
    if point.found.interval is not None:
        low, high = _y(point.found.interval.low), _y(point.found.interval.high)
        drawn = Markup(
            '<g stroke="{colour}" fill="none"><path d="M{x} {low}V{high}" stroke-width="4"/>'
            '<path d="M{left} {low}h12M{left} {high}h12" stroke-width="2"/></g>'
        ).format(colour=RANGE, x=x, low=low, high=high, left=x - 6)
    fill, edge = ("#ffffff", INK) if point.is_open else (INK, "#ffffff")
    return drawn + Markup('<path d="M{} {}l7 7l-7 7l-7 -7Z" fill="{}" stroke="{}"/>').format(
        x, round(y - 7, 1), fill, edge
    )
