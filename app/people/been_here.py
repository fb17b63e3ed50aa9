"""The people who may have seen a page since a moment, as far as sign-ins and the record of reading tell."""

from datetime import datetime

from sqlalchemy import exists, or_, select

from app.database import db
from app.people.models import SignIn
from app.people.sessions import NOTED_EVERY
from app.readings.models import Reading


def been_here_since(person_id: int, at: datetime) -> bool:
    """Return True where a person signed in or out, read something, or may have used an open session."""
    read = exists().where(Reading.person_id == person_id, Reading.at >= at)
    # a session is noted every few minutes, so its last use may be later
    used = exists().where(SignIn.person_id == person_id, SignIn.last_seen_at >= at - NOTED_EVERY)
    return bool(db.session.scalar(select(or_(read, used))))
