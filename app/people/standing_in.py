"""The rules of standing in: a person's deputy on a day, and the receiver of their messages. Pure.

The same in SQL, and the people whose work a deputy may see, are in standing_in_sql.py.
"""

from collections.abc import Mapping
from datetime import date

from app.people.presence import PersonFacts
from app.people.roles import RoleName


def is_away_without_deputy(person: PersonFacts, on: date) -> bool:
    """Return True during leave that names no deputy: a weekly message of that week is left out."""
    leave = person.leave_on(on)
    return leave is not None and leave.deputy_id is None


def deputy_of(person: PersonFacts, people: Mapping[int, PersonFacts], on: date) -> int | None:
    """Return the deputy that a person's leave names, if that deputy is there.

    A deputy who has left or is away stands in for nobody, and nobody stands in for a person who has left.
    """
    leave = person.leave_on(on)
    if leave is None or leave.deputy_id is None or person.has_left(on):
        return None
    return leave.deputy_id if people[leave.deputy_id].is_there(on) else None


def receiver_of(person: PersonFacts, people: Mapping[int, PersonFacts], on: date) -> int | None:
    """Return the id of who gets a person's manager, calls and weekly messages; None when these wait."""
    return person.id if person.is_there(on) else deputy_of(person, people, on)


def stood_in_for(person_id: int, people: Mapping[int, PersonFacts], on: date) -> list[PersonFacts]:
    """Return the people for whom a person stands in."""
    return [away for away in people.values() if deputy_of(away, people, on) == person_id]


def coordinates(person: PersonFacts, people: Mapping[int, PersonFacts], on: date) -> bool:
    """Return True for a coordinator and for a person who stands in for one."""
    acting_as = [person, *stood_in_for(person.id, people, on)]
    return any(RoleName.COORDINATOR in someone.roles for someone in acting_as)
