"""The next reminder of a thing: the first day on which the daily run writes one is the day that is told."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy, booleans, builds, dates, lists, none, sampled_from

from app.audits.models import Audit as AuditRow
from app.audits.standing import standings
from app.chase_list.list_views import _lines
from app.database import db, transaction
from app.people.closures import working_days
from app.people.models import Person as PersonRow
from app.people.presence import LeaveSpell, PersonFacts
from app.people.roles import RoleName
from app.reminders.daily_run import run
from app.reminders.deciding import day_of, decide
from app.reminders.followed import Followed
from app.reminders.ladder_book import default_ladders
from app.reminders.models import HeldItem
from app.reminders.next_reminder import Open, Written, next_reminder, receiving_of_audit
from app.reminders.subjects import subject_of
from app.working_days import WorkingDays

from .product import load
from .second_facts import Action, Assignment, DueDay, Facts, Leave, Person, Promise, Remedy
from .small_facts import an_audit, facts_of

DAYS = WorkingDays()
LADDER = default_ladders()["audit"]
DUE = date(2010, 11, 12)
LEA, SAM, CORA, MAX = 1, 2, 3, 4


def a_person(
    id_: int, role: RoleName, manager: int | None = None, leave: tuple[LeaveSpell, ...] = ()
) -> PersonFacts:
    return PersonFacts(id_, "", f"Person {id_}", None, None, manager, None, None, frozenset({role}), leave)


PEOPLE = {
    LEA: a_person(LEA, RoleName.AUDITOR, MAX),
    SAM: a_person(SAM, RoleName.AUDITOR, MAX),
    CORA: a_person(CORA, RoleName.COORDINATOR),
    MAX: a_person(MAX, RoleName.MANAGER),
}
OCTOBER = date(2010, 10, 4)


def an_open(*, assigned_on: date = OCTOBER, due_on: date = DUE, until: date | None = None) -> Open:
    auditors = {LEA: assigned_on, SAM: assigned_on}
    return Open(due_on, receiving_of_audit(LADDER, auditors, PEOPLE), auditors, promised_until=until)


def all_written(thing: Open, *steps: str) -> Open:
    """Return it with some steps written to all who get them."""
    written = [
        Written((each.person_id, each.kind, step.name, anchor), step.day(anchor, DAYS))
        for each in thing.receiving
        for step in each.steps
        if step.name in steps
        and (anchor := thing.due_on if step.anchor == "due" else each.assigned_on) is not None
    ]
    return replace(thing, written=written)


FIRST = ("assigned", "due-soon")
ALL = (*FIRST, "due-today", "overdue", "overdue-manager", "phone-call")


@pytest.mark.parametrize(
    ("written", "after", "until", "step", "day"),
    [
        ((), date(2010, 10, 1), None, "assigned", OCTOBER),
        (("assigned",), OCTOBER, None, "due-soon", date(2010, 11, 5)),
        (FIRST, date(2010, 11, 5), None, "due-today", DUE),
        # due-soon had passed when the due date was set: it goes on the next working day
        (("assigned",), date(2010, 11, 9), None, "due-soon", date(2010, 11, 10)),
        (("assigned",), date(2010, 11, 5), None, "due-soon", date(2010, 11, 8)),
        ((*FIRST, "due-today"), DUE, None, "overdue", date(2010, 11, 16)),
        ((*FIRST, "due-today", "overdue"), date(2010, 11, 16), None, "overdue-manager", date(2010, 11, 19)),
        (
            (*FIRST, "due-today", "overdue", "overdue-manager", "phone-call"),
            date(2010, 11, 26),
            None,
            None,
            None,
        ),
        # a promise keeps back what comes after the due day; then the latest goes
        ((*FIRST, "due-today"), DUE, date(2010, 11, 30), "phone-call", date(2010, 12, 1)),
        ((*FIRST, "due-today"), DUE, date(2010, 11, 24), "overdue-manager", date(2010, 11, 25)),
        ((*FIRST, "due-today"), DUE, date(2010, 11, 19), "overdue-manager", date(2010, 11, 22)),
        ((*FIRST, "due-today", "overdue"), DUE, date(2010, 11, 18), "overdue-manager", date(2010, 11, 19)),
        (("assigned",), date(2010, 11, 4), date(2010, 11, 18), "due-soon", date(2010, 11, 5)),
    ],
)
def test_the_next_reminder_is_the_first_that_a_run_would_write(
    written: tuple[str, ...], after: date, until: date | None, step: str | None, day: date | None
) -> None:
    thing = all_written(an_open(until=until), *written)
    assert next_reminder(thing, PEOPLE, after, DAYS) == (step and (step, day))


def test_it_waits_for_those_who_are_away_and_for_what_is_held() -> None:
    away = (LeaveSpell(date(2010, 11, 1), date(2010, 11, 9), None),)
    people = PEOPLE | {each: replace(PEOPLE[each], leave=away) for each in (LEA, SAM)}
    thing = all_written(an_open(), "assigned")
    assert next_reminder(thing, people, OCTOBER, DAYS) == ("due-soon", date(2010, 11, 10))
    held = {(each, "digest", "due-soon", DUE): date(2010, 11, 10) for each in (LEA, SAM)}
    assert next_reminder(replace(thing, held=held), people, OCTOBER, DAYS) == ("due-soon", date(2010, 11, 11))
    for_good = dict.fromkeys(held)
    assert next_reminder(replace(thing, held=for_good), people, OCTOBER, DAYS) == ("due-today", DUE)


def test_it_tells_that_somebody_has_left() -> None:
    people = PEOPLE | {LEA: replace(PEOPLE[LEA], leaving_on=date(2010, 10, 8))}
    thing = all_written(an_open(), "assigned")
    assert next_reminder(thing, people, OCTOBER, DAYS) == ("reassign", date(2010, 10, 11))


@dataclass(frozen=True)
class Life:
    """An audit, an action and a remedy up to a day, the days that were run before it, and what is held."""

    facts: Facts
    runs: tuple[date, ...]
    on: date
    held_until: date | None
    is_held: bool


SINCE, ON = date(2010, 10, 18), date(2010, 11, 16)
NEARBY = dates(date(2010, 10, 18), date(2010, 12, 10))
BY_NOW = dates(SINCE, ON)


@dataclass(frozen=True)
class Drawn:
    due: date
    extended: tuple[date, date] | None
    assigned: tuple[date, date]
    auditors: str
    leaves: tuple[tuple[str, date, int, bool], ...]
    leaving: date | None
    promises: tuple[tuple[date, date], ...]
    runs: tuple[date, ...]
    on: date
    held_until: date | None
    is_held: bool
    raised: date


def lives() -> SearchStrategy[Life]:
    who = sampled_from(["lea", "sam", "max", "cora"])
    leave = builds(lambda *each: each, who, NEARBY, sampled_from([0, 3, 9]), booleans())
    return builds(
        Drawn,
        due=NEARBY,
        extended=none() | builds(lambda a, b: (a, b), BY_NOW, NEARBY),
        assigned=builds(lambda a, b: (a, b), BY_NOW, BY_NOW),
        auditors=sampled_from(["pair", "alone", "nobody", "declined"]),
        leaves=lists(leave, max_size=3).map(tuple),
        leaving=none() | NEARBY,
        promises=lists(builds(lambda a, b: (a, b), BY_NOW, NEARBY), max_size=2).map(tuple),
        runs=lists(BY_NOW, max_size=6, unique=True).map(lambda found: tuple(sorted(found))),
        on=BY_NOW,
        held_until=none() | NEARBY,
        is_held=booleans(),
        raised=BY_NOW,
    ).map(_life)


def _life(drawn: Drawn) -> Life:
    on = drawn.on
    lead_on, second_on = (min(each, on) for each in drawn.assigned)
    spells = [Assignment("lea", "lead", lead_on), Assignment("sam", "second", second_on)]
    if drawn.auditors == "declined":
        spells[1] = replace(spells[1], ended_on=on, ended_by="decline")
    spells = spells[: {"pair": 2, "declined": 2, "alone": 1, "nobody": 0}[drawn.auditors]]
    due_days = [DueDay(drawn.due)]
    if drawn.extended:
        due_days.append(DueDay(drawn.extended[1], min(drawn.extended[0], on)))
    since = due_days[-1].since or SINCE
    start = max([since, *(each.assigned_on for each in spells)])
    promises = tuple(
        Promise(given, max(given, promised), number=number)
        for number, (given, promised) in enumerate(sorted(drawn.promises))
        if start <= given <= on and drawn.auditors in ("pair", "alone")
    )
    audit = replace(
        an_audit(), requested_on=SINCE, due_days=tuple(due_days), assignments=tuple(spells), promises=promises
    )
    leaves: dict[str, list[Leave]] = {}
    for name, first, length, deputy in drawn.leaves:
        spell = Leave(first, first + timedelta(length), "dan" if deputy and name in ("max", "cora") else None)
        leaves.setdefault(name, []).append(spell)
    people = tuple(
        Person(
            name,
            (role,),
            line_manager="max" if name in ("lea", "sam") else None,
            leaves=_apart(leaves.get(name, [])),
            leaving_on=drawn.leaving if name == "lea" else None,
        )
        for name, role in (
            ("cora", "coordinator"),
            ("max", "manager"),
            ("dan", "manager"),
            ("lea", "auditor"),
            ("sam", "auditor"),
        )
    )
    action = Action("X1", "lea", (DueDay(drawn.due),), agreed_on=min(drawn.raised, on))
    remedy = Remedy("Y1", "sam", (DueDay(drawn.due),), raised_on=min(drawn.raised, on))
    facts = replace(facts_of(audit, people=people), actions=(action,), remedies=(remedy,))
    return Life(facts, tuple(day for day in drawn.runs if day <= on), on, drawn.held_until, drawn.is_held)


def _apart(leaves: list[Leave]) -> tuple[Leave, ...]:
    """Return those that share no day with an earlier one."""
    found: list[Leave] = []
    for leave in sorted(leaves, key=lambda each: each.from_on):
        if not found or leave.from_on > found[-1].to_on:
            found.append(leave)
    return tuple(found)


THINGS = (("audit", "A1"), ("action", "X1"), ("remedy", "Y1"))


def first_written(kind: str, id_: int, after: date) -> date | None:
    """Return the first day after one on which the run writes a reminder of a thing, as things stand."""
    for n in range(1, 150):
        on = after + timedelta(n)
        if working_days().is_working_day(on):
            messages = decide(day_of(on)).messages.values()
            if any(
                (item.obligation_kind, item.obligation_id) == (kind, id_) for due in messages for item in due
            ):
                return on
    return None


def told(life: Life) -> Iterator[tuple[str, date | None, date | None]]:
    """Yield the day that is told of each thing, on lines and the list, and that on which the run writes."""
    with transaction():
        db.session.execute(db.delete(HeldItem))
    load(life.facts)
    for on in life.runs:
        run(on)
    if life.is_held:
        _hold(life)
    for kind, reference in THINGS:
        subject = subject_of(kind, reference)
        assert subject is not None
        coming = Followed(subject, life.on, sees_all=True).on(life.on).coming
        yield reference, coming and coming[1], first_written(kind, subject.id, life.on)
    [audit_id] = db.session.scalars(db.select(AuditRow.id))
    days = working_days()
    [listed] = _lines([audit_id], standings(life.on, days), days)
    after = life.on if life.on in life.runs else life.on - timedelta(1)
    words = listed.next_step or ""
    is_promise_alone = words.startswith("promised") and ", then " not in words
    on_list = None if is_promise_alone else listed.next_step_on
    yield "chase list", on_list, first_written("audit", audit_id, after)


def _hold(life: Life) -> None:
    """Hold all that the next steps of the audit say to its lead."""
    audit = db.session.scalars(db.select(AuditRow)).one()
    lea = db.session.scalars(db.select(PersonRow).where(PersonRow.email == "lea")).one()
    with transaction():
        db.session.add_all(
            HeldItem(
                obligation_kind="audit",
                obligation_id=audit.id,
                person_id=lea.id,
                kind="digest",
                step=step,
                anchor_on=audit.due_on,
                reference="A1",
                made_on=SINCE,
                by_id=lea.id,
                because="Court",
                until_on=life.held_until,
            )
            for step in ("due-soon", "due-today", "overdue")
        )


@settings(
    max_examples=25,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(life=lives())
def test_the_line_names_the_first_day_on_which_the_run_writes(app: Flask, life: Life) -> None:
    for place, is_told, is_written in told(life):
        assert is_told == is_written, place
