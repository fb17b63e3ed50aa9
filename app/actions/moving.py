"""What every move of an action or a recommendation shares: the locked row, the rule, the history."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from app.actions.lifecycle import ActionFacts, Move, RecommendationFacts, refuse
from app.actions.models import Action, MovedDate, Recommendation
from app.audits.moving import words
from app.database import db, transaction
from app.history.record import Event, record
from app.people.models import Person
from app.refusal import NotNow, Refused
from app.wording import in_words

CHANGED_MEANWHILE = (
    "Somebody changed this while you had the page open. Look at what it says now, then try again."
)


def action_facts(action: Action) -> ActionFacts:
    """The facts of an action for the rules."""
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
    """The facts of a recommendation for the rules."""
    return RecommendationFacts(
        raised_on=recommendation.raised_on,
        decision=recommendation.decision,
        decided_on=recommendation.decided_on,
        carried_out_on=recommendation.carried_out_on,
    )


@contextmanager
def moving_action(
    reference: str, move: Move, by: Person, on: date, version: int | None = None
) -> Iterator[Action]:
    """One move of one action on a day, whole or not at all: yields the locked action to the change.

    `version` is the one that the person saw. Raises NotNow when somebody changed it since or its state does
    not allow the move, Refused when there is no such action.
    """
    with transaction():
        action = db.session.scalars(
            select(Action)
            .where(Action.reference == reference)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()
        if action is None:
            raise Refused(f"There is no action {reference}.")
        if version is not None and version != action.version:
            raise NotNow(CHANGED_MEANWHILE)
        if why := refuse(move, action_facts(action), on, by.id):
            raise NotNow(why)
        yield action
        # a move that changes only what hangs on the action counts as a change of it, too
        flag_modified(action, "reference")
        db.session.flush()


@contextmanager
def moving_recommendation(reference: str, version: int | None = None) -> Iterator[Recommendation]:
    """One move of one recommendation, whole or not at all. Raises as moving_action does."""
    with transaction():
        recommendation = db.session.scalars(
            select(Recommendation)
            .where(Recommendation.reference == reference)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()
        if recommendation is None:
            raise Refused(f"There is no recommendation {reference}.")
        if version is not None and version != recommendation.version:
            raise NotNow(CHANGED_MEANWHILE)
        yield recommendation
        flag_modified(recommendation, "reference")
        db.session.flush()


def tell(
    thing: Action | Recommendation,
    by: Person,
    on: date,
    what: str,
    *,
    before: str | None = None,
    after: str | None = None,
    why: str | None = None,
) -> None:
    """Write one move into the history of an action or a recommendation."""
    kind = "action" if isinstance(thing, Action) else "recommendation"
    record(by.email, [Event(kind, thing.reference, what, before, after, why, on)])


def set_due_day(
    thing: Action | Recommendation, due_on: date, by: Person, on: date, because: str | None
) -> None:
    """Give it a due day: the first, or another one with a reason, which is counted.

    Raises Refused for a day in the past, the day that it has, or another day without a reason.
    """
    if due_on == thing.due_on:
        raise Refused("That is the due day that it has.")
    if due_on < on:
        raise Refused("The due day must not be in the past.")
    if thing.due_on is None:
        thing.due_on = thing.first_due_on = due_on
        tell(thing, by, on, "given a due day", after=in_words(due_on))
        return
    because = words(because, "Say why the due day is moved.")
    before = thing.due_on
    thing.moved_dates.append(
        MovedDate(
            from_due_on=before, to_due_on=due_on, because=because, made_on=on, asked_by_id=by.id, asked_on=on
        )
    )
    thing.due_on = due_on
    tell(thing, by, on, "due day moved", before=in_words(before), after=in_words(due_on), why=because)


def present(person_id: int | None, on: date) -> Person | None:
    """The person, who is to own something. Raises Refused for somebody who has left or will before today."""
    if person_id is None:
        return None
    person = db.session.get(Person, person_id)
    if person is None:
        raise Refused("Choose one person as the owner, not a group.")
    if person.leaving_on is not None and person.leaving_on < on:
        raise Refused(f"{person.name} left on {in_words(person.leaving_on)}. Choose somebody who is here.")
    return person
