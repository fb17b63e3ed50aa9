"""Tallies count what the audits themselves would, whatever was changed and whoever changed it, on both
databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import delete, event, func, select, text, update

from app.audits.counting import (
    not_due_yet,
    open_by_auditor,
    returned_by_day,
    returns_by_cycle,
    states_by_team,
)
from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit
from app.audits.standing import Standing, Standings, standings
from app.audits.tallies import AuditorTally, Tally, gather
from app.chase_list.queries import Asked, counts, has_second, how_many, ids
from app.cycles import by_auditor
from app.database import db, transaction
from app.people.closures import working_days
from tests.factories import a_cycle, a_person, a_team, an_audit

ON = date(2010, 11, 15)


def at() -> Standings:
    return standings(ON, working_days())


def by_audits(standing: Standing) -> int:
    """Count without tallies, and without what the database says of an audit's auditors."""
    plain = replace(at(), spells_ahead=True)
    return db.session.scalar(select(func.count()).select_from(Audit).where(plain.where(standing))) or 0


def agree() -> None:
    """See that both ways of counting give the same number for every standing."""
    counted = {standing.value: how_many(Asked(standing=standing), at()) for standing in Standing}
    assert counted == {standing.value: by_audits(standing) for standing in Standing}
    assert how_many(Asked(), at()) == db.session.scalar(select(func.count()).select_from(Audit))
    plain = replace(at(), spells_ahead=True)
    assert open_by_auditor(at()) == open_by_auditor(plain)
    for cycle in db.session.scalars(select(Cycle)).all():
        assert not_due_yet(cycle.id, at()) == not_due_yet(cycle.id, plain)
        assert kinds_by_auditor(cycle, at()) == kinds_by_auditor(cycle, plain)


def kinds_by_auditor(cycle: Cycle, of: Standings) -> set[tuple[object, ...]]:
    return {tuple(row) for row in db.session.execute(by_auditor.numbers(cycle, of))}


@pytest.fixture
def audits(service: Flask) -> None:
    """A few of each kind."""
    ann, bob = a_person("Ann Lee"), a_person("Bob Day")
    for n in range(3):
        an_audit(f"A-{n}", lead=ann, second=bob)
        an_audit(f"B-{n}", lead=ann, due_on=date(2010, 11, 30), team="Crewe")
        an_audit(f"C-{n}", second=bob, due_on=date(2010, 11, 16), started_on=date(2010, 11, 1))
        an_audit(f"D-{n}", due_on=date(2010, 12, 1), exempted_on=date(2010, 11, 2))
        an_audit(f"E-{n}", lead=ann, second=bob, returned_on=date(2010, 11, 3 + n))
        an_audit(f"F-{n}", lead=ann, second=bob, withdrawn_on=date(2010, 11, 3))
        closed = a_cycle("2010-0", closed_on=date(2010, 11, 1))
        an_audit(f"G-{n}", lead=ann, second=bob, returned_on=date(2010, 10, 31 - n), cycle=closed)
        an_audit(f"H-{n}", lead=ann, second=bob, returned_on=date(2010, 11, 2), cycle=closed)
        an_audit(f"I-{n}", due_on=date(2010, 11, 30))


def start_and_return() -> None:
    ann = db.session.scalars(select(Assignment.person_id).join(Audit).where(Audit.reference == "B-0")).one()
    with transaction():
        db.session.execute(
            update(Audit).where(Audit.reference.like("B-%")).values(started_on=ON, returned_on=ON)
        )
        db.session.execute(
            update(Assignment)
            .where(Assignment.person_id == ann, Assignment.part == "lead")
            .values(ended_on=ON)
        )


def remove() -> None:
    with transaction():
        db.session.execute(delete(Audit).where(Audit.reference.like("A-%")))
        db.session.execute(delete(Assignment).where(Assignment.part == "second"))


def move_to_another_team() -> None:
    team_id = a_team("Macclesfield").id
    with transaction():
        db.session.execute(update(Audit).values(team_id=team_id))


def move_to_another_cycle() -> None:
    closed = db.session.scalars(select(Cycle.id).where(Cycle.reference == "2010-0")).one()
    with transaction():
        db.session.execute(update(Audit).where(Audit.reference.like("A-%")).values(cycle_id=closed))
        db.session.execute(update(Audit).where(Audit.reference.like("E-%")).values(returned_on=None))
        db.session.execute(update(Audit).where(Audit.reference.like("B-%")).values(exempted_on=ON))
        db.session.execute(update(Audit).where(Audit.reference.like("F-%")).values(withdrawn_on=None))


def hand_over() -> None:
    cat = a_person("Cat Roe")
    with transaction():
        db.session.execute(update(Assignment).where(Assignment.part == "lead").values(person_id=cat.id))


def remove_as_the_product_does() -> None:
    with transaction():
        for audit in db.session.scalars(select(Audit).where(Audit.reference.like("%-1"))):
            db.session.delete(audit)


def end_and_remove_spells() -> None:
    with transaction():
        db.session.execute(delete(Assignment).where(Assignment.part == "lead"))
        db.session.execute(update(Assignment).values(ended_on=ON, person_id=None))


def nothing() -> None:
    """Change nothing."""


@pytest.mark.parametrize(
    "change",
    [
        nothing,
        start_and_return,
        remove,
        move_to_another_team,
        move_to_another_cycle,
        hand_over,
        remove_as_the_product_does,
        end_and_remove_spells,
    ],
)
@pytest.mark.usefixtures("audits")
def test_tallies_agree_with_the_audits_after_each_change(change: Callable[[], None]) -> None:
    agree()
    change()
    agree()
    with transaction():
        gather()
    agree()
    assert db.session.scalar(select(func.min(Tally.number))) == 1 or change is not nothing
    assert db.session.scalar(select(func.min(AuditorTally.number))) == 1 or change is not nothing


@pytest.mark.usefixtures("audits")
def test_whether_an_audit_had_a_second_auditor_is_told_of_each_cycle() -> None:
    for_one = a_cycle("2011-1")
    an_audit("J-1", lead=a_person(), cycle=for_one)
    assert (has_second(None), has_second("2010-1"), has_second("2011-1")) == (True, True, False)
    second = an_audit("J-2", second=a_person(), cycle=for_one)
    assert has_second("2011-1")
    with transaction():
        db.session.execute(update(Assignment).where(Assignment.audit_id == second.id).values(ended_on=ON))
    assert has_second("2011-1")
    with transaction():
        db.session.execute(delete(Assignment).where(Assignment.audit_id == second.id))
    assert not has_second("2011-1")


@pytest.mark.usefixtures("audits")
def test_the_counts_of_a_cycle_are_those_of_its_audits() -> None:
    plain = replace(at(), spells_ahead=True)
    for count in (returns_by_cycle, lambda of: states_by_team(1, of), lambda of: returned_by_day(1, of)):
        assert count(at()) == count(plain)
    for asked in (Asked(), Asked(cycle="2010-1"), Asked(team="Crewe"), Asked(cycle="2010-0", team="Crewe")):
        assert counts(asked, at()) == counts(asked, plain)


@pytest.mark.usefixtures("audits")
def test_each_page_of_the_list_has_the_same_audits_as_the_whole_list() -> None:
    for standing in (None, *Standing):
        asked = Asked(standing=standing)
        whole = ids(asked, at(), limit=None)
        assert whole == ids(asked, replace(at(), spells_ahead=True), limit=None)
        for skip in range(len(whole) + 2):
            assert ids(asked, at(), skip=skip, limit=4) == whole[skip : skip + 4]


@pytest.mark.usefixtures("audits")
def test_counting_reads_no_audit(service: Flask) -> None:
    said: list[str] = []
    now = at()

    @event.listens_for(db.engine, "before_cursor_execute")
    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    counts(Asked(cycle="2010-1", team="Crewe"), now)
    for standing in Standing:
        how_many(Asked(standing=standing), now)
    returns_by_cycle(now)
    open_by_auditor(now)
    not_due_yet(1, now)
    event.remove(db.engine, "before_cursor_execute", hear)
    assert len(said) > len(Standing)
    assert not [statement for statement in said if "FROM audits" in statement]


@pytest.mark.usefixtures("audits")
def test_a_day_before_the_latest_facts_is_counted_from_the_audits() -> None:
    earlier = standings(date(2010, 10, 20), working_days())
    assert earlier.tallied() is earlier
    assert how_many(Asked(standing=Standing.RETURNED), earlier) == 0
    assert how_many(Asked(standing=Standing.OPEN), earlier) == 27


@pytest.mark.usefixtures("audits")
@pytest.mark.parametrize("sort", ["team", "-team", "case", "-case"])
def test_each_page_of_a_sorted_list_has_the_same_audits_as_the_whole_list(sort: str) -> None:
    for asked in (Asked(sort=sort), Asked(sort=sort, standing=Standing.OPEN, cycle="2010-1")):
        whole = ids(asked, replace(at(), spells_ahead=True), limit=None)
        assert whole
        for skip in range(len(whole) + 2):
            assert ids(asked, at(), skip=skip, limit=4) == whole[skip : skip + 4]


@pytest.mark.usefixtures("audits")
def test_who_was_never_chased_is_read_from_an_index_of_reminders_alone() -> None:
    said: list[tuple[str, object]] = []

    @event.listens_for(db.engine, "before_cursor_execute")
    def hear(_connection: object, _cursor: object, statement: str, values: object, *_rest: object) -> None:
        said.append((statement, values))

    assert how_many(Asked(standing=Standing.OVERDUE, never_chased=True), at()) == 3
    event.remove(db.engine, "before_cursor_execute", hear)
    counting, values = said[-1]
    with db.engine.connect() as connection:
        # few rows are read without any index on PostgreSQL, unless it may not
        if connection.dialect.name == "postgresql":
            connection.execute(text("set local enable_seqscan = off"))
            connection.execute(text("set local enable_bitmapscan = off"))
        explain = "explain query plan" if connection.dialect.name == "sqlite" else "explain"
        plan = connection.exec_driver_sql(f"{explain} {counting}", values).all()  # type: ignore[arg-type]
    assert "ix_message_items_reminders" in str(plan)
