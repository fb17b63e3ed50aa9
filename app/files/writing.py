"""Writing rows as csv, for a person's spreadsheet program or for an import to read again."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

Value = str | int | float | bool | date | datetime | None
"""The value of a written cell: a bool becomes yes or no, a day 2010-11-12, None an empty cell."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫")
"""The starts of a formula, with their full-width and small forms, which some programs treat alike."""

GUARD = "'"
"""Stands before such text in downloads; reading a downloaded file takes it away again."""
_PIECE = 64 * 1024


def csv_pieces(
    headings: Sequence[str], rows: Iterable[Sequence[Value]], *, for_excel: bool
) -> Iterator[bytes]:
    """Yield the file in pieces of about 64 kB, while `rows` are still coming.

    `for_excel` is for downloads: with the mark by which Excel knows UTF-8, and an apostrophe before text that
    Excel would take for a formula. Without it every character stays as it is, for an import to read. Lines
    end with CR LF in both: only then does the csv module put every kind of line break in quotation marks.
    """
    piece = io.StringIO(newline="")
    writer = csv.writer(piece, lineterminator="\r\n")
    if for_excel:
        piece.write("\ufeff")
    writer.writerow(headings)
    for row in rows:
        cells = [_written(value) for value in row]
        writer.writerow(map(_without_formula, cells) if for_excel else cells)
        if piece.tell() >= _PIECE:
            yield piece.getvalue().encode()
            piece.seek(0)
            piece.truncate()
    yield piece.getvalue().encode()


def _written(value: Value) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else value


def looks_like_a_formula(written: str) -> bool:
    """Return True where a spreadsheet program may take the text for something to calculate."""
    return written.lstrip(" \u00a0\ufeff").startswith(_FORMULA_STARTS)


def _without_formula(cell: str | int | float) -> str | int | float:
    """Guard text; let numbers through: a negative number starts with a minus and is no formula."""
    return GUARD + cell if isinstance(cell, str) and _needs_guard(cell) else cell


def without_guard(cell: str) -> str:
    """Return the text of a downloaded cell as it was before it was guarded."""
    unguarded = cell.removeprefix(GUARD)
    return unguarded if _needs_guard(unguarded) else cell


def _needs_guard(written: str) -> bool:
    """Return True also for text with the guard's apostrophe: reading takes one away again."""
    return looks_like_a_formula(written.lstrip(GUARD))
