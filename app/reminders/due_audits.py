"""The steps of audits that are due on a day, by the rules of the ladders: a few range queries and anti-joins.

For each open obligation, each person and each kind of message: the latest step whose day is on or before the
day. If it was not yet sent to them for this anchor day, it is due. Whether it can be sent to that person
today is settled afterwards (settle.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, exists, literal, select, true

from app.database import db
from app.outbox.models import MessageItem
from app.outbox.names import CALLS, DIGEST, MANAGER
from app.people.models import Person
from app.reminders.day import Day
from app.reminders.due import AUDIT, NOBODY, Due
from app.reminders.ladders import (
    AUDITORS,
    COORDINATORS,
    LINE_MANAGERS,
    WITHOUT_AUDITORS,
    Band,
    Ladder,
    Step,
    bands,
    only,
    step_from_assignment,
)
from app.reminders.reached import Obligations, band_of, run

IDS_AT_ONCE = 5000


def due_of_audits(day: Day) -> Iterator[Due]:
    """Yield all steps of audits that are due on a day."""
    audits = Obligations(AUDIT, day.audits)
    yield from _of_ladders(day, audits, true())
    yield from _of_leavers(day, audits, day.pairs)


def latest_steps(day: Day, audit_ids: Iterable[int]) -> Iterator[Due]:
    """Yield the latest step of these audits that a ladder has reached on a day, for each person and kind of
    message, whether it was sent or not."""
    audits = Obligations(AUDIT, day.audits, sent_too=True)
    ids = list(audit_ids)
    for first in range(0, len(ids), IDS_AT_ONCE):
        yield from _of_ladders(day, audits, audits.rows.c.id.in_(ids[first : first + IDS_AT_ONCE]))


def _of_ladders(day: Day, audits: Obligations, which: ColumnElement[bool]) -> Iterator[Due]:
    pair = day.pairs
    for ladder, of_cycles in _ladders_with_cycles(day, day.audits):
        of_these = of_cycles & which
        yield from _of_auditors(day, ladder, audits, pair, of_these)
        yield from _of_line_managers(day, ladder, audits, pair, of_these)
        yield from _calls(day, ladder, audits, pair, of_these)
        yield from _of_coordinators(day, ladder, audits, pair, of_these)


def _ladders_with_cycles(day: Day, audits: Subquery) -> Iterable[tuple[Ladder, ColumnElement[bool]]]:
    """Return each ladder, with the condition that picks the audits it holds for."""
    own = list(day.book.of_cycle)
    yield day.book.general["audit"], audits.c.cycle_id.not_in(own) if own else true()
    for cycle_id, ladder in day.book.of_cycle.items():
        yield ladder, audits.c.cycle_id == cycle_id


def _of_auditors(
    day: Day, ladder: Ladder, audits: Obligations, pair: Subquery, of_cycles: ColumnElement[bool]
) -> Iterator[Due]:
    reached_bands = bands(ladder, AUDITORS, DIGEST, day.on, day.days)
    assigned = step_from_assignment(ladder, AUDITORS, DIGEST)
    rows = (
        select(
            audits.rows.c.id,
            audits.rows.c.reference,
            audits.rows.c.due_on,
            pair.c.person_id,
            pair.c.assigned_on,
        )
        .join_from(audits.rows, pair, pair.c.audit_id == audits.rows.c.id)
        .where(of_cycles, day.are_concerned(pair.c.person_id))
    )
    for audit_id, reference, due_on, person_id, assigned_on in audits.in_bands(
        rows, reached_bands, pair.c.person_id, DIGEST
    ):
        band = band_of(reached_bands, due_on)
        if band and not (assigned and _assigned_is_later(day, assigned_on, assigned, due_on, band)):
            yield audits.due(day, audit_id, reference, person_id, DIGEST, band.step, due_on)
    if assigned:
        yield from _assigned(day, assigned, reached_bands, rows, audits, pair)


def _assigned(
    day: Day,
    assigned: tuple[int, Step],
    reached_bands: Sequence[Band],
    rows: Select[Any],
    audits: Obligations,
    pair: Subquery,
) -> Iterator[Due]:
    """The step that counts from the day an auditor was assigned: due unless a step counted from the due day
    is later, or one has gone to this person since."""
    _, step = assigned
    item = MessageItem.__table__.c
    later_has_gone = exists().where(
        item.obligation_kind == AUDIT,
        item.obligation_id == audits.rows.c.id,
        item.person_id == pair.c.person_id,
        item.kind == DIGEST,
        item.leaver_id == 0,
        item.step != step.name,
        item.step_on >= pair.c.assigned_on,
    )
    reached = pair.c.assigned_on <= day.days.latest_reaching(day.on, step.offset)
    unsent = audits.unsent(pair.c.person_id, DIGEST, literal(step.name), pair.c.assigned_on)
    due = rows.where(reached, unsent, true() if audits.sent_too else ~later_has_gone)
    for audit_id, reference, due_on, person_id, assigned_on in run(due):
        band = band_of(reached_bands, due_on)
        if band is None or _assigned_is_later(day, assigned_on, assigned, due_on, band):
            step_on = step.day(assigned_on, day.days)
            yield Due(AUDIT, audit_id, reference, person_id, DIGEST, step.name, assigned_on, step_on, due_on)


def _assigned_is_later(
    day: Day, assigned_on: date, assigned: tuple[int, Step], due_on: date, band: Band
) -> bool:
    place, step = assigned
    by_assignment = (step.day(assigned_on, day.days), place)
    return by_assignment[0] <= day.on and by_assignment > (band.step.day(due_on, day.days), band.place)


def _of_line_managers(
    day: Day, ladder: Ladder, audits: Obligations, pair: Subquery, of_cycles: ColumnElement[bool]
) -> Iterator[Due]:
    """Yield what goes to each auditor's line manager; without one there is nobody to send to."""
    reached_bands = bands(ladder, LINE_MANAGERS, MANAGER, day.on, day.days)
    person = Person.__table__.alias("auditor")
    rows = (
        select(audits.rows.c.id, audits.rows.c.reference, audits.rows.c.due_on, person.c.line_manager_id)
        .join_from(audits.rows, pair, pair.c.audit_id == audits.rows.c.id)
        .join(person, person.c.id == pair.c.person_id)
        .where(of_cycles, day.are_concerned(person.c.line_manager_id))
        .distinct()
    )
    for audit_id, reference, due_on, manager_id in audits.in_bands(
        rows, reached_bands, person.c.line_manager_id, MANAGER
    ):
        if band := band_of(reached_bands, due_on):
            yield audits.due(day, audit_id, reference, manager_id or NOBODY, MANAGER, band.step, due_on)


def _calls(
    day: Day, ladder: Ladder, audits: Obligations, pair: Subquery, of_cycles: ColumnElement[bool]
) -> Iterator[Due]:
    """Yield what coordinators get of audits that somebody is assigned to: the calls to make."""
    somebody = exists().where(pair.c.audit_id == audits.rows.c.id)
    for kind in (CALLS, DIGEST, MANAGER):
        reached_bands = bands(ladder, COORDINATORS, kind, day.on, day.days)
        yield from audits.to_coordinators(day, kind, reached_bands, of_cycles & somebody)


def _of_coordinators(
    day: Day,
    ladder: Ladder,
    audits: Obligations,
    pair: Subquery,
    of_cycles: ColumnElement[bool],
) -> Iterator[Due]:
    """Audits without auditors, and those where one of the two declined: three steps of the ladder go to the
    coordinators' digest."""
    theirs = only(ladder, WITHOUT_AUDITORS, COORDINATORS, DIGEST)
    reached_bands = bands(theirs, COORDINATORS, DIGEST, day.on, day.days)
    nobody = ~exists().where(pair.c.audit_id == audits.rows.c.id)
    yield from audits.to_coordinators(day, DIGEST, reached_bands, of_cycles & nobody)
    if day.half_declined:
        declined = of_cycles & audits.rows.c.id.in_(day.half_declined)
        for due in audits.to_coordinators(day, DIGEST, reached_bands, declined):
            # a coordinator who is the other auditor has their own, later or equal, step of this audit
            if not _is_auditor(pair, due):
                yield due


def _is_auditor(pair: Subquery, due: Due) -> bool:
    query = exists().where(pair.c.audit_id == due.obligation_id, pair.c.person_id == due.person_id)
    return bool(db.session.scalar(select(query)))


def _of_leavers(day: Day, audits: Obligations, pair: Subquery) -> Iterator[Due]:
    """Yield each open audit of which one auditor has left."""
    rows = (
        select(audits.rows.c.id, audits.rows.c.reference, audits.rows.c.due_on, pair.c.person_id)
        .join_from(audits.rows, pair, pair.c.audit_id == audits.rows.c.id)
        .where(pair.c.person_id.in_(day.left()))
    )
    yield from audits.of_leavers(day, rows)
