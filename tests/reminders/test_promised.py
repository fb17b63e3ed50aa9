"""Audits that were promised are not chased as overdue while the promise holds: both implementations."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from app.reminders.daily_run import run

from . import second_implementation
from .case_loading import load_folder, without_tracker
from .conftest import FIRST_CYCLE
from .product import load, send_all, told
from .second_facts import (
    Assignment,
    Audit,
    DueDay,
    Facts,
    Leave,
    Message,
    NotSent,
    Promise,
    Returned,
    Sent,
)
from .small_facts import (
    MAX,
    SAM,
    STAFF,
    an_audit,
    december,
    facts_of,
    november,
    pair,
    with_person,
)

Day = tuple[Sequence[Message], Sequence[NotSent]]
Runs = Callable[[Facts, Sequence[date]], dict[date, Day]]


@pytest.fixture(params=["product", "second"])
def runs(request: pytest.FixtureRequest) -> Runs:
    """Daily runs of some days, one after the other, of the product or the second implementation."""
    return _of_the_product(request.getfixturevalue("app")) if request.param == "product" else _of_the_second


def _of_the_product(app: Flask) -> Runs:
    def of_days(facts: Facts, days: Sequence[date]) -> dict[date, Day]:
        load(facts)
        found = dict[date, Day]()
        for on in days:
            found[on] = told(run(on))
            send_all()
        return found

    return of_days


def _of_the_second(facts: Facts, days: Sequence[date]) -> dict[date, Day]:
    sent, found = Sent(), dict[date, Day]()
    for on in days:
        result = second_implementation.run(facts, sent, on)
        found[on], sent = (result.messages, result.not_sent), result.sent
    return found


def steps(found: dict[date, Day], reference: str = "A1") -> dict[date, set[tuple[str, str]]]:
    """Return what went of an audit on each day: the step, and the person before the @."""
    gone = {
        on: {
            (item.step, message.to.split("@")[0])
            for message in messages
            for item in message.items
            if item.item == reference
        }
        for on, (messages, _) in found.items()
    }
    return {on: some for on, some in gone.items() if some}


def kept_back(found: dict[date, Day], reference: str = "A1") -> dict[date, set[tuple[str, str]]]:
    """Return what was kept back on each day because it is promised."""
    kept = {
        on: {
            (one.step, one.to.split("@")[0]) for one in not_sent if one[1] == reference and one[3] == PROMISED
        }
        for on, (_, not_sent) in found.items()
    }
    return {on: some for on, some in kept.items() if some}


PROMISED = second_implementation.PROMISED
OF_NOVEMBER = [november(n) for n in range(1, 31)]
UNTIL_CHRISTMAS = OF_NOVEMBER + [december(n) for n in range(1, 24)]


def promised(*promises: Promise) -> Facts:
    """An audit of Lea and Sam, due on 12 November 2010, with these promises."""
    return facts_of(an_audit(promises=promises))


# The fixtures of the rules


def test_what_was_promised_in_the_first_cycle_is_chased_when_its_day_has_passed(runs: Runs) -> None:
    found = runs(without_tracker(load_folder(FIRST_CYCLE)), [*OF_NOVEMBER, december(1), december(2)])
    of_17 = steps(found, "CP-017")
    auditors = {"howard.keele", "katarzyna.wilk"}
    # promised on the 16th for the 30th: its overdue of the 16th never goes, its latest steps do on 1 December
    assert max(day for day in of_17 if day < december(1)) == november(12)
    assert {step for step, _ in of_17[december(1)]} == {"overdue-manager", "phone-call"}
    assert {("overdue-manager", auditor) for auditor in auditors} <= of_17[december(1)]
    assert not [step for some in of_17.values() for step, _ in some if step == "overdue"]
    # promised on the 17th for the 26th
    of_9 = steps(found, "CP-009")
    assert of_9[november(16)] == {("overdue", "owen.bickerton")}
    assert sorted(day for day in of_9 if day > november(16)) == [november(29)]
    assert {step for step, _ in of_9[november(29)]} == {"overdue-manager", "phone-call"}
    assert november(19) in kept_back(found, "CP-009")
    assert november(26) in kept_back(found, "CP-009")


def test_a_first_run_ever_on_22_november_sends_nothing_of_what_is_promised(runs: Runs) -> None:
    found = runs(without_tracker(load_folder(FIRST_CYCLE)), [november(22)])
    assert steps(found, "CP-009") == {}
    assert "overdue-manager" in {step for step, _ in kept_back(found, "CP-009")[november(22)]}


# What is kept back, and from whom

OVERDUE = {("overdue", "lea"), ("overdue", "sam")}
TO_MANAGER = {("overdue-manager", "lea"), ("overdue-manager", "sam"), ("overdue-manager", "max")}
CALL = {("phone-call", "cora")}
LADDER = {november(16): OVERDUE, november(19): TO_MANAGER, november(26): CALL}


@pytest.mark.parametrize(
    ("promises", "expected"),
    [
        ([], LADDER),
        ([Promise(november(15), november(30))], {december(1): TO_MANAGER | CALL}),
        (
            [Promise(november(17), november(24))],
            {november(16): OVERDUE, november(25): TO_MANAGER, november(26): CALL},
        ),
        # before the due day: only what comes after it is kept back
        (
            [Promise(november(3), november(16))],
            {november(17): OVERDUE, november(19): TO_MANAGER, november(26): CALL},
        ),
        # a promised Saturday holds on Monday
        ([Promise(november(15), november(20))], {november(23): TO_MANAGER, november(26): CALL}),
        # the latest holds, also when it is the earlier day
        (
            [Promise(november(15), november(30)), Promise(november(17), november(18), number=1)],
            {november(19): TO_MANAGER, november(26): CALL},
        ),
        # of two on one day the one that was recorded later
        (
            [Promise(november(15), november(30)), Promise(november(15), november(18), number=1)],
            {november(19): TO_MANAGER, november(26): CALL},
        ),
        # at most to the 20th working day past the due day
        ([Promise(november(15), december(20))], {december(13): TO_MANAGER | CALL}),
        # two were broken: none holds
        (
            [
                Promise(november(8), november(10)),
                Promise(november(11), november(11), number=1),
                Promise(november(15), november(30), "lea", number=2),
            ],
            LADDER,
        ),
        # one was replaced before its day
        (
            [
                Promise(november(8), november(12)),
                Promise(november(11), november(11), number=1),
                Promise(november(15), november(30), "lea", number=2),
            ],
            {december(1): TO_MANAGER | CALL},
        ),
        # struck through, because it was logged by mistake
        (
            [Promise(november(15), november(30), struck_on=november(17))],
            {november(17): OVERDUE, november(19): TO_MANAGER, november(26): CALL},
        ),
        # then the one before holds again
        (
            [
                Promise(november(15), november(24)),
                Promise(november(16), november(17), struck_on=november(18), number=1),
            ],
            {november(18): set(), november(25): TO_MANAGER, november(26): CALL},
        ),
    ],
)
def test_what_goes_of_an_audit_that_was_promised(
    runs: Runs, promises: list[Promise], expected: dict[date, set[tuple[str, str]]]
) -> None:
    found = steps(runs(promised(*promises), UNTIL_CHRISTMAS))
    after_due = {day: some for day, some in found.items() if day > november(12)}
    assert after_due == {day: some for day, some in expected.items() if some}
    assert found[november(12)] == {("due-today", "lea"), ("due-today", "sam")}


TOM = replace(SAM, email="tom")
PROMISE = Promise(november(15), november(30))
"""Kept back until 30 November, unless something ends it."""

BOTH = pair()
SAM_TO_TOM = (
    BOTH[0],
    replace(BOTH[1], ended_on=november(17), ended_by="reassignment"),
    Assignment("tom", "second", november(17)),
)
TOM_JOINS = (BOTH[0], Assignment("tom", "second", november(17)))
SAM_DECLINES = (BOTH[0], replace(BOTH[1], ended_on=november(17), ended_by="decline"))


@pytest.mark.parametrize(
    ("audit", "on", "expected"),
    [
        (
            an_audit(due_days=(DueDay(november(12)), DueDay(november(15), november(17)))),
            november(17),
            OVERDUE,
        ),
        (an_audit(assignments=SAM_TO_TOM), november(17), {("overdue", "lea"), ("assigned", "tom")}),
        (an_audit(assignments=TOM_JOINS), november(17), {("overdue", "lea"), ("assigned", "tom")}),
        (an_audit(assignments=SAM_DECLINES), november(17), {("overdue", "lea"), ("overdue", "cora")}),
        (
            an_audit(
                due_days=(DueDay(november(12)), DueDay(november(18), november(17))),
                returns=(Returned(november(16), sent_back_on=november(17)),),
            ),
            november(22),
            OVERDUE,
        ),
        # given on the day of the change: of the new due day
        (
            an_audit(due_days=(DueDay(november(12)), DueDay(november(16), november(15)))),
            december(1),
            TO_MANAGER | CALL,
        ),
    ],
    ids=["extended", "reassigned", "assigned", "declined", "sent-back", "extended-the-same-day"],
)
def test_what_ends_a_promise(runs: Runs, audit: Audit, on: date, expected: set[tuple[str, str]]) -> None:
    facts = facts_of(replace(audit, promises=(PROMISE,)), people=(*STAFF, TOM))
    found = steps(runs(facts, UNTIL_CHRISTMAS))
    after = {
        day: some
        for day, some in found.items()
        if day >= november(15) and {step for step, _ in some} & {"overdue", "overdue-manager", "phone-call"}
    }
    first = min(after)
    assert (first, after[first]) == (on, expected)


def test_a_promise_keeps_nothing_back_that_is_not_about_being_overdue(runs: Runs) -> None:
    # who is new is told of the audit, and coordinators are asked to hand on what a leaver has
    gone = replace(SAM, leaving_on=november(16))
    audit = an_audit(
        promises=(Promise(november(15), november(30)),),
        assignments=(replace(BOTH[0], assigned_on=november(15)), BOTH[1]),
    )
    found = runs(facts_of(audit, people=with_person(STAFF, gone)), OF_NOVEMBER)
    assert steps(found)[november(15)] == {("assigned", "lea")}
    assert steps(found)[november(17)] == {("reassign", "cora")}


def test_why_it_was_not_sent_is_told_in_order_left_on_leave_promised_already_sent(runs: Runs) -> None:
    gone = replace(SAM, leaving_on=november(15))
    away = replace(MAX, leaves=(Leave(november(19), november(19)),))
    people = with_person(with_person(STAFF, gone), away)
    facts = facts_of(an_audit(promises=(PROMISE,)), people=people)
    found = runs(facts, [november(16), november(19), november(19)])
    of_16 = {(one.to, one.step, one.reason) for one in found[november(16)][1]}
    assert of_16 == {("lea", "overdue", "promised"), ("sam", "overdue", "left")}
    of_19 = {(one.to, one.step, one.reason) for one in found[november(19)][1]}
    assert ("max", "overdue-manager", "on leave") in of_19
    assert ("lea", "overdue-manager", "promised") in of_19


def test_another_audit_of_theirs_goes_on(runs: Runs) -> None:
    facts = facts_of(an_audit(promises=(PROMISE,)), an_audit("A2"))
    found = runs(facts, UNTIL_CHRISTMAS[1:])
    assert steps(found, "A2") == {
        november(2): {("assigned", "lea"), ("assigned", "sam")},
        november(5): {("due-soon", "lea"), ("due-soon", "sam")},
        november(12): {("due-today", "lea"), ("due-today", "sam")},
        **LADDER,
    }
