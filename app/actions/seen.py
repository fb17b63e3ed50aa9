"""Conditions on actions and recommendations for the people who may see or steer them.

Those with a role in SEE_ALL (people/roles.py) read all of them; the conditions are for everybody else.
"""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.actions.models import Action, BodyMember, Recommendation
from app.people.models import Person
from app.people.standing_in_sql import people_of, stands_in_for_a_coordinator, stood_in_for


def actions_steered_by(person: Person) -> ColumnElement[bool]:
    """Return the condition for actions that a person steers: those that they raised, and those of their
    people. An action of their own is steered by others."""
    of_their_people = and_(Action.owner_id.in_(people_of(person)), Action.owner_id != person.id)
    return or_(Action.raised_by_id == person.id, of_their_people)


def actions_that_concern(person: Person) -> ColumnElement[bool]:
    """Return the condition for actions that a person owns or steers."""
    return or_(Action.owner_id == person.id, actions_steered_by(person))


def actions_seen_by(person: Person, on: date) -> ColumnElement[bool]:
    """Return the condition for actions that a person may read: those that concern them and, while they
    stand in for a line manager or a coordinator, those that the latter get messages about."""
    as_deputy = and_(Action.is_draft.is_(False), _reported_to_deputy(person, Action.owner_id, on))
    return or_(actions_that_concern(person), as_deputy)


def recommendations_listed_for(person: Person, on: date) -> ColumnElement[bool]:
    """Return the condition for recommendations that the list shows to a person: their own, their people's
    and, as with actions, those they get messages about as a deputy."""
    owner_id = Recommendation.owner_id
    return or_(
        owner_id == person.id, owner_id.in_(people_of(person)), _reported_to_deputy(person, owner_id, on)
    )


def recommendations_seen_by(person: Person, on: date) -> ColumnElement[bool]:
    """Return the condition for recommendations that a person may read: those listed, those with an action
    of theirs, and those that their body decides."""
    own_action = select(Action.recommendation_id).where(Action.owner_id == person.id)
    seats = select(BodyMember.body_id).where(BodyMember.person_id == person.id)
    return or_(
        recommendations_listed_for(person, on),
        Recommendation.id.in_(own_action),
        Recommendation.body_id.in_(seats),
    )


def _reported_to_deputy(
    person: Person, owner_id: InstrumentedAttribute[int | None], on: date
) -> ColumnElement[bool]:
    if stands_in_for_a_coordinator(person.id, on):
        return owner_id.is_not(None)
    return owner_id.in_(select(Person.id).where(Person.line_manager_id.in_(stood_in_for(person.id, on))))
