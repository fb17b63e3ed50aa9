"""The conditions of the database say the same of every audit as the rules do of its facts."""

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from app.audits.counting import returns_by_cycle
from app.audits.cycle import Cycle
from app.audits.facts import facts, pair_on, with_facts
from app.audits.lifecycle import State, returned_after_cut_off
from app.audits.models import Assignment, Audit
from app.audits.parts import PARTS
from app.audits.returns import Returns
from app.audits.standing import Standing, standings
from app.chase_list.queries import SORTS, Asked, counts, ids
from app.chase_list.rows import ChaseRow, rows
from app.database import db, transaction
from app.people.models import Person
from app.working_days import WorkingDays, happened
from tests.factories import a_cycle, a_person, a_team, a_tool, an_audit

BEGIN = date(2010, 12, 23)
DAYS = st.integers(0, 7).map(lambda n: BEGIN + timedelta(days=n))  # few and with Christmas among them
MAYBE = st.none() | DAYS
SELDOM = st.integers(0, 4).flatmap(lambda chance: st.none() if chance else DAYS)

SPELLS = st.lists(st.tuples(st.sampled_from(PARTS), DAYS, SELDOM), max_size=4)
FACTS = st.fixed_dictionaries(
    {
        "due_on": DAYS,
        "started_on": MAYBE,
        "returned_on": MAYBE,
        "returned_in_product": st.booleans(),
        "confirmed_on": MAYBE,
        "withdrawn_on": SELDOM,
        "exempted_on": SELDOM,
        "cycle": st.integers(0, 2),
    }
)
FOR_ONE = "2"
"""The cycle that needs one auditor for each audit."""
CLOSINGS = st.just((None, None)) | st.tuples(DAYS, MAYBE)
SEVEN = list(Standing)[:7]
PARTS_OF_THE_COUNT = {Standing.RETURNED, Standing.NOT_RETURNED, Standing.WITHDRAWN, Standing.OPEN}


def expected(row: ChaseRow, on: date) -> set[Standing]:
    """Return every standing of an audit, by the rules over its facts."""
    known, at = row.facts, set()
    late = row.state is State.RETURNED and returned_after_cut_off(known, on)
    if row.is_open:
        at |= {Standing(row.state.value), Standing.OPEN}
        is_enough = len(row.pair) == 2 or (row.cycle == FOR_ONE and "lead" in row.pair)
        if not is_enough:
            at.add(Standing.HALF_A_PAIR if row.pair else Standing.WITHOUT_AUDITORS)
    elif late:
        at |= {Standing.NOT_RETURNED, Standing.AFTER_CUT_OFF}
    else:
        ended = row.state in (State.RETURNED, State.WITHDRAWN)
        at.add(Standing(row.state.value) if ended else Standing.NOT_RETURNED)
    waits = row.state is State.RETURNED and not happened(known.confirmed_on, on) and row.second
    if waits and known.returned_in_product and not happened(known.cycle_closed_on, on):
        at.add(Standing.TO_CONFIRM)
    return at


def same_facts(row: ChaseRow, audit: Audit, on: date) -> bool:
    """The list and the audit's own page tell the same of it."""
    known = facts(audit, on)
    told = replace(row.facts, returned_on=known.returned_on)  # a later return is no fact yet
    pair = {spell.part: spell.person_id for spell in pair_on(audit, on).spells}
    return told == known and {name: auditor.person_id for name, auditor in row.pair.items()} == pair


def due_this_week(row: ChaseRow, on: date, days: WorkingDays) -> bool:
    last = on + timedelta(days=6 - on.weekday())
    return row.is_open and on <= days.offset(row.facts.due_on, 0) <= last


def not_yet_due(row: ChaseRow, on: date, days: WorkingDays) -> bool:
    return row.is_open and not row.is_due_today and not days.is_late(row.facts.due_on, on)


def all_audits() -> list[Audit]:
    db.session.expire_all()
    return sorted(with_facts(db.session.scalars(select(Audit.id))), key=lambda audit: audit.id)


def emptied() -> None:
    for model in (Assignment, Audit, Cycle):
        db.session.execute(delete(model))


def made(
    audits: list[tuple[dict[str, date | int | bool | None], list[tuple[str, date, date | None]]]],
    closings: list[tuple[date | None, date | None]],
    people: Iterator[Person],
) -> None:
    tool_id, team_id = a_tool().id, a_team().id
    with transaction():
        emptied()
        for number, (closed_on, cut_off_on) in enumerate(closings):
            db.session.add(
                Cycle(
                    id=number + 1,
                    reference=str(number),
                    title="A cycle",
                    theme="Theme",
                    tool_id=tool_id,
                    requested_on=date(2010, 10, 4),
                    due_on=date(2010, 12, 17),
                    closed_on=closed_on,
                    cut_off_on=cut_off_on,
                    auditors=1 if str(number) == FOR_ONE else 2,
                )
            )
        db.session.flush()
        for number, (told, spells) in enumerate(audits):
            cycle_id = int(str(told["cycle"])) + 1
            days = {name: value for name, value in told.items() if name != "cycle"}
            audit = Audit(
                reference=f"A-{number}",
                team_id=team_id,
                cycle_id=cycle_id,
                requested_on=date(2010, 10, 4),
                first_due_on=told["due_on"],
                **days,
            )
            held: set[str] = set()
            for name, assigned_on, ended_on in spells:
                # nobody takes a part over before the one before has given it up
                if name in held or (ended_on and ended_on < assigned_on):
                    continue
                held.add(name)
                audit.assignments.append(
                    Assignment(
                        part=name, person_id=next(people).id, assigned_on=assigned_on, ended_on=ended_on
                    )
                )
            db.session.add(audit)


Made = list[tuple[dict[str, date | int | bool | None], list[tuple[str, date, date | None]]]]
Closed = list[tuple[date | None, date | None]]

given_audits = given(
    audits=st.lists(st.tuples(FACTS, SPELLS), min_size=6, max_size=16),
    closings=st.lists(CLOSINGS, min_size=3, max_size=3),
    on=DAYS,
)
ON_ONE_DATABASE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.mark.usefixtures("app")
@settings(max_examples=100, deadline=None, suppress_health_check=ON_ONE_DATABASE)
@given_audits
def test_each_audit_is_found_where_its_facts_put_it(audits: Made, closings: Closed, on: date) -> None:
    found_where_its_facts_put_it(audits, closings, on)


@pytest.mark.postgresql
@pytest.mark.usefixtures("postgresql_app")
@settings(max_examples=20, deadline=None, suppress_health_check=ON_ONE_DATABASE)
@given_audits
def test_it_is_found_there_on_postgresql_too(audits: Made, closings: Closed, on: date) -> None:
    found_where_its_facts_put_it(audits, closings, on)
    listed = ids(Asked(search="a-", never_chased=True), standings(on, WorkingDays()))
    assert len(listed) == len(audits)
    for sort in SORTS:
        assert len(ids(Asked(sort=f"-{sort}"), standings(on, WorkingDays()))) == len(audits)


def found_where_its_facts_put_it(audits: Made, closings: Closed, on: date) -> None:
    people = [db.session.get(Person, number) or a_person() for number in (1, 2, 3, 4)]
    made(audits, closings, itertools.cycle(people))
    days = WorkingDays([date(2010, 12, 29)])
    at = standings(on, days)
    everything = rows(list(db.session.scalars(select(Audit.id).order_by(Audit.id))), on, days)
    assert all(same_facts(row, audit, on) for row, audit in zip(everything, all_audits(), strict=True))
    for standing in Standing:
        found = set(db.session.scalars(select(Audit.id).where(at.where(standing))))
        should = {
            row.id
            for row in everything
            if (
                due_this_week(row, on, days)
                if standing is Standing.DUE_THIS_WEEK
                else standing in expected(row, on)
            )
        }
        assert found == should, standing
        assert all(standing is not Standing.OPEN or row.is_open == (row.id in found) for row in everything)
    ahead = set(db.session.scalars(select(Audit.id).where(at.not_yet_due())))
    assert ahead == {row.id for row in everything if not_yet_due(row, on, days)}
    assert sum(len(expected(row, on) & set(SEVEN)) for row in everything) == len(everything)

    counted = counts(Asked(), at)
    parts = Counter(next(iter(expected(row, on) & PARTS_OF_THE_COUNT)) for row in everything)
    whole = Returns(
        len(everything), parts[Standing.RETURNED], parts[Standing.NOT_RETURNED], parts[Standing.WITHDRAWN]
    )
    assert whole.open == parts[Standing.OPEN]
    assert counted.returns == whole
    assert counted.overdue == sum(Standing.OVERDUE in expected(row, on) for row in everything)
    assert counted.due_this_week == sum(due_this_week(row, on, days) for row in everything)

    by_cycle = returns_by_cycle(at)
    assert sum(returns.requested for returns in by_cycle.values()) == whole.requested
    assert sum(returns.returned for returns in by_cycle.values()) == whole.returned
    assert sum(returns.not_returned for returns in by_cycle.values()) == whole.not_returned
    assert sum(returns.open for returns in by_cycle.values()) == whole.open
    assert all(min(returns.open, returns.not_returned) >= 0 for returns in by_cycle.values())


BACK, LATE, CLOSED = date(2010, 12, 16), date(2010, 12, 20), date(2010, 12, 17)


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("counted_as", "facts_of_audit", "closed_on", "on"),
    [
        ("open", {}, None, LATE),
        ("open", {}, LATE, CLOSED),  # a closing day that is still to come has not happened
        ("returned", {"returned_on": BACK}, None, LATE),
        ("returned", {"returned_on": BACK}, CLOSED, LATE),
        ("returned", {"returned_on": CLOSED}, CLOSED, LATE),
        ("returned", {"returned_on": BACK, "exempted_on": BACK}, None, LATE),
        ("open", {"returned_on": LATE}, None, CLOSED),
        ("not returned", {"returned_on": LATE}, CLOSED, LATE),
        ("not returned", {}, CLOSED, LATE),
        ("not returned", {"exempted_on": BACK}, None, LATE),
        ("withdrawn", {"withdrawn_on": BACK}, None, LATE),
        ("withdrawn", {"withdrawn_on": LATE, "returned_on": BACK}, CLOSED, LATE),
    ],
)
def test_every_audit_is_counted_in_one_part(
    counted_as: str, facts_of_audit: dict[str, Any], closed_on: date | None, on: date
) -> None:
    an_audit(cycle=a_cycle(closed_on=closed_on), **facts_of_audit)
    at = standings(on, WorkingDays())
    found = [part for part in PARTS_OF_THE_COUNT if db.session.scalar(select(Audit.id).where(at.where(part)))]
    assert found == [Standing(counted_as)]


@pytest.mark.usefixtures("app")
def test_a_closure_day_moves_what_is_overdue() -> None:
    open_on = standings(date(2010, 11, 15), WorkingDays([date(2010, 11, 12)]))
    assert open_on.overdue_until == date(2010, 11, 11)
    assert standings(date(2010, 11, 15), WorkingDays()).overdue_until == date(2010, 11, 12)
