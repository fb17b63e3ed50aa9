"""Files as bytes: how large they may be, what is text, and how the rows of a csv file are told apart."""

from pathlib import Path

import pytest

from app.files.faults import Unreadable
from app.files.opening import (
    MOST_COLUMNS,
    MOST_MEGABYTES,
    MOST_ROWS,
    content_of,
    csv_rows,
    refuse_size,
    text_of,
)


def test_a_file_may_be_as_large_as_the_largest_table() -> None:
    assert (MOST_MEGABYTES, MOST_ROWS, MOST_COLUMNS) == (20, 200_000, 26)


def test_of_a_file_that_is_too_large_the_beginning_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(21_000_000)
    content = content_of(path)
    assert len(content) == 20_000_001
    with pytest.raises(Unreadable, match="larger than 20 MB"):
        refuse_size(content)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"x" * 2_000_000, None),
        (b"x" * 2_000_001, "the file is larger than 2 MB"),
        (b"", "the file is empty"),
        (b" \r\n ", "the file is empty"),
    ],
)
def test_a_file_that_is_empty_or_too_large_is_refused(content: bytes, why: str | None) -> None:
    if why is None:
        refuse_size(content, 2)
    else:
        with pytest.raises(Unreadable) as refused:
            refuse_size(content, 2)
        assert str(refused.value) == why


UTF_16 = "the file is in UTF-16: save it as UTF-8 (“CSV UTF-8” in Excel)"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("ab".encode("utf-16"), UTF_16),
        (("ab" * 99).encode("utf-16-le"), UTF_16),  # without its mark
        (("ab" * 150).encode("utf-16-be"), UTF_16),
        # text with a nought as every fourth byte is not UTF-16
        (b"a\0bc" * 50, "the file must be text"),
        (b"\0abc" * 50, "the file must be text"),
        (b"a\x07,b\nc,d\n", "the file must be text"),
        (b"PK\x03\x04", "the file is a spreadsheet: its name must end in .xlsx"),
        (
            b"\xef\xbb\xbfcaf\xe9",
            "the file is marked as UTF-8 but has other characters: save it again as UTF-8",
        ),
        (b"caf\xe9\x81", "the file must be text in UTF-8 or Windows-1252"),
        (b"\xef\xbb\xbf \n", "the file is empty"),
        (b"\xef\xbb\xbf\xef\xbb\xbf", "the file is empty"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(Unreadable) as refused:
        text_of(content)
    assert str(refused.value) == why


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a,café\n".encode(), "a,café\n"),
        (b"\xef\xbb\xbfa,b\n", "a,b\n"),
        (b"\xef\xbb\xbf\xef\xbb\xbfa,b\n", "a,b\n"),
        (b"a,caf\xe9\n", "a,café\n"),
        (b"a,b\nbell \x07,d\n", "a,b\nbell \x07,d\n"),  # the reader of the cell reports it
    ],
)
def test_text_is_read_in_the_ways_in_which_people_save_it(content: bytes, text: str) -> None:
    assert text_of(content) == text


@pytest.mark.parametrize(
    ("written", "guarded", "rows"),
    [
        ("a,b\r\n'=1,2\r\n", True, [["a", "b"], ["=1", "2"]]),
        ("a,b\r\n'=1,2\r\n", False, [["a", "b"], ["'=1", "2"]]),
        ("a,b\r\nit's,2\r\n", True, [["a", "b"], ["it's", "2"]]),
        ("a,b\r\n1,2\r\n", True, [["a", "b"], ["1", "2"]]),
        ("a;b\n1,5;2\n", False, [["a", "b"], ["1,5", "2"]]),
        ("a\tb\n1,5\t2\n", False, [["a", "b"], ["1,5", "2"]]),
        ("a,b\n\n1,2\n", False, [["a", "b"], [], ["1", "2"]]),
        # the line that names the separator is no row, and it need not be right
        *[
            (f"{line}\na;b\n1,5;2\n", False, [["a", "b"], ["1,5", "2"]])
            for line in ("sep=;", "SEP=;", '"sep=;"', "sep=,", "sep=;;;", "sep=,,", "sep=; ")
        ],
        ("sep=;\r\na;b\r\n1;2\r\n", False, [["a", "b"], ["1", "2"]]),
        ("sep=\t\na\tb\n1\t2\n", False, [["a", "b"], ["1", "2"]]),
        ("sep=|\na|b\n1,5|2\n", False, [["a", "b"], ["1,5", "2"]]),
        ("a,b\nsep=;,2\n", False, [["a", "b"], ["sep=;", "2"]]),
        ("sep=,b\n1,2\n", False, [["sep=", "b"], ["1", "2"]]),
    ],
)
def test_rows_are_told_apart(written: str, guarded: bool, rows: list[list[str]]) -> None:
    assert list(csv_rows(written, ["a", "b"], guarded=guarded)) == rows


@pytest.mark.parametrize("written", ["sep=;", "sep=;\n", "sep=;\r\n \r\n"])
def test_a_file_of_nothing_but_its_separator_is_empty(written: str) -> None:
    with pytest.raises(Unreadable, match=r"^the file is empty$"):
        csv_rows(written, ["a", "b"])


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("a,b\n" + "x" * 131_073, "a cell is longer than 131,072 characters"),
        ('a,b\n"x"y,2\n', "a quotation mark is missing or is inside a cell"),
        ('a,b\n"x,2\n', "a quotation mark is missing or is inside a cell"),
    ],
)
def test_a_row_without_an_end_ends_the_reading(written: str, why: str) -> None:
    rows = csv_rows(written, ["a", "b"])
    assert next(rows) == ["a", "b"]
    with pytest.raises(Unreadable) as refused:
        next(rows)
    assert str(refused.value) == f"{why}, so this row and the rows after it could not be read"
