"""The warning of what looks like a name, a date of birth or an NHS number."""

from datetime import date

import pytest

from app.identifying import warnings as looking
from app.identifying.warnings import DATE_OF_BIRTH, NHS_NUMBER
from tests.identifying import texts

NAMES, BIRTHS, NUMBERS = slice(0, 34), slice(34, 44), slice(44, 50)
"""The places of each kind in the texts that name somebody."""

# As measured, 50 texts each; a change that does better raises them.
HITS_TUNED, HITS_HELD_OUT = 50, 49
ALARMS_TUNED, ALARMS_HELD_OUT = 0, 1


ON = date(2010, 11, 5)
"""The day on which the texts were written."""


def warnings(text: str, on: date = ON) -> list[str]:
    return looking.warnings(text, on)


def _kinds(text: str) -> set[str]:
    known = {NHS_NUMBER: "number", DATE_OF_BIRTH: "birth"}
    return {known.get(warning, "name") for warning in warnings(text)}


def _hits(tried: tuple[str, ...]) -> int:
    """Texts that are warned of for what is in them, and for nothing else."""
    kinds = (("name", NAMES), ("birth", BIRTHS), ("number", NUMBERS))
    return sum(_kinds(text) == {kind} for kind, part in kinds for text in tried[part])


def _alarms(tried: tuple[str, ...], on: date = ON) -> int:
    return sum(bool(warnings(text, on)) for text in tried)


def test_there_are_two_hundred_different_texts() -> None:
    halves = (texts.TUNED_WITH, texts.HELD_OUT_WITH, texts.TUNED_WITHOUT, texts.HELD_OUT_WITHOUT)
    assert [len(half) for half in halves] == [50] * 4
    assert len({text for half in halves for text in half}) == 200


def test_as_many_texts_that_name_somebody_are_warned_of_as_was_measured() -> None:
    assert _hits(texts.TUNED_WITH) >= HITS_TUNED
    assert _hits(texts.HELD_OUT_WITH) >= HITS_HELD_OUT


def test_no_more_texts_that_name_nobody_are_warned_of_than_was_measured() -> None:
    assert _alarms(texts.TUNED_WITHOUT) <= ALARMS_TUNED
    assert _alarms(texts.HELD_OUT_WITHOUT) <= ALARMS_HELD_OUT
    # also of texts that are read again years later
    for year in range(2011, 2029):
        assert _alarms(texts.TUNED_WITHOUT, date(year, 11, 5)) <= ALARMS_TUNED
        assert _alarms(texts.HELD_OUT_WITHOUT, date(year, 11, 5)) <= ALARMS_HELD_OUT


@pytest.mark.parametrize(
    "number", ["9434765919", "943 476 5919", "943-476-5919", "943.476.5919", "94 347 659 19"]
)
def test_ten_digits_with_a_valid_check_digit_are_warned_of_however_they_are_grouped(number: str) -> None:
    assert warnings(f"Filed under {number}.") == [NHS_NUMBER]


@pytest.mark.parametrize(
    "number",
    [
        "9434765918",  # the check digit is wrong
        "94347659190",  # eleven digits
        "0434765916",  # a telephone
        "1000000010",  # modulo 11 leaves 10: no such number is given out
    ],
)
def test_other_numbers_are_not_taken_for_one(number: str) -> None:
    assert warnings(f"Filed under {number}.") == []


def test_a_number_that_is_called_an_nhs_number_is_warned_of_with_a_wrong_check_digit_too() -> None:
    assert warnings("NHS number: 943 476 5918") == [NHS_NUMBER]


@pytest.mark.parametrize(
    "day", ["3/4/2005", "03.04.05", "2005-04-03", "3 April", "3rd of April 2005", "April 3, 2005", "Apr 2005"]
)
def test_a_date_is_one_of_birth_only_where_the_words_say_so(day: str) -> None:
    assert warnings(f"She was born on {day}.") == [DATE_OF_BIRTH]
    assert warnings(f"Her DOB is {day}, as the front sheet says.") == [DATE_OF_BIRTH]
    assert warnings(f"She was seen on {day}.") == []


@pytest.mark.parametrize(
    ("text", "is_birth"),
    [
        ("The child (12/03/2003) was seen.", True),
        ("Boy, 12.03.2003, was seen.", True),
        ("Two siblings – 12-3-2003 and 1-2-2005.", True),
        ("The young person (05/11/2009) was seen.", True),  # a year old on the day
        ("The young person (06/11/1992) was seen.", True),  # 18 on the next day
        ("The young person (05/11/1992) was seen.", False),
        ("Last visit to the child (06/11/2009).", False),
        ("Last visit to the child (03/09/2010).", False),
        ("Saw the child 12/03/2003 and 3/4/2003.", False),
        ("The plan (12/03/2003) was old.", False),
        ("The child (reference 12/03) was seen.", False),
        ("The child (45/13/2003) was seen.", False),
        ("Childcare (12/03/2003) was in place.", False),
    ],
)
def test_a_date_set_apart_beside_a_child_is_one_of_birth_if_a_child_was_born_then(
    text: str, is_birth: bool
) -> None:
    assert (DATE_OF_BIRTH in warnings(text)) is is_birth


def test_neither_number_nor_date_is_repeated_in_the_warning() -> None:
    said = " ".join(warnings("Born 3/4/2005, NHS number 943 476 5919"))
    assert not any(character.isdigit() for character in said)


def test_a_name_is_quoted_once_however_often_it_stands_there() -> None:
    said = warnings("Liam was seen. Liam's mother was not. Mrs Okafor was there.")
    assert [one.split("”")[0] for one in said] == ["“Liam", "“Okafor"]


@pytest.mark.parametrize("month", ["April", "May", "June", "August"])
def test_months_are_months(month: str) -> None:
    assert warnings(f"{month} had no visit. In {month} and after {month} the team was short.") == []


def test_a_long_text_does_not_take_long() -> None:
    warnings("The child was seen alone on 12 May 2010 in Paris. " * 2000 + "1 " * 5000)


def test_nothing_is_said_of_nothing() -> None:
    assert warnings("") == warnings("  \n ") == []
