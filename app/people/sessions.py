"""The sessions of those signed in. A session is on the server: once ended, its cookie opens nothing.

A session whose person needs a code from their authenticator app waits until they have given it: it opens only
the pages that ask for the code, or that set the app up.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app, g
from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.orm import joinedload

from app import clock
from app.database import db, transaction
from app.outbox.models import DatabaseIdentity, DeliveryState
from app.people.models import Person, SignIn
from app.people.roles import NEED_SECOND_FACTOR
from config.settings import Settings

IDLE = timedelta(hours=4)
"""The longest time without a request. Long, because writing an audit takes an afternoon."""

ABSOLUTE = timedelta(hours=12)
"""The longest time that a session lasts: a working day."""

WAITS_FOR_CODE = timedelta(minutes=30)
"""The longest time that a session waits for its code, which includes finding out how the app is set up."""

NOTED_EVERY = timedelta(minutes=5)
"""The time of the last request is written no more often than this."""


@dataclass(frozen=True)
class BrowserSession:
    """The session of a person on one browser."""

    id: int
    person: Person
    started_at: datetime
    last_seen_at: datetime
    browser: str
    confirmed_at: datetime
    second_factor_at: datetime | None
    offered_secret: str | None

    @property
    def waits_for_code(self) -> bool:
        """Return True until the person has given the code that they need."""
        return needs_code(self.person) and self.second_factor_at is None


def may_sign_in(person: Person, on: date) -> bool:
    """Return True for an active person up to and including the leaving day."""
    return person.active and not person.has_left(on)


def must_have_second_factor(person: Person) -> bool:
    """Return True for someone whose roles need a second factor, where the installation asks for one."""
    settings: Settings = current_app.extensions["settings"]
    return settings.second_factor and bool(person.role_names & NEED_SECOND_FACTOR)


def needs_code(person: Person) -> bool:
    """Return True for someone whose password alone opens nothing."""
    return person.has_second_factor or must_have_second_factor(person)


def begin(person_id: int, browser: str = "", *, second_factor: bool = False) -> str:
    """Start a session. Return the token for the browser's cookie; only its hash is stored.

    `second_factor` says that they have shown a second factor elsewhere, as to the council's own accounts.
    """
    now = clock.now()
    with transaction():
        db.session.execute(delete(SignIn).where(SignIn.person_id == person_id, ~_may_last(now)))
        return _add(
            SignIn(
                person_id=person_id,
                started_at=now,
                last_seen_at=now,
                browser=browser,
                confirmed_at=now,
                second_factor_at=now if second_factor else None,
            )
        )


def of_token(token: str) -> BrowserSession | None:
    """Return the session of a token, its person's roles loaded, in one query; None once it has ended.

    It ends with signing out, a new password, role or second factor, `IDLE`, `ABSOLUTE`, the leaving day, and
    with being switched off.
    """
    held_because = select(DatabaseIdentity.held_because).scalar_subquery()
    stand_still = select(DeliveryState.stands_still_since).scalar_subquery()
    query = (
        select(SignIn, Person, held_because, stand_still)
        .join(Person, Person.id == SignIn.person_id)
        .where(SignIn.token_hash == _hash(token))
        .options(joinedload(Person.roles))
    )
    row = db.session.execute(query).unique().first()
    if row is None:
        return None
    kept, person, g.emails_on_hold_because, g.emails_stand_still_since = row
    session = BrowserSession(
        kept.id,
        person,
        kept.started_at,
        kept.last_seen_at,
        kept.browser,
        kept.confirmed_at,
        kept.second_factor_at,
        kept.offered_secret,
    )
    now = clock.now()
    if now - session.started_at > ABSOLUTE or now - session.last_seen_at > IDLE:
        return None
    if session.waits_for_code and now - session.started_at > WAITS_FOR_CODE:
        return None
    if not may_sign_in(person, clock.today()):
        return None
    if now - session.last_seen_at > NOTED_EVERY:
        with transaction():
            db.session.execute(update(SignIn).where(SignIn.id == session.id).values(last_seen_at=now))
    return session


def confirm(session: BrowserSession) -> None:
    """Note that the person has just given their password again."""
    with transaction():
        db.session.execute(update(SignIn).where(SignIn.id == session.id).values(confirmed_at=clock.now()))


def begin_anew(session: BrowserSession, *, second_factor: bool | None = None) -> str:
    """End all sessions of a person and start one for the browser that they sit at, in the caller's
    transaction. Return its token: the old cookie of this browser opens nothing either.

    It lasts no longer than the old one would have. `second_factor` says whether they have given a code in it,
    where that has changed.
    """
    now = clock.now()
    if second_factor is None:
        second_factor = session.second_factor_at is not None
    end_all(session.person.id)
    return _add(
        SignIn(
            person_id=session.person.id,
            started_at=session.started_at,
            last_seen_at=now,
            browser=session.browser,
            confirmed_at=session.confirmed_at,
            second_factor_at=now if second_factor else None,
        )
    )


def passed(session: BrowserSession) -> str:
    """Open a session whose person has given their code, in the caller's transaction; return its new token."""
    token, now = secrets.token_urlsafe(32), clock.now()
    db.session.execute(
        update(SignIn)
        .where(SignIn.id == session.id)
        .values(token_hash=_hash(token), second_factor_at=now, confirmed_at=now, offered_secret=None)
    )
    return token


def offer(session: BrowserSession, secret: str) -> None:
    """Keep the secret of the authenticator app that the person is setting up."""
    with transaction():
        db.session.execute(update(SignIn).where(SignIn.id == session.id).values(offered_secret=secret))


def of_person(person_id: int) -> Sequence[SignIn]:
    """Return the sessions of a person that have not ended, the last used first."""
    query = select(SignIn).where(SignIn.person_id == person_id, _may_last(clock.now()))
    return db.session.scalars(query.order_by(SignIn.last_seen_at.desc(), SignIn.id.desc())).all()


def end(token: str) -> None:
    """Sign one browser out."""
    with transaction():
        db.session.execute(delete(SignIn).where(SignIn.token_hash == _hash(token)))


def end_one(person_id: int, session_id: int) -> bool:
    """Sign a person out on another of their browsers. Return False where they are not signed in on it."""
    its = (SignIn.person_id == person_id, SignIn.id == session_id)
    with transaction():
        return db.session.scalar(delete(SignIn).where(*its).returning(SignIn.id)) is not None


def end_others(session: BrowserSession) -> None:
    """Sign a person out on every browser but the one that they sit at."""
    with transaction():
        db.session.execute(
            delete(SignIn).where(SignIn.person_id == session.person.id, SignIn.id != session.id)
        )


def end_all(*person_ids: int) -> None:
    """Sign people out on every browser, in the caller's transaction."""
    db.session.execute(delete(SignIn).where(SignIn.person_id.in_(person_ids)))


def _may_last(now: datetime) -> ColumnElement[bool]:
    return and_(SignIn.started_at >= now - ABSOLUTE, SignIn.last_seen_at >= now - IDLE)


def _add(session: SignIn) -> str:
    token = secrets.token_urlsafe(32)
    session.token_hash = _hash(token)
    db.session.add(session)
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
