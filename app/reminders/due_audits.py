"""What is due of audits on a day, by the rules of the ladders: a few range queries and anti-joins.

For each open obligation, each person and each kind of message: the latest step whose day is on or before the
day. If it was not yet sent to them for this anchor day, it is due. Whether it can be sent to that person
today is settled afterwards (settle.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    case,
    exists,
    literal,
    select,
    true,
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

Columns = tuple[Any, ...]
"""Of one row; plain, because a run reads very many."""


@dataclass(frozen=True)
class Day:
    """The day that is decided about, and what does not depend on single obligations."""

    on: date
    head: int
    """The number of the last thing in the history before anything of this was read."""
    days: WorkingDays
    people: dict[int, PersonFacts]
    book: LadderBook

    @cached_property
    def audits(self) -> Subquery:
        """The audits that are open on the day."""
        return open_audits(self.on)

    @cached_property
    def pairs(self) -> Subquery:
        """Whose they are."""
        return pairs(self.on)

    @cached_property
    def half_declined(self) -> set[int]:
        """Those of which one auditor is left since the other declined."""
        return half_declined(self.on)

    def coordinators(self) -> list[int]:
        """Everyone who has the role today; NOBODY where there is none."""
        found = [person.id for person in self.people.values() if RoleName.COORDINATOR in person.roles]
        return found or [NOBODY]


def due_of_audits(day: Day) -> Iterator[Due]:
    """All steps of audits that are due on a day."""
    audits, pair = day.audits, day.pairs
    for ladder, of_cycles in _ladders_with_cycles(day, audits):
        yield from _of_auditors(day, ladder, audits, pair, of_cycles)
        yield from _of_line_managers(day, ladder, audits, pair, of_cycles)
        yield from _calls(day, ladder, audits, pair, of_cycles)
        yield from _of_coordinators(day, ladder, audits, pair, of_cycles)
    yield from _of_leavers(day, audits, pair)


def _ladders_with_cycles(day: Day, audits: Subquery) -> Iterable[tuple[Ladder, ColumnElement[bool]]]:
    """Each ladder, with the condition that picks the audits it holds for."""
    own = list(day.book.of_cycle)
    yield day.book.general["audit"], audits.c.cycle_id.not_in(own) if own else true()
    for cycle_id, ladder in day.book.of_cycle.items():
        yield ladder, audits.c.cycle_id == cycle_id


def _of_auditors(
    day: Day, ladder: Ladder, audits: Subquery, pair: Subquery, of_cycles: ColumnElement[bool]
) -> Iterator[Due]:
    found = bands(ladder, AUDITORS, DIGEST, day.on, day.days)
    assigned = step_from_assignment(ladder, AUDITORS, DIGEST)
    rows = (
        select(audits.c.id, audits.c.reference, audits.c.due_on, pair.c.person_id, pair.c.assigned_on)
        .join_from(audits, pair, pair.c.audit_id == audits.c.id)
        .where(of_cycles)
    )
    for audit_id, reference, due_on, person_id, assigned_on in _in_bands(
        rows, found, audits, pair.c.person_id, DIGEST
    ):
        band = _band_of(found, due_on)
        if band and not (assigned and _assigned_is_later(day, assigned_on, assigned, due_on, band)):
            yield _due(day, audit_id, reference, person_id, DIGEST, band.step, due_on)
    if assigned:
        yield from _assigned(day, assigned, found, rows, audits, pair)


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
    unsent = _unsent(audits, pair.c.person_id, DIGEST, literal(step.name), pair.c.assigned_on)
    due = rows.where(reached, unsent, ~later_has_gone)
    for audit_id, reference, due_on, person_id, assigned_on in _run(due):
        band = _band_of(found, due_on)
        if band is None or _assigned_is_later(day, assigned_on, assigned, due_on, band):
            step_on = step.day(assigned_on, day.days)
            yield Due(
                "audit", audit_id, reference, person_id, DIGEST, step.name, assigned_on, step_on, due_on
            )


def _assigned_is_later(
    day: Day, assigned_on: date, assigned: tuple[int, Step], due_on: date, band: Band
) -> bool:
    place, step = assigned
    by_assignment = (step.day(assigned_on, day.days), place)
    return by_assignment[0] <= day.on and by_assignment > (band.step.day(due_on, day.days), band.place)


def _of_line_managers(
    day: Day, ladder: Ladder, audits: Subquery, pair: Subquery, of_cycles: ColumnElement[bool]
) -> Iterator[Due]:
    """Each auditor's line manager; without one there is nobody to send to."""
    found = bands(ladder, LINE_MANAGERS, MANAGER, day.on, day.days)
    person = Person.__table__.alias("auditor")
    rows = (
        select(audits.c.id, audits.c.reference, audits.c.due_on, person.c.line_manager_id)
        .join_from(audits, pair, pair.c.audit_id == audits.c.id)
        .join(person, person.c.id == pair.c.person_id)
        .where(of_cycles)
        .distinct()
    )
    for audit_id, reference, due_on, manager_id in _in_bands(
        rows, found, audits, person.c.line_manager_id, MANAGER
    ):
        if band := _band_of(found, due_on):
            yield _due(day, audit_id, reference, manager_id or NOBODY, MANAGER, band.step, due_on)


def _calls(
    day: Day, ladder: Ladder, audits: Subquery, pair: Subquery, of_cycles: ColumnElement[bool]
) -> Iterator[Due]:
    """What coordinators get of audits that somebody is assigned to: the calls to make."""
    somebody = exists().where(pair.c.audit_id == audits.c.id)
    for kind in (CALLS, DIGEST, MANAGER):
        found = bands(ladder, COORDINATORS, kind, day.on, day.days)
        yield from _to_coordinators(day, audits, kind, found, of_cycles & somebody)


def _of_coordinators(
    day: Day,
    ladder: Ladder,
    audits: Subquery,
    pair: Subquery,
    of_cycles: ColumnElement[bool],
) -> Iterator[Due]:
    """Audits without auditors, and those where one of the two declined: three steps of the ladder go to the
    coordinators' digest."""
    theirs = only(ladder, WITHOUT_AUDITORS, COORDINATORS, DIGEST)
    found = bands(theirs, COORDINATORS, DIGEST, day.on, day.days)
    nobody = ~exists().where(pair.c.audit_id == audits.c.id)
    yield from _to_coordinators(day, audits, DIGEST, found, of_cycles & nobody)
    if day.half_declined:
        declined = of_cycles & audits.c.id.in_(day.half_declined)
        for due in _to_coordinators(day, audits, DIGEST, found, declined):
            # a coordinator who is the other auditor has their own, later or equal, step of this audit
            if not _is_auditor(pair, due):
                yield due


def _is_auditor(pair: Subquery, due: Due) -> bool:
    query = exists().where(pair.c.audit_id == due.obligation_id, pair.c.person_id == due.person_id)
    return bool(db.session.scalar(select(query)))


def _to_coordinators(
    day: Day, audits: Subquery, kind: str, found: Sequence[Band], which: ColumnElement[bool]
) -> Iterator[Due]:
    for coordinator in day.coordinators():
        rows = select(audits.c.id, audits.c.reference, audits.c.due_on).where(which)
        for audit_id, reference, due_on in _in_bands(
            rows, found, audits, literal(coordinator, Integer), kind
        ):
            if band := _band_of(found, due_on):
                yield _due(day, audit_id, reference, coordinator, kind, band.step, due_on)


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
    for audit_id, reference, due_on, leaver_id in _run(rows):
        leaving_on = left[leaver_id]
        step_on = day.days.offset(leaving_on, 1)
        for coordinator in day.coordinators():
            due = Due(
                "audit",
                audit_id,
                reference,
                coordinator,
                DIGEST,
                REASSIGN,
                leaving_on,
                step_on,
                due_on,
                leaver_id,
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


def _in_bands(
    rows: Select[Any], found: Sequence[Band], audits: Subquery, person_id: ColumnElement[Any], kind: str
) -> Iterable[Columns]:
    """Those of the rows whose due day has reached a step that was not yet sent to the person: the range of
    due days, and the anti-join against the keys of what was sent."""
    if not found:
        return ()
    due_on = audits.c.due_on
    step = case(*((due_on <= band.until, band.step.name) for band in found))
    return _run(rows.where(due_on <= found[-1].until, _unsent(audits, person_id, kind, step, due_on)))


def _unsent(
    audits: Subquery,
    person_id: ColumnElement[Any],
    kind: str,
    step: ColumnElement[str],
    anchor_on: ColumnElement[date],
) -> ColumnElement[bool]:
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


def _band_of(found: Sequence[Band], due_on: date) -> Band | None:
    """The band that a due day lies in; they stand in the order of their days."""
    return next((band for band in found if due_on <= band.until), None)


def _due(day: Day, audit_id: int, reference: str, person_id: int, kind: str, step: Step, due_on: date) -> Due:
    step_on = step.day(due_on, day.days)
    return Due("audit", audit_id, reference, person_id, kind, step.name, due_on, step_on, due_on)


def _run(query: Select[Any]) -> Iterable[Columns]:
    return cast(Iterable[Columns], db.session.execute(query).all())
