"""Readers that turn a filled cell into a value, or say in plain words why it has none.

A cell is text as it stands in the file, or a day where a spreadsheet has a date. Readers are given filled
cells only; an empty cell is None without their help.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from app.case_numbers import CUT, NOTHING_LEFT, is_cut
from app.case_numbers import folded as folded_number
from app.files.days import written_day
from app.files.faults import Unreadable, nearest, shown
from app.names import folded, without_unseen
from app.telephones import LONGEST as LONGEST_TELEPHONE
from app.telephones import is_telephone

Cell = str | date
Value = TypeVar("Value")

AN_ERROR = "is a spreadsheet error, not a value"
NO_TELEPHONE = "is not a phone number: write it as in 01632 960 001"
A_FORMULA = "is a formula: copy the cell and paste its value"

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""A year outside is a slip of the keyboard, and days at the calendar's end cannot be reckoned with."""

_WHOLE_NUMBER = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL = re.compile(
    rf"(?=[^@]{{1,64}}@)[a-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*"
    rf"@(?:{_LABEL}\.)+(?=[a-z]){_LABEL}"
)
_LONGEST_EMAIL = 254
_SPREADSHEET_ERRORS = frozenset(
    ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#ERROR!")
)
YES, NO = frozenset({"yes", "y", "1", "true"}), frozenset({"no", "n", "0", "false"})
"""The ways in which yes and no are written, folded."""

_WITHOUT_WIDTH = dict.fromkeys(
    (0x00AD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)
"""Soft hyphens, spaces without width, marks of byte order and of direction: no writing needs them here."""


class ErrorCell(str):
    """A cell in which a spreadsheet has an error in place of a value."""

    __slots__ = ()


class HiddenRow(list[Cell]):
    """The cells of a row that a spreadsheet does not show, because of a filter or by hand."""

    __slots__ = ()


class FormulaCell(str):
    """A cell in which a spreadsheet has something to calculate in place of a value."""

    __slots__ = ()


class InexactCell(str):
    """A cell in which a spreadsheet has a number that no case number can be: it is not whole, or it has more
    digits than a spreadsheet keeps.

    It is another cell than one with the same text.
    """

    __slots__ = ()
    __eq__ = object.__eq__
    __hash__ = object.__hash__


def is_blank(cell: Cell) -> bool:
    """Return True where nothing, or nothing but white space, stands in the cell."""
    return isinstance(cell, str) and not cell.strip()


def text(longest: int = 200) -> Callable[[Cell], str]:
    """Text of one line, such as a name or a reference; runs of white space become one space."""

    def read(cell: Cell) -> str:
        line = " ".join(_characters(cell).split())
        if line in _SPREADSHEET_ERRORS:  # as a csv file has it that was saved from a spreadsheet
            raise Unreadable(AN_ERROR)
        too_long = isinstance(cell, InexactCell) and "." not in line
        if too_long or ("+" in line and is_cut(line)):  # a telephone number, say
            raise Unreadable(CUT)
        return _no_longer_than(longest, line)

    return read


def telephone(cell: Cell) -> str:
    """A telephone number as people write it; never one that a spreadsheet has cut."""
    number = text(LONGEST_TELEPHONE)(cell)
    if not is_telephone(number):
        raise Unreadable(NO_TELEPHONE)
    return number


def case_number(cell: Cell) -> str:
    """The number of a case in the record system, as it is written; never one that a spreadsheet has cut."""
    number = text(60)(cell)
    if isinstance(cell, InexactCell) or is_cut(number):
        raise Unreadable(CUT)
    if not folded_number(number):
        raise Unreadable(NOTHING_LEFT)
    return number


def prose(longest: int = 10_000) -> Callable[[Cell], str]:
    """Text that may have several lines, such as a comment; its line breaks become `\\n`."""

    def read(cell: Cell) -> str:
        lines = re.sub(r"\r\n|[\r\v\f\u2028\u2029]", "\n", _characters(cell))
        return _no_longer_than(longest, lines.strip())

    return read


def day(cell: Cell) -> date:
    """A day in one of the ways in which it is written, or a spreadsheet's date."""
    value = cell if isinstance(cell, date) else written_day(cell)
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise Unreadable(f"the year must be from {FIRST_YEAR} to {LAST_YEAR}")
    return value


def whole_number(least: int = 0, most: int = 1_000_000) -> Callable[[Cell], int]:
    """A whole number, both limits included."""

    def read(cell: Cell) -> int:
        written = str(cell).strip()
        if not _WHOLE_NUMBER.fullmatch(written):
            raise Unreadable("must be a whole number")
        number = int(written)
        if not least <= number <= most:
            raise Unreadable(f"must be from {least} to {most}")
        return number

    return read


def yes_or_no(cell: Cell) -> bool:
    """Yes or no, in one of the ways in which people and programs write them."""
    written = folded(str(cell))
    if written not in YES | NO:
        raise Unreadable("must be yes or no")
    return written in YES


def email(cell: Cell) -> str:
    """An email address in small letters. Only its shape is looked at, nothing is asked of a network."""
    address = without_unseen(str(cell)).strip().lower()
    if len(address) > _LONGEST_EMAIL or not _EMAIL.fullmatch(address):
        raise Unreadable("must be an email address")
    return address


def one_of(*choices: str, also: Mapping[str, str] = MappingProxyType({})) -> Callable[[Cell], str]:
    """An entry of a list, as the list writes it; case, spaces, underscores and hyphens make no difference.

    `also` are other words for entries of the list, folded, where no entry has that name.
    """
    by_folded = {**also} | {folded(choice): choice for choice in choices}

    def read(cell: Cell) -> str:
        written = str(cell)
        choice = by_folded.get(folded(written))
        if choice is None:
            near = nearest(written, choices)
            hint = f": the nearest is {near}" if near else ""
            raise Unreadable(f"must be one of {', '.join(choices)}{hint}")
        return choice

    return read


def words(each: Callable[[Cell], Value], *, also: str = "") -> Callable[[Cell], tuple[Value, ...]]:
    """Values separated by spaces, such as several roles; one given twice counts once.

    `also` are signs that separate them, too, where none of them can be in a value.
    """
    as_spaces = str.maketrans(dict.fromkeys(also, " "))

    def read(cell: Cell) -> tuple[Value, ...]:
        return _each_of(str(cell).translate(as_spaces).split(), each)

    return read


def listed(each: Callable[[Cell], Value]) -> Callable[[Cell], tuple[Value, ...]]:
    """Values separated by semicolons, such as several teams; one given twice counts once."""

    def read(cell: Cell) -> tuple[Value, ...]:
        return _each_of([part for part in str(cell).split(";") if part.strip()], each)

    return read


def _each_of(parts: list[str], each: Callable[[Cell], Value]) -> tuple[Value, ...]:
    if not parts:
        raise Unreadable("must have at least 1 value")
    values: dict[Value, None] = {}
    for part in parts:
        try:
            values[each(part)] = None
        except Unreadable as fault:
            if len(parts) == 1:
                raise
            raise Unreadable(f'"{shown(part)}" {fault}') from None
    return tuple(values)


def _characters(cell: Cell) -> str:
    """The cell's text in one spelling of each character, refused where it is not text."""
    if not isinstance(cell, str):
        raise Unreadable("is a date in the spreadsheet: change the cell format to Text and enter it again")
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", cell).translate(_WITHOUT_WIDTH)
        if is_blank(cell):
            raise Unreadable("has only characters that cannot be seen")
    if not cell.isprintable():
        for character in cell:
            if unicodedata.category(character) in ("Cc", "Cs") and not character.isspace():
                raise Unreadable(f"has a character that cannot be shown (U+{ord(character):04X})")
    return cell


def _no_longer_than(longest: int, characters: str) -> str:
    if len(characters) > longest:
        raise Unreadable(f"must be {longest:,} characters or fewer: it has {len(characters):,}")
    return characters
