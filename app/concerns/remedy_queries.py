"""Reading remedies for pages, and a person's relations to one of them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from app.audits.models import Assignment, Audit
from app.audits.open_on import not_yet
from app.audits.standing import held_on
from app.concerns.models import Remedy
from app.database import db
from app.people.models import Person
from app.people.roles import RoleName
from app.people.standing_in_sql import is_line_managed, stands_in_for_a_coordinator

PAGE = 50


def found(reference: str) -> Remedy | None:
    """Return the remedy of that reference, with its people and its audit; None when there is none."""
    return db.session.scalar(select(Remedy).where(Remedy.called(reference)).options(*_WITH_PEOPLE))


def of_audit(audit_id: int) -> Sequence[Remedy]:
    """Return the remedies of one audit, in the order in which they were noted."""
    query = select(Remedy).where(Remedy.audit_id == audit_id).options(*_WITH_PEOPLE).order_by(Remedy.id)
    return db.session.scalars(query).all()


def listed(person: Person, on: date, *, ended: bool) -> Select[Remedy]:
    """Select the remedies that a person may read, or all for one who stands in for a coordinator.

    These are the open ones, those without an owner on top and then by due day; or with `ended` the ended
    ones, the latest due day first.
    """
    is_open = not_yet(Remedy.done_on, on) & not_yet(Remedy.withdrawn_on, on)
    theirs = true() if stands_in_for_a_coordinator(person.id, on) else _theirs(person, on)
    query = select(Remedy).join(Audit).where(theirs).options(*_WITH_PEOPLE)
    if ended:
        return query.where(~is_open).order_by(Remedy.due_on.desc(), Remedy.id.desc())
    return query.where(is_open).order_by(Remedy.owner_id.is_not(None), Remedy.due_on, Remedy.reference)


def owned_by(person_id: int, on: date) -> Sequence[Remedy]:
    """Return the open remedies of one owner, by due day."""
    query = select(Remedy).where(
        Remedy.owner_id == person_id, not_yet(Remedy.done_on, on), not_yet(Remedy.withdrawn_on, on)
    )
    return db.session.scalars(query.options(*_WITH_PEOPLE).order_by(Remedy.due_on, Remedy.reference)).all()


def without_owner(on: date) -> int:
    """Count the open remedies without an owner: nobody is reminded of them until a coordinator names one."""
    query = select(func.count()).where(
        Remedy.owner_id.is_(None), not_yet(Remedy.done_on, on), not_yet(Remedy.withdrawn_on, on)
    )
    return db.session.scalar(query) or 0


def may_read(person: Person, reference: str, on: date) -> bool:
    """True for the owner, a manager of the case's team and the pair; a coordinator reads every remedy."""
    query = select(Remedy.id).join(Audit).where(Remedy.called(reference), _theirs(person, on))
    return db.session.scalar(query) is not None


def in_the_pair(person: Person, reference: str, on: date) -> bool:
    """True for the two who audit the case now."""
    query = select(Remedy.id).join(Audit).where(Remedy.called(reference), _audited_by(person, on))
    return db.session.scalar(query) is not None


def owns(person: Person, reference: str) -> bool:
    """True for its owner."""
    query = select(Remedy.id).where(Remedy.called(reference), Remedy.owner_id == person.id)
    return db.session.scalar(query) is not None


def told_late(person: Person, reference: str, on: date) -> bool:
    """True for the owner's line manager, and for a person who stands in today for them or for a coordinator.

    They are told when it is overdue and see its state, but not its words.
    """
    owner = aliased(Person)
    reads_state = true() if stands_in_for_a_coordinator(person.id, on) else is_line_managed(person, on, owner)
    query = select(Remedy.id).outerjoin(owner, owner.id == Remedy.owner_id)
    return db.session.scalar(query.where(Remedy.called(reference), reads_state)) is not None


def has_any(person: Person) -> bool:
    """True for whoever owns a remedy, done or not."""
    return db.session.scalar(select(Remedy.id).where(Remedy.owner_id == person.id).limit(1)) is not None


def _theirs(person: Person, on: date) -> ColumnElement[bool]:
    """Return the condition for the remedies that a person may read. Needs the audit joined."""
    if RoleName.COORDINATOR in person.role_names:
        return true()
    # every audit has a team, so that one who manages none reads nothing by it
    of_their_team = Audit.team_id == person.managed_team_id
    return or_(Remedy.owner_id == person.id, _audited_by(person, on), of_their_team)


def _audited_by(person: Person, on: date) -> ColumnElement[bool]:
    held = select(Assignment.audit_id).where(Assignment.person_id == person.id, held_on(on))
    return Remedy.audit_id.in_(held)


_WITH_PEOPLE = (
    joinedload(Remedy.audit).joinedload(Audit.team),
    joinedload(Remedy.owner),
    joinedload(Remedy.raised_by),
)
