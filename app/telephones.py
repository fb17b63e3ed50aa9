"""Telephone numbers as people write them. Pure."""

import re

NOT_A_NUMBER = "Enter a phone number, such as 01632 960 001 or 01632 960 001 ext 12"
LONGEST = 50

_WRITTEN = re.compile(r"\+?[\d ()./-]+(?:,? ?(?:ext\.?|extension|x) ?\d{1,6})?", re.IGNORECASE | re.ASCII)
_FEWEST_DIGITS = 3
"""999, or the extension inside the council."""


def is_telephone(number: str) -> bool:
    """True for digits, as many as a number has, with what people write between them, and an extension."""
    digits = sum(sign.isdigit() for sign in number)
    return digits >= _FEWEST_DIGITS and _WRITTEN.fullmatch(number.strip()) is not None
