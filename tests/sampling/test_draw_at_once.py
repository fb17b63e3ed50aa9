"""Draws on PostgreSQL: kept and repeated there too, and two coordinators who press one button at once."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.selection import Selection
from app.database import db
from app.people.models import Person
from app.refusal import Refused
from app.sampling import moves as draws
from app.sampling import queries as drawn
from app.sampling import requesting as drawn_cases
from app.sampling.models import Draw
from app.sampling.moves import Plan
from app.sampling.seeded_draw import ListedCase
from tests.factories import a_cycle, a_person, a_team

ON = date(2010, 10, 4)
CASES = [ListedCase(f"7{number:05}", "Crewe" if number % 3 else "Nantwich") for number in range(60)]
PLAN = Plan(CASES, Selection.STRATIFIED, 12, seed=42, is_whole_list=True)


@pytest.fixture
def on_postgresql(postgresql_app: Flask) -> Flask:
    a_team("Crewe")
    a_team("Nantwich")
    a_cycle()
    a_person("Jack Denny", roles=["coordinator"])
    draws.keep("2010-1", PLAN, by=coordinator(), on=ON)
    return postgresql_app


def coordinator() -> Person:
    return db.session.scalars(select(Person)).one()


def kept() -> Draw:
    draw = drawn.kept(db.session.scalars(select(Cycle)).one())
    assert draw is not None
    return draw


def both_at_once(app: Flask, move: Callable[[], object]) -> list[object]:
    """Make the move twice at the same moment; return both results, a refusal as its sentence."""
    start, outcomes = threading.Barrier(2), []

    def act() -> None:
        with app.app_context():
            start.wait()
            try:
                outcomes.append(move())
            except Refused as refused:
                outcomes.append(str(refused))
            finally:
                db.session.remove()

    db.session.remove()
    people = [threading.Thread(target=act) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return outcomes


def test_a_kept_draw_comes_out_the_same(on_postgresql: Flask) -> None:
    assert drawn.comes_out_the_same(kept()) is True
    assert [case.case_reference for case in drawn.chosen(kept())] == [
        case.reference for case in PLAN.order()[:12]
    ]


def test_two_who_request_at_once_request_each_audit_once(on_postgresql: Flask) -> None:
    outcomes = both_at_once(on_postgresql, lambda: drawn_cases.request_drawn("2010-1", coordinator(), ON))
    assert sorted(map(str, outcomes)) == ["0", "12"]
    assert db.session.scalar(select(func.count(Audit.id))) == 12


def test_two_who_replace_the_same_case_at_once_replace_it_once(on_postgresql: Flask) -> None:
    drawn_cases.request_drawn("2010-1", coordinator(), ON)

    def replace() -> str:
        drawn_cases.replace("2010-1", 1, "audited recently", None, coordinator(), ON)
        return "replaced"

    outcomes = both_at_once(on_postgresql, replace)
    assert sorted(map(str, outcomes)) == ["This case is not one of the cases to be audited", "replaced"]
    assert len(drawn.chosen(kept())) == 12
    assert db.session.scalar(select(func.count(Audit.id))) == 13
