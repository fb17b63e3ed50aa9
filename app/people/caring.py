"""The accounts of others: which of them somebody may look after, by the roles that the database has now."""

from collections.abc import Iterable

from sqlalchemy import exists, select

from app.database import db
from app.history.models import HistoryRow
from app.people import looking_after, seconds
from app.people.looking_after import Care
from app.people.models import Person, PersonRole
from app.people.roles import RIGHTS_OVER_OTHERS
from app.people.ways_in import CONNECTED, connected_at
from app.refusal import Refused


def roles_of(by: str) -> frozenset[str]:
    """Return the roles of the person with this address; a program, such as a command, may do everything."""
    if "@" not in by:  # an address has one, the name of a program has none
        return frozenset(RIGHTS_OVER_OTHERS)
    query = select(PersonRole.name).join(Person, Person.id == PersonRole.person_id).where(Person.email == by)
    return frozenset(db.session.scalars(query))


def was_used(person: Person) -> bool:
    """Return True for an account that somebody has come in with, or could: it is more than its roles.

    A council account that was disconnected was used, too.
    """
    if person.password is not None or connected_at(person.id) is not None:
        return True
    connected = exists().where(
        HistoryRow.subject_kind == "person",
        HistoryRow.subject == str(person.id),
        HistoryRow.what == CONNECTED,
    )
    return bool(db.session.scalar(select(connected)))


def care_of_way_in(person: Person, *, is_shown: bool) -> Care:
    """Return the care that a link or another address is; `is_shown` where another person could use it."""
    if not was_used(person):
        return Care.INVITE
    return Care.OPEN if is_shown else Care.KEEP


def why_not(person: Person, care: Care, by: str) -> str | None:
    """Return why somebody may not look after this account, and who can. Their own is theirs."""
    if by == person.email:
        return None
    return looking_after.why_not(person.name, roles_of(by), person.role_names, care)


def require(person: Person, care: Care, by: str) -> None:
    """Raise Refused where somebody may not look after this account in this way."""
    if why := why_not(person, care, by):
        raise Refused(why)


def why_not_leaving(person: Person, by: str) -> str | None:
    """Return why somebody may not change when this person leaves, after which nobody signs in as them; None
    where they may."""
    return why_not(person, Care.KEEP if was_used(person) else Care.INVITE, by)


def why_not_roles(person: Person, after: Iterable[str], by: str) -> str | None:
    """Return why somebody may not change the roles of another to these; None where they may.

    A person who could take roles away could open the account afterwards.
    """
    if by == person.email:
        return None
    own, before, after = roles_of(by), person.role_names, set(after)
    taken = Care.KEEP if was_used(person) else Care.INVITE
    return (
        looking_after.why_not_given(own, after - before)
        or looking_after.why_not(person.name, own, before - after, taken)
        or seconds.why_not_given(person, after - before, by)
    )
