"""Writing a spreadsheet (.xlsx): dates stay dates and numbers numbers, and there is no formula."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from app.files.writing import Value, looks_like_a_formula

if TYPE_CHECKING:
    from xlsxwriter import Workbook

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

LONGEST_TEXT = 32_767
"""The most characters that fit into a cell of a spreadsheet; a longer text is cut off."""

MOST_ROWS = 1_048_576
"""The most rows of a sheet, with its headings; what does not fit goes on to another sheet."""

_NARROWEST, _WIDEST = 8, 60
"""Widths of columns in characters: what is wider is wrapped."""

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name (31 characters at most), its headings and its rows, which may still be coming.

    `marks` are cells to be coloured, each with the reason that stands in a note beside it: by the number of
    the row, which counts as a spreadsheet does (the heading is row 1), and the column from 0.
    """

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]
    marks: Mapping[tuple[int, int], str] = field(default_factory=dict)


def xlsx(*sheets: Sheet, marking: str | None = None) -> bytes:
    """The sheets as one file, each with a heading in bold that stays in sight, and filters on its columns.

    The protective marking stands at the top and bottom of every printed page, and in the file's properties.
    """
    # here, because what writes spreadsheets takes 10 MB that a service at rest does not need
    from xlsxwriter import Workbook

    content = io.BytesIO()
    with Workbook(content, _OPTIONS) as book:
        if marking:
            book.set_properties({"category": marking})
        for sheet in chain.from_iterable(map(_parts, sheets)):
            written = _Written(book, sheet)
            if marking:
                words = marking.replace("&", "&&")  # an ampersand begins a command of headers
                written.paper.set_header(f"&C{words}")
                written.paper.set_footer(f"&C{words}")
            written.write()
    return content.getvalue()


def _parts(sheet: Sheet) -> Iterator[Sheet]:
    """Yield the sheet, and others of its name with a number, as far as its rows do not fit."""
    rows = iter(sheet.rows)
    yield replace(sheet, rows=islice(rows, MOST_ROWS - 1))
    for number, first in enumerate(rows, start=2):
        further = islice(rows, MOST_ROWS - 2)
        yield Sheet(f"{sheet.name} {number}", sheet.headings, chain([first], further))


class _Written:
    """A sheet while it is written, row by row from the top."""

    def __init__(self, book: "Workbook", sheet: Sheet) -> None:
        self.sheet = sheet
        self.paper = book.add_worksheet(sheet.name)
        self.widths = [_NARROWEST for _ in sheet.headings]
        looks: dict[str, dict[str, Any]] = {
            "text": {"text_wrap": True},
            "quoted": {"text_wrap": True, "quote_prefix": True},
            "number": {},
            "day": {"num_format": "dd/mm/yyyy"},
            "time": {"num_format": "dd/mm/yyyy hh:mm"},
        }
        top = {"valign": "top"}
        self.heading = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, **top})
        self.plain = {kind: book.add_format({**look, **top}) for kind, look in looks.items()}
        faulty = {"bg_color": "#F9D2CE", "border": 1, "border_color": "#B10E1E", **top}
        self.faulty = {kind: book.add_format({**look, **faulty}) for kind, look in looks.items()}

    def write(self) -> None:
        """Write the whole sheet."""
        for column, heading in enumerate(self.sheet.headings):
            self._write_cell(1, column, heading, self.heading)
        number = 1
        for number, row in enumerate(self.sheet.rows, start=2):
            for column, value in enumerate(row):
                self._write_cell(number, column, value)
        self.paper.freeze_panes(1, 0)
        self.paper.repeat_rows(0)
        self.paper.autofilter(0, 0, number - 1, len(self.widths) - 1)
        for column, width in enumerate(self.widths):
            self.paper.set_column(column, column, min(width + 2, _WIDEST))

    def _write_cell(self, number: int, column: int, value: Value, look: Any = None) -> None:
        why = self.sheet.marks.get((number, column))
        kind = _kind(value)
        if look is None or why is not None:
            look = (self.plain if why is None else self.faulty)[kind]
        place = (number - 1, column)
        if why is not None:
            self.paper.write_comment(*place, why, {"x_scale": 2})
        if value is None:
            if why is not None:
                self.paper.write_blank(*place, None, look)
            return
        if isinstance(value, bool):
            value = "yes" if value else "no"
        shown = 0
        if isinstance(value, str):
            shown = max((len(line) for line in value[:1000].splitlines()), default=0)
            self.paper.write_string(*place, value[:LONGEST_TEXT], look)
        elif isinstance(value, date):
            shown = 16 if isinstance(value, datetime) else 10
            self.paper.write_datetime(*place, _without_zone(value), look)
        else:
            self.paper.write_number(*place, value, look)
        self.widths[column] = max(self.widths[column], shown)


def _kind(value: Value) -> str:
    """Return the look of a value. Text like a formula stays text even when the cell is edited."""
    match value:
        case datetime():
            return "time"
        case date():
            return "day"
        case str():
            return "quoted" if looks_like_a_formula(value) else "text"
        case bool() | None:
            return "text"
    return "number"


def _without_zone(value: date) -> date:
    """Return the time without its zone: a spreadsheet knows none."""
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value
