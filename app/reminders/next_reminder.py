"""The next reminder of a thing: the first day on which the daily run would write one. Pure.

It goes by the rule of the run: the latest step that is reached, unless it was written, its receiver is away,
or something keeps it back. The run decides the same for very many at once (reached.py, due_audits.py).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.outbox.names import CALLS, DIGEST, MANAGER
from app.people.presence import PersonFacts
from app.people.roles import RoleName
from app.reminders.due import REASSIGN
from app.reminders.ladders import (
    AFTER_THE_DUE_DAY,
    ASKED,
    AUDITORS,
    COORDINATORS,
    DUE,
    LINE_MANAGERS,
    OWNER,
    RESPOND_TO,
    WITHOUT_AUDITORS,
    Ladder,
    Step,
    only,
)
from app.reminders.settle import receiver_of
from app.working_days import WorkingDays

Key = tuple[int, str, str, date]
"""The key of a step of one thing: person, kind of message, step, anchor."""


@dataclass(frozen=True)
class Receiving:
    """A person who gets steps of a ladder in one kind of message; an auditor since the day of assignment."""

    person_id: int
    kind: str
    steps: Ladder
    assigned_on: date | None = None


@dataclass(frozen=True)
class Written:
    """A step of one thing that was written to a person; `leaver_id` where it is about somebody who left."""

    key: Key
    step_on: date
    leaver_id: int = 0


@dataclass(frozen=True)
class Open:
    """The facts of one open thing by which its next reminder is told. `held` are keys, each with the last day
    on which it is held: None for good. `holders` are the people whose it is."""

    due_on: date
    receiving: Sequence[Receiving]
    holders: Collection[int]
    written: Collection[Written] = ()
    held: Mapping[Key, date | None] | None = None
    promised_until: date | None = None
    """The last day on which a promise holds."""


@dataclass(frozen=True)
class _Reached:
    key: Key
    step_on: date
    leaver_id: int = 0


def receiving_of_audit(
    ladder: Ladder,
    auditors: Mapping[int, date | None],
    people: Mapping[int, PersonFacts],
    *,
    is_half_declined: bool = False,
) -> list[Receiving]:
    """Return who gets which steps of an audit; `auditors` are its auditors, with the days of assignment."""
    coordinators = _coordinators(people)
    if not auditors:
        three = only(ladder, WITHOUT_AUDITORS, COORDINATORS, DIGEST)
        return [Receiving(each, DIGEST, three) for each in coordinators]
    to_auditors = _steps(ladder, AUDITORS, DIGEST)
    found = [Receiving(each, DIGEST, to_auditors, assigned_on) for each, assigned_on in auditors.items()]
    found += _of_managers_and_coordinators(ladder, auditors, people, coordinators)
    if is_half_declined:
        three = only(ladder, WITHOUT_AUDITORS, COORDINATORS, DIGEST)
        found += [Receiving(each, DIGEST, three) for each in coordinators if each not in auditors]
    return found


def receiving_of_owner(
    ladder: Ladder, owners: Collection[int], people: Mapping[int, PersonFacts]
) -> list[Receiving]:
    """Return who gets which steps of what has one owner."""
    to_owners = [Receiving(each, DIGEST, _steps(ladder, OWNER, DIGEST)) for each in owners]
    return to_owners + _of_managers_and_coordinators(ladder, owners, people, _coordinators(people))


def receiving_of_response(
    ladder: Ladder, asked: Collection[int], told_late: Collection[int], people: Mapping[int, PersonFacts]
) -> list[Receiving]:
    """Return who gets which steps of a response."""
    found = [Receiving(each, DIGEST, _steps(ladder, ASKED, DIGEST)) for each in asked]
    found += [Receiving(each, MANAGER, _steps(ladder, RESPOND_TO, MANAGER)) for each in told_late]
    calls = _steps(ladder, COORDINATORS, CALLS)
    return found + [Receiving(each, CALLS, calls) for each in _coordinators(people)]


def _of_managers_and_coordinators(
    ladder: Ladder,
    holders: Collection[int],
    people: Mapping[int, PersonFacts],
    coordinators: Sequence[int],
) -> list[Receiving]:
    managers = {people[each].line_manager_id for each in holders if each in people} - {None}
    to_managers = _steps(ladder, LINE_MANAGERS, MANAGER)
    found = [Receiving(each, MANAGER, to_managers) for each in managers if each is not None]
    for kind in (CALLS, DIGEST, MANAGER):
        if steps := _steps(ladder, COORDINATORS, kind):
            found += [Receiving(each, kind, steps) for each in coordinators]
    return found


def _coordinators(people: Mapping[int, PersonFacts]) -> list[int]:
    return [person.id for person in people.values() if RoleName.COORDINATOR in person.roles]


def _steps(ladder: Ladder, audience: str, kind: str) -> Ladder:
    return tuple(step for step in ladder if step.goes_to(audience, kind))


def next_reminder(
    thing: Open, people: Mapping[int, PersonFacts], after: date, days: WorkingDays
) -> tuple[str, date] | None:
    """Return the step that goes next after a day, the latest of those that go on one day, and its day; None
    where none follows as things stand."""
    for on in _days_of_change(thing, people, after, days):
        going = [each for each in _reached(thing, people, on, days) if _goes(each, thing, people, on)]
        if going:
            return max(going, key=lambda each: each.step_on).key[2], on
    return None


def _days_of_change(
    thing: Open, people: Mapping[int, PersonFacts], after: date, days: WorkingDays
) -> list[date]:
    """Return the working days after a day on which more can go than on the day before: a step is reached,
    somebody comes back, their deputy changes, a promise or a hold ends, somebody has left."""
    tomorrow = timedelta(days=1)
    found = {after + tomorrow}
    for each in thing.receiving:
        found.update(day for _, _, day in _days_of_steps(each, thing.due_on, days))
    for person_id in _concerned(thing, people):
        for spell in people[person_id].leave:
            found |= {spell.from_on, spell.to_on + tomorrow}
    leaving = (people[each].leaving_on for each in thing.holders if each in people)
    ends = [thing.promised_until, *leaving, *(thing.held or {}).values()]
    found.update(day + tomorrow for day in ends if day is not None)
    return sorted({days.offset(day, 0) for day in found if day > after})


def _concerned(thing: Open, people: Mapping[int, PersonFacts]) -> set[int]:
    """Return the people who may get something, deputies too, and coordinators where somebody leaves."""
    persons = {each.person_id for each in thing.receiving if each.person_id in people}
    if any(people[each].leaving_on for each in thing.holders if each in people):
        persons |= set(_coordinators(people))
    deputies = {spell.deputy_id for person_id in persons for spell in people[person_id].leave}
    return persons | {each for each in deputies if each is not None}


def _days_of_steps(
    receiving: Receiving, due_on: date, days: WorkingDays
) -> Iterator[tuple[Step, date, date]]:
    for step in receiving.steps:
        anchor_on = due_on if step.anchor == DUE else receiving.assigned_on
        if anchor_on is not None:
            yield step, anchor_on, step.day(anchor_on, days)


def _reached(
    thing: Open, people: Mapping[int, PersonFacts], on: date, days: WorkingDays
) -> Iterator[_Reached]:
    """Yield the latest step that is reached for each person and kind of message, and that somebody left."""
    for each in thing.receiving:
        reached = [found for found in _days_of_steps(each, thing.due_on, days) if found[2] <= on]
        if not reached:
            continue
        step, anchor_on, step_on = _latest(reached)
        later_has_gone = step.anchor != DUE and any(
            written.key[:2] == (each.person_id, each.kind)
            and written.key[2] != step.name
            and not written.leaver_id
            and each.assigned_on is not None
            and written.step_on >= each.assigned_on
            for written in thing.written
        )
        if not later_has_gone:
            yield _Reached((each.person_id, each.kind, step.name, anchor_on), step_on)
    for person_id in thing.holders:
        person = people.get(person_id)
        if person is not None and person.leaving_on is not None and person.has_left(on):
            step_on = days.offset(person.leaving_on, 1)
            for coordinator in _coordinators(people):
                yield _Reached((coordinator, DIGEST, REASSIGN, person.leaving_on), step_on, person_id)


def _latest(reached: Iterable[tuple[Step, date, date]]) -> tuple[Step, date, date]:
    """Return the latest step by its day; of two on one day, the lower in the table."""
    return max(enumerate(reached), key=lambda each: (each[1][2], each[0]))[1]


def _goes(reached: _Reached, thing: Open, people: Mapping[int, PersonFacts], on: date) -> bool:
    person_id, kind, step, _ = reached.key
    if any((each.key, each.leaver_id) == (reached.key, reached.leaver_id) for each in thing.written):
        return False
    if thing.promised_until is not None and on <= thing.promised_until and step in AFTER_THE_DUE_DAY:
        return False
    held = thing.held or {}
    if reached.key in held:
        until = held[reached.key]
        if until is None or on <= until:
            return False
    return person_id in people and receiver_of(person_id, kind, people, on)[0] is not None
