"""The conditions of the database say the same of every action as the pure rule does."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from app.actions.lifecycle import ActionState, action_state, is_overdue
from app.actions.models import Action
from app.actions.moving import action_facts
from app.actions.standing import Standing, standings
from app.database import db, transaction
from app.people.models import Person
from app.tracker.action_list import Filters, counts, how_many, ids
from app.working_days import WorkingDays
from tests.factories import a_person

FIRST = date(2011, 1, 3)
DAYS = st.integers(0, 20).map(lambda k: FIRST + timedelta(days=k))


@st.composite
def lives(draw: st.DrawFn) -> dict[str, Any]:
    """An action's facts in an order in which they can happen."""
    done, signed, checked = sorted(draw(st.lists(DAYS, min_size=3, max_size=3)))
    reached = draw(st.integers(0, 3))
    return {
        "is_draft": draw(st.booleans()) and draw(st.booleans()),
        "owner_id": draw(st.sampled_from([1, 1, 1, None])),
        "due_on": draw(st.one_of(st.none(), DAYS)),
        "agreed_on": draw(st.one_of(st.none(), DAYS)),
        "started_on": draw(st.one_of(st.none(), DAYS)),
        "done_on": done if reached > 0 else None,
        "signed_off_on": signed if reached > 1 else None,
        "impact_checked_on": checked if reached > 2 else None,
        "impact": draw(st.sampled_from(["effective", "not effective"])) if reached > 2 else None,
        "withdrawn_on": draw(st.one_of(st.none(), st.none(), DAYS)),
    }


@pytest.fixture
def owner(app: Flask) -> int:
    return a_person("Ada Owner").id


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(facts=st.lists(lives(), min_size=1, max_size=30), on=DAYS)
def test_the_database_and_the_rule_agree(owner: int, facts: list[dict[str, Any]], on: date) -> None:
    with transaction():
        db.session.execute(delete(Action))
        for number, life in enumerate(facts, start=1):
            owned = {"owner_id": owner if life["owner_id"] else None}
            db.session.add(Action(reference=f"A{number}", text="Do it", **(life | owned)))
    days = WorkingDays()
    at = standings(on, days)
    actions = {action.reference: action_facts(action) for action in db.session.scalars(select(Action))}

    def found(standing: Standing) -> set[str]:
        return set(db.session.scalars(select(Action.reference).where(at.where(standing))))

    for state in ActionState:
        wanted = {reference for reference, each in actions.items() if action_state(each, on) == state}
        assert found(Standing(state.value)) == wanted, state
    assert found(Standing.OVERDUE) == {ref for ref, each in actions.items() if is_overdue(each, on, days)}
    everything = Filters(with_closed=True)
    listed = ids(everything, at, limit=None)
    assert len(listed) == len(set(listed)) == how_many(everything, at) == len(facts)
    paged = [each for skip in range(0, len(facts), 7) for each in ids(everything, at, skip=skip, limit=7)]
    assert paged == listed
    numbers = counts(everything, at, *(Standing(state.value) for state in ActionState))
    assert sum(numbers.values()) == len(facts)
    theirs = Filters(may_see=db.session.get_one(Person, owner))
    is_theirs = Action.owner_id == owner
    assert counts(theirs, at, *Standing) == {
        standing: len(db.session.scalars(select(Action.id).where(is_theirs, at.where(standing))).all())
        for standing in Standing
    }
