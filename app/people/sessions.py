"""The sessions of those signed in. A session is on the server: once ended, its cookie opens nothing."""

import hashlib
import secrets
from datetime import date, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import joinedload

from app import clock
from app.database import db, transaction
from app.people.models import Person, SignIn

IDLE = timedelta(hours=4)
"""The longest time without a request. Long, because writing an audit takes an afternoon."""

ABSOLUTE = timedelta(hours=12)
"""The longest time that a session lasts: a working day."""

NOTED_EVERY = timedelta(minutes=5)
"""The time of the last request is written no more often than this."""


def may_sign_in(person: Person, on: date) -> bool:
    """Return True for an active person up to and including the leaving day."""
    return person.active and not person.has_left(on)


def begin(person_id: int) -> str:
    """Start a session. Return the token for the browser's cookie; only its hash is stored."""
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
    """Return the person of a token, roles loaded, in one query; None once the session has ended.

    It ends with signing out, a new password, `IDLE`, `ABSOLUTE`, the leaving day, and with being made
    inactive.
    """
    query = (
        select(SignIn.id, SignIn.started_at, SignIn.last_seen_at, Person)
        .join(Person, Person.id == SignIn.person_id)
        .where(SignIn.token_hash == _hash(token))
        .options(joinedload(Person.roles))
    )
    row = db.session.execute(query).unique().first()
    if row is None:
        return None
    sign_in_id, started_at, last_seen_at, person = row
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
    """Sign a person out on every browser, in the caller's transaction."""
    db.session.execute(delete(SignIn).where(SignIn.person_id == person_id))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
