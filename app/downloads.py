"""A list as a file to download: csv or xlsx, as in `?download=xlsx`."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from flask import Response, current_app, g, request, stream_with_context

from app.files.progress import Tell, counted_rows
from app.files.workbook import TYPE, Sheet, xlsx
from app.files.writing import Value, csv_pieces
from config.settings import Settings

Ending = Literal["csv", "xlsx"]

AT_ONCE = 1_000
"""The most audits, or lines of a list, of a file that is made while the person waits.

The slowest file, the answers of 1,000 audits to 40 questions as a spreadsheet, takes 5 seconds of a
processor, a list of as many 0.3.
"""

TOLD_EVERY = 1_000
"""The rows after which a worker that makes a file notes how far it is."""


class LargeFile(Exception):
    """Raised where a file is too large to be made while the person waits, so that a worker makes it."""


def at_once(how_many: int) -> None:
    """Raise LargeFile where a file about so many audits or lines is too large, unless a worker makes it."""
    if how_many > AT_ONCE and "told_of_rows" not in g:
        raise LargeFile


def tell_of_rows(tell: Tell) -> None:
    """Tell this worker how many rows of the file are done; files of any size are then made at once."""
    g.told_of_rows = tell


def asked_for() -> Ending | None:
    """Return the ending of the file that the address asks for; None where the list is shown as a page."""
    match request.args.get("download"):
        case "csv":
            return "csv"
        case "xlsx":
            return "xlsx"
    return None


def as_file(
    name: str, kind: str, headings: Sequence[str], rows: Iterable[Sequence[Value]], ending: Ending
) -> Response:
    """Return the rows as a file of that name; csv is sent while it is written. `kind` names the sheet.

    The name of the file carries the protective marking: a line of it would be a row of the csv.
    """
    marking = protective_marking()
    if "told_of_rows" in g:
        rows = counted_rows(name, rows, g.told_of_rows, TOLD_EVERY)
    answer = (
        Response(stream_with_context(csv_pieces(headings, rows, for_excel=True)), mimetype="text/csv")
        if ending == "csv"
        else Response(xlsx(Sheet(kind, headings, rows), marking=marking), mimetype=TYPE)
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{marked(name)}.{ending}"'
    return answer


def protective_marking() -> str | None:
    """Return the marking of everything that leaves the service; None where the council has none."""
    settings: Settings = current_app.extensions["settings"]
    return settings.protective_marking


def marked(name: str) -> str:
    """Return the name of a file with the protective marking, as far as a file's name may have it."""
    marking = re.sub(r"[^\w.()-]+", " ", protective_marking() or "", flags=re.ASCII).strip()
    return f"{name} {marking}" if marking else name
