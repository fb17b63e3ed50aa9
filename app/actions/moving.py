"""The moves of actions and recommendations: the rules that refuse them, and what both have in common."""

from collections.abc import Container
from contextlib import AbstractContextManager
from datetime import date

from app.actions.lifecycle import (
    ActionFacts,
    Move,
    RecommendationFacts,
    RecommendationState,
    recommendation_state,
    refuse,
)
from app.actions.models import Action, MovedDate, Recommendation
from app.database import db
from app.moves.moving import moving, tell, words
from app.people.closures import due_in_words
from app.people.models import Person
from app.refusal import Refused
from app.wording import in_words


def action_facts(action: Action) -> ActionFacts:
    """Return the facts of an action for the rules."""
    return ActionFacts(
        owner_id=action.owner_id,
        due_on=action.due_on,
        is_draft=action.is_draft,
        agreed_on=action.agreed_on,
        started_on=action.started_on,
        done_on=action.done_on,
        signed_off_on=action.signed_off_on,
        signed_off_by_id=action.signed_off_by_id,
        impact_checked_on=action.impact_checked_on,
        impact=action.impact,
        withdrawn_on=action.withdrawn_on,
    )


def recommendation_facts(recommendation: Recommendation) -> RecommendationFacts:
    """Return the facts of a recommendation for the rules."""
    return RecommendationFacts(
        raised_on=recommendation.raised_on,
        due_on=recommendation.due_on,
        decision=recommendation.decision,
        decided_on=recommendation.decided_on,
        carried_out_on=recommendation.carried_out_on,
    )


def due_on(thing: Action | Recommendation, on: date) -> date | None:
    """Return the due day that held on a day: the one before the first move of it made after that day.

    `open_on.py` reads it so in queries.
    """
    later = (moved for moved in thing.moved_dates if moved.is_made and moved.made_on and moved.made_on > on)
    first = next(later, None)
    return thing.due_on if first is None else first.from_due_on


def moving_action(
    reference: str, move: Move, by: Person, on: date, version: int | None = None
) -> AbstractContextManager[Action]:
    """Lock an action for a move on a day and yield it."""
    return moving(Action, reference, lambda action: refuse(move, action_facts(action), on, by.id), version)


def moving_recommendation(
    reference: str, allowed: Container[RecommendationState], on: date, version: int | None = None
) -> AbstractContextManager[Recommendation]:
    """Lock a recommendation for a move, in a state that allows it, and yield it."""

    def refuse(recommendation: Recommendation) -> str | None:
        state = recommendation_state(recommendation_facts(recommendation), on)
        return None if state in allowed else _refusal(state)

    return moving(Recommendation, reference, refuse, version)


def _refusal(state: RecommendationState) -> str:
    """Return why a recommendation in this state cannot make a move, and what can be done instead."""
    match state:
        case RecommendationState.AWAITING_DECISION | RecommendationState.DEFERRED:
            said = "deferred" if state is RecommendationState.DEFERRED else "awaiting a decision"
            return f"This recommendation is {said}, so it cannot be carried out. Record the decision first."
        case RecommendationState.ACCEPTED | RecommendationState.AMENDED:
            return (
                f"This recommendation is {state}, so you cannot change its text or the decision. "
                "You can still change its owner and due date."
            )
    return f"This recommendation is {state}, so you cannot change it. If there is more to do, add a new one."


def set_due_day(
    thing: Action | Recommendation, due_on: date, by: Person, on: date, because: str | None
) -> None:
    """Set the first due day, or another one with a reason. Moves of it are counted.

    Raises Refused for a day in the past, the same day, or another day without a reason.
    """
    if due_on == thing.due_on:
        raise Refused(f"The due date is already {due_in_words(due_on)}")
    if due_on < on:
        raise Refused("Due date must be today or in the future")
    if thing.due_on is None:
        thing.due_on = thing.first_due_on = due_on
        tell(thing, by, on, "due date set", after=due_in_words(due_on))
        return
    because = words(because, "Enter why the due date is changing")
    before = thing.due_on
    thing.moved_dates.append(
        MovedDate(
            from_due_on=before, to_due_on=due_on, because=because, made_on=on, asked_by_id=by.id, asked_on=on
        )
    )
    thing.due_on = due_on
    tell(
        thing,
        by,
        on,
        "due date changed",
        before=due_in_words(before),
        after=due_in_words(due_on),
        why=because,
    )


def present(person_id: int | None, on: date) -> Person | None:
    """Return the person who is to be the owner. Raises Refused for somebody who has left before the day."""
    if person_id is None:
        return None
    person = db.session.get(Person, person_id)
    if person is None:
        raise Refused("Select one person as the owner, not a group")
    if person.has_left(on):
        raise Refused(f"{person.name} left on {in_words(person.leaving_on)}. Select someone who works here.")
    return person
