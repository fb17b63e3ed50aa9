"""Case numbers are recognised in texts that people wrote."""

import pytest

from app.case_numbers import holds, masking, without


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
        (["A+B."], "A+B. said", "[case number] said"),
        (["615739"], "615 739, 615-739, 61.57.39", "[case number], [case number], [case number]"),
        (["615739"], "CASE615739 and 615739s", "CASE[case number] and [case number]s"),
        (["615739"], "1 615 739 children, 615,739", "1 [case number] children, 615,739"),
        (
            ["CR-1234"],
            "CR1234, CR 12 34, ACR-1234, CR-12345",
            "[case number], [case number], ACR-1234, CR-12345",
        ),
        # a letter at its end is never a part of a word, and a digit never a part of a number
        (["A61573"], "A61573, xA61573, 1A61573", "[case number], xA61573, 1A61573"),
        (["61573B"], "61573B, 61573Bx, 61573B1", "[case number], 61573Bx, 61573B1"),
        (["A61573", "61573B"], "A615731 and 161573B", "A615731 and 161573B"),
        # so short a number, spaced, is two numbers
        (["6157"], "61 57 and A6157", "61 57 and A6157"),
        # so short a number cannot be told from a count
        (["12"], "12 of 25", "12 of 25"),
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
            "Seen in [case number], [case number] and x1[case number].",
        ),
        ("615739", "Nothing of it, nor 61573.", "Nothing of it, nor 61573."),
        ("CR-1234", "see cr 1234", "see [case number]"),
        # of one's own case also a number so short
        ("12", "12 of 25", "[case number] of 25"),
    ],
)
def test_a_text_about_one_case_is_told_without_its_number(number: str | None, text: str, left: str) -> None:
    assert without(text, number) == left
    assert holds(text, number) == (left != text)
