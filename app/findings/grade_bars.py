"""The answers to a question as one bar from the best grade to the worst, beside the words that say it. Pure.

Shape carries the meaning, colour nothing: the grades stand in their order, each with its count where there is
room, from light to dark, with an edge between them. A ceiling over the worst grades is a pair of triangles,
above and below the bar: they begin to the right of it where it is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.drawing import INK, PAPER, Drawing, Label, Mark, Shape, box
from app.findings.responses import Given
from app.tools.content import Ceiling

SHADES = ("#e8f1f8", "#bbd4ea", "#8eb8dc", "#1d70b8", "#154f82", "#0b0c0c")
_DARK = SHADES[3:]
"""The shades on which a count is white."""

_ROOM = 8.0
"""The room above and below the bar for the marks of a ceiling."""

_LETTER = 0.56
"""The width of a letter of ordinary words, of its size."""


@dataclass(frozen=True)
class Measures:
    """The width and height of a bar, and the size of its letters."""

    width: float
    height: float
    letters: float


IN_A_ROW = Measures(224, 22, 11)
BY_ITSELF = Measures(480, 44, 16)


def grade_bar(
    responses: Sequence[Given], at_most: Ceiling | None = None, measures: Measures = IN_A_ROW
) -> Drawing | None:
    """Return the bar of the answers, the first response at the left; None where there is no answer.

    `at_most` is drawn where its responses are the last ones, so that they are one part of the bar.
    """
    answers = sum(given.count for given in responses)
    if not answers:
        return None
    has_ceiling = at_most is not None and _are_last(at_most, responses)
    width, height = measures.width - 2, measures.height
    top = _ROOM if has_ceiling else 0
    shapes: list[Mark] = [box(0, top, measures.width, height + 2, INK)]
    at = 1.0
    for given, shade in zip(responses, shades(len(responses)), strict=True):
        part = width * given.count / answers
        if part:
            shapes.append(_part(at, top + 1, part, height, shade))
            if words := _fitting(given, part, measures.letters):
                ink = PAPER if shade in _DARK else INK
                shapes.append(
                    Label(
                        round(at + part / 2, 1), top + 1 + height / 2, words, measures.letters, "middle", ink
                    )
                )
            at += part
    if at_most is None or not has_ceiling:
        return Drawing(measures.width, height + 2, shapes, "pa-grade-bar")
    level = round(1 + width * (100 - at_most.percent) / 100, 1)
    for end, outside in ((_ROOM, -1), (_ROOM + height + 2, 1)):
        away = end + outside * (_ROOM - 1)
        shapes.append(Shape(((level - 4, away), (level + 4, away), (level, end + outside))))
    return Drawing(measures.width, height + 2 + 2 * _ROOM, shapes, "pa-grade-bar")


def bar_in_words(responses: Sequence[Given]) -> str:
    """Return "From best to worst: outstanding 2, good 14, requires improvement 30, inadequate 14"."""
    return "From best to worst: " + ", ".join(f"{given.response} {given.count}" for given in responses)


def shades(number: int) -> list[str]:
    """Return a shade for each of the grades, from light to dark as far apart as can be."""
    return [SHADES[round(place * (len(SHADES) - 1) / max(number - 1, 1))] for place in range(number)]


def _part(left: float, top: float, width: float, height: float, shade: str) -> Shape:
    right, left = round(left + width, 1), round(left, 1)
    return replace(box(left, top, round(right - left, 1), height, shade), edge=PAPER)


def _fitting(given: Given, width: float, letters: float) -> str | None:
    """Return the grade and its count, or the count alone, or nothing: what there is room for."""
    for words in (f"{given.response} {given.count}", str(given.count)):
        if len(words) * letters * _LETTER + 4 <= width:
            return words
    return None


def _are_last(at_most: Ceiling, responses: Sequence[Given]) -> bool:
    names = [given.response for given in responses]
    return set(names[len(names) - len(at_most.responses) :]) == set(at_most.responses)
