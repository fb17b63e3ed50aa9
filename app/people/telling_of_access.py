"""The message `access`: somebody's address, roles, password, second factor or API keys were changed.

It goes at once to the person, at their old and their new address, and to all coordinators, so that nobody
takes over another's account or gives themselves a right unseen. It never holds a secret.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app
from sqlalchemy import select

from app import clock
from app.database import db
from app.outbox import kinds
from app.outbox.models import Message
from app.outbox.rendering import render
from app.outbox.writing import write
from app.people.models import Person, PersonRole
from app.people.presence_sql import has_not_left
from app.people.roles import RIGHTS_OVER_OTHERS, RoleName
from app.people.ways_in import COUNCIL_ACCOUNT
from app.wording import in_words
from config.settings import Settings

KIND = "access"
BEFORE_REMINDERS = 1
MOST_LINES = 20
"""The changes that one message lists; a file can bring hundreds."""

ACCESS_IS_OFF = "Their access is turned off"

WHY = "Sent at once, because someone’s access was changed"

COMMAND_LINE, STAFF_FILE = "command line", "import"
PROGRAMS = {
    COMMAND_LINE: "Someone on the server, with the command line",
    STAFF_FILE: "A staff file",
    COUNCIL_ACCOUNT: "The person’s council account",
}
"""The programs that change access in the place of a person, in words."""


@dataclass(frozen=True)
class Change:
    """A change of somebody's access, in words without a secret, such as "password changed".

    `is_new` is for a person who was added: they are invited, not told. `former_email` is told too.
    """

    person: Person
    what: str
    former_email: str | None = None
    links_from: datetime | None = None
    """The moment from which links go to a new address; None where they do at once."""
    is_new: bool = False
    is_first: bool = False
    """True for what everyone does once, such as setting their app up: the person alone is told."""


def leaving(person: Person, before: date | None, after: date | None) -> list[Change]:
    """Return the change of a leaving date, after which nobody signs in as the person. It is told of those
    whose roles give rights over others, as access that is turned off is."""
    if before == after or RIGHTS_OVER_OTHERS.isdisjoint(person.role_names):
        return []
    if after is None:
        words = "leaving date removed"
    elif before is None:
        words = f"leaving date set to {in_words(after)}"
    else:
        words = f"leaving date changed from {in_words(before)} to {in_words(after)}"
    return [Change(person, words)]


def tell(changes: Sequence[Change], *, by: str, also: Iterable[RoleName] = ()) -> None:
    """Tell everybody concerned of changes, in the caller's transaction.

    `by` is the email of who made them, or the name of a program. `also` are roles that are told besides
    coordinators.
    """
    if not changes:
        return
    doer = _doer(changes, by)
    for person in dict.fromkeys(change.person for change in changes if not change.is_new):
        own = [change for change in changes if change.person is person]
        former = [change.former_email for change in own if change.former_email]
        for address in dict.fromkeys((person.email, *former)):
            _write(own, person.id, address, doer, is_own=True)
    added = {change.person.id for change in changes if change.is_new}
    for receiver in receivers({RoleName.COORDINATOR, *also}):
        others = [change for change in changes if change.person is not receiver and not change.is_first]
        if others and receiver.id not in added:
            _write(others, receiver.id, receiver.email, doer, is_own=False)


def _doer(changes: Sequence[Change], by: str) -> str:
    if (program := PROGRAMS.get(by)) is not None:
        return program
    # whoever changed their own address has another by now
    own = (change.person.name for change in changes if by == change.former_email)
    return (
        next(own, None)
        or db.session.scalars(select(Person.name).where(Person.email == by)).one_or_none()
        or by
    )


def receivers(roles: Iterable[RoleName]) -> Sequence[Person]:
    """Return those who have one of these roles and have not left."""
    with_role = select(PersonRole.person_id).where(PersonRole.name.in_(set(roles)))
    query = select(Person).where(Person.id.in_(with_role), Person.active, has_not_left(clock.today()))
    return db.session.scalars(query.order_by(Person.name, Person.id)).all()


def roles_in_words(roles: Iterable[str]) -> str:
    """Return roles as "auditor, coordinator"."""
    return ", ".join(sorted(roles)) or "none"


def _write(changes: Sequence[Change], recipient: int, address: str, doer: str, *, is_own: bool) -> None:
    settings: Settings = current_app.extensions["settings"]
    rendered = render(
        KIND,
        service_name=settings.service_name,
        is_own=is_own,
        changes=changes[:MOST_LINES],
        more=len(changes) - len(changes[:MOST_LINES]),
        people=list(dict.fromkeys(change.person for change in changes)),
        by=doer,
        at=clock.now(),
    )
    about = sorted({change.person.id for change in changes})
    write(
        KIND,
        recipient=recipient,
        address=address,
        rendered=rendered,
        why=WHY,
        on=clock.today(),
        facts={"people": about[:MOST_LINES]},
    )


def _waits(messages: Sequence[Message], on: date) -> Mapping[int, kinds.Waits]:
    """Return the messages to people whose access is off: their links open nothing until it is on again. They
    still learn what became of their access. Messages to leavers do not wait."""
    receivers = {message.recipient for message in messages if message.kind != KIND}
    is_off = (Person.id.in_(receivers), ~Person.active, has_not_left(on))
    off = set(db.session.scalars(select(Person.id).where(*is_off))) if receivers else set()
    return {
        message.id: kinds.Waits(ACCESS_IS_OFF)
        for message in messages
        if message.recipient in off and message.kind != KIND
    }


kinds.register_waiting(_waits)

# what has happened stays true, also for an address that is no longer the person's
kinds.register(KIND, BEFORE_REMINDERS, kinds.always_holds)
