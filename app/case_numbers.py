"""Knows a case number again where somebody wrote one into a text, and takes it out. Pure.

Nobody but the pair, coordinators and moderators may read one, and everybody writes texts that others read.
"""

import re
from collections.abc import Callable, Iterable

MASK = "[case number]"

SHORTEST = 4
"""A shorter number is read as a number in texts about many cases: masking it would destroy them."""

UNMISTAKABLE = 6
"""A number of so many characters is known again also where it is spaced out or a word hangs on to it."""

SEPARATOR = r"[\s./‐-–-]"

Masking = Callable[[str], str]


def masking(case_numbers: Iterable[str]) -> Masking:
    """Return what replaces each of these numbers in a text, whatever their case; never a part of a longer
    number."""
    known = sorted({each for each in case_numbers if len(each) >= SHORTEST}, key=len, reverse=True)
    if not known:
        return lambda text: text
    pattern = re.compile("|".join(map(_as_written, known)), re.IGNORECASE)
    return lambda text: pattern.sub(MASK, text)


def without(text: str, case_number: str | None) -> str:
    """A text about one case without its number: as it stands wherever it does, and as people write it."""
    return masking([case_number])(text.replace(case_number, MASK)) if case_number else text


def holds(text: str, case_number: str | None) -> bool:
    """Return True when a text about one case holds its number."""
    return without(text, case_number) != text


def _as_written(number: str) -> str:
    """Return how people write a case number: 615739, but also 615 739, 615-739 and case615739."""
    if len(number) < UNMISTAKABLE:
        return rf"(?<!\w){re.escape(number)}(?!\w)"
    characters = [each for each in number if not re.match(SEPARATOR, each)] or [*number]
    return (
        _edge("?<!", number[0]) + rf"{SEPARATOR}?".join(map(re.escape, characters)) + _edge("?!", number[-1])
    )


def _edge(looking: str, character: str) -> str:
    """Return what may not stand beside the number: after a digit another digit, after a letter any of a
    word."""
    return rf"({looking}\d)" if character.isdigit() else rf"({looking}\w)"
