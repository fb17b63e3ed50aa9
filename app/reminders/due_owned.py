"""The steps due on a day of all that has one owner, by the rules of the ladders. Audits: due_audits.py."""

from collections.abc import Iterator

from sqlalchemy import select

from app.outbox.names import CALLS, DIGEST, MANAGER
from app.people.models import Person
from app.reminders.day import Day
from app.reminders.due import NOBODY, Due
from app.reminders.ladders import COORDINATORS, LINE_MANAGERS, OWNER, Ladder, bands
from app.reminders.reached import Obligations, band_of
from app.reminders.things import OwnedThing, owned_things


def due_of_owned(day: Day) -> Iterator[Due]:
    """Yield all steps that are due on a day of all that has one owner."""
    for thing in owned_things():
        yield from due_by_ladder(day, thing)


def due_by_ladder(day: Day, thing: OwnedThing) -> Iterator[Due]:
    """Yield all steps of a thing that are due: to owners, their line managers and coordinators; and
    beside the ladder, what somebody who left still has."""
    ladder = day.book.general[thing.ladder]
    obligations = Obligations(thing.name, day.owned(thing))
    yield from _of_owners(day, ladder, obligations)
    yield from _of_line_managers(day, ladder, obligations)
    for message in (CALLS, DIGEST, MANAGER):
        reached_bands = bands(ladder, COORDINATORS, message, day.on, day.days)
        yield from obligations.to_coordinators(
            day, message, reached_bands, obligations.rows.c.owner_id.is_not(None)
        )
    yield from _of_leavers(day, obligations)


def _of_owners(day: Day, ladder: Ladder, obligations: Obligations) -> Iterator[Due]:
    thing = obligations.rows.c
    reached_bands = bands(ladder, OWNER, DIGEST, day.on, day.days)
    query = select(thing.id, thing.reference, thing.due_on, thing.owner_id).where(thing.owner_id.is_not(None))
    for number, reference, due_on, owner_id in obligations.in_bands(
        query, reached_bands, thing.owner_id, DIGEST
    ):
        if band := band_of(reached_bands, due_on):
            yield obligations.due(day, number, reference, owner_id, DIGEST, band.step, due_on)


def _of_line_managers(day: Day, ladder: Ladder, obligations: Obligations) -> Iterator[Due]:
    """The owner's line manager; without one there is nobody to send to."""
    thing, owner = obligations.rows.c, Person.__table__.alias("owner")
    reached_bands = bands(ladder, LINE_MANAGERS, MANAGER, day.on, day.days)
    manager_id = owner.c.line_manager_id
    query = select(thing.id, thing.reference, thing.due_on, manager_id).join_from(
        obligations.rows, owner, owner.c.id == thing.owner_id
    )
    for number, reference, due_on, to in obligations.in_bands(query, reached_bands, manager_id, MANAGER):
        if band := band_of(reached_bands, due_on):
            yield obligations.due(day, number, reference, to or NOBODY, MANAGER, band.step, due_on)


def _of_leavers(day: Day, obligations: Obligations) -> Iterator[Due]:
    thing = obligations.rows.c
    query = select(thing.id, thing.reference, thing.due_on, thing.owner_id).where(
        thing.owner_id.in_(day.left())
    )
    yield from obligations.of_leavers(day, query)
