"""Reading a table: which rows it has, and every fault by row and column."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.files import opening, reading
from app.files.cells import day, email, prose, text
from app.files.columns import Column, Table
from app.files.faults import Fault, Unreadable
from app.files.reading import read, read_content
from app.files.writing import csv_pieces

AUDITS = Table(
    "audits",
    [
        Column("reference", text(40), needed=True),
        Column("case_reference", text(10), needed=True, secret=True),
        Column("lead_auditor", email),
        Column("due_on", day),
        Column("note", prose()),
    ],
    key=["reference"],
)
HEADING = "reference,case_reference,lead_auditor,due_on,note\n"


def rows_of(content: str | bytes) -> list[tuple[int, dict[str, Any]]]:
    """The numbers and the filled values of a file without faults."""
    found = read_content("audits.csv", content if isinstance(content, bytes) else content.encode(), AUDITS)
    assert found.faults == []
    return [
        (row.number, {name: row[name] for name in AUDITS.names if row[name] is not None})
        for row in found.rows
    ]


def faults_of(content: str | bytes, name: str = "audits.csv", table: Table = AUDITS) -> list[str]:
    found = read_content(name, content if isinstance(content, bytes) else content.encode(), table)
    return [str(fault) for fault in found.faults]


ONE_ROW = [(2, {"reference": "CP-001", "case_reference": "615739", "due_on": date(2010, 11, 12)})]


@pytest.mark.parametrize(
    ("said", "content"),
    [
        ("in any order", "due_on,case_reference,reference\n2010-11-12,615739,CP-001\n"),
        ("in any case", "REFERENCE,Case_Reference,Due_On\nCP-001,615739,12/11/2010\n"),
        ("with spaces or hyphens", "reference, Case reference ,due-on\nCP-001,615739,12/11/2010\n"),
        ("with a mark", "\ufeffreference,case_reference,due_on\nCP-001,615739,12/11/2010\n"),
        ("with semicolons", "reference;case_reference;due_on\nCP-001;615739;12/11/2010\n"),
        ("with tabs", "reference\tcase_reference\tdue_on\nCP-001\t615739\t12/11/2010\n"),
        ("with quotation marks", '"reference";"case_reference";"due_on"\n"CP-001";"615739";"2010-11-12"\n'),
        ("as Windows ends lines", "reference,case_reference,due_on\r\nCP-001,615739,2010-11-12\r\n"),
        ("as old Macs end lines", "reference,case_reference,due_on\rCP-001,615739,2010-11-12\r"),
        ("without a last line end", "reference,case_reference,due_on\nCP-001,615739,2010-11-12"),
        ("with empty columns", ",reference,,case_reference,due_on,,\n,CP-001,,615739,2010-11-12,,\n"),
        ("with two marks", "\ufeff\ufeffreference,case_reference,due_on\nCP-001,615739,12/11/2010\n"),
        (
            "with spaces that cannot be seen",
            "\u200breference,case\u00a0reference\u200b,due\u202fon\u00ad\nCP-001,615739,12/11/2010\n",
        ),
        (
            "with a line that names the separator",
            "sep=;\nreference;case_reference;due_on\nCP-001;615739;12.11.2010\n",
        ),
        (
            "with that line and marks",
            "\ufeff\ufeffsep=;\nreference;case_reference;due_on\nCP-001;615739;12-Nov-10\n",
        ),
        ("with a short row", "reference,case_reference,due_on,note\nCP-001,615739,2010-11-12\n"),
    ],
)
def test_a_table_is_read(said: str, content: str) -> None:
    assert rows_of(content) == ONE_ROW, said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252"])
def test_a_table_is_read_in_each_encoding(encoding: str) -> None:
    content = "reference,case_reference,note\nCP-001,615739,Zoë’s plan – €5\n".encode(encoding)
    assert rows_of(content)[0][1]["note"] == "Zoë’s plan – €5"


def test_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    content = HEADING + '\nCP-001,1,,,"two\nlines"\n  ,,,,\n\nCP-002,2,,,\n'
    assert [(number, values["reference"]) for number, values in rows_of(content)] == [
        (3, "CP-001"),
        (6, "CP-002"),
    ]


def test_a_reading_tells_an_empty_cell_from_an_absent_column() -> None:
    found = read_content("audits.csv", b"reference,case_reference,due_on\nCP-001,615739,\n", AUDITS)
    assert found.columns == {"reference", "case_reference", "due_on"}
    assert found.rows[0]["due_on"] is None
    assert found.rows[0]["note"] is None
    with pytest.raises(KeyError):
        found.rows[0]["deu_on"]


WITHOUT_HEADING = (
    "has a cell without a heading: in a CSV file, put quotation marks around a cell that has a comma"
)
REST_NOT_READ = "so this row and the rows after it could not be read"


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (
            HEADING + "CP-001,615739,,2010-02-30,\n",
            ['row 2, column due_on, "2010-02-30": must be a real date'],
        ),
        (
            HEADING + "\nCP-001,615739,jack,30/02/10,\nCP-002,,,,\n",
            [
                'row 3, column lead_auditor, "jack": must be an email address',
                'row 3, column due_on, "30/02/10": the year must have 4 digits',
                "row 4, column case_reference: must not be empty",
            ],
        ),
        (
            HEADING + "CP-001,61573961573,,,\n",
            ["row 2, column case_reference: must be 10 characters or fewer: it has 11"],
        ),
        (
            "reference,case_reference,due_on,,\nCP-001,615739,soon,,\n",
            ['row 2, column due_on, "soon": must be a date, such as 2010-11-12 or 12/11/2010'],
        ),
        (
            "reference,case_reference,dew_on\nCP-001,615739,x\n",
            ["row 1, column dew_on: is not a column of audits: the nearest is due_on"],
        ),
        (
            "reference,due_on\nCP-001,2010-02-30\n",
            [
                "row 1, column case_reference: this column is missing",
                'row 2, column due_on, "2010-02-30": must be a real date',
            ],
        ),
        (
            "reference,case_reference,Reference\nCP-001,615739,CP-001\n",
            ["row 1, column Reference: this column is in the file twice"],
        ),
        (
            HEADING + "CP-001,615739,,,A note, with a comma\nCP-002,1,,,\n",
            [f"row 2: {WITHOUT_HEADING}"],
        ),
        (
            "reference,,case_reference\nCP-001,x\n",
            [f"row 2: {WITHOUT_HEADING}"],
        ),
        (
            HEADING + "CP-001,1,,,\nCP-002,2,,,\nCP-001,3,,,\nCP-001,4,,,\n",
            [
                'row 4, column reference, "CP-001": also in row 2',
                'row 5, column reference, "CP-001": also in row 2',
            ],
        ),
        (
            "CP-001,615739,Crewe\n",
            [f"row 1: the first row must have the column names of audits: {', '.join(AUDITS.names)}"],
        ),
        (
            HEADING + 'CP-001,1,,,ok\nCP-002,2,,,"never closed\nCP-003,3,,,\n',
            [f"row 3: a quotation mark is missing or is inside a cell, {REST_NOT_READ}"],
        ),
        (
            HEADING + "CP-001,1,,," + "x" * 140_000 + "\n",
            [f"row 2: a cell is longer than 131,072 characters, {REST_NOT_READ}"],
        ),
        (
            HEADING + "CP-001,#N/A,,,\n",
            ["row 2, column case_reference: is a spreadsheet error, not a value"],
        ),
        (",".join(f"c{n}" for n in range(27)), ["row 1: the file must have 26 columns or fewer: it has 27"]),
        (b"", ["the file is empty"]),
        (b"\xef\xbb\xbf \r\n", ["the file is empty"]),
        (HEADING.encode("utf-16"), ["the file is in UTF-16: save it as UTF-8 (“CSV UTF-8” in Excel)"]),
        (HEADING.encode("utf-16-le"), ["the file is in UTF-16: save it as UTF-8 (“CSV UTF-8” in Excel)"]),
        (HEADING.encode("utf-16-be"), ["the file is in UTF-16: save it as UTF-8 (“CSV UTF-8” in Excel)"]),
        (
            b"PK\x03\x04more",
            ["the file is a spreadsheet: its name must end in .xlsx"],
        ),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", ["the file must be text"]),
        (HEADING.encode() + b"CP-001,\0,,,\n", ["the file must be text"]),
        (HEADING.encode() + b"\x81\x8d", ["the file must be text in UTF-8 or Windows-1252"]),
        (
            b"\xef\xbb\xbf" + HEADING.encode() + b"CP-001,1,,,Zo\xeb\n",
            ["the file is marked as UTF-8 but has other characters: save it again as UTF-8"],
        ),
    ],
)
def test_every_fault_of_a_file_is_named(content: str | bytes, faults: list[str]) -> None:
    assert faults_of(content) == [f"audits.csv: {fault}" for fault in faults]


def test_a_case_number_is_in_no_fault_wherever_it_stands() -> None:
    contents = [
        "615739,Crewe,CP-001\n",
        "reference,case_reference,due_on\n,615739615739,\n,615739\a,\n",
        "reference,case_reference,due_on\nCP-001,Crewe,Nantwich,615739\n",
        "case_reference,case_reference\n615739,615739\n",
    ]
    for content in contents:
        faults = faults_of(content)
        assert faults
        assert "615739" not in "\n".join(faults)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("missing.csv", "the file was not found"),
        ("folder.csv", "the file cannot be opened (Is a directory)"),
        ("audits.ods", "the file name must end in .csv or .xlsx"),
    ],
)
def test_a_file_that_cannot_be_opened_is_a_fault(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "audits.ods").write_text(HEADING)
    assert [str(fault) for fault in read(tmp_path / name, AUDITS).faults] == [f"{name}: {why}"]


def test_a_file_beyond_the_limits_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "audits.csv"
    path.write_bytes(b"x" * (opening.MOST_MEGABYTES * 1_000_000 + 1))
    assert [str(fault) for fault in read(path, AUDITS).faults] == [
        "audits.csv: the file is larger than 20 MB"
    ]
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    content = HEADING + "CP-001,1,,,\nCP-002,2,,,\nCP-003,3,,,\nCP-004,4,,,\n"
    assert faults_of(content) == [
        "audits.csv: row 4: the file has more than 3 rows: this row and the rows after it were not read"
    ]


def test_later_checks_add_faults_of_the_same_kind_in_the_order_of_the_rows() -> None:
    content = HEADING + "CP-001,615739,jack@council.example,,\nCP-002,615740,nobody,2010-02-30,\n"
    found = read_content("audits.csv", content.encode(), AUDITS)
    first, second = found.rows
    found.refuse("nobody has this address", second, "lead_auditor")
    found.refuse("has no second auditor", second)
    found.refuse("nobody has this address", first, "lead_auditor")
    found.refuse("this case was requested already", first, "case_reference")
    found.refuse("names no cycle")
    assert [str(fault) for fault in found.faults] == [
        "audits.csv: names no cycle",
        'audits.csv: row 2, column lead_auditor, "jack@council.example": nobody has this address',
        "audits.csv: row 2, column case_reference: this case was requested already",
        'audits.csv: row 3, column lead_auditor, "nobody": must be an email address',
        'audits.csv: row 3, column due_on, "2010-02-30": must be a real date',
        "audits.csv: row 3: has no second auditor",
    ]


def test_a_column_that_is_needed_and_missing_is_not_refused_again_in_each_row() -> None:
    found = read_content("audits.csv", b"reference\nCP-001\n", AUDITS)
    found.refuse("is not known", found.rows[0], "case_reference")
    assert [str(fault) for fault in found.faults] == [
        "audits.csv: row 1, column case_reference: this column is missing"
    ]


def test_rows_repeat_each_other_only_in_all_columns_of_the_key() -> None:
    chases = Table(
        "chases",
        [Column("audit", text()), Column("day", day), Column("channel", text())],
        key=["audit", "day", "channel"],
    )
    content = (
        "audit,day,channel\nA,2010-11-16,phone\nA,2010-11-17,phone\nA,16/11/2010,phone\nA,,phone\nA,,phone\n"
    )
    assert faults_of(content, "chases.csv", chases) == [
        'chases.csv: row 4, column audit + day + channel, "A + 16/11/2010 + phone": also in row 2'
    ]


def test_a_fault_is_one_line_whatever_stands_in_the_file() -> None:
    assert str(Fault(file="a\nb.csv", row=2, column="x\ry", value="one\n\x1b[31mtwo", why="is wrong")) == (
        'a b.csv: row 2, column x y, "one [31mtwo": is wrong'
    )
    assert len(str(Fault(file="a.csv", value="x" * 100_000, why="is wrong"))) < 120


def as_kept(typed: str) -> str | None:
    """Return the part of a typed text that the product keeps."""
    try:
        return prose()(typed) if typed.strip() else None
    except Unreadable:
        return None


kept = st.text(max_size=30).map(as_kept)


@given(st.lists(st.tuples(kept, kept).filter(any), max_size=8))
def test_what_is_exported_reads_back_as_it_was(rows: list[tuple[str | None, str | None]]) -> None:
    table = Table("words", [Column("first", prose()), Column("second", prose())])
    content = b"".join(csv_pieces(table.names, rows, for_excel=False))
    found = read_content("words.csv", content, table)
    assert found.faults == []
    assert [(row["first"], row["second"]) for row in found.rows] == rows
