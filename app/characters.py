"""Characters as a reader takes them: a digit of any script, a letter of any width. Pure."""

import unicodedata

from app.names import DASHES

_SMALL_ABOVE_OR_BELOW = ("<super>", "<sub>")
"""Digits written above or below the line are notes, and no part of the number before them."""


def as_read(text: str) -> str:
    """Return a text with plain digits, letters of one width, hyphens and spaces, and nothing unseen.

    Every check of a text reads it like this, so that no check is passed by how a number is written.
    """
    return text if text.isascii() else "".join(map(character_as_read, text))


def character_as_read(character: str) -> str:
    """Return what a reader takes a character for; empty for one that nobody sees."""
    if character.isascii():
        return character
    kind = unicodedata.category(character)
    if kind == "Cf":
        return ""
    if kind == "Zs":
        return " "
    if character in DASHES:
        return "-"
    decomposed = unicodedata.decomposition(character)
    if decomposed.startswith(_SMALL_ABOVE_OR_BELOW):
        return character
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    # of other numbers, such as ½, the parts are no number of their own
    return character if kind == "No" else unicodedata.normalize("NFKC", character)
