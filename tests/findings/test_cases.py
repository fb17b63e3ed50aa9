"""The cases behind audits: different ones, and those of two cycles, on both databases."""

import json
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import update

from app.audits.counting import DifferentCases, cases_of
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.standing import standings
from app.case_keys.mark import as_compared
from app.database import db, transaction
from app.findings.cases import shared_cases
from app.findings.compared import compared
from app.findings.freezing import findings_of, keep
from app.findings.models import Snapshot
from app.people.closures import working_days
from tests.findings.asked_cycles import a_cycle_that_found, a_tool_asking
from tests.history.tampered import drop_triggers

FIRST, SECOND, LATER = date(2010, 10, 4), date(2011, 4, 4), date(2012, 1, 9)


@pytest.fixture
def two_cycles(service: Flask) -> tuple[Cycle, Cycle]:
    """Cases A1 to A4 with two returns each, then A3 to A10 with one each, three of the numbers written in
    another way."""
    tool = a_tool_asking("child_seen")
    first = a_cycle_that_found(
        "2010-1", tool, FIRST, {"child_seen": (8, 0)}, cases=["A1", "A2", "A3", "A4"], selection="random"
    )
    cases = ["a 3", "00A-4", "A5", "a6", "A7", "A8", "A9", "A10"]
    second = a_cycle_that_found("2011-1", tool, SECOND, {"child_seen": (6, 2)}, cases=cases)
    return first, second


def freeze(cycle: Cycle) -> None:
    with transaction():
        cycle.frozen_on = cycle.closed_on
        keep(cycle)


def as_an_early_snapshot(cycle: Cycle) -> None:
    """Take what early snapshots lacked out of one, and put the range in that it could have then."""
    with transaction():
        snapshot = db.session.get(Snapshot, cycle.id)
        assert snapshot is not None
        document = json.loads(snapshot.findings)
        del document["cases"], document["same_cases"]
        document["cautions"].append(
            "No earlier cycle has been declared comparable. Different children were audited, so the figures "
            "do not show whether practice got better or worse."
        )
        document["areas"][0]["figure"]["interval"] = {"low": 0.4, "high": 1.0}
        drop_triggers(db.session.connection())
        snapshot.findings = json.dumps(document)


def forget_case_numbers() -> None:
    with transaction():
        db.session.execute(update(Audit).values(case_reference=None, case_folded=None))


def test_cases_are_counted_by_their_folded_number(two_cycles: tuple[Cycle, Cycle]) -> None:
    first, second = two_cycles
    at = standings(LATER, working_days())
    assert cases_of(first.id, at) == DifferentCases(4, 4)
    assert cases_of(second.id, at) == DifferentCases(8, 8)
    with transaction():
        of_second = update(Audit).where(Audit.cycle_id == second.id)
        db.session.execute(
            of_second.where(Audit.case_folded.in_(map(as_compared, ["a3", "a4"]))).values(returned_on=None)
        )
        db.session.execute(
            of_second.where(Audit.case_folded == as_compared("a5")).values(withdrawn_on=SECOND)
        )
    assert cases_of(second.id, at) == DifferentCases(5, 7)
    assert findings_of(first, LATER).no_interval_because == "8 returns about 4 cases"
    assert findings_of(second, LATER).no_interval_because is None


def test_audits_that_do_not_count_are_no_cases(two_cycles: tuple[Cycle, Cycle]) -> None:
    first, second = two_cycles
    with transaction():
        db.session.execute(
            update(Audit)
            .where(Audit.case_folded == as_compared("a3"), Audit.cycle_id == second.id)
            .values(returned_on=None)
        )
    at = standings(LATER, working_days())
    assert shared_cases(second, at) == {"2010-1": 1}
    assert shared_cases(first, at) == {"2011-1": 1}
    assert shared_cases(first, at, Cycle.id == first.id) == {}


def test_a_cycle_without_audits_shares_no_case(two_cycles: tuple[Cycle, Cycle]) -> None:
    a_cycle_that_found("2011-2", two_cycles[0].tool, SECOND, {})
    assert shared_cases(two_cycles[1], standings(LATER, working_days())) == {"2010-1": 2, "2011-2": 0}


@pytest.mark.parametrize("frozen_last", [0, 1])
def test_what_is_in_both_stays_as_frozen_when_case_numbers_are_removed(
    two_cycles: tuple[Cycle, Cycle], frozen_last: int
) -> None:
    first, second = two_cycles
    freeze(two_cycles[1 - frozen_last])
    freeze(two_cycles[frozen_last])
    before = str(compared(first, second, LATER).same_cases)
    assert before == "2 of the 8 cases were in both cycles"
    forget_case_numbers()
    assert str(compared(first, second, LATER).same_cases) == before
    assert findings_of(first, LATER).no_interval_because == "8 returns about 4 cases"


def test_without_case_numbers_it_is_not_known(two_cycles: tuple[Cycle, Cycle]) -> None:
    first, second = two_cycles
    freeze(first)
    forget_case_numbers()
    assert str(compared(first, second, LATER).same_cases) == "it is not known whether any case was in both"


def test_an_early_snapshot_lacks_the_cases_and_they_are_looked_up(
    two_cycles: tuple[Cycle, Cycle],
) -> None:
    first, second = two_cycles
    freeze(first)
    freeze(second)
    as_an_early_snapshot(first)
    as_an_early_snapshot(second)
    assert findings_of(first, LATER).cases == 4
    assert findings_of(first, LATER).areas[0].figure.interval is None
    assert findings_of(second, LATER).cases == 8
    assert findings_of(second, LATER).areas[0].figure.interval is not None
    assert findings_of(second, LATER).cautions[-1] == (
        "No earlier cycle has been declared comparable, so the figures do not show whether practice got "
        "better or worse."
    )
    assert str(compared(first, second, LATER).same_cases) == "2 of the 8 cases were in both cycles"
