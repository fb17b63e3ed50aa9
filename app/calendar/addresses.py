"""The private address of a person's calendar feed: made by them, shown once, replaced or revoked at any time.

Only the hash of its secret part is kept. It opens nothing once it is revoked or the person has left.
"""

import hashlib
import secrets

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app import clock
from app.calendar.models import CalendarAddress
from app.database import db, transaction
from app.history.record import Event, record
from app.people.models import Person
from app.people.sessions import may_sign_in


def make(by: Person) -> str:
    """Make a new address for the person themselves in place of the one that they had.

    Return its secret part, to be shown once.
    """
    secret = secrets.token_urlsafe(32)
    with transaction():
        _end(by)
        db.session.add(CalendarAddress(person_id=by.id, digest=_digest(secret), made_at=clock.now()))
        _tell(by, "calendar address made")
    return secret


def revoke(by: Person) -> None:
    """End the address that the person has, if they have one."""
    with transaction():
        if _end(by):
            _tell(by, "calendar address revoked")


def of(person: Person) -> CalendarAddress | None:
    """Return the address that a person has now."""
    return db.session.scalars(_open_of(person)).first()


def holder(secret: str) -> Person | None:
    """Return the person of an address, roles loaded; None when it is unknown or revoked, or they left."""
    query = (
        select(Person)
        .join(CalendarAddress, CalendarAddress.person_id == Person.id)
        .where(CalendarAddress.digest == _digest(secret), CalendarAddress.revoked_at.is_(None))
        .options(joinedload(Person.roles))
    )
    person = db.session.scalars(query).unique().one_or_none()
    return person if person is not None and may_sign_in(person, clock.today()) else None


def _end(person: Person) -> bool:
    # two requests at once leave one address: the second waits for the person's row
    db.session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    ended = db.session.scalars(_open_of(person)).all()
    for address in ended:
        address.revoked_at = clock.now()
    return bool(ended)


def _open_of(person: Person) -> Select[CalendarAddress]:
    return select(CalendarAddress).where(
        CalendarAddress.person_id == person.id, CalendarAddress.revoked_at.is_(None)
    )


def _tell(by: Person, what: str) -> None:
    record(by.email, [Event("person", str(by.id), what, on=clock.today())])


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
