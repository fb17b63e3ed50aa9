"""The tables and columns of an export, those that stay behind, and the form of their cells.

The folder `kept` of an export has a csv file for each table, with all its columns and the rows' ids, so that
history, messages and other rows still point at the same rows. The tables and columns that stay behind are
named here; all others are kept, new ones too.
"""

import base64
import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Float, Integer, LargeBinary, String, Table
from sqlalchemy.types import TypeEngine

from app.case_keys.sealed import SealedText
from app.database import Moment, db

FOLDER = "kept"

STAYS_BEHIND: Mapping[str, str] = {
    "people.password": "a password",
    "people.tf_primary_method": "a second factor",
    "people.tf_totp_secret": "a second factor",  # nosec B105 # a reason
    "people.tf_last_counter": "a second factor",
    "people.mf_recovery_codes": "a second factor",
    "people.fs_uniquifier": "sessions and links are made from it",
    "people.link_number": "sessions and links are made from it",
    "sign_ins": "sessions",
    "devices": "sessions",
    "attempts": "wrong passwords of the other installation",
    "links_asked": "asked for in the other installation",
    "forms_sent": "no form of the other installation is sent to the copy",
    "case_number_key": "each installation has a key of its own",
    "typed_texts": "what was typed and not sent is its writer's alone",
    "readings": "who read what there; a backup has it",
    "cases_read": "who read what there; a backup has it",
    "api_tokens": "tokens",
    "calendar_addresses": "tokens",
    "database_identity": "the copy is a database of its own",
    "waiting_files": "what was sent in and not imported, or made to download, is that person's alone",
    "long_work": "it is of the other installation",
    "heartbeats": "the pulse of the other installation's scheduler",
    "troubles": "what is wrong with the other installation",
    "task_failures": "what went wrong in the other installation",
    "delivery_counts": "what the other installation sent",
    "audit_tallies": "the database of the copy counts its audits",
    "auditor_tallies": "the database of the copy counts its audits",
    "history_checks": "they say how the history of the other installation was",
}
"""Tables and columns that no export has, and the reason."""

MADE_ANEW: Mapping[str, Callable[[], Any]] = {
    "people.fs_uniquifier": lambda: uuid.uuid4().hex,
    "people.link_number": lambda: 0,
}
"""Functions for columns that stay behind and cannot be empty in the copy."""


def kept_tables() -> list[Table]:
    """Return the kept tables, each after those that it refers to."""
    return [table for table in db.metadata.sorted_tables if table.name not in STAYS_BEHIND]


def kept_columns(table: Table) -> list[Column[Any]]:
    """Return the kept columns of a table, in the order of its file."""
    return [column for column in table.columns if f"{table.name}.{column.name}" not in STAYS_BEHIND]


def file_of(table: Table) -> str:
    """Return the name of the table's file, in the folder of the export."""
    return f"{FOLDER}/{table.name}.csv"


@dataclass(frozen=True)
class CellForm:
    """The way in which values of a column are written in cells. An empty cell is None in every column.

    `read` raises ValueError.
    """

    write: Callable[[Any], str]
    read: Callable[[str], Any]


def form_of(column: Column[Any]) -> CellForm:
    """Return the form of the column's cells. Raises TypeError for a type without a form."""
    for kind, form in _FORMS:
        if isinstance(column.type, kind):
            return form
    raise TypeError(f"a cell has no form for {column.type!r}")


def cells_of(forms: Sequence[CellForm], row: Iterable[Any]) -> list[str]:
    """Return the cells of a row."""
    return ["" if value is None else form.write(value) for form, value in zip(forms, row, strict=True)]


def cell_value(form: CellForm, cell: str) -> Any:
    """Return the value of a cell. Raises ValueError."""
    return form.read(cell) if cell else None


def _text_out(value: str) -> str:
    """Write an empty text as a backslash, as an empty cell is None; one that begins with it gets another."""
    return f"\\{value}" if not value or value[0] == "\\" else value


def _text_in(cell: str) -> str:
    return cell[1:] if cell[0] == "\\" else cell


def _yes_or_no_in(cell: str) -> bool:
    if cell not in ("yes", "no"):
        raise ValueError(cell)
    return cell == "yes"


def _json_out(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


_FORMS: tuple[tuple[type[TypeEngine[Any] | Moment | SealedText], CellForm], ...] = (
    (SealedText, CellForm(_text_out, _text_in)),
    (Moment, CellForm(lambda moment: str(moment.isoformat()), datetime.fromisoformat)),
    (Date, CellForm(lambda day: str(day.isoformat()), date.fromisoformat)),
    (Boolean, CellForm(lambda value: "yes" if value else "no", _yes_or_no_in)),
    (Integer, CellForm(str, int)),
    (Float, CellForm(repr, float)),
    (JSON, CellForm(_json_out, json.loads)),
    (LargeBinary, CellForm(lambda content: base64.b64encode(content).decode(), base64.b64decode)),
    (String, CellForm(_text_out, _text_in)),
)
