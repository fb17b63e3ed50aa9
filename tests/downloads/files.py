"""Files as they are downloaded, read as a spreadsheet program reads them."""

import csv
import io
import zipfile
from typing import Any

from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def downloaded(client: FlaskClient, address: str) -> bytes:
    """The bytes of a download, which is a file and says so."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.mimetype == ("text/csv" if "csv" in address else XLSX)
    return answer.get_data()


def rows_of(client: FlaskClient, address: str) -> list[dict[str, Any]]:
    """The rows of a downloaded spreadsheet by the headings of their columns."""
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(downloaded(client, address)))
    heading, *rows = workbook.get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, heading), row, strict=True)) for row in rows]


def csv_of(client: FlaskClient, address: str) -> list[dict[str, str]]:
    """The rows of a downloaded csv file, as they stand in it."""
    written = downloaded(client, address).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(written, newline="")))


def calculates(content: bytes) -> bool:
    """Return True if a spreadsheet has formulas or refers to something outside."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = [package.read(name) for name in package.namelist() if "worksheets/sheet" in name]
    return any(b"<f>" in sheet or b"<f " in sheet or b"<hyperlink" in sheet for sheet in sheets)
