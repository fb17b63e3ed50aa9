"""The links with which a person chooses a password: signed, for a while, and for one use."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from app import clock
from app.database import db
from app.people.models import Person
from app.people.sessions import may_sign_in
from config.settings import Settings

PASSWORD, INVITATION = "password", "invitation"

LIFETIMES = {PASSWORD: timedelta(hours=3), INVITATION: timedelta(days=14)}
IN_WORDS = {PASSWORD: "3 hours", INVITATION: "14 days"}


def link_for(person: Person, purpose: str) -> str:
    """Return the full address where this person chooses a password."""
    settings: Settings = current_app.extensions["settings"]
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


def has_expired(purpose: str, issued_at: datetime, now: datetime) -> bool:
    """Return True when a link issued at that moment no longer works."""
    return now - issued_at > LIFETIMES[purpose]


def _state(person: Person) -> str:
    """Return a digest that changes with every new password, so that a link works once."""
    return hashlib.sha256(f"{person.fs_uniquifier} {person.password}".encode()).hexdigest()[:32]


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="choose a password")
