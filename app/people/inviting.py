"""Inviting people who came from a file: by message, or by a link to hand over where no mail goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select

from app import clock, waking
from app.database import db, transaction
from app.history.record import Event, record
from app.listing import length_of
from app.outbox.queries import mail_goes
from app.people import caring, counted_attempts, new_addresses, seconds
from app.people.attempts import LINK
from app.people.links import INVITATION, PASSWORD, link_for
from app.people.looking_after import Care, barred
from app.people.messages import was_just_written, write_link
from app.people.models import LinkAsked, Person, PersonRole
from app.people.presence_sql import has_not_left
from app.people.queries import locked_person
from app.people.sessions import may_sign_in
from app.people.ways_in import has_way_in, ways_in
from app.refusal import Refused


@dataclass(frozen=True)
class Invited:
    """A person and, where no mail goes, the link that is shown once."""

    person: Person
    link: str | None


def not_invited(on: date, by: str) -> Sequence[Person]:
    """Return the people without a way in who were never invited, by name, without leavers and those
    whom `by` may not invite; none where nobody can be invited."""
    if not _can_invite():
        return []
    return db.session.scalars(_not_invited(on, by).order_by(Person.name, Person.id)).all()


def number_not_invited(on: date, by: str) -> int:
    """Return the number of these people."""
    return length_of(_not_invited(on, by)) if _can_invite() else 0


def _not_invited(on: date, by: str) -> Select[Person]:
    return select(Person).where(
        ~has_way_in(),
        Person.invited_at.is_(None),
        Person.active,
        has_not_left(on),
        ~Person.roles.any(PersonRole.name.in_(barred(caring.roles_of(by), Care.INVITE))),
    )


def invite(person_id: int, *, by: str, on: date) -> Invited:
    """Send a person a link for choosing a password; whoever has one already can choose a new one with it.

    If people sign in with their council's accounts alone, the message says so and has no such link.
    Raises Refused for somebody who has left, and where `by` may not look after the account.
    """
    with transaction():
        person = locked_person(person_id)
        if not may_sign_in(person, on):
            raise Refused(f"{person.name} has left or is not active, so you cannot send them a link")
        if not _can_invite():
            raise Refused(
                f"No emails can be sent yet, but {person.name} can sign in with their council account"
            )
        if why := why_no_link(person, by):
            raise Refused(why)
        return _invite(person, by, on)


def why_no_link(person: Person, by: str) -> str | None:
    """Return why somebody may not send a person a link, or be shown it; None where they may."""
    why = caring.why_not(person, caring.care_of_way_in(person, is_shown=not mail_goes()), by)
    return f"{why}, or a command on the server" if why else new_addresses.why_no_link(person)


def invite_all(*, by: str, on: date) -> list[Invited]:
    """Invite everybody who was not invited yet."""
    with transaction():
        return [_invite(person, by, on) for person in not_invited(on, by)]


def ask_for_new_password(email: str, client: str | None) -> None:
    """Note that somebody asks for a link to this address. Nothing is looked up, so that neither the answer
    nor its time tells whether anybody has it."""
    email = email.strip().lower()
    with transaction():
        if counted_attempts.begin(LINK, email, client) is not None:
            db.session.add(LinkAsked(email=email, at=clock.now()))
            waking.wake(waking.DELIVERY)


def write_links_asked_for(on: date) -> None:
    """Write the links that were asked for since the last time, to those who have the addresses."""
    with transaction():
        asked = select(LinkAsked).order_by(LinkAsked.id).with_for_update(skip_locked=True)
        for waiting in db.session.scalars(asked).all():
            db.session.delete(waiting)
            person = db.session.scalar(select(Person).where(Person.email == waiting.email))
            if not person or not may_sign_in(person, on) or was_just_written(person, PASSWORD):
                continue
            why_none = new_addresses.why_no_link(person)
            if why_none is None:
                write_link(person, PASSWORD, on=on)
            record("sign-in page", [Event("person", str(person.id), "new password requested", why=why_none)])


def _can_invite() -> bool:
    """Return True where there is something to send, or a link to show in its place."""
    return mail_goes() or ways_in().local_passwords


def _invite(person: Person, by: str, on: date) -> Invited:
    with_password = ways_in().local_passwords
    purpose = INVITATION if person.password is None or not with_password else PASSWORD
    what = seconds.INVITED if purpose == INVITATION else seconds.LINK_SENT
    person.invited_at = person.invited_at or clock.now()
    record(by, [Event("person", str(person.id), what)])
    if mail_goes():
        write_link(person, purpose, on=on)
        return Invited(person, None)
    return Invited(person, link_for(person, purpose) if with_password else None)
