"""What an export keeps of each table of the database, and how a row of it stands in a file.

The folder `kept` of an export has one csv file for each table, with all its columns and the rows' own
numbers, so that history, messages and whatever else points at a row go on pointing at it. What stays behind
is named here; everything else is kept, also a table or column that is new.

A row ends with a check over its cells and the check of the row before, so that a cell that was edited, or a
row that was taken out, is found.
"""

import base64
import json
import math
import re
import uuid
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Float, Integer, LargeBinary, String, Table
from sqlalchemy.types import TypeEngine

from app.database import Moment, db
from app.reports import models as _reports  # noqa: F401  no page brings these tables in yet

FOLDER = "kept"
CHECK = "check"
"""The heading of the last column, and the check before the first row."""
BEGINNING = "00000000"

STAYS_BEHIND: Mapping[str, str] = {
    "people.password": "a password",
    "people.fs_uniquifier": "sessions and links are made from it",
    "sign_ins": "sessions",
    "api_tokens": "tokens",
    "calendar_addresses": "tokens",
    "heartbeats": "the pulse of the other installation's scheduler",
}
"""Tables and columns that no export has, and what they hold."""

MADE_ANEW: Mapping[str, Callable[[], Any]] = {"people.fs_uniquifier": lambda: uuid.uuid4().hex}
"""Columns that stay behind and cannot be empty in the copy."""

_WHOLE_NUMBER = re.compile(r"-?\d{1,10}", re.ASCII)
_LARGEST = 2**31 - 1


class Damaged(ValueError):
    """A cell of a kept file does not hold what its column holds; `str()` is a clause that says so."""


def kept_tables() -> list[Table]:
    """The tables that are kept, each after those that it points at."""
    return [table for table in db.metadata.sorted_tables if table.name not in STAYS_BEHIND]


def kept_columns(table: Table) -> list[Column[Any]]:
    """The columns that are kept of a table, in the order of its file."""
    return [column for column in table.columns if f"{table.name}.{column.name}" not in STAYS_BEHIND]


def file_of(table: Table) -> str:
    """The name of its file, in the folder of the export."""
    return f"{FOLDER}/{table.name}.csv"


@dataclass(frozen=True)
class CellForm:
    """How the values of a column stand in a cell. An empty cell is nothing, whatever the column."""

    write: Callable[[Any], str]
    read: Callable[[str], Any]


def form_of(column: Column[Any]) -> CellForm:
    """The form of the column's cells. Raises TypeError for a type that no column had before."""
    for kind, form in _FORMS:
        if isinstance(column.type, kind):
            return form
    raise TypeError(f"nobody has said how {column.type!r} stands in a file")


def cells_of(forms: Sequence[CellForm], row: Iterable[Any]) -> list[str]:
    """The cells of a row, without its check."""
    return ["" if value is None else form.write(value) for form, value in zip(forms, row, strict=True)]


def value_of(column: Column[Any], form: CellForm, cell: str) -> Any:
    """What the cell holds. Raises Damaged where it cannot stand in that column."""
    if cell:
        return form.read(cell)
    if not column.nullable:
        raise Damaged("must not be empty")
    return None


def check_of(cells: Sequence[str], before: str) -> str:
    """The check of a row: eight hexadecimal digits over its cells and the check of the row before."""
    return f"{zlib.crc32(chr(0x1F).join([before, *cells]).encode()):08x}"


def _text_out(value: str) -> str:
    """An empty text is no empty cell: it stands as one backslash, and a text that begins with one has two."""
    return f"\\{value}" if not value or value[0] == "\\" else value


def _text_in(cell: str) -> str:
    return cell[1:] if cell[0] == "\\" else cell


def _number_in(cell: str) -> int:
    number = int(cell) if _WHOLE_NUMBER.fullmatch(cell) else _LARGEST + 1
    if abs(number) > _LARGEST:
        raise Damaged("is not a whole number that can stand here")
    return number


def _fraction_in(cell: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise Damaged("is not a number")
    return number


def _yes_or_no_in(cell: str) -> bool:
    if cell not in ("yes", "no"):
        raise Damaged("must be yes or no")
    return cell == "yes"


def _day_in(cell: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise Damaged("is not a day") from None


def _moment_in(cell: str) -> datetime:
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        raise Damaged("is not a moment") from None
    if moment.tzinfo is None:
        raise Damaged("is a moment without its time zone")
    return moment


def _json_out(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _json_in(cell: str) -> Any:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        raise Damaged("is not JSON") from None


def _bytes_in(cell: str) -> bytes:
    try:
        return base64.b64decode(cell, validate=True)
    except ValueError:
        raise Damaged("is not base64") from None


_FORMS: tuple[tuple[type[TypeEngine[Any]] | type[Moment], CellForm], ...] = (
    (Moment, CellForm(lambda moment: str(moment.isoformat()), _moment_in)),
    (Date, CellForm(lambda day: str(day.isoformat()), _day_in)),
    (Boolean, CellForm(lambda told: "yes" if told else "no", _yes_or_no_in)),
    (Integer, CellForm(str, _number_in)),
    (Float, CellForm(repr, _fraction_in)),
    (JSON, CellForm(_json_out, _json_in)),
    (LargeBinary, CellForm(lambda content: base64.b64encode(content).decode(), _bytes_in)),
    (String, CellForm(_text_out, _text_in)),
)
