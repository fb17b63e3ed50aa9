"""The facts of a report, and what follows from them."""

from dataclasses import replace
from datetime import date

import pytest

from app.actions.lifecycle import RecommendationState
from app.reports.facts import Auditors, Work
from tests.reports.cases import TODAY, a_cycle, a_material, a_recommendation, an_area


@pytest.mark.parametrize(
    ("closed_on", "is_open"),
    [(None, True), (date(2010, 12, 21), False), (TODAY, False), (date(2010, 12, 23), True)],
)
def test_a_cycle_is_open_until_the_day_it_was_closed(closed_on: date | None, is_open: bool) -> None:
    assert a_material(an_area("Child seen"), cycle=a_cycle(closed_on)).is_open is is_open


def test_what_was_not_counted_is_nought() -> None:
    assert Auditors() == Auditors(0, (), 0, 0, (), 0, 0)
    assert Work() == Work(0, 0, 0, False, 0, (), 0, 0)


@pytest.mark.parametrize(
    ("state", "asks_for_owner"),
    [
        (RecommendationState.AWAITING_DECISION, True),
        (RecommendationState.ACCEPTED, True),
        (RecommendationState.AMENDED, True),
        (RecommendationState.DEFERRED, False),
        (RecommendationState.REJECTED, False),
        (RecommendationState.CARRIED_OUT, False),
    ],
)
def test_a_recommendation_is_incomplete_while_it_lacks_owner_or_date(
    state: RecommendationState, asks_for_owner: bool
) -> None:
    whole = a_recommendation(state=state)
    assert not whole.is_incomplete
    assert replace(whole, owner=None).is_incomplete is asks_for_owner
    assert replace(whole, due_on=None).is_incomplete is asks_for_owner
