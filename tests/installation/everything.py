"""An installation that has rows in every table, with texts that files do not like, made from the tables
themselves: what is new is in it without anybody thinking of it."""

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from app.audits.models import Return
from app.case_keys.mark import as_compared
from app.case_keys.sealed import SealedJson, SealedText
from app.database import Moment, db, transaction
from app.findings.models import Snapshot
from app.history import documents
from app.history.models import HistoryEnd
from app.history.record import Event, record
from app.installation.kept import kept_columns, kept_tables
from app.outbox.models import SENT
from app.reports.models import FinalReport

ROWS = 4

TEXTS = itertools.cycle(
    (
        "",
        "\\",
        "\\N",
        " before and after ",
        'a "word", and; more',
        "two\nlines\r\nand a third\r",
        "=HYPERLINK(1)",
        "Łódź – 家 🏠",
        "'",
        "\ttab",
    )
)

MUST_BE: dict[str, tuple[Any, ...]] = {
    "actions.impact": ("effective", "not effective"),
    "called_responses.dispute": (None,),
    "called_responses.disputed_by_id": (None,),
    "answer_views.whose": ("second", "agreed", "moderated", "reply"),
    # who replied: not yet, decided, given, no longer needed; with the answers that the decision changed
    "worker_replies.reply": (None, "It is in the paper file", "The plan was mine", None),
    "worker_replies.replied_on": (None, date(2010, 11, 16), date(2010, 11, 15), None),
    "worker_replies.decided_on": (None, date(2010, 11, 18), None, None),
    "worker_replies.ended_on": (None, None, None, date(2010, 11, 17)),
    "worker_replies.changed": ({}, {"child_seen": ["no", "yes"], "visits": [None, "3"]}, {}, {}),
    "people.mf_recovery_codes": (["encrypted"], None),
    "audits.worker_id": (None, 1, 2),
    "assignments.part": ("lead", "second"),
    "audit_promises.auditor_id": (None,),
    "audit_promises.promised_on": (date(2010, 12, 1),),
    "questions.applies_if": ({"question": "child_seen", "response": ["yes"]},),
    "questions.at_most": ({"response": ["no"], "percent": 10},),
    "questions.calls_for_response": ({"response": ["no"], "working_days": 5},),
    "sections.applies_if": ({"question": "child_seen", "response": ["yes"]}, None),
    "tools.limits": ([{"if_any": ["no"], "of": [], "at_most": "yes"}],),
    "questions.answer": ("response", "number", "days"),
    "scales.kind": ("evidence", "grade", "category"),
    "chases.channel": ("email", "phone", "in person"),
    "draws.method": ("random", "stratified"),
    "cycles.auditors": (1, 2),
    "cycles.workers": ("not told", "told", "may reply"),
    "cycles.expected_per_auditor": (3, None),
    "earlier_figures.percent": (0, 100),
    "final_reports.audience": ("council", "staff"),
    "paper_heads.audience": ("council", "staff"),
    "messages.state": (SENT,),
    "messages.secret": (False,),
    "moderations.chosen_because": ("lowest", "by hand"),
    "moderations.outcome": ("agreed", "changed"),
    "moved_dates.recommendation_id": (None,),
    "progress_notes.recommendation_id": (None,),
    "person_roles.name": ("auditor", "coordinator"),
    "role_requests.role": ("leader", "administrator"),
    "audience_roles.role": ("auditor", "coordinator"),
    "readings.kind": ("case numbers", "export"),
    "readings_kept.months": (24,),
    "cases_read.drawn_case_id": (None,),
    "cases_read.audit_id": (1, 2, 3),
    "recommendations.decision": ("accepted", "rejected"),
    "standards.source": ("statute", "local priority"),
    "waiting_files.token": ("4", "1", "2", "3"),
    "removals.what": ("texts", "emails"),
    # an audit is an agency's or the meeting's
    "audits.is_together": (False,),
    # nobody signs off their own
    "actions.signed_off_by_id": (None,),
}
"""The values that the constraints of the tables allow."""

WRITTEN_OTHERWISE = (
    "history",
    "history_end",
    "delivery_state",
    "case_number_key",
    "audit_tallies",
    "auditor_tallies",
)


def fill() -> None:
    """Fill every table of this installation."""
    with transaction():
        for table in reversed(db.metadata.sorted_tables):
            if table.name not in WRITTEN_OTHERWISE:
                db.session.execute(delete(table))
        for table in db.metadata.sorted_tables:
            if table.name not in WRITTEN_OTHERWISE:
                rows = list(_rows(table))
                db.session.execute(insert(table), rows)
                _point_at_the_next(table)
        record("somebody", [Event("person", "1", "renamed", next(TEXTS), next(TEXTS)) for _ in range(20)])
        assert db.session.scalar(select(HistoryEnd.rows)) == 20
        for model in (Snapshot, FinalReport, Return):
            for document in db.session.scalars(select(model)):
                if getattr(document, "kept", ...) is not None:
                    documents.seal(document, "something", who="somebody")


def _rows(table: Table) -> Iterator[dict[str, Any]]:
    count = 1 if any("one_row" in str(one.name) for one in table.constraints) else ROWS
    for number in range(1, count + 1):
        row = {column.name: _value(column, number) for column in table.columns}
        if "case_folded" in row:
            row["case_folded"] = as_compared(row["case_reference"])
        yield row


def _value(column: Column[Any], number: int) -> Any:
    name = f"{column.table.name}.{column.name}"
    if name in MUST_BE:
        return MUST_BE[name][number % len(MUST_BE[name])]
    key: ForeignKey | None = next(iter(column.foreign_keys), None)
    if key is not None and key.column.table is column.table:
        return None
    if key is not None:
        return str(number) if isinstance(column.type, String) else number
    if column.nullable and number == 1:
        return None
    return _of_type(column, number)


def _of_type(column: Column[Any], number: int) -> Any:
    match column.type:
        case Moment():
            return datetime(2010, 11, 5, 8, 30, tzinfo=UTC) + timedelta(microseconds=number - 1)
        case Date():
            return date(2010, 11, 4) + timedelta(days=number)
        case Boolean():
            return number % 2 == 0
        case Integer():
            return number
        case Float():
            return 0.1 + number / 3
        case JSON():
            return {"z": [number, None, "ü"], "a": {"nested": '"'}}
        case LargeBinary():
            return bytes(range(256))
        case SealedJson():
            return [["case_reference", next(TEXTS)]]
        case String() | SealedText():
            unique = column.primary_key or column.unique
            return f"{next(TEXTS)}{number}" if unique else next(TEXTS)
    raise TypeError(column.type)


def _point_at_the_next(table: Table) -> None:
    """Rows that point at a row of their own table point at one that comes after them."""
    for column in table.columns:
        if any(key.column.table is table for key in column.foreign_keys):
            db.session.execute(update(table).where(table.c.id < ROWS).values({column: table.c.id + 1}))


def all_that_is_kept() -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every kept table, by its name: without the keyed hashes, which are an installation's
    own."""
    return {
        table.name: sorted((tuple(row) for row in db.session.execute(select(*_the_same(table)))), key=str)
        for table in kept_tables()
    }


def _the_same(table: Table) -> list[Column[Any]]:
    return [column for column in kept_columns(table) if column.name != "case_folded"]
