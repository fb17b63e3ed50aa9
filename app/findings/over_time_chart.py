"""A chart of one key area over time: intervals, median, control limits, breaks. The table has all of it too.

Each kind of figure has its own shape: a diamond for a cycle of this service, hollow while the cycle is open;
a hollow square for one as published; a ring around a figure outside the control limits. A gap has no mark and
no line through it.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from markupsafe import Markup

from app.drawing import INK, PAPER, QUIET, RANGE, Drawing, Label, Line, Mark, Ring, box, diamond, svg
from app.findings.earlier import Published
from app.findings.over_time import Point, Stretch

_LEFT = 48
_TOP = 24
_HEIGHT = 220
_SLOT = 68
_BOTTOM = _TOP + _HEIGHT
_LONGEST_LABEL = 9


def chart(name: str, points: Sequence[Point], stretches: Sequence[Stretch]) -> Markup:
    """Return the chart of a key area, as an SVG element for a page. `stretches` are of the same points."""
    width = _LEFT + _SLOT * len(points) + 16
    marks = _axis(width)
    for stretch in stretches:
        marks += [*_limits(stretch), *_median(stretch), *_lines(stretch)]
    for place, point in enumerate(points):
        marks += _label(place, point)
        if point.breaks:
            marks += _break(place)
        if point.share is not None:
            marks += _figure(place, point, point.share)
    marks += [
        Ring(_x(stretch.first + place), _y(point.share), 11)
        for stretch in stretches
        for place, point in enumerate(stretch.points)
        if point.share is not None and stretch.is_outside(place)
    ]
    cycles = f"{len(points)} cycles from {points[0].reference} to {points[-1].reference}"
    return svg(
        Drawing(width, _BOTTOM + 48, marks, "pa-over-time"),
        f"{name}, {cycles}. The table shows the same figures.",
    )


def _x(place: int) -> int:
    return _LEFT + _SLOT * place + _SLOT // 2


def _y(share: float) -> float:
    return round(_BOTTOM - _HEIGHT * share, 1)


def _axis(width: int) -> list[Mark]:
    marks: list[Mark] = []
    for at in (0, 25, 50, 75, 100):
        y = _y(at / 100)
        marks.append(Line(_LEFT, y, width - 8, y, 1 if at in (0, 50, 100) else 0.3, QUIET))
        marks.append(Label(_LEFT - 8, y, f"{at}%", 13, "end", QUIET))
    return marks


def _limits(stretch: Stretch) -> list[Mark]:
    return [
        Line(x, _y(bound), x + _SLOT, _y(bound), 2, INK, True, (2, 3), "pa-over-time__limits")
        for place, bounds in enumerate(stretch.limits.of_each if stretch.limits else ())
        if bounds is not None
        for x in (_x(stretch.first + place) - _SLOT // 2,)
        for bound in bounds
    ]


def _median(stretch: Stretch) -> list[Mark]:
    if stretch.median is None:
        return []
    left, y = _x(stretch.first) - _SLOT // 2, _y(stretch.median)
    right = left + _SLOT * len(stretch.points)
    return [Line(left, y, right, y, 1.5, INK, True, (12, 4), "pa-over-time__median")]


def _lines(stretch: Stretch) -> list[Mark]:
    """Return lines between neighbours that both have a figure: none across a gap, none across a break."""
    return [
        Line(_x(place), _y(before.share), _x(place + 1), _y(after.share), 1, QUIET)
        for place, (before, after) in enumerate(pairwise(stretch.points), stretch.first)
        if before.share is not None and after.share is not None
    ]


def _label(place: int, point: Point) -> list[Mark]:
    label = point.reference
    if len(label) > _LONGEST_LABEL:
        label = label[: _LONGEST_LABEL - 1] + "…"
    below = f"{point.day:%b %Y}" if point.share is not None else "not shown"
    return [
        Label(_x(place), _BOTTOM + 15.5, label, 13, "middle"),
        Label(_x(place), _BOTTOM + 34, below, 12, "middle", QUIET),
    ]


def _break(place: int) -> list[Mark]:
    x = _x(place) - _SLOT // 2
    return [
        Line(x, _TOP - 4, x, _BOTTOM, 2, INK, True, (6, 5), "pa-over-time__break"),
        Label(x, _TOP - 13.5, "break", 13, "middle"),
    ]


def _figure(place: int, point: Point, share: float) -> list[Mark]:
    x, y = _x(place), _y(share)
    if isinstance(point.found, Published):
        square = box(x - 6, y - 6, 12, 12, PAPER)
        return [replace(square, edge=INK, edge_width=2, name="pa-over-time__published")]
    marks: list[Mark] = []
    if interval := point.found.interval:
        ends = _y(interval.low), _y(interval.high)
        marks.append(Line(x, ends[0], x, ends[1], 4, RANGE))
        marks += [Line(x - 6, end, x + 6, end, 2, RANGE) for end in ends]
    fill, edge = (PAPER, INK) if point.is_open else (INK, PAPER)
    return [*marks, diamond(x, y, 7, fill, edge)]
