"""The benchmarks write their tables into the document that shows them."""

import pytest

from tests.bench.__main__ import USUAL, with_tables

DOCUMENT = "# How fast it is\n\nWords.\n\n```\nold\n```\n\nMore words.\n"
AFTER = "\n## 1,000,000 open audits\n\n```\nstress\n```\n"


@pytest.mark.parametrize(
    ("before", "largest", "after"),
    [
        (DOCUMENT, USUAL, DOCUMENT.replace("old", "new")),
        (DOCUMENT + AFTER, USUAL, DOCUMENT.replace("old", "new") + AFTER),
        (DOCUMENT, 1_000_000, DOCUMENT + AFTER.replace("stress", "new")),
        (DOCUMENT + AFTER, 1_000_000, DOCUMENT + AFTER.replace("stress", "new")),
    ],
)
def test_tables_take_the_place_of_those_for_the_same_number(before: str, largest: int, after: str) -> None:
    assert with_tables(before, "new\n", largest) == after
