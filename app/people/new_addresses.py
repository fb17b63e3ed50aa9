"""Email addresses that were changed lately: for a day no link goes to them where the account has much access.

Someone who may change the address of a colleague with rights over others could otherwise let themselves in
before that person has read, at the address of before, that it was changed. An account that nobody has used is
exempt: a mistyped address is corrected and invited at once.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from app import clock
from app.database import db, transaction
from app.history.models import HistoryRow
from app.history.record import Event, record
from app.pages import moment
from app.people import caring
from app.people.models import Person
from app.people.queries import locked_person
from app.people.roles import RIGHTS_OVER_OTHERS
from app.people.seconds import ADDRESS_CHANGED, ROLES_CHANGED
from app.people.telling_of_access import Change, tell
from app.refusal import NotNow

WAIT = timedelta(hours=24)
IN_WORDS = "24 hours"

ALLOWED = "links to the new email address allowed at once"
"""Happened to a person whose new address was confirmed by the person who runs the service."""


def waits_until(person: Person) -> datetime | None:
    """Return the moment from which links go to the address of a person; None where they do already."""
    query = select(HistoryRow).where(
        HistoryRow.subject_kind == "person",
        HistoryRow.subject == str(person.id),
        HistoryRow.what.in_((ADDRESS_CHANGED, ROLES_CHANGED, ALLOWED)),
        HistoryRow.at > clock.now() - WAIT,
    )
    lately = db.session.scalars(query.order_by(HistoryRow.id)).all()
    changed = _changed_at(lately)
    if changed is None or not (RIGHTS_OVER_OTHERS & _roles(person.role_names, lately)):
        return None
    return changed + WAIT if caring.was_used(person) else None


def _changed_at(lately: Sequence[HistoryRow]) -> datetime | None:
    """Return when the address was changed last; None where that was allowed since."""
    last = next((row for row in reversed(lately) if row.what != ROLES_CHANGED), None)
    return last.at if last is not None and last.what == ADDRESS_CHANGED else None


def _roles(now: Collection[str], lately: Sequence[HistoryRow]) -> set[str]:
    """Return the roles of now and those that were taken away lately: they could be given back afterwards."""
    before = (row.before or "" for row in lately if row.what == ROLES_CHANGED)
    return {*now, *(role for roles in before for role in roles.split())}


def why_no_link(person: Person) -> str | None:
    """Return why no link goes to the address of a person, and from when one does; None where one does."""
    until = waits_until(person)
    if until is None:
        return None
    return (
        f"The email address of {person.name} was changed in the last {IN_WORDS}, so no link goes to it until "
        f"{moment(until)}"
    )


def allow_links(person_id: int, *, by: str) -> Person:
    """Let links go to a new address at once: whoever runs the service knows whose it is.

    Raises NotNow where they do already.
    """
    with transaction():
        person = locked_person(person_id)
        if waits_until(person) is None:
            raise NotNow(f"Links go to the email address of {person.name} already")
        record(by, [Event("person", str(person.id), ALLOWED)])
        tell([Change(person, ALLOWED)], by=by)
    return person
