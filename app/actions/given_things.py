"""The actions and recommendations that people are given, for the message that tells them at once.

A recommendation is told of before its decision too: its owner is reminded of it from the date on which it was
raised.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import select

from app.actions.lifecycle import OPEN, action_state, recommendation_is_open
from app.actions.models import Action, Recommendation
from app.actions.moving import action_facts, recommendation_facts
from app.actions.waiting import Waiting
from app.actions.waits import those_that_wait
from app.database import db
from app.given import Given, register, shortened, write_given
from app.people.models import Person

_OTHERWISE = (
    "If you cannot complete it by its due date, open it, ask for a later date and give the reason. If it is "
    "not yours, say so on its page."
)


def tell_owners(
    things: Iterable[Action | Recommendation | None], by: Person, on: date, *, are_agreed: bool = False
) -> None:
    """Tell the owners in one message each, but not of drafts, and not who gave it to themselves; `are_agreed`
    where a body has just decided for them."""
    write_given(
        [(thing.kind, thing.id) for thing in things if thing is not None], by, on, are_agreed=are_agreed
    )


def read_actions(ids: Collection[int], on: date) -> Mapping[int, Given]:
    """Return those of these actions that are agreed and still to be done."""
    actions = db.session.scalars(select(Action).where(Action.id.in_(ids)))
    return {
        action.id: _given(action, action.owner_id)
        for action in actions
        if action.owner_id is not None and action_state(action_facts(action), on) in OPEN
    }


def read_recommendations(ids: Collection[int], on: date) -> Mapping[int, Given]:
    """Return those of these recommendations that are open, with what they wait for."""
    recommendations = db.session.scalars(select(Recommendation).where(Recommendation.id.in_(ids)))
    waiting = those_that_wait(ids, on)
    return {
        made.id: _given(made, made.owner_id, waiting.get(made.id))
        for made in recommendations
        if made.owner_id is not None and recommendation_is_open(recommendation_facts(made), on)
    }


def _given(thing: Action | Recommendation, owner_id: int, waits: Waiting | None = None) -> Given:
    return Given(
        kind=thing.kind,
        reference=thing.reference,
        about=shortened(thing.text),
        due_on=thing.due_on,
        owner_id=owner_id,
        address=f"/{thing.kind}s/{thing.reference}",
        otherwise=waits.can if waits else _OTHERWISE,
        waits=waits.said if waits else "",
    )


register(Action.kind, read_actions)
register(Recommendation.kind, read_recommendations)
