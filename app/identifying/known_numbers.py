"""Free text that holds the number of a case that the service knows.

The database has numbers encrypted, so that no list of them can be looked for in a text. The text is read the
other way round: whatever in it may be a number is compared as numbers are.
"""

import re
from collections.abc import Iterator

from sqlalchemy import column, select, table, union_all

from app.case_keys.mark import as_compared
from app.case_numbers import UNMISTAKABLE, folded
from app.database import db

CASE_NUMBER = "This text seems to include a case number. Remove it."

_PIECE = re.compile(r"[^\W_]+")
_MOST_BETWEEN = 3
"""The most characters that stand between two pieces of one number: " - "."""
_MOST_PIECES, _LONGEST = 5, 30

# the areas of audits and of draws stand above this one
_NUMBERED = [table(name, column("case_folded")) for name in ("audits", "drawn_cases")]


def holds_known_number(text: str) -> bool:
    """True where the text holds the number of an audit or of a drawn case, of six characters or more."""
    hashes = {as_compared(number) for number in set(_perhaps_numbers(text))}
    if not hashes:
        return False
    known = union_all(
        *(select(rows.c.case_folded).where(rows.c.case_folded.in_(hashes)) for rows in _NUMBERED)
    )
    return db.session.execute(known.limit(1)).first() is not None


def _perhaps_numbers(text: str) -> Iterator[str]:
    """Yield what may be a number: one piece or a few that stand close together, with a digit among them."""
    pieces = list(_PIECE.finditer(text))
    for first, piece in enumerate(pieces):
        for last in range(first, min(first + _MOST_PIECES, len(pieces))):
            if last > first and pieces[last].start() - pieces[last - 1].end() > _MOST_BETWEEN:
                break
            number = folded(text[piece.start() : pieces[last].end()])
            if len(number) > _LONGEST:
                break
            if len(number) >= UNMISTAKABLE and any(character.isdigit() for character in number):
                yield number
