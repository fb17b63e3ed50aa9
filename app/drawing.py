"""A picture as shapes, drawn once and written twice: as SVG for pages, as PNG for Word. Pure.

Measured in points of the drawing; the PNG has several pixels to each. Nothing is told by colour alone.
"""

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape
from PIL import Image, ImageDraw, ImageFont

INK, RANGE, QUIET, PAPER = "#0b0c0c", "#1d70b8", "#505a5f", "#ffffff"

PIXELS = 3
"""Pixels of the PNG to one point: sharp in print at the width of a page."""

_DASH = 4

_WRITTEN_AS = str.maketrans(
    {"–": "-", "—": "-", "•": "-", "\u00a0": " ", "ß": "ss", **dict(zip("ØøŁłĐđ", "OoLlDd", strict=True))}
)
"""What Pillow's own font lacks and no decomposition brings down to letters that it has."""


@dataclass(frozen=True)
class Line:
    """A straight line from one point to another."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = 1
    colour: str = INK
    dashed: bool = False


@dataclass(frozen=True)
class Shape:
    """A filled area within these corners."""

    corners: tuple[tuple[float, float], ...]
    colour: str = INK


@dataclass(frozen=True)
class Label:
    """Words, their middle line at `y`; `side` says what of them is at `x`: start, middle or end."""

    x: float
    y: float
    text: str
    size: float = 13
    side: str = "start"
    colour: str = INK


@dataclass(frozen=True)
class Drawing:
    """Shapes on a white sheet; what comes later lies on top."""

    width: float
    height: float
    shapes: Sequence[Line | Shape | Label]


def diamond(x: float, y: float, size: float = 6) -> Shape:
    """The mark of a figure."""
    return Shape(((x - size, y), (x, y - size), (x + size, y), (x, y + size)))


def box(x: float, y: float, width: float, height: float, colour: str = RANGE) -> Shape:
    """A rectangle from its upper left corner."""
    return Shape(((x, y), (x + width, y), (x + width, y + height), (x, y + height)), colour)


def svg(drawing: Drawing, alternative: str) -> Markup:
    """The drawing as an SVG element for a page, with attributes alone: pages forbid inline styles.

    `alternative` says in words what it shows.
    """
    return Markup(
        '<svg class="pa-picture" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        'width="{width:g}" height="{height:g}" role="img" aria-label="{said}" focusable="false">'
        "<title>{said}</title>{shapes}</svg>"
    ).format(
        width=drawing.width,
        height=drawing.height,
        said=escape(alternative),
        shapes=Markup("").join(_as_svg(shape) for shape in drawing.shapes),
    )


def _as_svg(shape: Line | Shape | Label) -> Markup:
    match shape:
        case Line():
            dashes = Markup(' stroke-dasharray="{0} {0}"').format(_DASH) if shape.dashed else ""
            return Markup(
                '<path d="M{:g} {:g}L{:g} {:g}" stroke="{}" stroke-width="{:g}" fill="none"{}/>'
            ).format(shape.x1, shape.y1, shape.x2, shape.y2, shape.colour, shape.width, dashes)
        case Shape():
            path = "L".join(f"{x:g} {y:g}" for x, y in shape.corners)
            return Markup('<path d="M{}Z" fill="{}"/>').format(path, shape.colour)
        case Label():
            return Markup(
                '<text x="{:g}" y="{:g}" font-family="arial, sans-serif" font-size="{:g}" text-anchor="{}" '
                'dominant-baseline="central" fill="{}">{}</text>'
            ).format(shape.x, shape.y, shape.size, shape.side, shape.colour, shape.text)


def png(drawing: Drawing) -> bytes:
    """The drawing as PNG, the same bytes each time."""
    size = (round(drawing.width * PIXELS), round(drawing.height * PIXELS))
    image = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(image)
    for shape in drawing.shapes:
        _draw(pen, shape)
    file = io.BytesIO()
    image.save(file, "PNG", dpi=(96 * PIXELS, 96 * PIXELS))
    return file.getvalue()


def _draw(pen: ImageDraw.ImageDraw, shape: Line | Shape | Label) -> None:
    match shape:
        case Line():
            for start, end in _pieces(shape):
                pen.line([_pixels(start), _pixels(end)], shape.colour, max(1, round(shape.width * PIXELS)))
        case Shape():
            pen.polygon([_pixels(corner) for corner in shape.corners], shape.colour)
        case Label():
            font = ImageFont.load_default(shape.size * PIXELS)
            anchor = {"start": "lm", "middle": "mm", "end": "rm"}[shape.side]
            pen.text(
                _pixels((shape.x, shape.y)), _in_letters_there_are(shape.text), shape.colour, font, anchor
            )


def _in_letters_there_are(text: str) -> str:
    """Text without accents: a name without its accent can be read, an empty box cannot."""
    apart = unicodedata.normalize("NFKD", text.translate(_WRITTEN_AS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _pixels(point: tuple[float, float]) -> tuple[int, int]:
    return round(point[0] * PIXELS), round(point[1] * PIXELS)


def _pieces(line: Line) -> Sequence[tuple[tuple[float, float], tuple[float, float]]]:
    """The line, or its dashes."""
    start, end = (line.x1, line.y1), (line.x2, line.y2)
    if not line.dashed:
        return [(start, end)]
    length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5 or 1

    def at(far: float) -> tuple[float, float]:
        share = min(far, length) / length
        return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share

    steps = range(0, int(length) + 1, 2 * _DASH)
    return [(at(step), at(step + _DASH)) for step in steps]
