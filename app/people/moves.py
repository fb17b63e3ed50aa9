"""Changes to people: adding, editing, access, a password. Each with its row in the history."""

import uuid
from dataclasses import dataclass, replace
from datetime import date

from flask import current_app
from flask_security.utils import hash_password, verify_password
from sqlalchemy import select

from app import clock
from app.database import db, transaction
from app.files.cells import email as read_email
from app.files.faults import Unreadable
from app.history.record import Event, record
from app.outbox.moves import readdress
from app.people import (
    caring,
    counted_attempts,
    devices,
    links,
    looking_after,
    new_addresses,
    own_roles,
    passwords,
    sessions,
    telling_of_access,
)
from app.people.attempts import PASSWORD
from app.people.line_management import circles
from app.people.lockout import taken_away, why_not
from app.people.looking_after import Care
from app.people.models import FormerEmail, Person, PersonRole
from app.people.queries import locked_person, office
from app.people.roles import RIGHTS_OVER_OTHERS, RoleName
from app.people.teams import add_teams
from app.people.telling_of_access import Change, roles_in_words, tell
from app.refusal import NotNow, Refused
from app.wording import capitalised
from config.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Details:
    """The details of a person that can be edited. `team` is a name; a new one is added to the list."""

    email: str
    name: str
    job_title: str | None = None
    team: str | None = None
    line_manager_id: int | None = None
    roles: frozenset[RoleName] = frozenset()
    telephone: str | None = None
    leaving_on: date | None = None
    trained_on: date | None = None


SET, CHANGED = "password set", "password changed"

_PLAIN = {
    "name": "name",
    "job_title": "job title",
    "telephone": "telephone",
    "leaving_on": "leaving date",
    "trained_on": "training date",
}
"""Columns with the same name in `Details`, and what the history calls them."""


def add_person(details: Details, *, by: str) -> Person:
    """Add a person, without a password. Raises Refused when the address is taken."""
    with transaction():
        person = _add(details, by)
        if details.roles & RIGHTS_OVER_OTHERS:
            words = f"added with the roles {roles_in_words(details.roles)}"
            tell([Change(person, words, is_new=True)], by=by)
    return person


def _add(details: Details, by: str) -> Person:
    _refuse_taken(details.email, None)
    if why := looking_after.why_not_given(caring.roles_of(by), details.roles):
        raise Refused(why)
    person = Person(email=details.email, name=details.name, fs_uniquifier=uuid.uuid4().hex)
    _take_over(person, details)
    db.session.add(person)
    db.session.flush()
    record(by, [Event("person", str(person.id), "added", after=f"{details.name} <{details.email}>")])
    return person


def change_person(person_id: int, details: Details, *, by: str) -> frozenset[RoleName]:
    """Change the details of a person. A former address goes on meaning the same person.

    Returns the roles that they would give themselves, which a second person must confirm. Raises Refused when
    the address belongs to somebody else, when it would put them in their own line of management, and when it
    would lock everyone out.
    """
    with transaction():
        asked = own_roles.to_ask_for(db.session.get_one(Person, person_id), details.roles, by)
        tell(_change(person_id, replace(details, roles=details.roles - asked), by), by=by)
        own_roles.ask(db.session.get_one(Person, person_id), asked, by)
    return asked


def _change(person_id: int, details: Details, by: str) -> list[Change]:
    """Change a person's details; return what of their access it changed."""
    # two changes at the same time could close a circle, or take away the last two coordinators
    hold_all()
    _refuse_circle(person_id, details.line_manager_id)
    person = locked_person(person_id)
    _refuse_taken(details.email, person.id)
    _refuse_care(person, details, by)
    before, office_before = _words(person), office()
    changes = _changes_of_access(person, details)
    leaving = telling_of_access.leaving(person, person.leaving_on, details.leaving_on)
    if person.email != details.email:
        db.session.merge(FormerEmail(email=person.email, person_id=person.id))
        readdress(person.id, person.email, details.email, without=telling_of_access.KIND)
        person.email = details.email
        taken_up_again = db.session.get(FormerEmail, details.email)
        if taken_up_again:
            db.session.delete(taken_up_again)
    _take_over(person, details)
    db.session.flush()
    db.session.expire(person, ["team", "line_manager"])
    for _last, role in taken_away(office_before, office(), clock.today()):
        why = why_not(role)
        raise Refused(capitalised(why))
    after = _words(person)
    if before["roles"] != after["roles"]:
        sessions.end_all(person.id)
    record(
        by,
        [
            Event("person", str(person.id), f"{what} changed", before[what], after[what])
            for what in after
            if before[what] != after[what]
        ],
    )
    if changes:
        links.end(person)
    until = new_addresses.waits_until(person)
    told = [replace(change, links_from=until) if change.former_email else change for change in changes]
    return told + leaving


def _refuse_care(person: Person, details: Details, by: str) -> None:
    """Refuse another address, leaving date and roles, where `by` may not look after the account so."""
    if by == person.email:
        return
    if details.email != person.email:
        caring.require(person, caring.care_of_way_in(person, is_shown=True), by)
    if why := caring.why_not_roles(person, details.roles, by):
        raise Refused(why)
    if details.leaving_on != person.leaving_on and (why := caring.why_not_leaving(person, by)):
        raise Refused(why)


def _changes_of_access(person: Person, details: Details) -> list[Change]:
    """Return what of a person's access the new details change."""
    changes = []
    if person.email != details.email:
        changes.append(Change(person, "email address changed", former_email=person.email))
    if person.role_names != details.roles:
        roles = f"{roles_in_words(person.role_names)} to {roles_in_words(details.roles)}"
        changes.append(Change(person, f"roles changed from {roles}"))
    return changes


def send_news_by_email(person_id: int, wanted: bool, *, by: str) -> None:
    """Send a person daily emails that have nothing but news, or no more."""
    with transaction():
        person = locked_person(person_id)
        if person.news_by_email != wanted:
            person.news_by_email = wanted
            words = ("off", "on") if wanted else ("on", "off")
            record(by, [Event("person", str(person.id), "emails with only news changed", *words)])


def set_password(person_id: int, password: str, *, by: str) -> None:
    """Give a person a password, sign them out everywhere and make every earlier link useless.

    Raises Refused when the password is not good enough, or is the one of now, and says why.
    """
    with transaction():
        person = locked_person(person_id)
        if person.password is not None and verify_password(password, person.password):
            raise Refused("Password must be a new one: this is the one that you have now")
        change = _set_password(person, password, by)
        # the first one, which they choose with the link of their invitation, changes nothing
        if change.what == CHANGED or by != change.person.email:
            tell([change], by=by)


def _set_password(person: Person, password: str, by: str) -> Change:
    why = passwords.refuse(password, _known_names(person))
    if why:
        raise Refused(why)
    what = SET if person.password is None else CHANGED
    person.password = hash_password(password)
    person.fs_uniquifier = uuid.uuid4().hex
    sessions.end_all(person.id)
    devices.forget_all(person.id)
    counted_attempts.forget(PASSWORD, person.email)
    record(by, [Event("person", str(person.id), "password set")])
    return Change(person, what)


def switch_off(person_id: int, *, by: str) -> None:
    """Turn the access of a person off: they are signed out everywhere, and every link of theirs is useless.

    Raises Refused when nobody could sign in any more who is a coordinator, or an administrator.
    """
    with transaction():
        hold_all()
        person = locked_person(person_id)
        caring.require(person, Care.KEEP, by)
        if not person.active:
            raise NotNow(f"The access of {person.name} is off already")
        office_before = office()
        person.active = False
        person.fs_uniquifier = uuid.uuid4().hex
        db.session.flush()
        for _last, role in taken_away(office_before, office(), clock.today()):
            raise NotNow(capitalised(why_not(role)))
        sessions.end_all(person.id)
        devices.forget_all(person.id)
        record(by, [Event("person", str(person.id), "access turned off")])
        tell([Change(person, "access turned off")], by=by)


def switch_on(person_id: int, *, by: str) -> None:
    """Turn the access of a person on again; they sign in anew."""
    with transaction():
        person = locked_person(person_id)
        caring.require(person, Care.KEEP, by)
        if person.active:
            raise NotNow(f"The access of {person.name} is on already")
        if person.has_left(clock.today()):
            raise NotNow(f"{person.name} has left, so you cannot turn on their access")
        person.active = True
        record(by, [Event("person", str(person.id), "access turned on")])
        tell([Change(person, "access turned on")], by=by)


def create_user(
    email: str, name: str, roles: frozenset[RoleName], password: str | None, *, by: str
) -> Person:
    """Create a person who can sign in, or give an existing person a password, name and further roles.

    Without a password they sign in with their council account.
    Raises Refused with one sentence; nothing is changed then.
    """
    try:
        email = read_email(email)
    except Unreadable:
        raise Refused(f'"{email}" must be an email address, such as ann.lee@council.example') from None
    if not name.strip():
        raise Refused("Enter the name of the person")
    with transaction():
        person = db.session.scalar(select(Person).where(Person.email == email))
        if is_new := person is None:
            person = _add(Details(email=email, name=name, roles=roles), by)
            words = f"added with the roles {roles_in_words(roles)}"
            changes = [Change(person, words, is_new=True)]
        else:
            details = details_of(person)
            changes = _change(person.id, replace(details, name=name, roles=details.roles | roles), by)
            if not sessions.may_sign_in(person, clock.today()):
                raise Refused(f"{person.name} has left or is not active, so you cannot give them access")
        if password is not None:
            change = _set_password(person, password, by)
            changes.append(replace(change, is_new=is_new))
        tell(changes, by=by)
    return person


def _known_names(person: Person) -> list[str]:
    """Return the names and addresses that no password may be made of."""
    settings: Settings = current_app.extensions["settings"]
    return [person.name, person.email, settings.organisation_name, settings.service_name]


def details_of(person: Person) -> Details:
    """Return the present details of a person."""
    return Details(
        email=person.email,
        name=person.name,
        job_title=person.job_title,
        team=person.team.name if person.team else None,
        line_manager_id=person.line_manager_id,
        roles=frozenset(RoleName(name) for name in person.role_names),
        telephone=person.telephone,
        leaving_on=person.leaving_on,
        trained_on=person.trained_on,
    )


def _take_over(person: Person, details: Details) -> None:
    for column in _PLAIN:
        setattr(person, column, getattr(details, column))
    person.team_id = _team_id(details.team)
    person.line_manager_id = details.line_manager_id
    if person.role_names != details.roles:
        present = {role.name: role for role in person.roles}
        person.roles = [present.get(name) or PersonRole(name=name) for name in sorted(details.roles)]


def _team_id(name: str | None) -> int | None:
    if not name:
        return None
    return add_teams([name])[name]


def _words(person: Person) -> dict[str, str | None]:
    """Return the details as the history writes them, by name."""
    words: dict[str, str | None] = {"email": person.email}
    for column, word in _PLAIN.items():
        value = getattr(person, column)
        words[word] = None if value is None else str(value)
    words["team"] = person.team.name if person.team else None
    words["line manager"] = person.line_manager.email if person.line_manager else None
    words["roles"] = " ".join(sorted(person.role_names)) or None
    return words


def _refuse_taken(email: str, person_id: int | None) -> None:
    owner = db.session.scalar(select(Person).where(Person.email == email))
    if owner is not None and owner.id != person_id:
        raise Refused(f"{owner.name} already has this email address")
    former = db.session.get(FormerEmail, email)
    if former is not None and former.person_id != person_id:
        name = db.session.get_one(Person, former.person_id).name
        raise Refused(
            f"This is an earlier email address of {name} and may still be used for them in files. "
            "Enter a different email address."
        )


def _refuse_circle(person_id: int, line_manager_id: int | None) -> None:
    if line_manager_id is None:
        return
    lines = select(Person.id, Person.line_manager_id)
    manager_of = {row.id: row.line_manager_id for row in db.session.execute(lines) if row.line_manager_id}
    manager_of[person_id] = line_manager_id
    if circles(manager_of):
        raise Refused(
            "Choose a different line manager, because this one would make the person their own manager"
        )


def hold_all() -> None:
    """Lock everybody, in an order that is always the same, until the transaction ends."""
    db.session.execute(select(Person.id).order_by(Person.id).with_for_update())
