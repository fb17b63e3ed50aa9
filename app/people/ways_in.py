"""The ways of signing in that an installation has: passwords of the service, the council's own accounts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from flask import abort, current_app
from sqlalchemy import ColumnElement, exists, false, func, or_, select

from app.database import db
from app.people.models import CouncilAccount, Person
from config.settings import Settings

COUNCIL_ACCOUNT = "council account"
"""The way in of those whose council has checked who they are, with a second factor of its own; in the history
it does what the council's provider says at a sign-in."""


CONNECTED = "council account connected"
"""Happened to a person who signed in with their council account for the first time."""


@dataclass(frozen=True)
class WaysIn:
    """The ways of signing in of an installation: at least one."""

    local_passwords: bool
    council_accounts: bool


class Standing(StrEnum):
    """The answer to whether a person can sign in."""

    YES = "yes"
    LEFT = "no, left"
    OFF = "no, access turned off"
    INVITED = "no, invited"
    NOT_INVITED = "no, not invited yet"


def ways_in() -> WaysIn:
    """Return the ways of signing in that this installation is set up for."""
    settings: Settings = current_app.extensions["settings"]
    return WaysIn(settings.local_passwords, settings.identity_provider is not None)


def only_with_local_passwords() -> None:
    """Answer 404 where people sign in with their council's accounts alone: no password opens anything."""
    if not ways_in().local_passwords:
        abort(404)


def has_way_in() -> ColumnElement[bool]:
    """Select whether a person has a way in: a password, or a council account with which they have come in."""
    ways = ways_in()
    has: list[ColumnElement[bool]] = [false()]
    if ways.local_passwords:
        has.append(Person.password.is_not(None))
    if ways.council_accounts:
        has.append(exists().where(CouncilAccount.person_id == Person.id))
    return or_(*has)


def with_way_in(people: Iterable[Person]) -> set[int]:
    """Return the ids of those of these people who have a way in."""
    ids = [person.id for person in people]
    return set(db.session.scalars(select(Person.id).where(Person.id.in_(ids), has_way_in())))


def standing_of(person: Person, on: date, *, has_way_in: bool) -> Standing:
    """Return whether a person can sign in on a day, and if not, why."""
    if person.has_left(on):
        return Standing.LEFT
    if not person.active:
        return Standing.OFF
    if has_way_in:
        return Standing.YES
    return Standing.INVITED if person.invited_at else Standing.NOT_INVITED


def connected_at(person_id: int) -> datetime | None:
    """Return when a person first signed in with the council account that is known as theirs; None before."""
    account = CouncilAccount.person_id == person_id
    return db.session.scalar(select(func.max(CouncilAccount.connected_at)).where(account))
