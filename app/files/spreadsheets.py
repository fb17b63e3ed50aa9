"""From an xlsx file to rows of cells.

The library lays a sheet out as a full rectangle, so that one stray cell in its far corner takes all memory and
ends the process; and it gives a spreadsheet's error (#N/A) as an empty cell. The sheets are therefore looked
through before it opens them.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from app.files.cells import SPREADSHEET_ERROR, Cell
from app.files.faults import Unreadable
from app.files.opening import MOST_ROWS

LAST_COLUMN = "Z"
"""26 columns, twice those of the widest table. Columns named by two letters are beyond it."""

MOST_MEGABYTES_UNPACKED = 250
"""The most rows of the widest table take about 150 MB before they are packed."""

_OLD_SPREADSHEET = b"\xd0\xcf\x11\xe0"
_SHEET = re.compile(r"(^|/)worksheets/[^/]*\.xml$")
_POSITION = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def xlsx_rows(content: bytes) -> Iterator[Sequence[Cell]]:
    """The rows of the one sheet that has cells, the heading first. Raises `Unreadable`."""
    if content.startswith(_OLD_SPREADSHEET):
        raise Unreadable(
            "the file is an old spreadsheet or has a password; save it as .xlsx without one"
        )
    try:
        errors = _errors(content)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [
            workbook.get_sheet_by_name(sheet.name)
            for sheet in workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
        ]
    except (
        CalamineError,
        expat.ExpatError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        RuntimeError,
    ) as error:
        raise Unreadable(
            "the file is not a spreadsheet that can be opened; save it again as .xlsx"
        ) from error
    with_cells = [sheet for sheet in sheets if sheet.start is not None]
    if not with_cells:
        raise Unreadable("the spreadsheet is empty")
    if len(with_cells) > 1:
        raise Unreadable(
            f"the spreadsheet has {len(with_cells)} sheets with cells; keep one"
        )
    for number, row in enumerate(
        with_cells[0].to_python(skip_empty_area=False), start=1
    ):
        cells = [_cell(value) for value in row]
        for column in errors.get(number, ()):
            cells[column] = SPREADSHEET_ERROR
        yield cells


def _cell(value: Any) -> Cell:
    """A spreadsheet's value as the same file in csv would have it, save that a date stays one."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else str(value)


def _errors(content: bytes) -> dict[int, list[int]]:
    """Where errors stand: columns (from 0) by row (from 1). Raises `Unreadable` for what is too much to open."""
    found: dict[int, list[int]] = {}
    position, is_error = "", False

    def started(tag: str, attributes: dict[str, str]) -> None:
        nonlocal position, is_error
        tag = tag[tag.rfind(":") + 1 :]
        if tag == "c":
            position, is_error = attributes.get("r", ""), attributes.get("t") == "e"
        elif tag in ("v", "is") and (
            is_error or len(position) > 6 or not position[1:2].isdigit()
        ):
            look_at_filled_cell()

    def look_at_filled_cell() -> None:
        match = _POSITION.fullmatch(position)
        if (
            match is None
        ):  # without a position, a cell follows the one before it and cannot be a stray one
            return
        letters, row = match[1], int(match[2])
        if len(letters) > 1 or row > MOST_ROWS:
            last = f"{LAST_COLUMN}{MOST_ROWS}"
            raise Unreadable(
                f"the spreadsheet has a cell at {position}; the last that can be read is {last}"
            )
        if is_error:
            found.setdefault(row, []).append(ord(letters) - ord("A"))

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if (
            sum(part.file_size for part in package.infolist())
            > MOST_MEGABYTES_UNPACKED * 1_000_000
        ):
            raise Unreadable(
                f"the spreadsheet is larger than {MOST_MEGABYTES_UNPACKED} MB when it is unpacked"
            )
        sheets = [name for name in package.namelist() if _SHEET.search(name)]
        if not sheets:
            raise Unreadable("the file is not an .xlsx spreadsheet")
        for name in sheets:
            parser = expat.ParserCreate()
            parser.StartElementHandler = started
            with package.open(name) as sheet:
                parser.ParseFile(sheet)
    return found
