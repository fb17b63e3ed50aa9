"""Names of staff in texts that people wrote."""

import pytest

from app.summary.staff_names import masking_names

NAMES = ["Ann Lee", "Ann Lee Smith", "Jo O’Neill-Day", "Mark"]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Ask Ann Lee to write it", "Ask [name] to write it"),
        ("ANN  LEE's team", "[name]'s team"),
        ("Ann Lee Smith and Ann Lee", "[name] and [name]"),
        ("Jo O’Neill-Day leads", "[name] leads"),
        ("Hannah Ann Leeds", "Hannah Ann Leeds"),
        ("Mark the date", "Mark the date"),
        ("", ""),
    ],
)
def test_the_whole_name_is_masked_however_it_is_spaced(text: str, masked: str) -> None:
    assert masking_names(NAMES)(text) == masked


def test_without_names_nothing_is_masked() -> None:
    assert masking_names(["Mark"])("Mark Ann Lee") == "Mark Ann Lee"
