"""Warnings about free text that seems to hold a child's name, a date of birth or an NHS number.

They are hints to the writer; nothing is refused or changed, since only the writer can tell. A warning quotes
names and never numbers or dates, so that it does not repeat them in a second place.
"""

import re
from collections.abc import Iterator
from datetime import date

from app.characters import as_read
from app.identifying.naming import names_in

NHS_NUMBER = "This text seems to include an NHS number. Remove it."
DATE_OF_BIRTH = "This text seems to include a date of birth. Give the age in years instead."

_TEN_DIGITS = re.compile(r"(?<![\d/+])(?:\d[ .-]?){9}\d(?![\d/])")
_LABELLED = re.compile(r"\bNHS\s*(?:no|num|number|id)\b[\s.:#is-]*(?:\d[ .-]?){9}\d(?!\d)", re.IGNORECASE)

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_OF = r"\s*(?:of\s+|[/.-]\s?)?"
_DATE = (
    rf"(?:\d{{1,4}}\s?[/.-]\s?\d{{1,2}}\s?[/.-]\s?\d{{1,4}}|\d{{1,2}}/\d{{1,2}}"
    rf"|{_DAY}{_OF}{_MONTH}(?:[,/.-]?\s*['’]?\d{{2,4}})?"
    rf"|{_MONTH}\s*-?(?:the\s+)?{_DAY}\b(?:[,/.-]?\s*['’]?\d{{2,4}})?|{_MONTH}[,-]?\s*\d{{4}})"
)
_BIRTH = (
    r"(?:\bborn|\bd[\s./-]{0,2}o[\s./-]{0,2}b(?![a-z])\.?|\bdate[\s-]+of[\s-]+birth|\bbirth\s?-?date"
    r"|\bbirthday)"
)
_SHORT_BIRTH = r"(?<![\w.-])(?-i:b)\.?"
"""The letter of a birth; in a list it is a label."""
_IN_A_LIST = re.compile(r"(?<![\w.-])a[.)]", re.IGNORECASE)
_DIGITS_OF_A_DATE = r"(?:\d{8}|\d{6}|\d{1,2}\s\d{1,2}\s\d{2}(?:\d{2})?|\d{4}\s\d{1,2}\s\d{1,2})(?!\d)"
_BETWEEN = (
    r"[\s:=,;(-]*(?:(?:on|in|is|was|as|the|of|a|recorded|given|shown|stated|falls|will|be)\b[\s:=,(-]*){0,5}"
)
_YEAR = r"(?:\d{4}|\d{2})(?!\d)"
_WHOLE_DATE = (
    rf"(?:\d{{4}}[/.-]\d{{1,2}}[/.-]\d{{1,2}}|\d{{1,2}}[/.-]\d{{1,2}}[/.-]{_YEAR}"
    rf"|{_DAY}{_OF}{_MONTH}[,/.-]?\s*['’]?{_YEAR})"
)
_BIRTHS = (
    re.compile(rf"{_BIRTH}{_BETWEEN}(?:{_DATE}|{_DIGITS_OF_A_DATE})", re.IGNORECASE),
    re.compile(rf"{_DATE}\s*[,(-]*\s*\(?{_BIRTH}", re.IGNORECASE),
    re.compile(
        rf"\b(?:turn(?:s|ed)|(?:is|was|be)\s+\d+|aged?)\s+\d*\s*on\s+(?:the\s+)?{_DATE}", re.IGNORECASE
    ),
)

_BESIDE_A_CHILD = re.compile(
    r"\b(?:child|young\s+person|boy|girl|son|daughter|baby|twins?|siblings?|brothers?|sisters?)\s*[,(–-]\s*"
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)",
    re.IGNORECASE,
)
"""A date set apart beside a child: of birth, if the child of such a birth is one."""

GROWN_UP, YOUNGEST = 18, 1
"""The ages between which such a date is of birth: one of the last year is mostly that of a visit."""

_SHORT_BIRTHS = re.compile(rf"{_SHORT_BIRTH}\s?{_WHOLE_DATE}", re.IGNORECASE)


def warnings(text: str, on: date) -> list[str]:
    """Return one sentence for each thing in the text that looks like a child's name, a date of birth or an
    NHS number on a day. Names stand in the order of the text, each once."""
    return [*numbers_warned_of(text, on), *names_warned_of(text)]


def numbers_warned_of(text: str, on: date) -> list[str]:
    """Return a sentence for an NHS number, and one for a date of birth, as of the day of writing."""
    text = as_read(text)
    sentences: list[str] = []
    if any(_passes_check(match.group()) for match in _TEN_DIGITS.finditer(text)) or _LABELLED.search(text):
        sentences.append(NHS_NUMBER)
    is_short_birth = _SHORT_BIRTHS.search(text) and not _IN_A_LIST.search(text)
    if is_short_birth or any(birth.search(text) for birth in _BIRTHS) or any(_ages_beside(text, on)):
        sentences.append(DATE_OF_BIRTH)
    return sentences


def _ages_beside(text: str, on: date) -> Iterator[bool]:
    """Yield for each date that is set apart beside a child whether a child was born on it."""
    for match in _BESIDE_A_CHILD.finditer(text):
        day, month, year = map(int, match.groups())
        age = on.year - year - ((on.month, on.day) < (month, day))
        yield 1 <= day <= 31 and 1 <= month <= 12 and YOUNGEST <= age < GROWN_UP


def names_warned_of(text: str) -> list[str]:
    """Return a sentence for each thing that looks like a name, in the order of the text."""
    return [
        f"“{name}” looks like a name. Say who the person is instead, such as “the child” or “the mother”."
        for name in names_in(as_read(text))
    ]


def _passes_check(written: str) -> bool:
    """True for ten digits with the check digit (modulo 11) of an NHS number. A leading 0 is a telephone."""
    digits = [int(character) for character in written if character.isdigit()]
    check = 11 - sum(digit * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return digits[0] != 0 and check != 10 and check % 11 == digits[9]
