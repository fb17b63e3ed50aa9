"""The actions and recommendations that people are given, for the message that tells them at once."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import select

from app.actions.lifecycle import OPEN, RECOMMENDATIONS_AGREED, action_state, recommendation_state
from app.actions.models import Action, Recommendation
from app.actions.moving import action_facts, recommendation_facts
from app.database import db
from app.given import Given, register, shortened, write_given
from app.people.models import Person

_OTHERWISE = (
    "If you cannot complete it by its due date, open it, ask for a later date and give the reason. If it is "
    "not yours, say so on its page."
)


def tell_owners(things: Iterable[Action | Recommendation | None], by: Person, on: date) -> None:
    """Tell the owners of those that are agreed, in one message each; not who gave it to themselves."""
    write_given([(thing.kind, thing.id) for thing in things if thing is not None], by, on)


def read_actions(ids: Collection[int], on: date) -> Mapping[int, Given]:
    """Return those of these actions that are agreed and still to be done."""
    actions = db.session.scalars(select(Action).where(Action.id.in_(ids)))
    return _given(action for action in actions if action_state(action_facts(action), on) in OPEN)


def read_recommendations(ids: Collection[int], on: date) -> Mapping[int, Given]:
    """Return those of these recommendations that a body accepted, as they were or amended, and that are not
    carried out."""
    recommendations = db.session.scalars(select(Recommendation).where(Recommendation.id.in_(ids)))
    return _given(
        recommendation
        for recommendation in recommendations
        if recommendation_state(recommendation_facts(recommendation), on) in RECOMMENDATIONS_AGREED
    )


def _given(things: Iterable[Action | Recommendation]) -> Mapping[int, Given]:
    return {
        thing.id: Given(
            kind=thing.kind,
            reference=thing.reference,
            about=shortened(thing.text),
            due_on=thing.due_on,
            owner_id=thing.owner_id,
            address=f"/{thing.kind}s/{thing.reference}",
            otherwise=_OTHERWISE,
        )
        for thing in things
        if thing.owner_id is not None
    }


register(Action.kind, read_actions)
register(Recommendation.kind, read_recommendations)
