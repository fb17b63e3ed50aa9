"""The page about security: each test that it names is there, and no section of the standard is left out."""

import re

import pytest

from config.settings import PROJECT

PAGE = (PROJECT / "docs" / "security.md").read_text(encoding="utf-8")

SECTIONS = {
    1: (1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14),  # 3 and 13 have no requirements
    2: range(1, 11),
    3: (1, 2, 3, 4, 5, 7),  # 6 is of level 3
    4: range(1, 4),
    5: range(1, 6),
    6: range(1, 5),
    7: range(1, 5),
    8: range(1, 4),
    9: range(1, 3),
    10: (2, 3),  # 1 is of level 3
    11: (1,),
    12: range(1, 7),
    13: range(1, 5),
    14: range(1, 6),
}
"""The sections of ASVS 4.0.3 with requirements at level 1 or 2, by chapter."""

STATES = {"met", "partly", "not met", "council", "does not apply"}


def rows() -> list[list[str]]:
    """Return the cells of the rows of all tables."""
    lines = [line for line in PAGE.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def named_in(text: str) -> list[str]:
    return re.findall(r"`(tests/[\w/]+\.py)`", text)


def of_the_standard() -> list[list[str]]:
    return [cells for cells in rows() if re.match(r"V\d", cells[0])]


def test_each_test_that_is_named_is_there_and_has_tests() -> None:
    named = set(named_in(PAGE))
    assert len(named) > 20
    empty = [
        name
        for name in named
        if not (PROJECT / name).exists() or "def test_" not in (PROJECT / name).read_text(encoding="utf-8")
    ]
    assert empty == []


def test_every_promise_names_its_test() -> None:
    promises = PAGE.partition("## Promises")[2].partition("## OWASP")[0]
    lines = [line for line in promises.splitlines() if line.startswith("| ") and "---" not in line]
    without = [line for line in lines[1:] if not named_in(line)]
    assert len(lines) > 15
    assert without == []


def test_every_section_of_the_standard_is_there_once() -> None:
    there = [cells[0].split()[0] for cells in of_the_standard()]
    expected = [f"V{chapter}.{section}" for chapter, sections in SECTIONS.items() for section in sections]
    assert there == expected


@pytest.mark.parametrize("cells", of_the_standard(), ids=lambda cells: str(cells[0].split()[0]))
def test_what_is_met_names_a_test_or_says_that_there_is_none(cells: list[str]) -> None:
    _section, state, words = cells
    assert state in STATES
    if state == "met":
        assert named_in(words) or "no test" in words
        assert "Not met" not in words
    if state == "partly":
        assert re.search(r"Not met:|Missing:|Council:|not by the service", words)
