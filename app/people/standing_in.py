"""Who stands in for whom on a day, and who gets what a person would get. Pure.

Its form in SQL, with whose work that lets a person see, is in standing_in_sql.py.
"""

from collections.abc import Mapping
from datetime import date

from app.people.presence import PersonFacts
from app.people.roles import RoleName


def deputy_of(person: PersonFacts, people: Mapping[int, PersonFacts], on: date) -> int | None:
    """Return the deputy that a person's leave names, if that deputy is there.

    A deputy who has left or is away too stands in for nobody, and nobody stands in for who has left.
    """
    leave = person.leave_on(on)
    if leave is None or leave.deputy_id is None or person.has_left(on):
        return None
    return leave.deputy_id if people[leave.deputy_id].is_there(on) else None


def receiver_of(person: PersonFacts, people: Mapping[int, PersonFacts], on: date) -> int | None:
    """Return who gets a person's manager, calls and weekly messages; None where these wait."""
    return person.id if person.is_there(on) else deputy_of(person, people, on)


def stood_in_for(person_id: int, people: Mapping[int, PersonFacts], on: date) -> list[PersonFacts]:
    """Return the people for whom a person stands in."""
    return [away for away in people.values() if deputy_of(away, people, on) == person_id]


def coordinates(person: PersonFacts, people: Mapping[int, PersonFacts], on: date) -> bool:
    """Return True for a coordinator, and for who stands in for one."""
    acting_as = [person, *stood_in_for(person.id, people, on)]
    return any(RoleName.COORDINATOR in each.roles for each in acting_as)
