"""A fault is one line, short enough to read, with nothing in it that a terminal would obey."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.files.faults import MOST_LISTED, Fault, nearest, shown, suggestion
from app.names import folded


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("Crewe", "Crewe"),
        (" two\n lines\x1b[2J ", "two lines [2J"),
        ("c" * 80, "c" * 80),
        ("c" * 81, "c" * 79 + "…"),
        # twice as many characters are looked at, as several blanks count as one
        ("a" + " " * 158 + "b", "a b"),
        ("a" + " " * 159 + "b", "a"),
        ("", ""),
    ],
)
def test_a_value_is_shown_on_one_line(value: str, line: str) -> None:
    assert shown(value) == line


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (Fault(file="audits.csv", why="the file is empty"), "audits.csv: the file is empty"),
        (
            Fault(file="audits.csv", why="must be a real date", row=2, column="due_on", value="30/2/2010"),
            'audits.csv: row 2, column due_on, "30/2/2010": must be a real date',
        ),
        (
            Fault(file="tool.toml", why="must be a list", key="section 2 / question"),
            "tool.toml: key section 2 / question: must be a list",
        ),
        (Fault(file="", why="the file is empty"), "the file is empty"),
        (Fault(file="a.csv", why="is wrong", row=0, value=""), 'a.csv: row 0, "": is wrong'),
    ],
)
def test_a_fault_names_its_place(fault: Fault, line: str) -> None:
    assert str(fault) == line


def test_headings_are_compared_without_case_spaces_hyphens_and_what_cannot_be_seen() -> None:
    assert folded(" Case-Reference ") == folded("case_reference")
    assert folded("\u200bcase\u00a0refer\u00adence\ufeff") == folded("case_reference")
    assert nearest("CASE-REFERENC", ["team", "case_reference", "cases"]) == "case_reference"


GRADES = ("outstanding", "good", "adequate", "requires improvement", "inadequate", "not applicable")
ANSWERS = ("yes", "no", "partially met", "not evidenced")


@pytest.mark.parametrize(
    ("name", "known", "near"),
    [
        ("inadequte", GRADES, "inadequate"),
        ("inadequtae", GRADES, "inadequate"),
        ("Requires inprovment", GRADES, "requires improvement"),
        ("goood", GRADES, "good"),
        ("N/A", GRADES, None),
        ("NA", ANSWERS, None),
        ("nil", ANSWERS, None),
        ("none", ANSWERS, None),
        ("-", GRADES, None),
        ("?", ANSWERS, None),
        ("RI", GRADES, None),
        ("", GRADES, None),
        ("yess", ANSWERS, "yes"),
        ("yes - see note", ANSWERS, None),
        ("partially", ANSWERS, None),
        # the opposite is no spelling
        ("adequate", ("good", "inadequate"), None),
        ("evidenced", ANSWERS, None),
        ("unmet", ("met", "not met"), None),
        ("satisfactory", ("unsatisfactory",), None),
        ("was not seen", ("was seen",), None),
        # nor is another number
        ("2026-1", ("2026-2", "2025-1"), None),
        ("Team 12", ("Team 1", "Team 2"), None),
        ("Taem 1", ("Team 2", "Team 1"), "Team 1"),
        ("due_at", ("requested_on", "due_on"), "due_on"),
        ("lead auditr", ("lead_auditor", "second_auditor"), "lead_auditor"),
        ("x" * 200_000, GRADES, None),
        ("good", (), None),
    ],
)
def test_only_a_near_spelling_is_suggested(name: str, known: tuple[str, ...], near: str | None) -> None:
    assert nearest(name, known) == near


@given(st.text(), st.lists(st.text(), max_size=5))
def test_what_is_suggested_has_the_same_digits_and_first_letter(name: str, known: list[str]) -> None:
    near = nearest(name, known)
    if near is not None:
        assert folded(name)[:1] == folded(near)[:1]
        assert re.findall(r"\d", folded(name)) == re.findall(r"\d", folded(near))


@pytest.mark.parametrize(
    ("name", "known", "words"),
    [
        ("gud", GRADES[:2], ": choose from outstanding, good"),
        ("goood", GRADES[:2], ": the nearest is good"),
        ("gud", (), ""),
        ("gud", [f"key_{number}" for number in range(MOST_LISTED)], "key_29"),
        ("gud", [f"key_{number}" for number in range(MOST_LISTED + 1)], ""),
    ],
)
def test_the_choices_are_listed_where_they_are_few(name: str, known: Sequence[str], words: str) -> None:
    assert suggestion(name, known).endswith(words)
    assert bool(suggestion(name, known)) == bool(words)
