"""The shapes of a picture, which is written as SVG for pages and as PNG for Word. Pure.

All charts are drawn with these. Lengths are in points of the drawing; the PNG has several pixels to a point.
Colour alone never carries a meaning.
"""

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from PIL import ImageDraw

INK, RANGE, QUIET, PAPER = "#0b0c0c", "#1d70b8", "#505a5f", "#ffffff"
_RING_WIDTH = 2

PIXELS = 3
"""Pixels of the PNG to one point, which is sharp in print at the width of a page."""

EVEN = (4.0, 4.0)
"""The default lengths of the dashes of a dashed line and of the gaps between them."""

_WRITTEN_AS = str.maketrans(
    {"–": "-", "—": "-", "•": "-", "\u00a0": " ", "ß": "ss", **dict(zip("ØøŁłĐđ", "OoLlDd", strict=True))}
)
"""Replacements of letters that Pillow's own font lacks and that do not decompose into letters it has."""


@dataclass(frozen=True)
class Line:
    """A straight line from one point to another. `name` is its class in SVG."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = 1
    colour: str = INK
    dashed: bool = False
    dashes: tuple[float, float] = EVEN
    name: str | None = None


@dataclass(frozen=True)
class Shape:
    """A filled area within these corners, with a line around it where it has an edge."""

    corners: tuple[tuple[float, float], ...]
    colour: str = INK
    edge: str | None = None
    edge_width: float = 1
    name: str | None = None


@dataclass(frozen=True)
class Ring:
    """An unfilled circle around a point."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Label:
    """Words with their middle line at `y` and their start, middle or end (`side`) at `x`."""

    x: float
    y: float
    text: str
    size: float = 13
    side: str = "start"
    colour: str = INK


Mark = Line | Shape | Ring | Label


@dataclass(frozen=True)
class Drawing:
    """Shapes on a white sheet, later ones on top. `kind` is the class of the sheet in SVG."""

    width: float
    height: float
    shapes: Sequence[Mark]
    kind: str = "pa-picture"


def moved(shapes: Sequence[Mark], right: float, down: float) -> list[Mark]:
    """Return the shapes at another place of the sheet, as far to the right and down."""
    elsewhere: list[Mark] = []
    for shape in shapes:
        match shape:
            case Line(x1, y1, x2, y2):
                elsewhere.append(replace(shape, x1=x1 + right, y1=y1 + down, x2=x2 + right, y2=y2 + down))
            case Shape(corners):
                elsewhere.append(replace(shape, corners=tuple((x + right, y + down) for x, y in corners)))
            case Ring(x, y) | Label(x, y):
                elsewhere.append(replace(shape, x=x + right, y=y + down))
    return elsewhere


def diamond(x: float, y: float, size: float = 6, colour: str = INK, edge: str | None = PAPER) -> Shape:
    """Return the mark of a figure: a diamond around a point."""
    return Shape(((x - size, y), (x, y - size), (x + size, y), (x, y + size)), colour, edge)


def box(x: float, y: float, width: float, height: float, colour: str = RANGE) -> Shape:
    """Return a rectangle from its upper left corner."""
    return Shape(((x, y), (x + width, y), (x + width, y + height), (x, y + height)), colour)


EMPTY = Markup("")


def svg(drawing: Drawing, alternative: str) -> Markup:
    """Return the drawing as an SVG element for a page, with attributes alone: pages forbid inline styles.

    `alternative` is its text alternative.
    """
    return _element(
        "svg",
        _element("title", escape(alternative)) + EMPTY.join(_as_svg(mark) for mark in drawing.shapes),
        class_=drawing.kind,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {drawing.width:g} {drawing.height:g}",
        width=drawing.width,
        height=drawing.height,
        role="img",
        aria_label=alternative,
        focusable="false",
    )


def _as_svg(mark: Mark) -> Markup:
    match mark:
        case Line():
            return _element(
                "path",
                class_=mark.name,
                d=_path(mark),
                stroke=mark.colour,
                stroke_width=mark.width,
                stroke_dasharray="{:g} {:g}".format(*mark.dashes) if mark.dashed else None,
                fill="none",
            )
        case Shape():
            corners = "L".join(f"{round(x, 2)} {round(y, 2)}" for x, y in mark.corners)
            edge_width = mark.edge_width if mark.edge else None
            return _element(
                "path",
                class_=mark.name,
                d=f"M{corners}Z",
                fill=mark.colour,
                stroke=mark.edge,
                stroke_width=edge_width,
            )
        case Ring():
            return _element(
                "circle",
                cx=mark.x,
                cy=mark.y,
                r=mark.radius,
                stroke=INK,
                stroke_width=_RING_WIDTH,
                fill="none",
            )
        case Label():
            return _element(
                "text",
                escape(mark.text),
                x=mark.x,
                y=mark.y,
                font_family="arial, sans-serif",
                font_size=mark.size,
                text_anchor=mark.side,
                dominant_baseline="central",
                fill=mark.colour,
            )


def _path(line: Line) -> str:
    x1, y1, x2, y2 = (round(number, 2) for number in (line.x1, line.y1, line.x2, line.y2))
    end = f"H{x2}" if y1 == y2 else f"V{y2}" if x1 == x2 else f"L{x2} {y2}"
    return f"M{x1} {y1}{end}"


def _element(tag: str, within: Markup = EMPTY, **attributes: str | float | None) -> Markup:
    # a page of findings has thousands of attributes, and formatting each as Markup takes long
    written = "".join(
        f' {name.strip("_").replace("_", "-")}="{_value(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{tag}{written}>{within}</{tag}>")  # noqa: S704  # nosec B704 # all values are escaped


def _value(value: str | float) -> str:
    return str(escape(value)) if isinstance(value, str) else str(round(value, 2))


def png(drawing: Drawing) -> bytes:
    """Return the drawing as PNG, the same bytes each time."""
    # a library of some megabytes, for reports in Word alone
    from PIL import Image, ImageDraw

    size = (round(drawing.width * PIXELS), round(drawing.height * PIXELS))
    image = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(image)
    for mark in drawing.shapes:
        _draw(pen, mark)
    file = io.BytesIO()
    image.save(file, "PNG", dpi=(96 * PIXELS, 96 * PIXELS))
    return file.getvalue()


def _draw(pen: "ImageDraw.ImageDraw", mark: Mark) -> None:
    from PIL import ImageFont

    match mark:
        case Line():
            for start, end in _pieces(mark):
                pen.line([_pixels(start), _pixels(end)], mark.colour, _width(mark.width))
        case Shape():
            corners = [_pixels(corner) for corner in mark.corners]
            pen.polygon(corners, mark.colour, mark.edge, _width(mark.edge_width) if mark.edge else 1)
        case Ring():
            # Pillow draws a ring's width inwards, SVG half of it to either side
            outer = mark.radius + _RING_WIDTH / 2
            corners = [_pixels((mark.x - outer, mark.y - outer)), _pixels((mark.x + outer, mark.y + outer))]
            pen.ellipse(corners, outline=INK, width=_width(_RING_WIDTH))
        case Label():
            font = ImageFont.load_default(mark.size * PIXELS)
            anchor = {"start": "lm", "middle": "mm", "end": "rm"}[mark.side]
            pen.text(_pixels((mark.x, mark.y)), _in_known_letters(mark.text), mark.colour, font, anchor)


def _width(points: float) -> int:
    return max(1, round(points * PIXELS))


def _in_known_letters(text: str) -> str:
    """Return text without accents: a name without its accent can be read, an empty box cannot."""
    apart = unicodedata.normalize("NFKD", text.translate(_WRITTEN_AS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _pixels(point: tuple[float, float]) -> tuple[int, int]:
    return round(point[0] * PIXELS), round(point[1] * PIXELS)


def _pieces(line: Line) -> Sequence[tuple[tuple[float, float], tuple[float, float]]]:
    """Return the pieces of a line: the whole line, or its dashes."""
    start, end = (line.x1, line.y1), (line.x2, line.y2)
    if not line.dashed:
        return [(start, end)]
    length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5 or 1

    def at(distance: float) -> tuple[float, float]:
        share = min(distance, length) / length
        return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share

    dash, gap = line.dashes
    starts = [number * (dash + gap) for number in range(int(length / (dash + gap)) + 1)]
    return [(at(start_of), at(start_of + dash)) for start_of in starts]
