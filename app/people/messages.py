"""The messages with a link for choosing a password: a forgotten password, an invitation."""

from collections.abc import Callable
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import exists, select

from app import clock
from app.database import db
from app.outbox import kinds
from app.outbox.models import Message
from app.outbox.rendering import render
from app.outbox.writing import write
from app.people.links import IN_WORDS, INVITATION, PASSWORD, has_expired, link_for
from app.people.models import Person
from app.people.sessions import may_sign_in
from app.people.ways_in import ways_in, with_way_in
from config.settings import Settings

AGAIN_AFTER = timedelta(minutes=5)
"""No second message within this time, so that nobody can fill another's mailbox."""

_WHY = {
    PASSWORD: "Sent at once, because someone asked for a new password for this address",
    INVITATION: "Sent at once, because a coordinator or an administrator invited this person",
}


def register_kinds() -> None:
    """Register these kinds with the outbox. People wait for them, so they are sent before all others."""
    for purpose in (PASSWORD, INVITATION):
        kinds.register(purpose, 0, kinds.each(_recheck(purpose)))


def write_link(person: Person, purpose: str, *, on: date) -> None:
    """Write the message with a new link, in the caller's transaction.

    If there are no passwords, the link leads to the sign-in page and does not expire.
    """
    if ways_in().local_passwords:
        link, within = link_for(person, purpose), IN_WORDS[purpose]
    else:
        settings: Settings = current_app.extensions["settings"]
        link, within = f"{settings.base_url}/sign-in", ""
    rendered = render(purpose, name=person.name, link=link, within=within)
    write(
        purpose,
        recipient=person.id,
        address=person.email,
        rendered=rendered,
        why=_WHY[purpose],
        on=on,
        secret=True,
        facts={"link": person.link_number},
    )


def was_just_written(person: Person, purpose: str) -> bool:
    """Return True when such a message went to this person a few minutes ago."""
    since = clock.now() - AGAIN_AFTER
    recent = select(Message.id).where(
        Message.recipient == person.id, Message.kind == purpose, Message.written_at > since
    )
    return bool(db.session.scalar(select(exists(recent))))


def _recheck(purpose: str) -> Callable[[Message, date], kinds.Verdict]:
    def still_holds(message: Message, on: date) -> kinds.Verdict:
        person = db.session.get(Person, message.recipient)
        if person is None or not may_sign_in(person, on):
            return kinds.Overtaken("They have left")
        if ways_in().local_passwords and has_expired(purpose, message.written_at, clock.now()):
            return kinds.Overtaken("Its link has expired")
        if (
            message.address != person.email
            or message.facts.get("link", person.link_number) != person.link_number
        ):
            return kinds.Overtaken("Their address or roles have changed, or there is a newer link")
        if purpose == INVITATION and with_way_in([person]):
            return kinds.Overtaken("They can sign in already")
        return kinds.Holds()

    return still_holds
