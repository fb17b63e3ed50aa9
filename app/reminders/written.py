"""The facts by which the next reminder of a thing is told: what was written or is held, and who gets it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from sqlalchemy import Date, Executable, Integer, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from app.database import db
from app.outbox.models import Message, MessageItem
from app.people.models import Leave, Person, PersonRole
from app.people.presence import PersonFacts
from app.people.queries import those_who
from app.people.roles import RoleName
from app.reminders.kept_back import is_held
from app.reminders.models import HeldItem
from app.reminders.next_reminder import Key, Written


@dataclass
class Recorded:
    """The steps that were written of a thing, each with the day of its email, and the keys that are held,
    each with the last day of that: None for good."""

    written: list[tuple[date, Written]] = field(default_factory=list)
    held: dict[Key, date | None] = field(default_factory=dict)


def recorded_of(kind: str, ids: Collection[int], held_on: date | None = None) -> dict[int, Recorded]:
    """Return what is recorded of some things, by id; of what is held, where a day is given, what is on it."""
    item, hold = MessageItem, HeldItem
    written = (
        select(
            item.obligation_id,
            Message.on,
            item.person_id,
            item.kind,
            item.step,
            item.anchor_on,
            item.step_on,
            item.leaver_id,
        )
        .join(Message, Message.id == item.message_id)
        .where(item.obligation_kind == kind, item.obligation_id.in_(ids))
    )
    held = select(
        hold.obligation_id,
        hold.until_on,
        hold.person_id,
        hold.kind,
        hold.step,
        hold.anchor_on,
        literal(None, Date),
        literal(None, Integer),
    ).where(hold.obligation_kind == kind, hold.obligation_id.in_(ids), is_held(held_on or date.min))
    found: dict[int, Recorded] = defaultdict(Recorded)
    query = cast(Executable, union_all(written, held) if held_on else written)
    rows = db.session.execute(query)
    for id_, on, person_id, message, step, anchor_on, step_on, leaver_id in rows:
        key = (person_id, message, step, anchor_on)
        if step_on is None:
            found[id_].held[key] = on
        else:
            found[id_].written.append((on, Written(key, step_on, leaver_id)))
    return found


def those_reminded(holders: Iterable[int]) -> dict[int, PersonFacts]:
    """Return the people who may be reminded of what some people have: these, their line managers, the
    coordinators, and who stands in for one of them."""
    ids, person = set(holders), aliased(Person)
    managers = select(person.line_manager_id).where(person.id.in_(ids), person.line_manager_id.is_not(None))
    coordinators = select(PersonRole.person_id).where(PersonRole.name == RoleName.COORDINATOR)
    others = managers.union(coordinators).subquery()
    themselves = or_(Leave.person_id.in_(ids), Leave.person_id.in_(select(others.c[0])))
    deputies = select(Leave.deputy_id).where(themselves, Leave.deputy_id.is_not(None))
    return those_who(or_(Person.id.in_(ids), Person.id.in_(select(others.c[0])), Person.id.in_(deputies)))
