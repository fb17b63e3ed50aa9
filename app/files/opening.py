"""Opening a file: from its bytes to rows of cells, or to a clause that says why there are none."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from app.files.cells import Cell
from app.files.faults import Unreadable
from app.files.writing import GUARD, without_guard
from app.names import folded

MOST_MEGABYTES = 20
"""A file of the most rows is about 15 MB as csv; what is larger is not one of these tables."""

MOST_ROWS = 200_000
"""Twice the largest number of audits that the service is measured with: a table of it fits in memory."""

MOST_COLUMNS = 26
"""Columns A to Z of a spreadsheet, twice those of the widest table."""

_MARK = b"\xef\xbb\xbf"
_DELIMITERS = ",;\t"
_BYTE_ORDER_MARK = "\ufeff"
_SEPARATOR_LINE = re.compile(r'"?sep=([^"\r\n])"?[ \t,;]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
"""A first line that tells Excel how cells are separated; Excel does not show it as a row."""

_CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def content_of(path: Path) -> bytes:
    """Return the file's bytes, of a file that is too large only the beginning. Raises `Unreadable`."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_MEGABYTES * 1_000_000 + 1)
    except FileNotFoundError:
        raise Unreadable("the file was not found") from None
    except OSError as error:
        raise Unreadable(f"the file cannot be opened ({error.strerror})") from None


def refuse_size(content: bytes, megabytes: int = MOST_MEGABYTES) -> None:
    """Refuse a file that is empty or too large. Raises `Unreadable`."""
    if len(content) > megabytes * 1_000_000:
        raise Unreadable(f"the file is larger than {megabytes} MB")
    if not content.strip():
        raise Unreadable("the file is empty")


def text_of(content: bytes) -> str:
    """Return the text of a file in UTF-8, with or without marks, or in Windows-1252. Raises `Unreadable`."""
    if content.startswith(b"PK\x03\x04"):
        raise Unreadable("the file is a spreadsheet: its name must end in .xlsx")
    if _is_utf_16(content):
        raise Unreadable("the file is in UTF-16: save it as UTF-8 (“CSV UTF-8” in Excel)")
    try:
        decoded = content.decode("utf-8").lstrip(_BYTE_ORDER_MARK)
    except UnicodeDecodeError:
        if is_marked(content):
            raise Unreadable(
                "the file is marked as UTF-8 but has other characters: save it again as UTF-8"
            ) from None
        try:
            decoded = content.decode("windows-1252")
        except UnicodeDecodeError:
            raise Unreadable("the file must be text in UTF-8 or Windows-1252") from None
    if "\0" in decoded or _CONTROL_CHARACTER.search(decoded.split("\n", 1)[0]):
        raise Unreadable("the file must be text")
    if not decoded.strip():
        raise Unreadable("the file is empty")
    return decoded


def is_marked(content: bytes) -> bool:
    """Return True where the file begins with the mark of UTF-8, as downloads and files saved by Excel do."""
    return content.startswith(_MARK)


def csv_rows(written: str, headings: Collection[str], *, guarded: bool = False) -> Iterator[Sequence[Cell]]:
    """Return the rows of a csv file, the heading first; a blank row has no cells.

    `guarded`: the apostrophe that downloads put before text like a formula is taken away again.

    The delimiter is the one of comma, semicolon and tab, or the one that the file names in a line before the
    heading (sep=;), that shows the most of `headings` in the first row. That line is no row.
    Raises `Unreadable`, also at a row where quotation marks do not match: its end cannot be known.
    """
    written, named = without_separator_line(written)
    if not written.strip():
        raise Unreadable("the file is empty")
    known = {folded(heading) for heading in headings}

    def headings_with(delimiter: str) -> int:
        try:
            first_row = next(_records(written, delimiter), [])
        except Unreadable:
            return 0
        return len(known.intersection(map(folded, first_row)))

    rows = _records(written, max(named + _DELIMITERS, key=headings_with))
    if not guarded or GUARD not in written:
        return rows
    return ([without_guard(cell) for cell in row] for row in rows)


def without_separator_line(written: str) -> tuple[str, str]:
    """Return the text without a first line such as "sep=;", and the separator that it names, or nothing."""
    match = _SEPARATOR_LINE.match(written)
    return (written[match.end() :], match[1]) if match else (written, "")


def _records(written: str, delimiter: str) -> Iterator[list[str]]:
    # line by line from bytes: StringIO would hold four bytes for each character of the file
    lines = io.TextIOWrapper(io.BytesIO(written.encode()), encoding="utf-8", newline="")
    try:
        yield from csv.reader(lines, delimiter=delimiter, strict=True)
    except csv.Error as error:
        if "field limit" in str(error):
            why = f"a cell is longer than {csv.field_size_limit():,} characters"
        else:
            why = "a quotation mark is missing or is inside a cell"
        raise Unreadable(f"{why}, so this row and the rows after it could not be read") from None


def _is_utf_16(content: bytes) -> bool:
    """Recognise UTF-16 by its mark, or by every second byte being mostly nought, as in Western text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    start = content[:400]
    return any(2 * half.count(0) > len(half) for half in (start[::2], start[1::2]))
