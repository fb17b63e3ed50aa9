"""Case numbers: when two are the same, what a spreadsheet has cut, and masking them in texts. Pure.

A case's number in the record system is written by many hands. Two are one when nothing but letter case,
spaces, invisible characters, dots, hyphens, dashes and noughts at the front tells them apart. A slash tells
two cases apart, mostly: those that differ by slashes alone are worth a warning.

Only the pair, coordinators and moderators may read a number, but everybody writes texts that others read.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator

from app.characters import as_read, character_as_read
from app.names import DASHES

MASK = "[case number]"

SHORTEST = 4
"""The least length of a folded number that is looked for in texts: shorter ones are too common."""

UNMISTAKABLE = 6
"""The least length that is found also with a word joined to it, or with a slash more or less."""

SHOWN_FOR = 20
"""Working days for which somebody outside the audit still sees a number after their part in it is over."""

CUT = "the spreadsheet cut this number: format the column as text and paste the numbers again"
"""Says how to mend a number that a spreadsheet has cut."""

NOTHING_LEFT = "must have a letter, or a digit other than 0"
"""Says of a number that nothing would be left of it to compare."""

_SPACES = r"\s\x00-\x1f\x7f-\x9f"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_DOTS = ".\u00b7\u2024\ufe52\uff0e"
_TAKEN_OUT = rf"{_SPACES}{_INVISIBLE}{_DOTS}\-{DASHES}"
"""The characters that tell no two numbers apart, for a set of a regular expression."""

_is_taken_out = re.compile(f"[{_TAKEN_OUT}]+")
_CUT = re.compile(r"\d+(?:[.,]\d+)?E[+\u2212-]\d+", re.IGNORECASE | re.ASCII)
_MAY_BEGIN = re.compile(rf"(?<!\d)\d|(?<!\w)[^\W\d]|[^\w{_TAKEN_OUT}]")
"""The characters of a text at which a number may begin: never within a longer one, or within a word."""

_BETWEEN_DIGITS = r"(?<=\d)[,'\u2019_](?=\d)"
"""The characters that stand between the digits of a number that is grouped or spelt out: 777,682."""

_is_between_digits = re.compile(_BETWEEN_DIGITS)

_COUNTED = re.compile(f"[^{_TAKEN_OUT}]+")
_COUNTED_OF_UNMISTAKABLE = re.compile(f"(?:(?!{_BETWEEN_DIGITS})[^{_TAKEN_OUT}/])+")

Masking = Callable[[str], str]


def folded(case_number: str) -> str:
    """Return the number as it is compared: two that have the same are one case. Empty where there is none."""
    return _is_taken_out.sub("", unicodedata.normalize("NFD", case_number)).casefold().lstrip("0")


def without_slashes(case_number: str) -> str:
    """Return the folded number without its slashes: two that have the same may be one case."""
    return folded(case_number).replace("/", "").lstrip("0")


def spelt_out(case_number: str) -> str:
    """Return the folded number without slashes, and without what groups its digits: an unmistakable number is
    found in texts by this."""
    return _is_between_digits.sub("", without_slashes(as_read(case_number)))


def is_cut(written: str) -> bool:
    """Return True for what a spreadsheet leaves of a long number: 1.23457E+11."""
    return _CUT.fullmatch(written.strip()) is not None


def refuse(case_number: str) -> str | None:
    """Return why what somebody entered cannot be a case number; None when it can."""
    if is_cut(case_number):
        return "A spreadsheet has cut this case number. Enter all its digits."
    return None if folded(case_number) else f"Case number {NOTHING_LEFT}"


def masking(case_numbers: Iterable[str]) -> Masking:
    """Return a function that masks these numbers in a text, in all spellings that are the same number.

    A part of a longer number, or a number shorter than four characters, is none. An unmistakable one is
    masked with a slash more or less, with grouped digits and in the digits of any script, too.
    """
    mistakable: set[str] = set()
    unmistakable: set[str] = set()
    for case_number in case_numbers:
        if len(bare := spelt_out(case_number)) >= UNMISTAKABLE:
            unmistakable.add(bare)
        elif len(number := folded(case_number)) >= SHORTEST:
            mistakable.add(number)
    searches = [
        _Search(numbers, counted)
        for numbers, counted in ((mistakable, _COUNTED), (unmistakable, _COUNTED_OF_UNMISTAKABLE))
        if numbers
    ]

    def mask(text: str) -> str:
        spelt = unicodedata.normalize("NFD", text)
        found = [place for search in searches for place in search.places(spelt)]
        return unicodedata.normalize("NFC", _masked(spelt, found)) if found else text

    return mask


def without(text: str, case_number: str | None) -> str:
    """Return a text about one case with its number masked."""
    if not text or case_number is None:
        return text
    if spelt_out(case_number) not in spelt_out(f"x{text}"):
        return text  # as nearly always, and a hundred thousand times in a large file
    return masking([case_number])(text)


def holds(text: str, case_number: str | None) -> bool:
    """True when a text about one case holds its number."""
    return without(text, case_number) != text


class _Search:
    """A search for numbers in texts. `counted` are the characters that tell them apart, and no others."""

    def __init__(self, numbers: Collection[str], counted: re.Pattern[str]) -> None:
        self.numbers = numbers
        self.lengths = sorted({len(number) for number in numbers}, reverse=True)
        self.beginnings = {number[0] for number in numbers}
        self.counted = counted

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where numbers begin and end in a text: of two that begin at one place the longer one."""
        if self.beginnings.isdisjoint(as_read(text).casefold()):
            return
        characters, places = self._spelt(text)
        index_at = dict(zip(reversed(places), range(len(places) - 1, -1, -1), strict=True))
        for beginning in _MAY_BEGIN.finditer(text):
            index = index_at.get(beginning.start(), len(characters))
            while characters.startswith("0", index):
                index += 1
            if characters[index : index + 1] not in self.beginnings:
                continue
            for length in self.lengths:
                number = characters[index : index + length]
                if number in self.numbers and len(number) == length:
                    start, end = beginning.start(), places[index + length - 1] + 1
                    if _is_whole(text, start, end, number):
                        yield start, end
                        break

    def _spelt(self, text: str) -> tuple[str, list[int]]:
        """Return the characters of a text that tell numbers apart, and the place of each in the text."""
        characters: list[str] = []
        places: list[int] = []
        for piece in self.counted.finditer(text):
            for place, character in enumerate(piece[0], piece.start()):
                small = character_as_read(character).casefold()  # some letters become two
                characters.append(small)
                places += [place] * len(small)
        return "".join(characters), places


def _is_whole(text: str, start: int, end: int, number: str) -> bool:
    """Return True where what is found is no part of a longer number or of a word."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return not (_joins(number, number[0], before) or _joins(number, number[-1], after))


def _joins(number: str, edge: str, neighbour: str) -> bool:
    """Return True where the neighbour belongs to the same word: beside a digit of an unmistakable number only
    another digit does."""
    if len(number) >= UNMISTAKABLE and edge.isdigit():
        return neighbour.isdigit()
    return neighbour.isalnum() or neighbour == "_"


def _masked(text: str, places: Iterable[tuple[int, int]]) -> str:
    """Return the text with the mask in these places: of two that overlap in the earlier, longer one."""
    pieces, masked_to = [], 0
    for start, end in sorted(places, key=lambda place: (place[0], -place[1])):
        if start >= masked_to:
            pieces += [text[masked_to:start], MASK]
            masked_to = end
    return "".join([*pieces, text[masked_to:]])
