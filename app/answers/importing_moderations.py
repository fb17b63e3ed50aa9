"""The moderations that a file of answers brings: who moderated an audit, when, and what they changed.

A moderation is of the whole audit, so all its rows name the same person and day. An answer that the moderator
left as it is was agreed. A moderation made in the product stays as it is.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from sqlalchemy import delete, insert, select, update

from app.answers import moderation
from app.answers.further import further_of_views
from app.answers.models import MODERATED, AnswerView, FurtherViewResponse, Moderation
from app.answers.viewing import LONGEST_REASON
from app.audit_files.again import name_overridden_moderations
from app.audit_files.audits import CONTAINS_IT
from app.audit_files.belongings import KnownAudit
from app.audit_files.known import chunks
from app.audits.models import Assignment
from app.case_numbers import holds
from app.database import db
from app.files.cells import Cell, day, prose
from app.files.columns import Column, looked_up
from app.files.faults import Unreadable
from app.files.rows import Reading, Row
from app.history.record import FROM_A_FILE, IMPORT, Event, record
from app.wording import counted

COLUMNS = (
    Column("moderated_on", day),
    Column("moderated_by", looked_up),
    Column("moderated_response", prose(1_000)),
    Column("moderated_reason", prose(LONGEST_REASON), secret=True),
)
ON, BY, RESPONSE, REASON = (column.name for column in COLUMNS)

ONLY_CHANGED = (
    "is for an answer that the moderator changed: enter another moderated_response, or leave it empty"
)


@dataclass(frozen=True, slots=True)
class Pairs:
    """The answer of the pair to a question, as it is after the file: its columns and further responses."""

    question_id: int
    key: str
    is_category: bool
    columns: Mapping[str, Any]
    further: frozenset[int]


class Read(Protocol):
    """A reader of a cell with an answer to a question, by its key. It raises Unreadable."""

    def __call__(self, key: str, cell: Cell) -> tuple[Mapping[str, Any], frozenset[int]]:
        """Return the columns of the answer, and the ids of its further responses."""


@dataclass(frozen=True, slots=True)
class _View:
    """A response of the moderator in place of the pair's, with the reason."""

    columns: Mapping[str, Any]
    further: frozenset[int]
    reason: str | None


@dataclass(frozen=True, slots=True)
class _Decision:
    """The person (id) who moderated an audit, and the day."""

    on: date
    by: int


class _Wrong(Exception):
    """The fault of a cell."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column = column


class Moderations:
    """The judge of the columns about moderation. `left` counts rows that would undo one of the product."""

    def __init__(self, reading: Reading, audits: Mapping[str, KnownAudit]) -> None:
        self._reading = reading
        self._is_there = not reading.columns.isdisjoint(column.name for column in COLUMNS)
        ids = [audit.id for audit in audits.values()] if self._is_there else []
        self._known, self._in_product = _known(ids)
        self._views = _views(ids)
        self._auditors = _auditors(ids)
        self._said: dict[int, tuple[_Decision, int]] = {}
        self._changed: dict[int, tuple[KnownAudit, _Decision]] = {}
        self._new: dict[tuple[int, int], _View | None] = {}
        self.left = 0

    def judge(self, row: Row, audit: KnownAudit, pairs: Pairs, read: Read) -> bool:
        """Refuse what cannot be of a row's moderation. Return whether it changes something."""
        columns = {column.name for column in COLUMNS}
        if all(row[name] is None for name in columns) or row.refused & columns:
            return False
        key = (audit.id, pairs.question_id)
        before = self._views.get(key)
        try:
            decision = self._decision(row, audit)
            view = self._view(row, audit, pairs, read, before)
        except _Wrong as wrong:
            self._reading.refuse(str(wrong), row, wrong.column)
            return False
        if decision == self._known.get(audit.id) and view == before:
            return False
        if audit.id in self._in_product:
            self.left += 1
            return False
        self._changed[audit.id] = audit, decision
        if view != before:
            self._new[key] = view
        return True

    def _decision(self, row: Row, audit: KnownAudit) -> _Decision:
        known = self._known.get(audit.id)
        on: date | None = row[ON] or (None if known is None else known.on)
        by: int | None = row[BY] or (None if known is None else known.by)
        if on is None or by is None:
            raise _Wrong(ON if on is None else BY, "is empty: a moderation needs its day and its moderator")
        if audit.returned_on is None:
            raise _Wrong(ON, "this audit was not returned")
        if on < audit.returned_on:
            raise _Wrong(ON, f"is before {audit.returned_on}, when the audit was returned")
        if by in self._auditors[audit.id]:
            raise _Wrong(BY, "is an auditor of this audit: a moderator is someone else")
        decision = _Decision(on, by)
        said, number = self._said.setdefault(audit.id, (decision, row.number))
        if said != decision:
            column = ON if said.on != on else BY
            raise _Wrong(column, f"is another than in row {number}: an audit is moderated once")
        return decision

    def _view(
        self, row: Row, audit: KnownAudit, pairs: Pairs, read: Read, before: _View | None
    ) -> _View | None:
        """Return the moderator's answer after the row; None where they agree with that of the pair."""
        reason = row[REASON]
        if holds(reason or "", audit.case_reference):
            raise _Wrong(REASON, CONTAINS_IT)
        if row[RESPONSE] is None:
            if reason is not None and before is None:
                raise _Wrong(REASON, ONLY_CHANGED)
            return before and (replace(before, reason=reason) if reason else before)
        if pairs.is_category:
            raise _Wrong(RESPONSE, "is for a category, which no one moderates: leave it empty")
        try:
            columns, further = read(pairs.key, row[RESPONSE])
        except Unreadable as why_not:
            raise _Wrong(RESPONSE, str(why_not)) from None
        if (columns, further) != (pairs.columns, pairs.further):
            return _View(columns, further, reason or (before.reason if before else None))
        if reason is not None:
            raise _Wrong(REASON, ONLY_CHANGED)
        return None

    def write(self) -> None:
        """Write what the file changes, and its history, in the caller's transaction."""
        self._write_views()
        changed = _changed_answers(list(self._changed))
        connection = db.session.connection()
        for audit_id, (_, decision) in self._changed.items():
            outcome = moderation.CHANGED if changed[audit_id] else moderation.AGREED
            values = {"moderator_id": decision.by, "decided_on": decision.on, "outcome": outcome}
            if audit_id in self._known:
                of_audit = update(Moderation).where(Moderation.audit_id == audit_id)
                connection.execute(of_audit.values(**values))
            else:
                new = {"audit_id": audit_id, "chosen_because": moderation.BY_HAND}
                connection.execute(insert(Moderation).values(**new, **values))
        name_overridden_moderations(list(self._changed))
        record(IMPORT, [_event(audit, decision, changed) for audit, decision in self._changed.values()])

    def _write_views(self) -> None:
        connection = db.session.connection()
        for (audit_id, question_id), view in self._new.items():
            key = {"audit_id": audit_id, "question_id": question_id, "whose": MODERATED}
            connection.execute(delete(AnswerView).filter_by(**key))
            if view is None:
                continue
            _, decision = self._changed[audit_id]
            of_day = {"by_id": decision.by, "made_on": decision.on}
            made = insert(AnswerView).values(**key, **view.columns, reason=view.reason, **of_day)
            view_id = connection.scalar(made.returning(AnswerView.id))
            further = [{"view_id": view_id, "response_id": response_id} for response_id in view.further]
            if further:
                connection.execute(insert(FurtherViewResponse), further)
        for audit_id, (_, decision) in self._changed.items():
            views = update(AnswerView).filter_by(audit_id=audit_id, whose=MODERATED)
            connection.execute(views.values(by_id=decision.by, made_on=decision.on))


def _event(audit: KnownAudit, decision: _Decision, changed: Mapping[int, int]) -> Event:
    number = changed[audit.id]
    after = f"{counted(number, 'answer')} changed" if number else "all answers agreed"
    return Event("audit", audit.reference, "moderated", after=after, why=FROM_A_FILE, on=decision.on)


def _known(audit_ids: list[int]) -> tuple[dict[int, _Decision], set[int]]:
    """Return the moderations that there are, and those made in the product."""
    query = select(Moderation.audit_id, Moderation.decided_on, Moderation.moderator_id, Moderation.in_product)
    known, in_product = {}, set()
    for some in chunks(audit_ids):
        for audit_id, on, by, here in db.session.execute(query.where(Moderation.audit_id.in_(some))):
            known[audit_id] = _Decision(on, by)
            if here:
                in_product.add(audit_id)
    return known, in_product


def _views(audit_ids: list[int]) -> dict[tuple[int, int], _View]:
    query = select(AnswerView).where(AnswerView.whose == MODERATED)
    views = {}
    for some in chunks(audit_ids):
        further = further_of_views(some)
        for view in db.session.scalars(query.where(AnswerView.audit_id.in_(some))):
            columns = {
                "number": view.number,
                "from_on": view.from_on,
                "to_on": view.to_on,
                "response_id": view.response_id,
            }
            views[view.audit_id, view.question_id] = _View(
                columns, further.get(view.id, frozenset()), view.reason
            )
    return views


def _auditors(audit_ids: list[int]) -> dict[int, set[int]]:
    query = select(Assignment.audit_id, Assignment.person_id).where(Assignment.person_id.is_not(None))
    auditors: dict[int, set[int]] = defaultdict(set)
    for some in chunks(audit_ids):
        for audit_id, person_id in db.session.execute(query.where(Assignment.audit_id.in_(some))):
            if person_id is not None:
                auditors[audit_id].add(person_id)
    return auditors


def _changed_answers(audit_ids: list[int]) -> Counter[int]:
    """Return how many answers moderators changed, by audit."""
    query = select(AnswerView.audit_id).where(AnswerView.whose == MODERATED)
    return Counter(
        audit_id
        for some in chunks(audit_ids)
        for audit_id in db.session.scalars(query.where(AnswerView.audit_id.in_(some)))
    )
