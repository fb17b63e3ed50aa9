"""The faults of a file as a spreadsheet: the file as uploaded, with coloured faulty cells and their reasons.

It has one sheet and no further columns, so that the same file can be corrected and uploaded again.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress

from app.files.cells import Cell
from app.files.faults import Fault, Unreadable
from app.files.reading import rows_of
from app.files.workbook import Sheet, xlsx
from app.names import folded

MOST_MARKS = 2000
"""The most faults that are marked; the rest come up when the corrected file is uploaded."""


def marked(
    name: str, content: bytes, columns: Sequence[str], faults: Iterable[Fault], marking: str | None
) -> bytes:
    """Return the table as xlsx with its faulty cells marked. `columns` are some of its headings."""
    rows = _as_far_as_read(name, content, columns)
    heading = [str(cell) for cell in rows[0]] if rows else []
    places = {folded(cell): place for place, cell in enumerate(heading)}
    whys: dict[tuple[int, int], list[str]] = defaultdict(list)
    for fault in list(faults)[:MOST_MARKS]:
        for place in _columns_of(fault, places):
            whys[fault.row or 1, place].append(_why(fault, places))
    marks = {place: "\n".join(dict.fromkeys(reasons)) for place, reasons in whys.items()}
    return xlsx(Sheet("Errors", heading or [""], rows[1:], marks), marking=marking)


def listed(faults: Iterable[Fault], marking: str | None) -> bytes:
    """Return the faults of a file that is no table, each with its place, as xlsx."""
    rows = ((fault.key, fault.value, fault.why) for fault in faults)
    return xlsx(Sheet("Errors", ("place", "value", "error"), rows), marking=marking)


def _as_far_as_read(name: str, content: bytes, columns: Sequence[str]) -> list[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = []
    with suppress(Unreadable):  # there is a fault that says so
        rows.extend(rows_of(name, content, columns))
    return rows


def _columns_of(fault: Fault, places: dict[str, int]) -> list[int]:
    """Return the places of the columns where a fault is marked, else the first."""
    named = [places.get(folded(each)) for each in (fault.column or "").split(" + ")]
    return [place for place in named if place is not None] or [0]


def _why(fault: Fault, places: dict[str, int]) -> str:
    if fault.column is None or folded(fault.column.split(" + ")[0]) in places:
        return fault.why
    return f"{fault.column}: {fault.why}"
