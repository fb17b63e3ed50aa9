"""The links with which a person chooses a password: signed, for a while, and for one use.

Only the newest works. It ends with the address, the roles or the activity that it was made for: an invitation
that went to a wrong address opens nothing once the address is corrected.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from app import clock
from app.database import db, transaction
from app.people.models import Person
from app.people.sessions import may_sign_in
from config.settings import Settings

PASSWORD, INVITATION = "password", "invitation"

LIFETIMES = {PASSWORD: timedelta(hours=3), INVITATION: timedelta(days=14)}
IN_WORDS = {PASSWORD: "3 hours", INVITATION: "14 days"}


def link_for(person: Person, purpose: str) -> str:
    """Return the full address where this person chooses a password; it ends all earlier ones."""
    settings: Settings = current_app.extensions["settings"]
    with transaction():
        end(person)
    token = _serializer().dumps([person.id, purpose, int(clock.now().timestamp()), _state(person)])
    return f"{settings.base_url}/choose-password/{token}"


def person_of(token: str) -> Person | None:
    """Return the person a link is for; None when it has expired, was used, is forged, or they have left."""
    try:
        person_id, purpose, issued, state = _serializer().loads(token)
    except (BadData, ValueError):
        return None
    person = db.session.get(Person, person_id)
    if person is None or not hmac.compare_digest(state, _state(person)):
        return None
    in_time = not has_expired(purpose, datetime.fromtimestamp(issued, UTC), clock.now())
    return person if in_time and may_sign_in(person, clock.today()) else None


def end(person: Person) -> None:
    """End all links of a person, in the caller's transaction."""
    person.link_number += 1


def has_expired(purpose: str, issued_at: datetime, now: datetime) -> bool:
    """Return True when a link issued at that moment no longer works."""
    return now - issued_at > LIFETIMES[purpose]


def _state(person: Person) -> str:
    """Return a digest that changes with every password, link, address and role, so that a link works once."""
    parts = (
        person.fs_uniquifier,
        person.password,
        person.email,
        person.active,
        sorted(person.role_names),
        person.link_number,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="choose a password")
