"""Who is signed in on which browser. A sign-in lives on the server: ended here, its cookie opens nothing."""

import hashlib
import secrets
from datetime import date, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import joinedload

from app import clock
from app.database import db, transaction
from app.people.models import Person, SignIn

IDLE = timedelta(hours=4)
"""How long a browser may stay silent. Long, because an audit is written over an afternoon."""

ABSOLUTE = timedelta(hours=12)
"""How long a sign-in lasts at most: a working day."""

NOTED_EVERY = timedelta(minutes=5)
"""A page that is only read writes nothing more often than this."""


def may_sign_in(person: Person, on: date) -> bool:
    """True for an active person up to and including the leaving day."""
    return person.active and (person.leaving_on is None or on <= person.leaving_on)


def begin(person_id: int) -> str:
    """Start a sign-in. Returns the token for the browser; only its hash is kept."""
    token, now = secrets.token_urlsafe(32), clock.now()
    with transaction():
        db.session.execute(
            delete(SignIn).where(
                SignIn.person_id == person_id,
                or_(SignIn.started_at < now - ABSOLUTE, SignIn.last_seen_at < now - IDLE),
            )
        )
        db.session.add(SignIn(token_hash=_hash(token), person_id=person_id, started_at=now, last_seen_at=now))
    return token


def person_signed_in(token: str) -> Person | None:
    """The person whose browser shows this token, roles loaded, in one query; None once the sign-in has ended.

    It ends with signing out, a new password, silence, age, the leaving day, and with being made inactive.
    """
    query = (
        select(SignIn.id, SignIn.started_at, SignIn.last_seen_at, Person)
        .join(Person, Person.id == SignIn.person_id)
        .where(SignIn.token_hash == _hash(token))
        .options(joinedload(Person.roles))
    )
    found = db.session.execute(query).unique().first()
    if found is None:
        return None
    sign_in_id, started_at, last_seen_at, person = found
    now = clock.now()
    if now - started_at > ABSOLUTE or now - last_seen_at > IDLE or not may_sign_in(person, clock.today()):
        return None
    if now - last_seen_at > NOTED_EVERY:
        with transaction():
            db.session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(last_seen_at=now))
    return person


def end(token: str) -> None:
    """Sign one browser out."""
    with transaction():
        db.session.execute(delete(SignIn).where(SignIn.token_hash == _hash(token)))


def end_all(person_id: int) -> None:
    """Sign a person out on every browser. Within a transaction of the change that asks for it."""
    db.session.execute(delete(SignIn).where(SignIn.person_id == person_id))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
