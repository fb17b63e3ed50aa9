"""What is due of audits on a day, by the rules of the ladders: a few range queries and anti-joins.

For each open obligation, each person and each kind of message: the latest step whose day is on or before the
day. If it was not yet sent to them for this anchor day, it is due. Whether it can be sent to that person
today is settled afterwards (settle.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    Subquery,
    and_,
    exists,
    literal,
    select,
)

from app.audits.open_on import half_declined, open_audits, pairs
from app.database import db
from app.outbox.models import MessageItem
from app.people.models import Person
from app.people.presence import PersonFacts
from app.people.roles import RoleName
from app.reminders.due import NOBODY, REASSIGN, Due
from app.reminders.ladder_book import LadderBook
from app.reminders.ladders import (
    AUDITORS,
    CALLS,
    COORDINATORS,
    DIGEST,
    LINE_MANAGERS,
    MANAGER,
    WITHOUT_AUDITORS,
    Band,
    Ladder,
    Step,
    bands,
    only,
    step_from_assignment,
)
from app.working_days import WorkingDays


@dataclass(frozen=True)
class Day:
    """The day that is decided about, and what does not depend on single obligations."""

    on: date
    days: WorkingDays
    people: dict[int, PersonFacts]
    book: LadderBook

    def coordinators(self) -> list[int]:
        """Everyone who has the role today; NOBODY where there is none."""
        found = [person.id for person in self.people.values() if RoleName.COORDINATOR in person.roles]
        return found or [NOBODY]


def due_of_audits(day: Day) -> Iterator[Due]:
    """All steps of audits that are due on a day."""
    audits, pair = open_audits(day.on), pairs(day.on)
    half = half_declined(day.on)
    for ladder, of_cycles in _ladders_with_cycles(day, audits):
        yield from _of_auditors(day, ladder, audits, pair, of_cycles)
        yield from _of_line_managers(day, ladder, audits, pair, of_cycles)
        yield from _calls(day, ladder, audits, pair, of_cycles)
        yield from _of_coordinators(day, ladder, audits, pair, of_cycles, half)
    yield from _of_leavers(day, audits, pair)


def _ladders_with_cycles(day: Day, audits: Subquery) -> Iterable[tuple[Ladder, ColumnElement[bool]]]:
    """Each ladder, with the condition that picks the audits it holds for."""
    own = list(day.book.of_cycle)
    yield day.book.general["audit"], audits.c.cycle_id.not_in(own)
    for cycle_id, ladder in day.book.of_cycle.items():
        yield ladder, audits.c.cycle_id == cycle_id


def _of_auditors(
    day: Day, ladder: Ladder, audits: Subquery, pair: Subquery, of_cycles: ColumnElement[bool]
) -> Iterator[Due]:
    found = bands(ladder, AUDITORS, DIGEST, day.on, day.days)
    assigned = step_from_assignment(ladder, AUDITORS, DIGEST)
    rows = select(
        audits.c.id, audits.c.reference, audits.c.due_on, pair.c.person_id, pair.c.assigned_on
    ).join_from(audits, pair, pair.c.audit_id == audits.c.id)
    for band in found:
        unsent = _unsent(audits, pair.c.person_id, DIGEST, band.step.name, audits.c.due_on)
        for row in _run(rows.where(of_cycles, _within(band, audits.c.due_on), unsent)):
            if not (assigned and _assigned_is_later(day, row, assigned, band)):
                yield _due_from(day, row, row.person_id, DIGEST, band.step)
    if assigned:
        yield from _assigned(day, assigned, found, rows.where(of_cycles), audits, pair)


def _assigned(
    day: Day,
    assigned: tuple[int, Step],
    found: Sequence[Band],
    rows: Select[Any],
    audits: Subquery,
    pair: Subquery,
) -> Iterator[Due]:
    """The step that counts from the day an auditor was assigned: due unless a step counted from the due day
    is later, or one has gone to this person since."""
    _, step = assigned
    item = MessageItem.__table__.c
    later_has_gone = exists().where(
        item.obligation_kind == "audit",
        item.obligation_id == audits.c.id,
        item.person_id == pair.c.person_id,
        item.kind == DIGEST,
        item.leaver_id == 0,
        item.step != step.name,
        item.step_on >= pair.c.assigned_on,
    )
    reached = pair.c.assigned_on <= day.days.latest_reaching(day.on, step.offset)
    unsent = _unsent(audits, pair.c.person_id, DIGEST, step.name, pair.c.assigned_on)
    for row in _run(rows.where(reached, unsent, ~later_has_gone)):
        band = _band_of(found, row.due_on)
        if band is None or _assigned_is_later(day, row, assigned, band):
            anchor_on = row.assigned_on
            yield Due(
                "audit",
                row.id,
                row.reference,
                row.person_id,
                DIGEST,
                step.name,
                anchor_on,
                step.day(anchor_on, day.days),
                row.due_on,
            )


def _assigned_is_later(day: Day, row: Row[Any], assigned: tuple[int, Step], band: Band) -> bool:
    place, step = assigned
    by_assignment = (step.day(row.assigned_on, day.days), place)
    return by_assignment[0] <= day.on and by_assignment > (band.step.day(row.due_on, day.days), band.place)


def _of_line_managers(
    day: Day, ladder: Ladder, audits: Subquery, pair: Subquery, of_cycles: ColumnElement[bool]
) -> Iterator[Due]:
    """Each auditor's line manager; without one there is nobody to send to."""
    person = Person.__table__.alias("auditor")
    rows = (
        select(audits.c.id, audits.c.reference, audits.c.due_on, person.c.line_manager_id)
        .join_from(audits, pair, pair.c.audit_id == audits.c.id)
        .join(person, person.c.id == pair.c.person_id)
        .distinct()
    )
    for band in bands(ladder, LINE_MANAGERS, MANAGER, day.on, day.days):
        unsent = _unsent(audits, person.c.line_manager_id, MANAGER, band.step.name, audits.c.due_on)
        for row in _run(rows.where(of_cycles, _within(band, audits.c.due_on), unsent)):
            yield _due_from(day, row, row.line_manager_id or NOBODY, MANAGER, band.step)


def _calls(
    day: Day, ladder: Ladder, audits: Subquery, pair: Subquery, of_cycles: ColumnElement[bool]
) -> Iterator[Due]:
    """What coordinators get of audits that somebody is assigned to: the calls to make."""
    somebody = exists().where(pair.c.audit_id == audits.c.id)
    for kind in (CALLS, DIGEST, MANAGER):
        for band in bands(ladder, COORDINATORS, kind, day.on, day.days):
            yield from _to_coordinators(day, audits, kind, band, of_cycles, somebody)


def _of_coordinators(
    day: Day,
    ladder: Ladder,
    audits: Subquery,
    pair: Subquery,
    of_cycles: ColumnElement[bool],
    half: set[int],
) -> Iterator[Due]:
    """Audits without auditors, and those where one of the two declined: three steps of the ladder go to the
    coordinators' digest."""
    theirs = only(ladder, WITHOUT_AUDITORS, COORDINATORS, DIGEST)
    nobody = ~exists().where(pair.c.audit_id == audits.c.id)
    for band in bands(theirs, COORDINATORS, DIGEST, day.on, day.days):
        yield from _to_coordinators(day, audits, DIGEST, band, of_cycles, nobody)
        if half:
            declined = audits.c.id.in_(half)
            for due in _to_coordinators(day, audits, DIGEST, band, of_cycles, declined):
                # a coordinator who is the other auditor has their own, later or equal, step of this audit
                if not _is_auditor(pair, due):
                    yield due


def _is_auditor(pair: Subquery, due: Due) -> bool:
    query = exists().where(pair.c.audit_id == due.obligation_id, pair.c.person_id == due.person_id)
    return bool(db.session.scalar(select(query)))


def _to_coordinators(
    day: Day,
    audits: Subquery,
    kind: str,
    band: Band,
    of_cycles: ColumnElement[bool],
    which: ColumnElement[bool],
) -> Iterator[Due]:
    rows = select(audits.c.id, audits.c.reference, audits.c.due_on)
    for coordinator in day.coordinators():
        unsent = _unsent(audits, literal(coordinator, Integer), kind, band.step.name, audits.c.due_on)
        for row in _run(rows.where(of_cycles, which, _within(band, audits.c.due_on), unsent)):
            yield _due_from(day, row, coordinator, kind, band.step)


def _of_leavers(day: Day, audits: Subquery, pair: Subquery) -> Iterator[Due]:
    """From the next working day after someone left, once: each open audit that they still have."""
    left = {
        person.id: person.leaving_on
        for person in day.people.values()
        if person.leaving_on is not None and person.has_left(day.on)
    }
    if not left:
        return
    rows = (
        select(audits.c.id, audits.c.reference, audits.c.due_on, pair.c.person_id)
        .join_from(audits, pair, pair.c.audit_id == audits.c.id)
        .where(pair.c.person_id.in_(left))
    )
    for row in _run(rows):
        leaving_on = left[row.person_id]
        for coordinator in day.coordinators():
            due = Due(
                "audit",
                row.id,
                row.reference,
                coordinator,
                DIGEST,
                REASSIGN,
                leaving_on,
                day.days.offset(leaving_on, 1),
                row.due_on,
                row.person_id,
            )
            if not _is_sent(due):
                yield due


def _is_sent(due: Due) -> bool:
    item = MessageItem
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    item.obligation_kind == due.obligation_kind,
                    item.obligation_id == due.obligation_id,
                    item.person_id == due.person_id,
                    item.kind == due.kind,
                    item.step == due.step,
                    item.anchor_on == due.anchor_on,
                    item.leaver_id == due.leaver_id,
                )
            )
        )
    )


def _unsent(
    audits: Subquery,
    person_id: ColumnElement[Any],
    kind: str,
    step: str,
    anchor_on: ColumnElement[date],
) -> ColumnElement[bool]:
    """The anti-join against the keys of what was sent."""
    item = MessageItem.__table__.c
    return ~exists().where(
        item.obligation_kind == "audit",
        item.obligation_id == audits.c.id,
        item.person_id == person_id,
        item.kind == kind,
        item.step == step,
        item.anchor_on == anchor_on,
        item.leaver_id == 0,
    )


def _within(band: Band, due_on: ColumnElement[date]) -> ColumnElement[bool]:
    return due_on <= band.until if band.after is None else and_(due_on > band.after, due_on <= band.until)


def _band_of(found: Sequence[Band], due_on: date) -> Band | None:
    for band in found:
        if due_on <= band.until and (band.after is None or due_on > band.after):
            return band
    return None


def _due_from(day: Day, row: Row[Any], person_id: int, kind: str, step: Step) -> Due:
    step_on = step.day(row.due_on, day.days)
    return Due("audit", row.id, row.reference, person_id, kind, step.name, row.due_on, step_on, row.due_on)


def _run(query: Select[Any]) -> Iterable[Row[Any]]:
    return db.session.execute(query).all()
