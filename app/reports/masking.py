"""Keeps case numbers out of reports, also where somebody wrote one into a text. Pure."""

import re
from collections.abc import Callable, Iterable

MASK = "[case number]"

SHORTEST = 4
"""A shorter number is read as a number: masking it would destroy the text around it."""

Masking = Callable[[str], str]


def masking(case_numbers: Iterable[str]) -> Masking:
    """What replaces each of these numbers in a text, whatever their case; never a part of a longer word."""
    known = sorted({each for each in case_numbers if len(each) >= SHORTEST}, key=len, reverse=True)
    if not known:
        return lambda text: text
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub(MASK, text)
