"""Roles that people ask for themselves: a second person confirms or refuses them.

People who look after access could otherwise give themselves every right unseen. A command on the server needs
no second person: it is told to all coordinators.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from app import clock
from app.database import db, insert_or_leave, transaction
from app.history.record import Event, record
from app.outbox import kinds
from app.outbox.models import Message
from app.outbox.rendering import render
from app.outbox.writing import write
from app.people import caring, links, looking_after, seconds, sessions
from app.people.models import Person, PersonRole, RoleRequest
from app.people.queries import locked_person
from app.people.roles import OFFICE, RoleName
from app.people.telling_of_access import BEFORE_REMINDERS, Change, receivers, roles_in_words, tell
from app.refusal import NotNow, Refused

KIND = "role-request"
WHY = "Sent at once, because someone asked for a role for themselves"


def to_ask_for(person: Person, roles: Iterable[RoleName], by: str) -> frozenset[RoleName]:
    """Return those of the roles that a person would give themselves."""
    if by != person.email:
        return frozenset()
    return frozenset(RoleName(role) for role in roles) - {RoleName(name) for name in person.role_names}


def ask(person: Person, roles: Iterable[RoleName], by: str) -> None:
    """Ask for roles, in the caller's transaction; what was asked for before is not asked again."""
    waiting = {request.role for request in requests_of([person.id])}
    new = sorted(role for role in roles if role not in waiting)
    if not new:
        return
    for role in new:
        values = {"person_id": person.id, "role": role, "asked_at": clock.now()}
        db.session.execute(insert_or_leave(RoleRequest).values(values))
    record(by, [Event("person", str(person.id), "role asked for", after=role) for role in new])
    for receiver in receivers(OFFICE):
        if receiver is not person:
            write(
                KIND,
                recipient=receiver.id,
                address=receiver.email,
                rendered=render(KIND, person=person, roles=roles_in_words(new)),
                why=WHY,
                on=clock.today(),
                facts={"person": person.id, "roles": new},
            )


def requests_of(people: Iterable[int]) -> Sequence[RoleRequest]:
    """Return the requests of these people that wait for a second person."""
    query = select(RoleRequest).where(RoleRequest.person_id.in_(list(people)))
    return db.session.scalars(query.order_by(RoleRequest.asked_at, RoleRequest.role)).all()


def people_who_ask() -> Sequence[Person]:
    """Return those whose requests wait, by name."""
    query = select(Person).where(Person.id.in_(select(RoleRequest.person_id)))
    return db.session.scalars(query.order_by(Person.name, Person.id)).all()


def confirm(person_id: int, role: str, *, by: str) -> None:
    """Give a person the role that they asked for. Raises Refused where `by` cannot be the second person."""
    with transaction():
        person, request = _locked(person_id, role)
        if why := why_not_confirmed(person, role, by):
            raise Refused(why)
        before = set(person.role_names)
        if role not in before:
            person.roles.append(PersonRole(name=role))
        db.session.delete(request)
        links.end(person)
        sessions.end_all(person.id)
        changed = ("roles changed", " ".join(sorted(before)) or None, " ".join(sorted({*before, role})))
        record(by, [Event("person", str(person.id), *changed, why=seconds.BY_A_SECOND_PERSON)])
        words = f"roles changed from {roles_in_words(before)} to {roles_in_words({*before, role})}"
        tell([Change(person, f"{words}, as they asked")], by=by)


def why_not_confirmed(person: Person, role: str, by: str) -> str | None:
    """Return why somebody cannot confirm a role that a person asked for; None where they can."""
    if by == person.email:
        return "Another coordinator or administrator must confirm this role"
    return looking_after.why_not_given(caring.roles_of(by), [role]) or seconds.why_not(
        person, by, "confirm this role"
    )


def refuse(person_id: int, role: str, *, by: str) -> None:
    """Refuse a role that a person asked for; they themselves take it back."""
    with transaction():
        person, request = _locked(person_id, role)
        db.session.delete(request)
        own = by == person.email
        what = "role no longer asked for" if own else "role refused"
        record(by, [Event("person", str(person.id), what, before=role)])


def _locked(person_id: int, role: str) -> tuple[Person, RoleRequest]:
    person = locked_person(person_id)
    query = select(RoleRequest).where(RoleRequest.person_id == person_id, RoleRequest.role == role)
    request = db.session.scalar(query)
    if request is None:
        raise NotNow("Someone has already decided about this role")
    return person, request


def _recheck(message: Message, _on: date) -> kinds.Verdict:
    waiting = {request.role for request in requests_of([message.facts["person"]])}
    if waiting.isdisjoint(message.facts["roles"]):
        return kinds.Overtaken("Someone has decided about the role")
    return kinds.Holds()


kinds.register(KIND, BEFORE_REMINDERS, kinds.each(_recheck))
