"""Handing over what a leaver owns: every action and recommendation that is still to be done."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, or_, select

from app.actions import moves, recommending
from app.actions.lifecycle import recommendation_is_open
from app.actions.models import Action, Recommendation
from app.actions.moving import recommendation_facts
from app.actions.open_on import open_recommendations
from app.actions.standing import Standing, standings
from app.database import db, transaction
from app.people.closures import working_days
from app.people.models import Person


def open_of(person: Person, on: date) -> Sequence[Action | Recommendation]:
    """Return what this person owns and has still to do, by due day."""
    at = standings(on, working_days())
    open_actions = select(Action).where(
        Action.owner_id == person.id, at.where(Standing.TO_DO) | at.where(Standing.DRAFT)
    )
    theirs = select(Recommendation).where(Recommendation.owner_id == person.id)
    found: list[Action | Recommendation] = list(db.session.scalars(open_actions))
    found += [
        one for one in db.session.scalars(theirs) if recommendation_is_open(recommendation_facts(one), on)
    ]
    return sorted(found, key=lambda one: (one.due_on or date.max, one.reference))


def leavers_with_open_work(on: date) -> Sequence[Person]:
    """Those who have left and still own what has to be done, by name."""
    at, open_ones = standings(on, working_days()), open_recommendations(on)
    owns_action = exists().where(
        Action.owner_id == Person.id, or_(at.where(Standing.TO_DO), at.where(Standing.DRAFT))
    )
    owns_recommendation = exists().where(open_ones.c.owner_id == Person.id)
    query = (
        select(Person)
        .where(Person.leaving_on < on, or_(owns_action, owns_recommendation))
        .order_by(Person.name, Person.id)
    )
    return db.session.scalars(query).all()


def hand_over(person: Person, to_id: int, *, by: Person, on: date) -> int:
    """Give all of it to one other person, whole or not at all. Returns how many things it was.

    Raises Refused when the other has left.
    """
    with transaction():
        theirs = [(type(one), one.reference) for one in open_of(person, on)]
        for kind, reference in theirs:
            change = moves.change_owner if kind is Action else recommending.change_owner
            change(reference, by, on, owner_id=to_id)
    return len(theirs)
