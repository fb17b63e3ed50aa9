"""A person's keys to the interface: made by them, with the rights of one of their roles, revoked at any time.

Only the hash of a key is kept. It opens nothing once it is revoked or a year old, the person lost the role,
or left.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import clock
from app.api.models import ApiToken
from app.database import db, transaction
from app.history.record import Event, record
from app.people.models import Person
from app.people.roles import READERS, RoleName
from app.people.sessions import may_sign_in
from app.people.telling_of_access import Change, tell
from app.refusal import Refused

PREFIX = "pa_"
"""A key that was left lying about is recognised by it."""


@dataclass(frozen=True)
class Holder:
    """The person whose key it is, and the role whose rights it has."""

    person: Person
    role: RoleName


def make(name: str, role: str, by: Person) -> str:
    """Make a key for the person themselves; return it, to be shown once.

    Raises Refused for a role that they do not have or that reads nothing.
    """
    if role not in roles_of(by):
        raise Refused("Select one of your roles")
    if not name.strip():
        raise Refused("Enter what the API key is for")
    key = PREFIX + secrets.token_urlsafe(32)
    with transaction():
        token = ApiToken(
            person_id=by.id,
            name=name.strip(),
            role=role,
            digest=_digest(key),
            made_at=clock.now(),
            ends_on=a_year_after(clock.today()),
        )
        db.session.add(token)
        event = Event(
            "person", str(by.id), "API key created", after=f"{token.name}, as {role}", on=clock.today()
        )
        record(by.email, [event])
        tell([Change(db.session.get_one(Person, by.id), "API key created")], by=by.email)
    return key


def revoke(number: int, by: Person) -> None:
    """End a person's own key, or for an administrator any key. Raises Refused when there is no such key."""
    with transaction():
        token = db.session.get(ApiToken, number, with_for_update=True)
        may = token is not None and (token.person_id == by.id or RoleName.ADMINISTRATOR in by.role_names)
        if token is None or not may:
            raise Refused("You do not have this API key, so you cannot revoke it")
        if token.revoked_at is None:
            token.revoked_at = clock.now()
            owner = db.session.get_one(Person, token.person_id)
            record(
                by.email,
                [Event("person", str(owner.id), "API key revoked", before=token.name, on=clock.today())],
            )
            tell([Change(owner, "API key revoked")], by=by.email)


def roles_of(person: Person) -> frozenset[RoleName]:
    """Return the person's roles whose rights a key can have."""
    return READERS & {RoleName(name) for name in person.role_names}


def keys_of(person: Person) -> Sequence[ApiToken]:
    """Return their keys that are not revoked, the newest first."""
    query = select(ApiToken).where(ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
    return db.session.scalars(query.order_by(ApiToken.id.desc())).all()


def keys_of_others(person: Person) -> Sequence[tuple[ApiToken, Person]]:
    """Return the keys of all others that are not revoked, for an administrator."""
    query = (
        select(ApiToken, Person)
        .join(Person, Person.id == ApiToken.person_id)
        .where(ApiToken.person_id != person.id, ApiToken.revoked_at.is_(None))
        .order_by(Person.name, ApiToken.id)
    )
    return [(token, holder) for token, holder in db.session.execute(query)]


def holder(key: str) -> Holder | None:
    """Return the holder of a key, None when it opens nothing. Note the day on which it was last used."""
    query = (
        select(ApiToken, Person)
        .join(Person, Person.id == ApiToken.person_id)
        .where(ApiToken.digest == _digest(key), ApiToken.revoked_at.is_(None))
        .options(joinedload(Person.roles))
    )
    row = db.session.execute(query).unique().first()
    if row is None:
        return None
    token, person = row
    on = clock.today()
    if has_ended(token.ends_on, on) or not may_sign_in(person, on) or token.role not in roles_of(person):
        return None
    if token.last_used_on != on:
        with transaction():
            kept = db.session.get(ApiToken, token.id)
            if kept is not None:
                kept.last_used_on = on
    return Holder(person, RoleName(token.role))


def ended_on(key: str) -> date | None:
    """Return the last date of a key that is too old; None for any other."""
    query = select(ApiToken.ends_on).where(ApiToken.digest == _digest(key), ApiToken.revoked_at.is_(None))
    last = db.session.scalar(query)
    return last if last is not None and has_ended(last, clock.today()) else None


def has_ended(ends_on: date, on: date) -> bool:
    """Return True after the last day of a key."""
    return on > ends_on


def a_year_after(day: date) -> date:
    """Return the last day of a key that is made on this day."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 2, 28)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
