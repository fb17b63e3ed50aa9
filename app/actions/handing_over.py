"""Handing over the work of a leaver: every action and recommendation that is still to be done."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, or_, select

from app.actions import moves, recommending
from app.actions.given_things import tell_owners
from app.actions.lifecycle import recommendation_is_open
from app.actions.models import Action, Recommendation
from app.actions.moving import recommendation_facts
from app.actions.open_on import open_recommendations
from app.actions.standing import Standing, standings
from app.database import db, transaction
from app.people.closures import working_days
from app.people.models import Person
from app.people.presence_sql import has_left


def open_of(person: Person, on: date) -> Sequence[Action | Recommendation]:
    """Return the actions and recommendations that a person owns and has still to do, by due day."""
    at = standings(on, working_days())
    open_actions = select(Action).where(
        Action.owner_id == person.id, at.where(Standing.TO_DO) | at.where(Standing.DRAFT)
    )
    owned = select(Recommendation).where(Recommendation.owner_id == person.id)
    work: list[Action | Recommendation] = list(db.session.scalars(open_actions))
    work += [
        recommendation
        for recommendation in db.session.scalars(owned)
        if recommendation_is_open(recommendation_facts(recommendation), on)
    ]
    return sorted(work, key=lambda thing: (thing.due_on or date.max, thing.reference))


def leavers_with_open_work(on: date) -> Sequence[Person]:
    """Return the people who have left and still own work that is to be done, by name."""
    at, open_ones = standings(on, working_days()), open_recommendations(on)
    owns_action = exists().where(
        Action.owner_id == Person.id, or_(at.where(Standing.TO_DO), at.where(Standing.DRAFT))
    )
    owns_recommendation = exists().where(open_ones.c.owner_id == Person.id)
    query = (
        select(Person)
        .where(has_left(on), or_(owns_action, owns_recommendation))
        .order_by(Person.name, Person.id)
    )
    return db.session.scalars(query).all()


def hand_over(person: Person, to_id: int, *, by: Person, on: date) -> int:
    """Give all of it to one other person, whole or not at all. Returns the number of things.

    They are told at once, in one message, of what is agreed.

    Raises Refused when the other person has left.
    """
    with transaction():
        work = [(type(thing), thing.reference) for thing in open_of(person, on)]
        given: list[Action | Recommendation | None] = []
        for kind, reference in work:
            give = moves.give_one if kind is Action else recommending.give_one
            given.append(give(reference, by, on, owner_id=to_id))
        tell_owners(given, by, on)
    return len(work)
