"""Case numbers: which are one, which a spreadsheet has cut, and how they are recognised in texts."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.case_numbers import MASK, folded, holds, is_cut, masking, without, without_slashes
from tests.spelling import SPELLINGS, TAKEN_OUT, NumberSpelt, numbers


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("615739", "0615739"),
        ("615739", "000615739"),
        ("615739", "615 739"),
        ("615739", "615\u00a0739"),
        ("615739", "615\u2009739 "),
        ("615739", "6\t1\n5739"),
        ("615739", "615739\u200b"),
        ("615739", "\ufeff615739"),
        ("615739", "615\u00ad739"),
        ("615739", "615.739"),
        ("615739", "615-739"),
        ("615739", "615\u2011739"),
        ("615739", "615–739"),
        ("615739", "615—739"),
        ("615739", "615\u2212739"),
        ("615739", "-0.615739"),
        ("CR-1234", "cr 1234"),
        ("CR-1234", "Cr.1234"),
        ("CR01", "c r 0 1"),
        ("é1", "E\u03011"),
        ("P/12", "p/12"),
        ("00A1", "a1"),
    ],
)
def test_two_spellings_of_one_case_number(one: str, other: str) -> None:
    assert folded(one) == folded(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("615739", "615738"),
        ("615739", "6157390"),
        ("615739", "1615739"),
        ("615739", "615,739"),
        ("615739", "615_739"),
        ("615739", "615739A"),
        ("615739", "６１５７３９"),
        # noughts count everywhere but at the very front
        ("CR1234", "CR01234"),
        ("615739", "6105739"),
        ("P/12", "P12"),
        ("P/12", "P/1/2"),
        ("0/12", "/012"),
    ],
)
def test_two_case_numbers(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@pytest.mark.parametrize(
    ("one", "other", "may_be_one"),
    [
        ("P/12", "P12", True),
        ("P/12", "p-1/2", True),
        ("0/12", "/012", True),
        ("P/12", "P/13", False),
    ],
)
def test_two_that_differ_by_slashes_alone_may_be_one(one: str, other: str, may_be_one: bool) -> None:
    assert (without_slashes(one) == without_slashes(other)) is may_be_one


@pytest.mark.parametrize("nothing", ["", " ", "0", "000", "-", "0.0", "–", "\u200b", ". -"])
def test_of_some_nothing_is_left(nothing: str) -> None:
    assert folded(nothing) == ""


@pytest.mark.parametrize(
    "cut",
    [
        "1.23457E+11",
        "1.23457e+11",
        "1,23457E+11",
        "6E+11",
        "6.15739E+05",
        "1.2E-05",
        " 1.23457E+11 ",
        "1.23457E\u221211",
    ],
)
def test_what_a_spreadsheet_has_cut(cut: str) -> None:
    assert is_cut(cut)


@pytest.mark.parametrize(
    "whole", ["615739", "6E11", "12E", "E+11", "1.23457", "A1E+11", "1.2.3E+11", "1.23457E+", "1E+1A", ""]
)
def test_what_no_spreadsheet_has_cut(whole: str) -> None:
    assert not is_cut(whole)


def test_all_spaces_dashes_and_controls_are_taken_out() -> None:
    """Go by the tables of Unicode that Python has."""
    for number in range(0x110000):
        character = chr(number)
        if unicodedata.category(character) in ("Zs", "Zl", "Zp", "Pd", "Cc") or character.isspace():
            assert folded(f"6{character}1") == "61", f"U+{number:04X}"


@given(SPELLINGS)
def test_any_spelling_is_the_same_number(spelt: NumberSpelt) -> None:
    assert folded(spelt.written) == folded(spelt.number)


@given(numbers(), numbers())
def test_any_two_numbers_are_two(one: str, other: str) -> None:
    """Numbers that are written plainly are the same only where they are equal."""
    assert (folded(one) == folded(other)) == (one == other)


@given(st.text(f"01AaÉéßI/,_{TAKEN_OUT}"))
def test_a_number_is_compared_by_what_is_left_of_it(written: str) -> None:
    left = "".join(character for character in written if character not in TAKEN_OUT).lstrip("0")
    assert folded(left) == folded(written) == folded(folded(written))
    assert bool(left) == bool(folded(written))


@pytest.mark.parametrize(
    ("numbers", "text", "masked"),
    [
        ([], "Seen on 615739.", "Seen on 615739."),
        (["615739"], "Seen on 615739.", "Seen on [case number]."),
        (["615739"], "615739: (615739), 615739", "[case number]: ([case number]), [case number]"),
        # a part of a longer number is another number
        (["615739"], "1615739 and 6157390", "1615739 and 6157390"),
        (["6157", "6157/2"], "6157/2 and 6157", "[case number] and [case number]"),
        (["CR-1234"], "see cr-1234", "see [case number]"),
        (["A+B.C"], "A+B.C said", "[case number] said"),
        (["615739"], "615 739, 615-739, 61.57.39", "[case number], [case number], [case number]"),
        (["615739"], "CASE615739 and 615739s", "CASE[case number] and [case number]s"),
        (["615739"], "1 615 739 children, 615,739", "1 [case number] children, [case number]"),
        (["777682"], "777,682 and 777’682 and 1,2", "[case number] and [case number] and 1,2"),
        (["615739"], "7, 615, 739", "7, 615, 739"),
        (["615739"], "６１５７３９, ٦١٥٧٣٩, 6 1 5 7 3 9", "[case number], [case number], [case number]"),
        (["ＳＣ６１５７３９"], "sc 615739", "[case number]"),
        (
            ["CR-1234"],
            "CR1234, CR 12 34, ACR-1234, CR-12345",
            "[case number], [case number], ACR-1234, CR-12345",
        ),
        # a letter at its end is never a part of a word, and a digit never a part of a number
        (["A61573"], "A61573, xA61573, 1A61573", "[case number], xA61573, 1A61573"),
        (["61573B"], "61573B, 61573Bx, 61573B1", "[case number], 61573Bx, 61573B1"),
        (["A61573", "61573B"], "A615731 and 161573B", "A615731 and 161573B"),
        # also so short a number in all its spellings, but never with a word joined to it
        (["6157"], "61 57, 61-57 and A6157", "[case number], [case number] and A6157"),
        # a number this short cannot be told from a count, however long it is written
        (["12"], "12 of 25", "12 of 25"),
        (["0012", "1-2-3"], "0012 of 123, 1-2-3", "0012 of 123, 1-2-3"),
        # noughts at the front, wherever they are lost
        (["0615739"], "615739, 0615739, 00 615739", "[case number], [case number], [case number]"),
        (["615739"], "0615739 and 10615739", "[case number] and 10615739"),
        # dashes, spaces and invisible characters as programs put them in
        (
            ["615739"],
            "615\u2011739, 615–739, 615\u00a0739\u200b",
            "[case number], [case number], [case number]\u200b",
        ),
        # a slash more or less may leave the number the same
        (["P/123456"], "P123456, p/123456, P 123/456", "[case number], [case number], [case number]"),
        (["615739"], "615/739", "[case number]"),
        (["1/234"], "1/234, 1234, 12/34", "[case number], 1234, 12/34"),
        # letters that are two when they are small
        (["Straße1"], "STRASSE1, straße 1.", "[case number], [case number]."),
        (["615739"], "Große 615739 ß615739 é", "Große [case number] ß[case number] é"),
        (["615739"], "Re\u0301sume\u0301", "Re\u0301sume\u0301"),
    ],
)
def test_a_case_number_is_masked_however_it_is_written(numbers: list[str], text: str, masked: str) -> None:
    assert masking(numbers)(text) == masked


@pytest.mark.parametrize(
    ("number", "text", "left"),
    [
        (None, "Seen on 615739.", "Seen on 615739."),
        (
            "615739",
            "Seen in 615739, 615 739 and x1615739.",
            "Seen in [case number], [case number] and x1615739.",
        ),
        ("615739", "Nothing of it, nor 61573.", "Nothing of it, nor 61573."),
        ("CR-1234", "see cr 1234", "see [case number]"),
        # a reference, a count and a day hold no number so short
        ("14", "H0-14", "H0-14"),
        ("12", "12 of 25", "12 of 25"),
        ("123", "Room 123", "Room 123"),
        ("1234", "Room 1234", "Room [case number]"),
        ("1234", "H0-1234", "H0-[case number]"),
        ("1234", "H1234, 12345", "H1234, 12345"),
    ],
)
def test_a_text_about_one_case_is_told_without_its_number(number: str | None, text: str, left: str) -> None:
    assert without(text, number) == left
    assert holds(text, number) == (left != text)


@given(SPELLINGS)
def test_any_spelling_is_masked(spelt: NumberSpelt) -> None:
    if len(folded(spelt.number)) < 4:
        assert not holds(spelt.written, spelt.number)
        return
    assert holds(f"See {spelt.written}, please", spelt.number)
    left = masking([spelt.number])(f"See {spelt.written}, please")
    assert folded(left.replace("/", "")) == folded(f"See {MASK}, please")


@given(numbers(), numbers())
def test_no_other_number_is_masked(one: str, other: str) -> None:
    """A slash more or less, or a word beside it, may be the same number; anything else is not."""
    same = folded(one) == folded(other) and len(folded(one)) >= 4
    may_be = without_slashes(one) == without_slashes(other)
    if not may_be and not (set("/abc") & set(one + other)):
        assert holds(f"See {other}.", one) is same
