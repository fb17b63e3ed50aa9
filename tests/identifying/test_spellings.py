"""A known number is found in any spelling; what is no case number is left alone."""

import csv
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.case_numbers import UNMISTAKABLE, folded, holds, without_slashes
from app.identifying import warnings
from app.identifying.known_numbers import holds_known_number, numbers_perhaps_in
from app.identifying.warnings import DATE_OF_BIRTH
from tests.factories import an_audit
from tests.spelling import TAKEN_OUT, NumberSpelt, numbers

EXAMPLE = Path(__file__).parents[2] / "app" / "example"

SCRIPTS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")
"""The digits of six scripts and widths."""

UNMISTAKABLE_NUMBERS = numbers().filter(
    lambda number: (
        len(without_slashes(number)) >= UNMISTAKABLE
        and any(map(str.isdigit, number))
        and number.strip("/") == number
        and "//" not in number  # no record system has such
    )
)


def numbers_warned_of(text: str) -> list[str]:
    days = (date(2010, 11, 5), date(2026, 11, 5))
    return list(dict.fromkeys(sentence for on in days for sentence in warnings.numbers_warned_of(text, on)))


def in_script(written: str, digits: str) -> str:
    return "".join(digits[int(each)] if each.isdigit() else each for each in written)


@st.composite
def spellings_in_full(draw: st.DrawFn) -> NumberSpelt:
    """Return an unmistakable number in any spelling: in digits of a script, grouped or spelt out."""
    number = draw(UNMISTAKABLE_NUMBERS)
    digits = draw(st.sampled_from(SCRIPTS))
    if number.isdigit() and number[0] != "0" and draw(st.booleans()):
        return NumberSpelt(number, in_script(f"{int(number):,}", digits))
    gap = draw(st.sampled_from((*TAKEN_OUT, *(("_", ",", " - ") if number.isdigit() else ()))))
    every = draw(st.sampled_from((1, len(number))))
    pieces = [number[first : first + every] for first in range(0, len(number), every)]
    written = in_script(gap.join(pieces), digits)
    return NumberSpelt(number, draw(st.sampled_from((written, written.upper()))))


def is_read(number: str, text: str) -> bool:
    """True where a number is among what is compared of a text, as the database compares it."""
    return any(
        folded(number) == perhaps
        or (may_have_slashes and without_slashes(number) == without_slashes(perhaps))
        for perhaps, may_have_slashes in numbers_perhaps_in(text)
    )


@given(spellings_in_full(), st.sampled_from(("See {}.", "({})", "{}", "of {}, seen", "“{}”: late")))
def test_any_spelling_of_a_number_is_found(one: NumberSpelt, around: str) -> None:
    text = around.format(one.written)
    assert is_read(one.number, text)
    assert holds(text, one.number)


@given(UNMISTAKABLE_NUMBERS, st.sampled_from(SCRIPTS))
def test_letters_beside_the_digits_hide_no_number(number: str, digits: str) -> None:
    bare = number.replace("/", "").strip("abc")
    if len(folded(bare)) >= UNMISTAKABLE and any(map(str.isdigit, bare)):
        assert is_read(bare, f"no{in_script(bare, digits)}was late")


@pytest.mark.parametrize(
    ("number", "text", "found"),
    [
        ("777682", "The case 777,682 was late", True),
        ("777682", "The grant of £777,682 was late", False),
        ("777682", "The grant of £1,777,682 was late", False),
        ("777682", "A share of 777,682 per cent", False),
        ("1777682", "1,777,682", True),
        ("780499", "7 8 0 4 9 9", True),
        ("780499", "7,8,0,4,9,9", True),
        ("780499", "see no780499.", True),
        ("120314", "due 12/03/14", False),
        ("120314", "due on 12/03/14, chased 11/03/14", False),
        ("201011", "the year 2010/11", False),
        ("781014", "on 7, 8, 10, 14 and 21 May", False),
        ("141921", "pages 14, 19, 21", False),
        ("615739", "615/739 is it", False),
        ("P/123456", "see p123456", True),
        ("P123456", "see p/123456", True),
        ("123456", "1234567 and 0123456", True),
        ("123456", "1234567 and 9123456", False),
    ],
)
def test_a_number_is_told_from_dates_money_shares_and_lists(number: str, text: str, found: bool) -> None:
    assert is_read(number, text) is found


def test_a_number_with_a_slash_more_or_less_is_found_in_the_database(service: Flask) -> None:
    an_audit("CP-001", case_reference="SC/780499")
    an_audit("CP-002", case_reference="777682")
    for text in ("see sc780499", "S C 7 8 0 4 9 9", "777,682", "７７７６８２"):
        assert holds_known_number(text)
    for text in ("£777,682", "sc780498", "780499 alone is another number", ""):
        assert not holds_known_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "DOB: 12-Mar-2014",
        "b. 2014-03-12",
        "(b. 12/03/2014)",
        "d.o.b 120314",
        "DOB120314",
        "born 12/3/14",
        "D O B 12 03 2014",
        "d/o/b 12th of March 2014",
        "Date-of-birth: 12 March ’14",
        "DoB: ١٢/٠٣/٢٠١٤",
        "ＤＯＢ １２.３.１４",
    ],
)
def test_a_date_of_birth_is_found_however_it_is_written(text: str) -> None:
    assert numbers_warned_of(text) == [DATE_OF_BIRTH]


@pytest.mark.parametrize(
    "text",
    [
        "a. 2 March 2014 b. 9 March 2014",
        "Under plan B. 12 March 2014 was the visit",
        "web 12/3/14",
        "Adobe 12/03/2014",
        "due 12-Mar-2014",
        "dob missing on 12 files of 120314",
        "Section b 12 audits",
    ],
)
def test_other_dates_are_left_alone(text: str) -> None:
    assert numbers_warned_of(text) == []


def texts_of_the_example() -> Iterator[str]:
    """Yield every text of the example's files that is no case number."""
    for file in sorted(EXAMPLE.rglob("*.csv")):
        with file.open(newline="") as rows:
            for row in csv.DictReader(rows):
                yield from (cell for name, cell in row.items() if name != "case_reference" and cell)
                yield "; ".join(cell for name, cell in row.items() if name != "case_reference" and cell)
    for file in sorted(EXAMPLE.rglob("*.toml")):
        yield from _strings(tomllib.loads(file.read_text()))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def test_no_text_of_the_example_is_taken_for_a_number_or_a_date_of_birth() -> None:
    with (EXAMPLE / "first-cycle" / "audits.csv").open(newline="") as rows:
        known = {folded(row["case_reference"]) for row in csv.DictReader(rows)}
    texts = list(texts_of_the_example())
    assert len(texts) > 1_000
    assert [text for text in texts if any(number in known for number, _ in numbers_perhaps_in(text))] == []
    assert [text for text in texts if numbers_warned_of(text)] == []
