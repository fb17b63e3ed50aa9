"""Reading a list of cases: what people paste and send, and each fault by its line without a case number."""

import io

import pytest
import xlsxwriter

from app.case_numbers import CUT
from app.sampling.case_list import MOST_CASES, pasted, sent
from app.sampling.seeded_draw import ListedCase

TEAMS = ("Cared for Children", "Crewe", "Nantwich")
TWO = [ListedCase("615739", "Crewe"), ListedCase("717275", "Cared for Children")]


@pytest.mark.parametrize(
    "written",
    [
        "615739,Crewe\n717275,Cared for Children",
        "615739, Crewe\r\n717275 ,  cared for children\r\n\r\n",
        "615739\tCrewe\n717275\tCared  for  Children\n",
        "615739;Crewe;\n717275;Cared for Children;\n",
        'case_reference,team\n"615739","Crewe"\n"717275","Cared for Children"\n',
        "Case number\tTeam\n615739\tCREWE\n717275\tCared-for-Children",
    ],
)
def test_a_pasted_list_is_read_in_the_ways_in_which_people_have_it(written: str) -> None:
    found = pasted(written, TEAMS)
    assert found.faults == []
    assert found.cases == TWO


def test_lines_without_a_team_belong_to_the_team_given_for_them() -> None:
    assert pasted("615739\n717275, Cared for Children\n", TEAMS, "Crewe").cases == TWO


def test_a_line_that_stands_there_twice_counts_once() -> None:
    found = pasted("615739, Crewe\n717275, Cared for Children\n 615739,crewe", TEAMS)
    assert (found.cases, found.repeated, found.faults) == (TWO, 1, [])


def test_what_was_read_can_be_pasted_again() -> None:
    found = pasted("615739, crewe\n717275\tcared for children", TEAMS)
    assert pasted(found.written(), TEAMS).cases == found.cases


@pytest.mark.parametrize(
    ("written", "faults"),
    [
        ("", ["The list has no cases. Enter case numbers or select a file."]),
        ("case_reference,team", ["The list has no cases. Enter case numbers or select a file."]),
        ("615739, Crew", ["Line 1: this team does not exist: the nearest is Crewe"]),
        ("\n\nCrewe, 615739", ["Line 3: this team does not exist: choose from "]),  # columns changed round
        (
            "615739",
            ["Line 1: the team is missing. Add it, or select a team for all lines without one."],
        ),
        ("615739,Crewe\n615739,Nantwich", ["Line 2: this case has another team in line 1"]),
        (", Crewe", ["Line 1: the case number is missing"]),
        ("615739,Crewe,lead", ["Line 1: this team does not exist: choose from "]),
        ("sep=;\n615739;Crew", ["Line 2: this team does not exist: the nearest is Crewe"]),
        ("6" * 61 + ",Crewe", ["Line 1: a cell must be 60 characters or fewer: it has 61"]),
        ("615739," + "C" * 101, ["Line 1: a cell must be 100 characters or fewer: it has 101"]),
        ("6157\x0739,Crewe", ["Line 1: a cell has a character that cannot be shown (U+0007)"]),
    ],
)
def test_a_fault_is_named_by_its_line_and_repeats_no_case_number(written: str, faults: list[str]) -> None:
    found = pasted(written, TEAMS).faults
    assert len(found) == len(faults)
    assert all(fault.startswith(expected) for fault, expected in zip(found, faults, strict=True)), found
    assert "615739" not in " ".join(found)


def test_every_fault_is_told() -> None:
    assert len(pasted("1,a\n2,b\n3\n4,Crewe\n4,Nantwich", TEAMS).faults) == 4


@pytest.mark.parametrize(
    "other", ["0615739", "615-739", "615\u00a0739", "615739\u200b", " 00 615.739", "61–57—39"]
)
def test_two_spellings_of_a_number_are_one_case_in_any_order(other: str) -> None:
    lines = [f"615739\tCrewe\n{other}\tCrewe", f"{other}\tCrewe\n615739\tCrewe"]
    one, another = (pasted(written, TEAMS) for written in lines)
    assert (len(one.cases), one.repeated, one.faults) == (1, 1, [])
    assert one.cases == another.cases
    assert pasted(f"615739,Crewe\n{other},Nantwich", TEAMS).faults == [
        "Line 2: this case has another team in line 1"
    ]


def test_two_that_differ_by_slashes_alone_are_two_cases_and_counted() -> None:
    found = pasted("P/12,Crewe\nP12,Crewe\np1/2,Crewe\nP13,Crewe", TEAMS)
    assert (len(found.cases), found.maybe_repeated) == (4, 2)


def test_lines_that_a_spreadsheet_has_cut_are_refused() -> None:
    """As a population of 60 with numbers of 13 digits comes out of it: forty of them look the same."""
    cut = ["1.23457E+12\tCrewe" for _ in range(40)]
    written = "\n".join(["Case number\tTeam", *cut, *(f"7{number:05}\tNantwich" for number in range(20))])
    found = pasted(written, TEAMS)
    assert len(found.faults) == 40
    assert found.faults[0] == f"Line 2: {CUT}"
    in_a_file = sent("cases.csv", written.replace("Case number", "Case reference").encode(), TEAMS)
    assert in_a_file.faults == [f"Row {row}, column case_reference: {CUT}" for row in range(2, 42)]


@pytest.mark.parametrize("nothing", ["0", "000", "–"])
def test_a_line_with_no_number_left_is_refused(nothing: str) -> None:
    assert pasted(f"{nothing}, Crewe", TEAMS).faults == [
        "Line 1: the case number must have a letter, or a digit other than 0"
    ]


def test_a_list_that_is_too_long_is_refused() -> None:
    written = "\n".join(f"{number},Crewe" for number in range(1, MOST_CASES + 2))
    assert pasted(written, TEAMS).faults == ["The list has 10,001 cases. The maximum is 10,000."]


def test_a_list_of_the_most_cases_is_read() -> None:
    written = "\n".join(f"{number},Crewe" for number in range(1, MOST_CASES + 1))
    found = pasted(written, TEAMS)
    assert (len(found.cases), found.faults) == (10_000, [])


def test_a_row_with_a_fault_of_its_own_has_no_other_and_is_no_case() -> None:
    content = f"case_reference,team\n,Crewe\n615739,{'C' * 101}\n".encode()
    found = sent("cases.csv", content, TEAMS)
    assert found.cases == []
    assert found.faults == [
        "Row 2, column case_reference: must not be empty",
        "Row 3, column team: must be 100 characters or fewer: it has 101",
    ]


def test_a_csv_file_is_read() -> None:
    content = b"\xef\xbb\xbfTeam;Case reference\nCrewe;615739\n;\ncared for children;717275\n"
    assert sent("cases.csv", content, TEAMS).cases == TWO


def test_a_spreadsheet_is_read() -> None:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(
            [("case_reference", "team"), (615739, "Crewe"), ("717275", "Cared for Children")]
        ):
            sheet.write_row(row, 0, cells)
    assert sent("Cases.XLSX", written.getvalue(), TEAMS).cases == TWO


def test_rows_that_a_filter_hides_are_in_the_list_and_counted() -> None:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(
            (["case_reference", "team"], *((case.reference, case.team) for case in TWO))
        ):
            sheet.write_row(row, 0, cells)
        sheet.set_row(2, None, None, {"hidden": True})
    found = sent("cases.xlsx", written.getvalue(), TEAMS)
    assert (found.cases, found.hidden) == (TWO, 1)


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("cases.pdf", b"%PDF", "The file name must end in .csv or .xlsx"),
        ("cases.csv", b"", "The file is empty"),
        ("cases.csv", b"615739,Crewe\n", "Row 1: the first row must have the column names of cases"),
        (
            "cases.csv",
            b"case_reference,tem\n615739,Crewe\n",
            "Row 1: is not a column of cases: the nearest is team",
        ),
        ("cases.csv", b"team\nCrewe\n", "Row 1: this column is missing"),
        ("cases.csv", b"case_reference,team\n,Crewe\n", "Row 2, column case_reference: must not be empty"),
        (
            "cases.csv",
            b"case_reference,team\n615739,Crew\n",
            "Row 2: this team does not exist: the nearest is Crewe",
        ),
    ],
)
def test_a_fault_of_a_file_is_named_by_its_row_and_repeats_no_case_number(
    name: str, content: bytes, fault: str
) -> None:
    found = sent(name, content, TEAMS).faults
    assert any(each.startswith(fault) for each in found), found
    assert "615739" not in " ".join(found)
