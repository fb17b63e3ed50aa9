"""A list as a file to download: csv or xlsx, as in `?download=xlsx`."""

from collections.abc import Iterable, Sequence
from typing import Literal

from flask import Response, request, stream_with_context

from app.files.workbook import TYPE, Sheet, xlsx
from app.files.writing import Value, csv_pieces

Ending = Literal["csv", "xlsx"]


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
    """Return the rows as a file of that name; csv is sent while it is written. `kind` names the sheet."""
    answer = (
        Response(stream_with_context(csv_pieces(headings, rows, for_excel=True)), mimetype="text/csv")
        if ending == "csv"
        else Response(xlsx(Sheet(kind, headings, rows)), mimetype=TYPE)
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer
