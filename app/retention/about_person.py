"""The file of what is held about one member of staff: csv files in a zip, no case number and no key."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, Select, Table, or_, select

from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.case_numbers import masking
from app.database import db, transaction
from app.history.models import HistoryRow
from app.history.record import Event, record
from app.people.models import FormerEmail, Person
from app.retention.belonging import table_of
from app.retention.texts import EMPTIED, OF_A_CYCLE

WITHOUT_A_KEY: Mapping[str, Sequence[str]] = {
    "held_items": ("person_id",),
    "message_items": ("person_id", "leaver_id"),
    "messages": ("recipient",),
    "not_sent": ("person_id", "leaver_id"),
}
"""The columns that name a person by number without a foreign key."""

_CASE_NUMBERS = {
    f"{text.table}.{column}"
    for text in OF_A_CYCLE
    if text.how == EMPTIED
    for column in (text.column, "case_folded")
}

LEFT_OUT = frozenset(
    {
        *_CASE_NUMBERS,
        "api_tokens.digest",
        "calendar_addresses.digest",
        "devices.mark",
        "people.fs_uniquifier",
        "people.mf_recovery_codes",
        "people.password",
        "people.tf_totp_secret",
        "sign_ins.offered_secret",
        "sign_ins.token_hash",
    }
)
"""The columns that are in no such file: case numbers, passwords and keys."""

READ_ME = """What Practice Audits holds about {name}, on {on}.

There is a file for each table that names this person, with every row that does. Numbers in columns that end
in "_id" are the numbers of rows; {name} is number {id}. Case numbers are masked, and passwords and keys are
left out.

Audits of cases whose worker is {name} are in worker-of.csv, with the grades and reasons.

Before you give these files to anyone, check the texts: they can be about children or about other people.
"""


def file_about(person: Person, *, by: Person, on: date) -> bytes:
    """Return the file of all that is held about a person, and record that it was made."""
    with transaction():
        record(by.email, [Event("person", str(person.id), "file of all that is held made", on=on)])
        masked = masking(_case_numbers())
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            read_me = READ_ME.format(name=person.name, on=on.isoformat(), id=person.id)
            archive.writestr("read-me.txt", read_me)
            for name, headings, rows in _files(person):
                if rows:
                    archive.writestr(f"{name}.csv", _csv(headings, rows, masked))
    return content.getvalue()


def _case_numbers() -> list[str]:
    """Return all numbers that could be in a text."""
    numbers: set[str] = set()
    for text in OF_A_CYCLE:
        if text.how == EMPTIED:
            column = table_of(text.table).c[text.column]
            numbers.update(db.session.scalars(select(column).where(column.is_not(None))))
    return sorted(numbers)


def _csv(headings: Sequence[str], rows: Iterable[Sequence[Any]], masked: Callable[[str], str]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_cell(value, masked) for value in row])
    # a mark, so that spreadsheets read it as UTF-8
    return "\ufeff" + written.getvalue()


def _cell(value: Any, masked: Callable[[str], str]) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = masked(text) if isinstance(value, str | list | dict) else text.strip('"')
    # no spreadsheet must take a text for a formula
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and isinstance(value, str) else text


File = tuple[str, Sequence[str], Sequence[Sequence[Any]]]


def _files(person: Person) -> Iterator[File]:
    for table in db.metadata.sorted_tables:
        condition = _names(table, person.id)
        if condition is not None:
            query = select(*_shown(table)).where(condition).order_by(*table.primary_key)
            yield _read(table.name, query)
    yield _history(person)
    yield _worker_of(person)


def _shown(table: Table) -> list[Column[Any]]:
    return [
        column
        for column in table.columns
        if f"{table.name}.{column.name}" not in LEFT_OUT and not isinstance(column.type, LargeBinary)
    ]


def _names(table: Table, person_id: int) -> ColumnElement[bool] | None:
    """Return the condition of the rows of a table that name a person; None where none can."""
    people = db.metadata.tables["people"]
    if table is people:
        # whom they manage is in the rows of these people, and theirs alone
        return table.c.id == person_id
    columns = [
        column
        for column in table.columns
        if any(key.column.table is people for key in column.foreign_keys)
        or column.name in WITHOUT_A_KEY.get(table.name, ())
    ]
    return or_(*(column == person_id for column in columns)) if columns else None


def _read(name: str, query: Select[*tuple[Any, ...]]) -> File:
    headings = [str(column.key) for column in query.selected_columns]
    return name, headings, [tuple(row) for row in db.session.execute(query)]


def _history(person: Person) -> File:
    """Return what they did, and what was done about them."""
    former = select(FormerEmail.email).where(FormerEmail.person_id == person.id)
    addresses = [person.email, *db.session.scalars(former)]
    about = (HistoryRow.subject_kind == "person") & HistoryRow.subject.in_([str(person.id), *addresses])
    columns = ("at", "on", "who", "subject_kind", "subject", "what", "before", "after", "why")
    query = select(*(HistoryRow.__table__.c[name] for name in columns))
    return _read("history", query.where(or_(HistoryRow.who.in_(addresses), about)).order_by(HistoryRow.id))


def _worker_of(person: Person) -> File:
    """Return the audits of cases whose worker they are, each with its answers."""
    answers, questions, responses = (table_of(name) for name in ("answers", "questions", "scale_responses"))
    audits = Audit.__table__
    query = (
        select(
            audits.c.reference.label("audit"),
            Cycle.reference.label("cycle"),
            audits.c.requested_on,
            audits.c.returned_on,
            questions.c.key_area.label("key_area"),
            responses.c.response.label("response"),
            answers.c.comment.label("reason"),
        )
        .select_from(audits.join(Cycle.__table__, Cycle.id == audits.c.cycle_id))
        .outerjoin(answers, answers.c.audit_id == audits.c.id)
        .outerjoin(questions, questions.c.id == answers.c.question_id)
        .outerjoin(responses, responses.c.id == answers.c.response_id)
        .where(audits.c.worker_id == person.id)
        .order_by(audits.c.id, answers.c.id)
    )
    return _read("worker-of", query)
