"""A fault is one line, short enough to read, with nothing in it that a terminal would obey."""

import pytest

from app.files.faults import Fault, folded, nearest, shown


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("Crewe", "Crewe"),
        (" two\n lines\x1b[2J ", "two lines [2J"),
        ("c" * 80, "c" * 80),
        ("c" * 81, "c" * 79 + "…"),
        # of what is looked at at all, twice as much: blanks in it are one
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


def test_names_are_compared_without_case_spaces_and_hyphens() -> None:
    assert folded(" Case-Reference ") == folded("case  reference") == "case_reference"
    assert nearest("CASE-REFERENC", ["team", "case_reference", "cases"]) == "case_reference"
