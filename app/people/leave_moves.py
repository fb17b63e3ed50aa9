"""Changes of people's leave, and of who stands in for them meanwhile. Each with its row in the history."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select

from app.database import db, transaction
from app.history.record import Event, record
from app.moves.moving import held
from app.people import naming_deputies
from app.people.models import Leave, Person
from app.people.presence import LeaveSpell
from app.people.queries import locked_person
from app.refusal import NotNow, Refused

Days = tuple[date, date]


def add_leave(
    person_id: int,
    from_on: date,
    to_on: date,
    deputy_id: int | None,
    *,
    by: str,
    replacing: Collection[Days] = (),
) -> None:
    """Enter a spell of leave, both days included; it takes the place of leave with the days `replacing`.

    Raises NotNow when it overlaps other leave of the person, and Refused where `by` may not name this deputy.
    """
    with transaction():
        person = locked_person(person_id)
        leave = LeaveSpell(from_on, to_on, deputy_id)
        _refuse_leave(person, leave, None, by)
        if not _replace(person_id, leave, replacing, by=by):
            record(by, [Event("person", str(person.id), "leave added", after=_leave_in_words(leave))])
        db.session.add(Leave(person_id=person_id, from_on=from_on, to_on=to_on, deputy_id=deputy_id))


def change_leave(
    leave_id: int,
    from_on: date,
    to_on: date,
    deputy_id: int | None,
    *,
    by: str,
    replacing: Collection[Days] = (),
) -> None:
    """Change the days of a spell of leave or who stands in; `replacing` as with new leave."""
    with transaction():
        spell = db.session.get_one(Leave, leave_id)
        hold_leave(spell.person_id, spell)
        before, after = _stored(spell), LeaveSpell(from_on, to_on, deputy_id)
        _refuse_leave(spell.person, after, before, by)
        _replace(spell.person_id, after, replacing, by=by, spell=spell)
        spell.from_on, spell.to_on, spell.deputy_id = from_on, to_on, deputy_id
        changed = (_leave_in_words(before), _leave_in_words(after))
        record(by, [Event("person", str(spell.person_id), "leave changed", *changed)])


def overlapped(person_id: int, from_on: date, to_on: date, spell: Leave | None = None) -> Sequence[Leave]:
    """Return the leave of a person that shares days with these, other than this spell."""
    query = select(Leave).where(Leave.person_id == person_id, Leave.from_on <= to_on, Leave.to_on >= from_on)
    if spell is not None:
        query = query.where(Leave.id != spell.id)
    return db.session.scalars(query.order_by(Leave.from_on)).all()


def hold_leave(person_id: int, spell: Leave) -> None:
    """Lock a person and a spell of their leave, in this order, until the transaction ends.

    Raises Removed when somebody has removed the spell meanwhile.
    """
    locked_person(person_id)
    held(spell)


def _stored(spell: Leave) -> LeaveSpell:
    return LeaveSpell(spell.from_on, spell.to_on, spell.deputy_id)


def _leave_in_words(leave: LeaveSpell) -> str:
    deputy = db.session.get_one(Person, leave.deputy_id).email if leave.deputy_id is not None else None
    return leave.in_words(deputy)


def _replace(
    person_id: int,
    leave: LeaveSpell,
    replacing: Collection[Days],
    *,
    by: str,
    spell: Leave | None = None,
) -> bool:
    """Take out the leave that new days overlap; return False when there is none."""
    others = overlapped(person_id, leave.from_on, leave.to_on, spell)
    if not {(other.from_on, other.to_on) for other in others} <= set(replacing):
        raise NotNow("This overlaps other leave of this person. Check their leave, then try again.")
    for other in others:
        replaced = (_leave_in_words(_stored(other)), _leave_in_words(leave))
        record(by, [Event("person", str(person_id), "leave replaced", *replaced)])
        db.session.delete(other)
    # before the new spell is written: it may begin on the same day
    db.session.flush()
    return bool(others)


def remove_leave(leave_id: int, *, by: str) -> None:
    """Take a spell of leave out, as when it was entered for the wrong person."""
    with transaction():
        spell = db.session.get_one(Leave, leave_id)
        hold_leave(spell.person_id, spell)
        before = _leave_in_words(_stored(spell))
        record(by, [Event("person", str(spell.person_id), "leave removed", before)])
        db.session.delete(spell)


def _refuse_leave(person: Person, leave: LeaveSpell, before: LeaveSpell | None, by: str) -> None:
    if leave.to_on < leave.from_on:
        raise Refused("The last day of leave must not be before the first day")
    if leave.deputy_id == person.id:
        raise Refused("The deputy must not be the person on leave")
    if leave.deputy_id is not None and naming_deputies.adds_to(before, leave):
        deputy = db.session.get_one(Person, leave.deputy_id)
        if why := naming_deputies.why_not(deputy, by):
            raise Refused(why)
