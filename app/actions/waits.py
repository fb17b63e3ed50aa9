"""The steps of others that a recommendation waits for, so that nobody asks its owner to complete it."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select

from app.actions.lifecycle import RecommendationState, is_proposed, recommendation_state
from app.actions.models import Recommendation
from app.actions.moving import recommendation_facts
from app.actions.waiting import TO_CHECK, UNDECIDED, UNDECIDED_TO_CHECK, Waiting
from app.database import db


def waiting(recommendation: Recommendation, on: date) -> Waiting | None:
    """Return what a recommendation waits for on a date that is not decided, or that its owner has said to be
    carried out; None where it waits for its owner."""
    known = recommendation_facts(recommendation)
    undecided = recommendation_state(known, on) is RecommendationState.AWAITING_DECISION
    if is_proposed(known, on):
        return UNDECIDED_TO_CHECK if undecided else TO_CHECK
    return UNDECIDED if undecided else None


def those_that_wait(ids: Collection[int], on: date) -> Mapping[int, Waiting]:
    """Return what those of these recommendations wait for that do, by id."""
    asked = db.session.scalars(select(Recommendation).where(Recommendation.id.in_(ids)))
    return {made.id: waits for made in asked if (waits := waiting(made, on)) is not None}
