"""Opening an xlsx file: from its bytes to rows of cells.

The library lays a sheet out as a full rectangle, so that one stray cell in its far corner takes all memory
and ends the process; it gives a spreadsheet's error (#N/A) as an empty cell, and a formula as whatever some
program last made of it. The sheets are therefore looked through before it opens them.
A hidden sheet, such as one with the choices of a drop-down list, is left alone.
"""

import io
import posixpath
import re
import string
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from app.files.cells import Cell, ErrorCell, FormulaCell, HiddenRow, InexactCell
from app.files.faults import Unreadable, shown
from app.files.opening import MOST_COLUMNS, MOST_ROWS

MOST_MEGABYTES_UNPACKED = 250
"""The most rows of the widest table take about 150 MB before they are packed."""

SHEETS_NAMED = 5
"""The most sheets that a fault names."""

_CANNOT_BE_OPENED = "the file is a spreadsheet that cannot be opened: save it again as .xlsx"
_OLD_SPREADSHEET = b"\xd0\xcf\x11\xe0"
_REACHES_OUTSIDE = re.compile(r"vbaProject|macrosheets/|externalLinks/|embeddings/|activeX/", re.IGNORECASE)
_WORKBOOK = re.compile(r"(^|/)workbook\d*\.xml$")
_SHEET = re.compile(r"(^|/)worksheets/[^/]*\.xml$")
_STYLES = re.compile(r"(^|/)styles\.xml$")
_NOUGHTS = re.compile(r"0{2,60}")
_LAST_COLUMN = string.ascii_uppercase[MOST_COLUMNS - 1]
_POSITION = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ROW = re.compile(r"[0-9]{1,7}")
_NEAR = re.compile(r"[A-Z][0-9]{1,5}")

_DIGITS_KEPT = 15
"""The digits of a number that a spreadsheet keeps: of more, those at the end become noughts."""


def xlsx_rows(content: bytes) -> Iterator[Sequence[Cell]]:
    """Return the rows of the only visible sheet that has cells, the heading first. Raises `Unreadable`."""
    if content.startswith(_OLD_SPREADSHEET):
        raise Unreadable(
            "the file is an old spreadsheet or has a password: save it as .xlsx without a password"
        )
    try:
        looks = _looks(content)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [
            workbook.get_sheet_by_name(sheet.name)
            for sheet in workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
    except (
        CalamineError,
        expat.ExpatError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        RuntimeError,
    ) as error:
        raise Unreadable(_CANNOT_BE_OPENED) from error
    with_cells = [sheet for sheet in sheets if sheet.start is not None]
    if not with_cells:
        if len(sheets) < len(workbook.sheets_metadata):
            raise Unreadable("the spreadsheet has no visible sheet with cells: show the sheet to import")
        raise Unreadable("the spreadsheet is empty")
    if len(with_cells) > 1:
        names = ", ".join(f"“{shown(sheet.name)}”" for sheet in with_cells[:SHEETS_NAMED])
        names += ", …" if len(with_cells) > SHEETS_NAMED else ""
        raise Unreadable(
            f"the spreadsheet has {len(with_cells)} visible sheets with cells ({names}): keep only 1, or "
            "hide the others"
        )
    look = looks.get(with_cells[0].name)
    if look is None:
        raise Unreadable(_CANNOT_BE_OPENED)
    return _rows(with_cells[0], look)


def _rows(sheet: CalamineSheet, look: "_FilledCells") -> Iterator[Sequence[Cell]]:
    number = 0
    for number, row in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        cells = [_cell(value) for value in row]
        for column in look.formulas.get(number, ()):
            cells += [""] * (column + 1 - len(cells))
            cells[column] = FormulaCell("(a formula)")
        for column in look.errors.get(number, ()):
            cells[column] = ErrorCell("#ERROR!")
        for column, width in look.noughts.get(number, ()):
            cells[column] = _with_noughts(cells[column], width)
        yield HiddenRow(cells) if number in look.hidden else cells
    if below := [row for row in look.formulas if row > number]:  # without a value: to the library it is blank
        raise Unreadable(f"the spreadsheet has a formula in row {min(below)}: paste only values")


def _cell(value: Any) -> Cell:
    """Return a spreadsheet's value as the same file in csv would have it, save that a date stays one."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else str(value)


def _number(value: float) -> Cell:
    """Return a number as it was typed, marked where that cannot be known."""
    if not float(value).is_integer():
        return InexactCell(value)
    written = str(int(value))
    return written if len(written.lstrip("-")) <= _DIGITS_KEPT else InexactCell(written)


def _with_noughts(cell: Cell, width: int) -> Cell:
    """Return a number with the noughts at its front that its format shows: 00615739."""
    if isinstance(cell, str) and not isinstance(cell, InexactCell) and cell.isdecimal():
        return cell.zfill(width)
    return cell


def _looks(content: bytes) -> "dict[str, _FilledCells]":
    """Find what the library does not tell of the visible sheets, by their names. Raises `Unreadable` where it
    must not open them."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if sum(part.file_size for part in package.infolist()) > MOST_MEGABYTES_UNPACKED * 1_000_000:
            raise Unreadable(
                f"the spreadsheet is larger than {MOST_MEGABYTES_UNPACKED} MB when it is unpacked"
            )
        if any(_REACHES_OUTSIDE.search(name) for name in package.namelist()):
            raise Unreadable(
                "the spreadsheet has macros, other files inside it or links to other files: copy its cells "
                "to a new spreadsheet and paste only values"
            )
        parts = [name for name in package.namelist() if _SHEET.search(name)]
        if not parts:
            raise Unreadable("the file must be an .xlsx spreadsheet")
        styles = _Styles()
        for name in filter(_STYLES.search, package.namelist()):
            _look_through(package, name, styles.element)
        book = _Book(package)
        looks = {}
        for part in parts:
            sheet = book.sheets.get(part.lower())
            if sheet is not None and sheet.is_hidden:
                continue
            look = _FilledCells(styles.noughts)
            _look_through(package, part, look.element)
            if sheet is not None:
                looks[sheet.name] = look
    return looks


def _look_through(
    package: zipfile.ZipFile, name: str, element: Callable[[str, dict[str, str]], None]
) -> None:
    """Call `element` for each element of a part of the spreadsheet."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with package.open(name) as part:
        parser.ParseFile(part)


def _refuse_doctype(*_: object) -> None:
    """Refuse a doctype: no program writes one into a sheet, it is there to misuse the reader."""
    raise Unreadable(_CANNOT_BE_OPENED)


def _without_prefix(name: str) -> str:
    return name[name.rfind(":") + 1 :]


@dataclass(frozen=True)
class _Sheet:
    """A sheet as the workbook names it."""

    name: str
    is_hidden: bool


class _Book:
    """The sheets of a workbook by the part in which each is stored, in small letters:
    xl/worksheets/sheet1.xml.

    The workbook names a sheet and a relation (`<sheet name="Audits" state="hidden" r:id="rId1"/>`), and the
    relation the part (`<Relationship Id="rId1" Target="worksheets/sheet1.xml"/>`).
    """

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.sheets: dict[str, _Sheet] = {}
        self._by_relation: dict[str, _Sheet] = {}
        for part in filter(_WORKBOOK.search, package.namelist()):
            folder, name = posixpath.split(part)
            self._by_relation = {}
            self._folder = folder
            _look_through(package, part, self._sheet)
            _look_through(package, f"{folder}/_rels/{name}.rels".removeprefix("/"), self._relation)

    def _sheet(self, tag: str, attributes: dict[str, str]) -> None:
        if _without_prefix(tag) == "sheet":
            relation = next((value for name, value in attributes.items() if name.endswith(":id")), "")
            is_hidden = attributes.get("state", "visible") != "visible"
            self._by_relation[relation] = _Sheet(attributes.get("name", ""), is_hidden)

    def _relation(self, tag: str, attributes: dict[str, str]) -> None:
        sheet = self._by_relation.get(attributes.get("Id", ""))
        if _without_prefix(tag) == "Relationship" and sheet is not None:
            part = posixpath.normpath(posixpath.join("/", self._folder, attributes.get("Target", "")))
            self.sheets[part.removeprefix("/").lower()] = sheet


class _Styles:
    """The styles of cells whose format is noughts alone (00000000), found by the XML of the styles."""

    def __init__(self) -> None:
        self.noughts: dict[str, int] = {}
        """The number of noughts, by the number of the style."""
        self.formats: dict[str, int] = {}
        self.of_cells = False
        self.styles = 0

    def element(self, tag: str, attributes: dict[str, str]) -> None:
        tag = _without_prefix(tag)
        if tag == "numFmt" and _NOUGHTS.fullmatch(code := attributes.get("formatCode", "")):
            self.formats[attributes.get("numFmtId", "")] = len(code)
        elif tag in ("cellXfs", "cellStyleXfs", "dxfs"):
            self.of_cells = tag == "cellXfs"
        elif tag == "xf" and self.of_cells:
            width = self.formats.get(attributes.get("numFmtId", ""))
            if width is not None:
                self.noughts[str(self.styles)] = width
            self.styles += 1


class _FilledCells:
    """Facts of a sheet that the library does not tell, found by its XML: `<c r="B7" t="e"><v>#N/A</v></c>`.

    `errors` and `formulas` hold columns (from 0) by row (from 1), `noughts` columns with the number of
    noughts in the format of the number that stands there.
    """

    def __init__(self, styles: Mapping[str, int]) -> None:
        self.styles = styles
        self.noughts: dict[int, list[tuple[int, int]]] = {}
        self.width: int | None = None
        self.errors: dict[int, list[int]] = {}
        self.formulas: dict[int, list[int]] = {}
        self.hidden: set[int] = set()
        self.row = 0
        self.position = ""
        self.is_error = False
        self.rows_without_position = 0
        self.cells_without_position = 0

    def element(self, tag: str, attributes: dict[str, str]) -> None:
        tag = _without_prefix(tag)
        if tag == "c":
            kind = attributes.get("t", "n")
            self.position, self.is_error = attributes.get("r", ""), kind == "e"
            self.width = self.styles.get(attributes.get("s", "")) if kind == "n" else None
        elif tag == "row":
            self.cells_without_position = 0
            self.note_row(attributes)
        elif tag == "f":
            self.look_at_cell(self.formulas)
        elif tag in ("v", "is") and (self.is_error or not _NEAR.fullmatch(self.position)):
            self.look_at_cell(self.errors if self.is_error else None)
        if tag == "v" and self.width is not None:
            self.note_noughts(self.width)

    def note_row(self, attributes: dict[str, str]) -> None:
        """Note whether a row is hidden; one without a number follows the row before it."""
        number = attributes.get("r", "")
        self.row = int(number) if _ROW.fullmatch(number) else self.row + 1
        if self.row <= MOST_ROWS and attributes.get("hidden") in ("1", "true"):
            self.hidden.add(self.row)

    def look_at_cell(self, such: dict[int, list[int]] | None) -> None:
        """Refuse a stray cell; note its place where it is one of `such`."""
        match = _POSITION.fullmatch(self.position)
        if match is None:  # without a position it follows the cell before it: it cannot be a stray one
            if such is self.formulas:
                raise Unreadable(
                    "the spreadsheet has formulas: copy its cells to a new one and paste only values"
                )
            self.count_cell()
            return
        column, row = match[1], int(match[2])
        if len(column) > 1 or row > MOST_ROWS:
            last = f"{_LAST_COLUMN}{MOST_ROWS}"
            raise Unreadable(
                f"the spreadsheet has a cell at {self.position}: the last cell that can be read is {last}"
            )
        if such is not None:
            such.setdefault(row, []).append(string.ascii_uppercase.index(column))

    def note_noughts(self, width: int) -> None:
        """Note the format of a number; of one without a position it cannot be known."""
        if match := _POSITION.fullmatch(self.position):
            place = (string.ascii_uppercase.index(match[1]), width)
            self.noughts.setdefault(int(match[2]), []).append(place)

    def count_cell(self) -> None:
        """Count a cell without a position: a small file can have millions of them."""
        self.cells_without_position += 1
        self.rows_without_position += self.cells_without_position == 1
        if self.rows_without_position > MOST_ROWS or self.cells_without_position > MOST_COLUMNS:
            raise Unreadable(
                f"the spreadsheet has cells after {_LAST_COLUMN}{MOST_ROWS}, the last cell that can be read"
            )
