"""The presence of people on a day (presence.py) in SQL."""

from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.people.models import Leave, Person

_SPELL = aliased(Leave)


def has_left(on: date) -> ColumnElement[bool]:
    """Return the condition that a person's leaving day is over."""
    return Person.leaving_on < on


def has_not_left(on: date, person: type[Person] = Person) -> ColumnElement[bool]:
    """Return the condition that a person has no leaving day, or that it is not over."""
    return or_(person.leaving_on.is_(None), person.leaving_on >= on)


def covers(leave: type[Leave], on: date) -> ColumnElement[bool]:
    """Return the condition that a spell of leave covers the day."""
    return and_(leave.from_on <= on, leave.to_on >= on)


def is_on_leave(person_id: InstrumentedAttribute[int], on: date) -> ColumnElement[bool]:
    """Return the condition that a person is on leave."""
    return select(_SPELL.id).where(_SPELL.person_id == person_id, covers(_SPELL, on)).exists()


def away_until(on: date) -> Select[int, date]:
    """Select the ids of those on leave, each with its last day."""
    until = func.max(Leave.to_on).label("until")
    return select(Leave.person_id, until).where(covers(Leave, on)).group_by(Leave.person_id)
