"""Writing spreadsheets: typed cells, a heading that stays, and nothing that a program would calculate."""

import io
import re
import zipfile
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from app.files import workbook
from app.files.cells import day, prose, whole_number
from app.files.columns import Column, Table
from app.files.reading import read_content
from app.files.workbook import Sheet, xlsx
from app.files.writing import Value, csv_pieces
from tests.files.formulas import FORMULAS

NOTES = Table("notes", [Column("note", prose()), Column("on", day), Column("times", whole_number())])


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name).decode()


def test_dates_and_numbers_are_written_as_what_they_are_and_read_back() -> None:
    rows: list[list[Value]] = [
        ["Zoë,\nsecond line", date(2010, 11, 12), 15],
        [None, None, None],
        ["x", None, 0],
    ]
    content = xlsx(Sheet("Notes", NOTES.names, rows))
    reading = read_content("notes.xlsx", content, NOTES)
    assert not reading.faults
    assert [[row["note"], row["on"], row["times"]] for row in reading.rows] == [rows[0], rows[2]]
    assert "<v>40494</v>" in part(content, "xl/worksheets/sheet1.xml")


def test_the_heading_stays_in_sight_and_every_column_can_be_filtered() -> None:
    sheet = part(xlsx(Sheet("Notes", NOTES.names, [["a", None, 1]])), "xl/worksheets/sheet1.xml")
    assert 'ySplit="1"' in sheet
    assert "xSplit" not in sheet
    assert 'state="frozen"' in sheet
    assert '<autoFilter ref="A1:C2"/>' in sheet
    book = part(xlsx(Sheet("Notes", NOTES.names, [["a", None, 1]])), "xl/workbook.xml")
    assert 'Print_Titles" localSheetId="0">Notes!$1:$1<' in book  # on every page in print
    assert 'width="' in sheet


def test_a_marked_cell_is_coloured_and_says_why_in_a_note() -> None:
    content = xlsx(Sheet("Notes", NOTES.names, [["a", None, None]], {(2, 1): "must not be empty"}))
    assert "must not be empty" in part(content, "xl/comments1.xml")
    assert "FFF9D2CE" in part(content, "xl/styles.xml")


def test_a_time_is_written_as_it_was_handed_over() -> None:
    times: list[list[Value]] = [[datetime(2010, 11, 12, 9, 30, tzinfo=UTC)], [True]]
    sheet = part(xlsx(Sheet("Times", ["at"], times)), "xl/worksheets/sheet1.xml")
    assert "40494.39583" in sheet
    assert ">yes<" in sheet


def test_text_that_is_too_long_for_a_cell_is_cut_and_the_file_still_opens() -> None:
    content = xlsx(Sheet("Notes", ["note"], [["x" * 40_000]]))
    reading = read_content("notes.xlsx", content, Table("notes", [Column("note", prose(50_000))]))
    assert [len(row["note"]) for row in reading.rows] == [32_767]


def test_no_text_is_a_formula_in_a_spreadsheet() -> None:
    content = xlsx(Sheet("Notes", ["note"], [[each] for each in FORMULAS]))
    sheet = part(content, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert "<f " not in sheet
    assert "<hyperlink" not in sheet
    assert sheet.count('t="inlineStr"') == len(FORMULAS) + 1
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert not [name for name in package.namelist() if "external" in name.lower()]


def test_no_text_starts_a_formula_in_a_download_and_an_import_reads_it_back_unchanged() -> None:
    content = b"".join(csv_pieces(["note", "on"], [[each, None] for each in FORMULAS], for_excel=True))
    notes = Table("notes", [Column("note", str), Column("on", day)])
    reading = read_content("notes.csv", content, notes)
    assert not reading.faults
    assert [row["note"] for row in reading.rows] == FORMULAS


def widths(*rows: list[Value], headings: tuple[str, ...] = ("a",)) -> list[float]:
    sheet = part(xlsx(Sheet("Notes", headings, rows)), "xl/worksheets/sheet1.xml")
    return [float(width) for width in re.findall(r'<col [^>]*width="([\d.]+)"', sheet)]


MARGIN = 5 / 7 - 0.0033482
"""The addition of the file's format to a width."""


@pytest.mark.parametrize(
    ("value", "width"),
    [
        (None, 10),
        (12_345_678_901, 10),
        ("x" * 8, 10),
        ("x" * 9, 11),
        ("one\n" + "x" * 20, 22),  # the longest of its lines
        ("x" * 58, 60),
        ("x" * 59, 60),  # more is wrapped
        (date(2010, 11, 12), 12),
        (datetime(2010, 11, 12, 9, 30, tzinfo=UTC), 18),
    ],
)
def test_a_column_is_as_wide_as_what_stands_in_it(value: Value, width: int) -> None:
    assert widths([value]) == [pytest.approx(width + MARGIN, abs=0.01)]


def cells(content: bytes) -> dict[str, str]:
    """The look of each cell that there is."""
    looks = re.findall(r"<xf [^>]*?(?:/>|>.*?</xf>)", part(content, "xl/styles.xml").split("<cellXfs")[1])
    sheet = part(content, "xl/worksheets/sheet1.xml")
    return {at: looks[int(look)] for at, look in re.findall(r'<c r="(\w+)" s="(\d+)"', sheet)}


def test_text_like_a_formula_stays_text_also_when_it_is_edited() -> None:
    looks = cells(xlsx(Sheet("Notes", ["a"], [["=1+1"], ["plain"], [5]])))
    assert ["quotePrefix" in looks[at] for at in ("A2", "A3", "A4")] == [True, False, False]


def test_only_a_marked_cell_is_coloured_and_also_where_it_is_empty() -> None:
    rows: list[list[Value]] = [["a", None, None], ["b", "x", None]]
    content = xlsx(Sheet("Notes", NOTES.names, rows, {(2, 1): "must not be empty", (3, 0): "again"}))
    looks = cells(content)
    assert set(looks) == {"A1", "B1", "C1", "A2", "B2", "A3", "B3"}
    assert ["fillId" in looks[at] and 'applyFill="1"' in looks[at] for at in ("A2", "B2", "A3", "B3")] == [
        *(False, True, True, False)
    ]
    styles = part(content, "xl/styles.xml")
    assert 'style="thin"' in styles
    assert len(re.findall('style="(?!thin)', styles)) == 0
    drawing = part(content, "xl/drawings/vmlDrawing1.vml")
    assert "width:192pt" in drawing  # twice as wide as notes are


def test_a_heading_can_be_marked_too() -> None:
    looks = cells(xlsx(Sheet("Notes", ["a", "b"], [], {(1, 1): "is not a column"})))
    assert ['applyFill="1"' in looks[at] for at in ("A1", "B1")] == [False, True]


@pytest.mark.parametrize(("rows", "sheets"), [(3, [3]), (4, [3, 1]), (6, [3, 3]), (7, [3, 3, 1])])
def test_rows_that_do_not_fit_go_on_to_another_sheet(
    monkeypatch: pytest.MonkeyPatch, rows: int, sheets: list[int]
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    content = xlsx(
        Sheet("Answers", ["n"], ([number] for number in range(rows))), Sheet("About", ["n"], [[7]])
    )
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    names = ["Answers", "Answers 2", "Answers 3"][: len(sheets)]
    assert book.sheet_names == [*names, "About"]
    read = [book.get_sheet_by_name(name).to_python() for name in names]
    assert [len(sheet) - 1 for sheet in read] == sheets
    assert all(sheet[0] == ["n"] for sheet in read)
    assert [row[0] for sheet in read for row in sheet[1:]] == list(range(rows))
