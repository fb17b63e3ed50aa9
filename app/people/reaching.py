"""People as messages and pages name them: with their number, and whether they are away or have left. Pure."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Protocol

from app.people.presence import PersonFacts
from app.people.roles import RoleName
from app.wording import day_and_month


class Leaver(Protocol):
    """A person who may have left."""

    @property
    def name(self) -> str: ...

    def has_left(self, on: date) -> bool: ...


FORMER = "Former member of staff"
"""The beginning of the name of a leaver who was made anonymous."""

MOST_TO_ASK = 2
"""A message names at most this many coordinators to ask."""


def named(name: str, telephone: str | None, *, away_until: date | None, has_left: bool) -> str:
    """Return "Ann Lee (01270 555 001, away until Monday 8 November)", "Ann Lee (has left)".

    A number that is a link stays one.
    """
    if has_left:
        return f"{name} (has left)"
    away = f"away until {day_and_month(away_until)}" if away_until else ""
    if not telephone:
        return f"{name} ({away})" if away else name
    # what is put together with a link is HTML, and the rest of it is escaped
    together = type(telephone)("{} ({}, {})" if away else "{} ({})")
    return together.format(name, telephone, away)


def with_leaving(person: Leaver, on: date) -> str:
    """Return "Ann Lee", "Ann Lee (has left)", and just "Former member of staff 7"."""
    says_so = person.name.startswith(FORMER)
    return named(person.name, None, away_until=None, has_left=person.has_left(on) and not says_so)


def reach(person: PersonFacts, on: date, shown: Callable[[str], str] = str) -> str:
    """Return a person as they are named in a message or on a page of a day; `shown` makes their number a
    link."""
    away = person.leave_on(on)
    return named(
        person.name,
        shown(person.telephone) if person.telephone else None,
        away_until=away.to_on if away else None,
        has_left=person.has_left(on),
    )


def to_ask(people: Iterable[PersonFacts], receiver: int, on: date) -> str:
    """Return the sentence with the coordinators whom the receiver can ask, at most two: those who are there,
    with a telephone number first. Nothing for a coordinator, and where nobody is there."""
    coordinators = [person for person in people if RoleName.COORDINATOR in person.roles]
    if any(person.id == receiver for person in coordinators):
        return ""
    there = [person for person in coordinators if person.is_there(on)]
    first = sorted(there, key=lambda person: (not person.telephone, person.name, person.id))[:MOST_TO_ASK]
    names = " or ".join(reach(person, on) for person in first)
    return f"If you have questions, ask an audit coordinator: {names}." if names else ""


def to_ask_about_this(
    people: Mapping[int, PersonFacts], by: PersonFacts | None, receiver: int, on: date
) -> str:
    """Return the sentence that tells the receiver whom to ask about a move: the person who made it, where
    they are there, else the coordinators."""
    if by is None or by.id == receiver or not by.is_there(on):
        return to_ask(people.values(), receiver, on)
    return f"If you have a question about this, ask {reach(by, on)}."
