"""Free text that holds the number of a case that the service knows, or knew before it was corrected.

The database has numbers encrypted, so that no list of them can be looked for in a text. The text is read the
other way round: whatever in it may be a number is compared as numbers are.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, column, func, select, table, union

from app.case_keys.keys import MARK_LENGTH, may_be_one
from app.case_keys.mark import as_compared
from app.case_numbers import UNMISTAKABLE, folded
from app.characters import as_read
from app.database import db

CASE_NUMBER = "This text seems to include a case number. Remove it."

_PIECE = re.compile(r"\d+|[^\W\d_]+")
_MOST_BETWEEN = 3
"""The most characters that stand between two pieces of one number: " - "."""
_MOST_PIECES, _LONGEST = 5, 30
"""The most pieces of one number that stand apart, of more than one character each; its most characters."""

_APART = re.compile(r"[/,'’_]")
"""The characters that stand within one number, and between two numbers as well."""
_GROUPS = 3
"""The digits between two commas of one number."""
_OF_MONEY = re.compile(r"[£$€]\s?$")
_OF_A_SHARE = re.compile(r"\s?(?:%|per\scent)")
_GROUP_BEFORE, _GROUP_AFTER = re.compile(r"\d[,'’]$"), re.compile(r"[,'’]\d{3}")

_AT_ONCE = 5_000

# the areas of audits and of draws stand above this one
_NUMBERED = [table(name, column("case_folded")) for name in ("audits", "drawn_cases", "former_case_numbers")]


def _known(compared: Sequence[ColumnElement[Any]]) -> Select[str]:
    """Return the query for those of some hashes that are there."""
    hashes: BindParameter[str] = bindparam("hashes", expanding=True)
    return select(
        union(*(select(each.label("known")).where(each.in_(hashes)) for each in compared)).subquery()
    )


# built once: building a statement takes longer than executing it
_KNOWN = _known([rows.c.case_folded for rows in _NUMBERED])
_KNOWN_TO_BEGIN = _known([func.substr(rows.c.case_folded, 1, MARK_LENGTH) for rows in _NUMBERED])


def holding_known_numbers(texts: Iterable[str]) -> set[str]:
    """Return those texts that hold a number that an audit or a drawn case has or had, of six characters or
    more, in any spelling."""
    alike: dict[str, set[str]] = defaultdict(set)
    nearly_alike: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        for number, may_have_slashes in set(numbers_perhaps_in(text)):
            compared = as_compared(number)
            assert compared is not None
            alike[compared].add(text)
            if may_have_slashes:
                nearly_alike[may_be_one(compared)].add(text)
    return _with_known(alike, _KNOWN) | _with_known(nearly_alike, _KNOWN_TO_BEGIN)


def holds_known_number(text: str) -> bool:
    """True where the text holds such a number."""
    return bool(holding_known_numbers([text]))


def _with_known(texts: Mapping[str, set[str]], query: Select[str]) -> set[str]:
    """Return the texts of those keyed hashes, or beginnings of hashes, that are of known numbers."""
    hashes = sorted(texts)
    known: set[str] = set()
    for first in range(0, len(hashes), _AT_ONCE):
        known.update(db.session.scalars(query, {"hashes": hashes[first : first + _AT_ONCE]}))
    return set().union(*(texts[each] for each in known))


def numbers_perhaps_in(text: str) -> Iterator[tuple[str, bool]]:
    """Yield what may be a number in a text, folded; and True with it where the number that is known may have
    a slash more or less."""
    # as it is written, too: a known number may be in other digits itself
    for written in {text, as_read(text)}:
        yield from _numbers_in(written)


def _numbers_in(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the numbers of pieces that stand close together, with a digit among them."""
    pieces = list(_PIECE.finditer(text))
    for first, piece in enumerate(pieces):
        if _is_part_of_word(text, piece.start(), piece.start() - 1):
            continue
        apart = 0
        for last in range(first, len(pieces)):
            end = pieces[last].end()
            if last > first and (between := pieces[last].start() - pieces[last - 1].end()):
                apart += len(pieces[last][0]) > 1
                if between > _MOST_BETWEEN or apart >= _MOST_PIECES:
                    break
            written = text[piece.start() : end]
            number = folded(written)
            if len(number) > _LONGEST:
                break
            if _is_part_of_word(text, end - 1, end) or not any(map(str.isdigit, number)):
                continue
            together = folded(_APART.sub("", written))
            is_one = together == number or _is_one(text, pieces[first : last + 1])
            if len(number) >= UNMISTAKABLE:
                yield number, False
            if is_one and len(together) >= UNMISTAKABLE:
                yield together, True


def _is_part_of_word(text: str, edge: int, beside: int) -> bool:
    """True where a letter at the edge of what may be a number goes on in the word beside it."""
    return 0 <= beside < len(text) and text[edge].isalpha() and text[beside].isalnum()


def _is_one(text: str, pieces: Sequence[re.Match[str]]) -> bool:
    """True where what stands between the pieces does not make them several numbers, such as a date."""
    spelt_out = all(len(piece[0]) == 1 for piece in pieces)
    has_letters = any(piece[0].isalpha() for piece in pieces)
    is_grouped = False
    for piece, following in pairwise(pieces):
        between = text[piece.end() : following.start()]
        if "/" in between and not (has_letters or spelt_out):
            return False
        if between != "_" and _APART.search(between.replace("/", "")):
            in_groups = len(piece[0]) <= _GROUPS == len(following[0])
            if len(between) > 1 or not (in_groups or spelt_out):
                return False
            is_grouped = True
    return not (is_grouped and _is_an_amount(text, pieces[0].start(), pieces[-1].end()))


def _is_an_amount(text: str, start: int, end: int) -> bool:
    """True for grouped digits that are money, a share, or a part of a longer number."""
    before = text[max(0, start - 2) : start]
    return bool(
        _OF_MONEY.search(before)
        or _GROUP_BEFORE.search(before)
        or _OF_A_SHARE.match(text, end)
        or _GROUP_AFTER.match(text, end)
    )
