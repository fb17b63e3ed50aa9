"""Reading a table from an xlsx file: the same rows as from csv, and what only a spreadsheet can get wrong."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime

import pytest
from xlsxwriter import Workbook

from app.case_numbers import CUT
from app.files import spreadsheets
from app.files.cells import case_number, day, prose, text, whole_number, yes_or_no
from app.files.columns import Column, Table
from app.files.reading import read_content
from app.files.rows import Reading

AUDITS = Table(
    "audits",
    [
        Column("reference", text(40), needed=True),
        Column("case_reference", text(10), secret=True),
        Column("due_on", day),
        Column("times", whole_number()),
        Column("quick_win", yes_or_no),
    ],
    key=["reference"],
)


NINE_THIRTY = datetime(2010, 11, 12, 9, 30)  # noqa: DTZ001 - a spreadsheet knows no time zones


def workbook(fill: Callable[[Workbook], None]) -> bytes:
    """The bytes of a workbook that `fill` writes."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        fill(book)
    return content.getvalue()


def of_rows(*rows: Sequence[object]) -> bytes:
    """A workbook of one sheet with these rows; dates have the format of a date."""

    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value, book.add_format({"num_format": "dd/mm/yyyy"}))
                elif value == "#N/A":
                    sheet.write_formula(number, column, "=NA()", value="#N/A")
                else:
                    sheet.write(number, column, value)

    return workbook(fill)


def found_in(content: bytes) -> Reading:
    return read_content("audits.xlsx", content, AUDITS)


def faults_of(content: bytes) -> list[str]:
    return [str(fault) for fault in found_in(content).faults]


def test_a_spreadsheet_is_read_with_its_numbers_dates_and_truths() -> None:
    found = found_in(
        of_rows(
            ["Quick win", "Reference", "Case reference", "Due on", "Times"],
            [True, "CP-001", 615739, date(2010, 11, 12), 5],
            [None, None, None, None, None],
            ["no", "CP-002", "06157", NINE_THIRTY, "6"],
        )
    )
    assert found.faults == []
    assert [(row.number, *(row[name] for name in AUDITS.names)) for row in found.rows] == [
        (2, "CP-001", "615739", date(2010, 11, 12), 5, True),
        (4, "CP-002", "06157", date(2010, 11, 12), 6, False),
    ]


def test_empty_rows_above_and_columns_before_the_cells_are_counted() -> None:
    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write(0, 2, "reference")
        sheet.write(4, 2, "CP-001")
        sheet.write_blank(60, 30, None, book.add_format({"bold": True}))

    found = found_in(workbook(fill))
    assert (found.faults, found.rows[0].number) == ([], 5)


CASES = Table(
    "cases",
    [
        Column("case_reference", case_number, needed=True, secret=True),
        Column("team", text()),
        Column("note", prose()),
    ],
)


def of_number(value: float | str, form: str | None, *, column: int = 0) -> Reading:
    """A case whose number is this cell, or another column of it; read."""

    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, CASES.names)
        sheet.write_row(1, 0, ["615739", "Crewe", "Seen"])
        # a style of another kind before it, so that styles must be counted
        sheet.write(5, 0, "x", book.add_format({"bold": True, "num_format": "0.00"}))
        sheet.write(5, 1, "Crewe")
        cell_format = book.add_format({"num_format": form}) if form else None
        sheet.write(1, column, value, cell_format)

    return read_content("cases.xlsx", workbook(fill), CASES)


@pytest.mark.parametrize(
    ("value", "form", "read"),
    [
        (615739, None, "615739"),
        (615739, "0", "615739"),
        (615739, "00000000", "00615739"),
        (615739, "000", "615739"),
        (615739, "#,##0", "615739"),
        (615739, "0.00", "615739"),
        (615739, "0.00E+00", "615739"),
        (123456789012345, None, "123456789012345"),
        (123456789012345, "0000000000000000", "0123456789012345"),
        ("615739", "00000000", "615739"),
        ("1234567890123456", None, "1234567890123456"),
        ("61.5", None, "61.5"),
    ],
)
def test_a_number_keeps_the_noughts_of_its_format(value: float | str, form: str | None, read: str) -> None:
    found = of_number(value, form)
    assert found.faults == []
    assert found.rows[0]["case_reference"] == read


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (1234567890123456, None),
        (1234567890123456, "00000000000000000000"),
        (12345678901234567890, "@"),
        (1.23457e22, None),
        (615739.5, None),
        (615739.5, "00000000"),
        ("1.23457E+11", None),
    ],
)
def test_a_number_that_a_spreadsheet_has_cut_is_a_fault_of_its_row(
    value: float | str, form: str | None
) -> None:
    assert [str(fault) for fault in of_number(value, form).faults] == [
        f"cases.xlsx: row 2, column case_reference: {CUT}"
    ]


def test_the_same_digits_as_text_and_as_a_number_are_two_cells() -> None:
    found = read_content(
        "cases.xlsx", of_rows(CASES.names, ["61.5"], ["1234567890123456"], [61.5], [1234567890123456]), CASES
    )
    assert [row["case_reference"] for row in found.rows] == ["61.5", "1234567890123456", None, None]
    assert [fault.row for fault in found.faults] == [4, 5]


def test_other_columns_take_a_number_with_decimals_and_refuse_one_with_its_end_cut() -> None:
    assert of_number(61.5, None, column=1).rows[0]["team"] == "61.5"
    assert of_number(61.5, None, column=2).rows[0]["note"] == "61.5"
    (fault,) = of_number(1234567890123456, None, column=1).faults
    assert (fault.column, fault.why) == ("team", CUT)


A_DATE = "is a date in the spreadsheet: change the cell format to Text and enter it again"
NOT_OPENED = "the file is a spreadsheet that cannot be opened: save it again as .xlsx"


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (
            of_rows(["reference", "due_on"], ["CP-001", "2010-02-30"], ["CP-002", 40494], ["CP-003", "#N/A"]),
            [
                'row 2, column due_on, "2010-02-30": must be a real date',
                'row 3, column due_on, "40494": must be a date, such as 2010-11-12 or 12/11/2010',
                'row 4, column due_on, "#ERROR!": is a spreadsheet error, not a value',
            ],
        ),
        (
            of_rows(["reference"], [date(2010, 1, 1)]),
            [f'row 2, column reference, "2010-01-01": {A_DATE}'],
        ),
        (
            of_rows([], ["reference"], ["CP-001"]),
            [f"row 1: the first row must have the column names of audits: {', '.join(AUDITS.names)}"],
        ),
        (of_rows(), ["the spreadsheet is empty"]),
        (
            b"PK\x03\x04more",
            [NOT_OPENED],
        ),
        (
            b"reference\n",
            [NOT_OPENED],
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            ["the file is an old spreadsheet or has a password: save it as .xlsx without a password"],
        ),
        (b"", ["the file is empty"]),
    ],
)
def test_every_fault_of_a_spreadsheet_is_named(content: bytes, faults: list[str]) -> None:
    assert faults_of(content) == [f"audits.xlsx: {fault}" for fault in faults]


def test_two_sheets_with_cells_are_refused_and_empty_ones_are_not() -> None:
    def two_and_an_empty_one(book: Workbook) -> None:
        for name in ("Audits", "Old audits"):
            book.add_worksheet(name).write(0, 0, "reference")
        book.add_worksheet("Empty")
        book.add_worksheet("Lists").write(0, 0, "Crewe")
        book.get_worksheet_by_name("Lists").hide()

    def one_between_empty_ones(book: Workbook) -> None:
        book.add_worksheet("Empty")
        book.add_worksheet("Audits").write_column(0, 0, ["reference", "CP-001"])
        book.add_worksheet("Hidden").hide()

    (fault,) = faults_of(workbook(two_and_an_empty_one))
    assert fault == (
        "audits.xlsx: the spreadsheet has 2 visible sheets with cells (“Audits”, “Old audits”): keep only 1, "
        "or hide the others"
    )
    assert len(found_in(workbook(one_between_empty_ones)).rows) == 1


def test_of_many_sheets_the_first_are_named() -> None:
    def seven(book: Workbook) -> None:
        for number in range(7):
            book.add_worksheet().write(0, 0, number)

    (fault,) = faults_of(workbook(seven))
    assert "7 visible sheets with cells (“Sheet1”, “Sheet2”, “Sheet3”, “Sheet4”, “Sheet5”, …):" in fault


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("very", [False, True])
def test_a_hidden_sheet_is_left_alone_whatever_it_has(first: bool, very: bool) -> None:
    def lists(book: Workbook) -> None:
        sheet = book.add_worksheet("Lists")
        sheet.write_column(0, 0, ["Crewe", "Nantwich"])
        sheet.write_formula(1, 0, "=1+1", value=2)
        sheet.write_formula(1, 1, "=NA()", value="#N/A")
        sheet.write(300_000, 30, "stray")
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.very_hidden() if very else sheet.hide()

    def fill(book: Workbook) -> None:
        if first:
            lists(book)
        sheet = book.add_worksheet("Audits")
        sheet.write_row(0, 0, ["reference", "case_reference"])
        sheet.write_row(1, 0, ["CP-001", "615739"])
        sheet.activate()
        sheet.set_first_sheet()
        if not first:
            lists(book)

    found = found_in(workbook(fill))
    assert (found.faults, found.hidden) == ([], 0)
    assert [(row["reference"], row["case_reference"]) for row in found.rows] == [("CP-001", "615739")]


def test_a_spreadsheet_whose_cells_are_all_hidden_is_refused() -> None:
    def fill(book: Workbook) -> None:
        book.add_worksheet("Empty")
        sheet = book.add_worksheet("Audits")
        sheet.write_column(0, 0, ["reference", "CP-001"])
        sheet.hide()

    assert faults_of(workbook(fill)) == [
        "audits.xlsx: the spreadsheet has no visible sheet with cells: show the sheet to import"
    ]


@pytest.mark.parametrize("target", ["worksheets/Sheet1.XML", "/xl/worksheets/sheet1.xml"])
def test_a_sheet_is_found_however_the_workbook_names_its_part(target: str) -> None:
    content = of_rows(["reference", "times"], ["CP-001", "#N/A"])
    assert faults_of(changed(content, "workbook.xml.rels", "worksheets/sheet1.xml", target)) == [
        'audits.xlsx: row 2, column times, "#ERROR!": is a spreadsheet error, not a value'
    ]


@pytest.mark.parametrize("target", ["worksheets/sheet2.xml", "", "https://council.example/sheet1.xml"])
def test_a_sheet_whose_part_cannot_be_found_is_refused(target: str) -> None:
    content = of_rows(["reference"], ["CP-001"])
    assert faults_of(changed(content, "workbook.xml.rels", "worksheets/sheet1.xml", target)) == [
        f"audits.xlsx: {NOT_OPENED}"
    ]


def changed(content: bytes, part: str, before: str, after: str) -> bytes:
    """The spreadsheet with another text in one of its parts."""
    other = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(other, "w") as new:
        for name in package.namelist():
            said = package.read(name).decode()
            assert before in said or not name.endswith(part)
            new.writestr(name, said.replace(before, after) if name.endswith(part) else said)
    return other.getvalue()


def test_rows_that_a_filter_hides_are_read_and_counted() -> None:
    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet()
        for number, cells in enumerate((["reference"], ["CP-001"], ["CP-002"], ["CP-003"], [""], ["CP-005"])):
            sheet.write_row(number, 0, cells)
        sheet.autofilter(0, 0, 5, 0)
        for number in (0, 2, 4, 5, 9):  # the heading, an empty row and one below the last are no audits
            sheet.set_row(number, None, None, {"hidden": True})

    found = found_in(workbook(fill))
    assert (found.faults, found.hidden) == ([], 2)
    assert [(row.number, row["reference"]) for row in found.rows] == [
        (2, "CP-001"),
        (3, "CP-002"),
        (4, "CP-003"),
        (6, "CP-005"),
    ]


def test_hidden_rows_without_a_number_are_counted_from_the_row_before() -> None:
    content = of_rows(["reference"], ["CP-001"], ["CP-002"])
    for number in "12":
        content = changed(content, "sheet1.xml", f'<row r="{number}" ', "<row ")
    content = changed(content, "sheet1.xml", '<row r="3" ', '<row hidden="1" ')
    assert found_in(content).hidden == 1


def test_a_cell_without_a_heading_is_said_in_the_words_of_a_spreadsheet() -> None:
    assert faults_of(of_rows(["reference"], ["CP-001", "more"])) == [
        "audits.xlsx: row 2: has a cell without a heading: clear the cell, or give its column a heading"
    ]


@pytest.mark.parametrize(
    ("row", "column", "cell"), [(1_048_575, 16_383, "XFD1048576"), (200_000, 0, "A200001"), (1, 26, "AA2")]
)
def test_a_stray_cell_is_named_before_the_sheet_is_laid_out(row: int, column: int, cell: str) -> None:
    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "reference")
        sheet.write(row, column, "stray")

    assert faults_of(workbook(fill)) == [
        f"audits.xlsx: the spreadsheet has a cell at {cell}: the last cell that can be read is Z200000"
    ]


def test_the_last_row_that_is_read_may_have_a_cell() -> None:
    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "reference")
        sheet.write(199_999, 0, "CP-001")

    assert [(row.number, row["reference"]) for row in found_in(workbook(fill)).rows] == [(200_000, "CP-001")]


def test_a_formula_beyond_all_values_is_named() -> None:
    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["reference", "times"])
        sheet.write(1, 0, "CP-001")
        sheet.write_formula(1, 3, "=1+1", value="")

    (fault,) = faults_of(workbook(fill))
    assert fault.startswith("audits.xlsx: row 2: has a cell without a heading")


@pytest.mark.parametrize(
    "cells",
    ["<row><c><v>1</v></c></row>" * 200_001, f"<row>{'<c><v>1</v></c>' * 27}</row>"],
    ids=["rows", "columns"],
)
def test_too_many_cells_are_refused_also_where_none_says_its_position(cells: str) -> None:
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(of_rows(["Reference"]))) as package,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as other,
    ):
        for name in package.namelist():
            sheet = f"<worksheet><sheetData>{cells}</sheetData></worksheet>"
            other.writestr(name, sheet if "worksheets/" in name else package.read(name))
    assert faults_of(changed.getvalue()) == [
        "audits.xlsx: the spreadsheet has cells after Z200000, the last cell that can be read"
    ]


def test_the_cells_of_each_row_are_counted_where_none_says_its_position() -> None:
    changed = io.BytesIO()
    row = f"<row>{'<c><v>1</v></c>' * 26}</row>"
    with (
        zipfile.ZipFile(io.BytesIO(of_rows(["Reference"]))) as package,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as other,
    ):
        for name in package.namelist():
            sheet = f"<worksheet><sheetData>{row * 2}</sheetData></worksheet>"
            other.writestr(name, sheet if "worksheets/" in name else package.read(name))
    assert not any("beyond" in fault for fault in faults_of(changed.getvalue()))


def test_a_spreadsheet_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = of_rows(["reference"], ["CP-001"])
    monkeypatch.setattr(spreadsheets, "MOST_MEGABYTES_UNPACKED", 0)
    assert faults_of(content) == ["audits.xlsx: the spreadsheet is larger than 0 MB when it is unpacked"]


def test_a_zip_file_of_something_else_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr("content.xml", "<office/>")
    assert faults_of(content.getvalue()) == ["audits.xlsx: the file must be an .xlsx spreadsheet"]


def test_a_damaged_spreadsheet_is_a_fault_wherever_it_is_damaged() -> None:
    whole = of_rows(["reference"], *[[f"CP-{number}"] for number in range(50)])
    for place in range(0, len(whole), 97):
        damaged = whole[:place] + b"\xff\x00\xff" + whole[place + 3 :]
        found = found_in(damaged)
        assert found.faults or len(found.rows) == 50
