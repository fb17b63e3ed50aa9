"""Finding case numbers that somebody wrote into a text, and masking them. Pure.

Only the pair, coordinators and moderators may read one, but everybody writes texts that others read.
"""

import re
from collections.abc import Callable, Iterable

MASK = "[case number]"

SHORTEST = 4
"""The least length of a number that is masked in texts about many cases: shorter ones are too common."""

UNMISTAKABLE = 6
"""The least length that is found also with separators inside or with a word joined to it."""

SEPARATOR = r"[\s./‐-–-]"

Masking = Callable[[str], str]


def masking(case_numbers: Iterable[str]) -> Masking:
    """Return a function that masks these numbers in a text, whatever their letter case, but never a part of a
    longer number."""
    known = sorted({number for number in case_numbers if len(number) >= SHORTEST}, key=len, reverse=True)
    if not known:
        return lambda text: text
    pattern = re.compile("|".join(map(_as_written, known)), re.IGNORECASE)
    return lambda text: pattern.sub(MASK, text)


def without(text: str, case_number: str | None) -> str:
    """Return a text about one case with its number masked: anywhere as stored, and in the ways people
    write it."""
    return masking([case_number])(text.replace(case_number, MASK)) if case_number else text


def holds(text: str, case_number: str | None) -> bool:
    """True when a text about one case holds its number."""
    return without(text, case_number) != text


def _as_written(number: str) -> str:
    """Return the pattern of the ways people write a case number: 615739, 615 739, 615-739, case615739."""
    if len(number) < UNMISTAKABLE:
        return rf"(?<!\w){re.escape(number)}(?!\w)"
    characters = [letter for letter in number if not re.match(SEPARATOR, letter)] or [*number]
    return (
        _edge("?<!", number[0]) + rf"{SEPARATOR}?".join(map(re.escape, characters)) + _edge("?!", number[-1])
    )


def _edge(looking: str, character: str) -> str:
    """Return the pattern of what may not be next to the number: a digit next to a digit, a word character
    next to a letter."""
    return rf"({looking}\d)" if character.isdigit() else rf"({looking}\w)"
