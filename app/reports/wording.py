"""How reports put numbers, days and lists into words. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date


def in_words(day: date) -> str:
    """ "22 December 2010"."""
    return f"{day.day} {day:%B %Y}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """ "1 audit", "26 audits"; `many` where it is not made with an s."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def were(number: int) -> str:
    """ "was" for one, else "were"."""
    return "was" if number == 1 else "were"


def listed(names: Iterable[str], joined_by: str = "and") -> str:
    """ "Crewe, Nantwich and Wilmslow"; also with "or"."""
    *before, last = list(names) or [""]
    return f"{', '.join(before)} {joined_by} {last}" if before else last


def sentence(text: str) -> str:
    """The text with a capital at its beginning and a full stop at its end."""
    text = text.strip()
    if not text:
        return text
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")


def paragraphs(text: str) -> Sequence[str]:
    """What somebody wrote, split where they left a line empty; line breaks within are spaces."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [" ".join(block.split()) for block in blocks if block.strip()]
