"""The moves of actions and recommendations: the rules that refuse them, and what both have in common."""

from contextlib import AbstractContextManager
from datetime import date
from typing import TypeVar

from app.actions.lifecycle import (
    ActionFacts,
    ActionState,
    Move,
    RecommendationFacts,
    action_state,
    refuse_move,
)
from app.actions.models import Action, MovedDate, Recommendation
from app.database import db
from app.moves.moving import moving, tell, words
from app.news import telling as news
from app.news.happenings import Happening
from app.people.closures import due_in_words
from app.people.models import Person
from app.refusal import Refused
from app.wording import in_words

Tracked = Action | Recommendation
Kind = TypeVar("Kind", bound=Tracked)

HANDED_BACK, SENT_BACK = "handed back", "sent back"
SIGN_OFF_TAKEN_BACK, CHECK_TAKEN_BACK = "sign-off taken back", "impact check taken back"
DECISION_TAKEN_BACK, OPENED_AGAIN = "decision taken back", "opened again"

EMPTIED_BY = {
    HANDED_BACK: ("owner_id",),
    SENT_BACK: ("done_on",),
    SIGN_OFF_TAKEN_BACK: ("signed_off_on", "signed_off_by_id"),
    CHECK_TAKEN_BACK: ("impact", "impact_checked_on"),
    DECISION_TAKEN_BACK: ("decision", "decided_on"),
    OPENED_AGAIN: ("carried_out_on",),
}
"""The moves, as the history calls them, that take a fact back, and the facts that have not happened then. No
file brings them again."""


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
        owner_id=recommendation.owner_id,
        proposed_on=recommendation.proposed_on,
    )


def facts_of(thing: Tracked) -> ActionFacts | RecommendationFacts:
    """Return the facts of either for the rules."""
    return action_facts(thing) if isinstance(thing, Action) else recommendation_facts(thing)


def due_on(thing: Tracked, on: date) -> date | None:
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
    return moving_tracked(Action, reference, move, by, on, version)


def moving_tracked(
    kind: type[Kind], reference: str, move: Move, by: Person, on: date, version: int | None = None
) -> AbstractContextManager[Kind]:
    """Lock an action or a recommendation for a move on a day and yield it."""
    return moving(kind, reference, lambda thing: refuse_tracked(move, thing, on, by.id), version)


def moving_recommendation(
    reference: str, move: Move, by: Person, on: date, version: int | None = None
) -> AbstractContextManager[Recommendation]:
    """Lock a recommendation for a move on a day and yield it."""
    return moving_tracked(Recommendation, reference, move, by, on, version)


def refuse_tracked(move: Move, thing: Tracked, on: date, by_id: int | None = None) -> str | None:
    """Return why a move is not allowed, in one sentence; None when it is."""
    return refuse_move(move, facts_of(thing), on, by_id)


def set_due_day(thing: Tracked, due_on: date, by: Person, on: date, because: str | None) -> None:
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


def is_draft(thing: Tracked, on: date) -> bool:
    """True for an action that is not agreed yet: nothing is said of it. A recommendation is no draft."""
    return isinstance(thing, Action) and action_state(action_facts(thing), on) is ActionState.DRAFT


def give_news(
    thing: Tracked,
    what: Happening,
    by: Person,
    on: date,
    due_on: date | None = None,
    before: date | None = None,
) -> None:
    """Let the owner know what became of it, unless they did it themselves."""
    dates = {"due_on": due_on, "before": before}
    facts = {name: day.isoformat() for name, day in dates.items() if day is not None}
    news.tell([thing.owner_id], what, (thing.kind, thing.id, thing.reference), on, by=by.id, **facts)


def take_news_back(thing: Tracked, *whats: Happening) -> bool:
    """Remove news that is not true any more and of which nobody has heard; return whether there was any."""
    return bool(news.take_back(whats, thing.kind, thing.id))
