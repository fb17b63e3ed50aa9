"""The work of others on the first page: overdue work, calls to make, and what leavers still have.

Of audits and of everything with one owner, as in the messages that link here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Row, select

from app.actions.handing_over import leavers_with_open_work
from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit
from app.audits.standing import Standing, Standings, held_on
from app.chase_list.rows import ChaseRow, rows
from app.concerns.responses_open import OpenResponse
from app.database import db
from app.due_dates import how_overdue
from app.pages import phone
from app.people.models import Person
from app.people.presence import PersonFacts
from app.people.presence_sql import has_left
from app.people.queries import everyone
from app.people.reaching import reach
from app.people.standing_in_sql import is_line_managed, stood_in_for
from app.reminders import calls
from app.reminders.ladder_book import LadderBook
from app.reminders.lines import LINES_SHOWN
from app.reminders.things import OwnedThing, owned_things
from app.working_days import WorkingDays


@dataclass(frozen=True)
class Late:
    """An overdue obligation of one owner."""

    kind: str
    id: int
    reference: str
    address: str
    subject: str
    due_on: date
    overdue: str
    """The words for how overdue it is, "by 2 working days"."""
    owner: Person
    owner_named: str
    """The owner with their number as a link, and whether they are away or have left."""


@dataclass(frozen=True)
class LeftBehind:
    """The open work of somebody who has left."""

    leaver: Person
    audits: Sequence[str]
    things: Sequence[tuple[str, str, str, str]]
    """(kind, reference, address, subject)"""
    is_handed_over: bool
    """Return True when there are actions or recommendations: these can be handed over in one step."""


def managed_by(person: Person, on: date) -> list[int]:
    """Return the ids of those whose line manager this person is, or stands in for today."""
    return list(db.session.scalars(select(Person.id).where(is_line_managed(person, on))))


def audits_of_their_people(managed: Sequence[int], at: Standings, days: WorkingDays) -> list[ChaseRow]:
    """Return the overdue audits of those whom a person manages."""
    if not managed:
        return []
    theirs = select(Assignment.audit_id).where(Assignment.person_id.in_(managed), held_on(at.on))
    overdue = select(Audit.id).where(at.where(Standing.OVERDUE), Audit.id.in_(theirs))
    overdue = overdue.order_by(Audit.due_on, Audit.reference).limit(LINES_SHOWN)
    return rows(list(db.session.scalars(overdue)), at.on, days)


def owned_by_their_people(managed: Sequence[int], at: Standings, days: WorkingDays) -> list[Late]:
    """Return the overdue work of the same people besides audits."""
    if not managed:
        return []
    return _late(dict.fromkeys(owned_things(), at.overdue_until), at, days, Person.id.in_(managed))


def audits_to_call(book: LadderBook, at: Standings, days: WorkingDays) -> list[ChaseRow]:
    """Return the audits that are to be called about, without those that somebody chased by hand lately."""
    cycles = db.session.scalars(select(Cycle.id).where(Cycle.id.not_in(at.closed_cycles)))
    to_call = calls.is_to_call(Audit.id, Audit.cycle_id, Audit.due_on, cycles, book, at.on, days)
    late = select(Audit.id).where(at.where(Standing.OPEN), to_call).order_by(Audit.due_on, Audit.reference)
    return rows(list(db.session.scalars(late.limit(LINES_SHOWN))), at.on, days)


def owned_to_call(book: LadderBook, at: Standings, days: WorkingDays) -> list[Late]:
    """Return the work besides audits that is to be called about."""
    return _late(calls.owned_to_call(book, at.on, days), at, days, uncalled=True)


@dataclass(frozen=True)
class LateResponse:
    """An overdue response and the people who are asked for it."""

    id: int
    reference: str
    audit: str
    due_on: date
    overdue: str
    asked: Sequence[PersonFacts]


def responses_to_call(
    responses: Iterable[OpenResponse], book: LadderBook, at: Standings, days: WorkingDays
) -> list[LateResponse]:
    """Return those open responses that are to be called about, the most overdue first."""
    to_call = calls.responses_to_call(responses, book, at.on, days)
    return [_late_response(response, at, days) for response in to_call]


def responses_of_their_people(
    person: Person, responses: Iterable[OpenResponse], at: Standings, days: WorkingDays
) -> list[LateResponse]:
    """Return those overdue responses of which this person, or somebody they stand in for, is told when they
    are late, and which they are not asked for."""
    late = [response for response in responses if days.is_late(response.due_on, at.on)]
    if not late:
        return []
    acting_as = {person.id, *db.session.scalars(stood_in_for(person.id, at.on))}
    return [
        _late_response(response, at, days)
        for response in late
        if acting_as & {one.id for one in response.told_late}
        and not acting_as & {one.id for one in response.asked}
    ]


def _late_response(response: OpenResponse, at: Standings, days: WorkingDays) -> LateResponse:
    overdue = how_overdue(response.due_on, at.on, days)
    return LateResponse(
        response.id, response.reference, response.audit, response.due_on, overdue, response.asked
    )


def left_behind(at: Standings) -> list[LeftBehind]:
    """Return the open work of those who have left, by leaver."""
    # read first, or the database may look for them among the auditors of all audits
    left = list(db.session.scalars(select(Person.id).where(has_left(at.on))))
    if not left:
        return []
    held = (
        select(Person, Audit.reference)
        .join(Assignment, Assignment.person_id == Person.id)
        .join(Audit, Audit.id == Assignment.audit_id)
        .where(Person.id.in_(left), held_on(at.on), at.where(Standing.OPEN))
    )
    audits: dict[Person, list[str]] = defaultdict(list)
    for leaver, reference in db.session.execute(held.order_by(Audit.reference)):
        audits[leaver].append(reference)
    things: dict[Person, list[tuple[str, str, str, str]]] = defaultdict(list)
    for thing in owned_things():
        open_ones, about = thing.open_on(at.on), thing.in_messages()
        number, subject = about.c
        owned = (
            select(Person, open_ones.c.reference, subject)
            .join(open_ones, open_ones.c.owner_id == Person.id)
            .join(about, number == open_ones.c.id)
            .where(has_left(at.on))
            .order_by(open_ones.c.reference)
        )
        for leaver, reference, about_it in db.session.execute(owned):
            things[leaver].append((thing.name, reference, f"{thing.place}/{reference}", about_it))
    handed_over = leavers_with_open_work(at.on)
    leavers = sorted({*audits, *things, *handed_over}, key=lambda leaver: (leaver.name, leaver.id))
    return [LeftBehind(leaver, audits[leaver], things[leaver], leaver in handed_over) for leaver in leavers]


def _late(
    due_until: Mapping[OwnedThing, date],
    at: Standings,
    days: WorkingDays,
    *which: ColumnElement[bool],
    uncalled: bool = False,
) -> list[Late]:
    """Return the open work that was due up to a day of each kind, the most overdue first.

    `which` are conditions on the owner; `uncalled` leaves out what somebody called about lately.
    """
    overdue: list[tuple[OwnedThing, Row[int, str, str, date, Person]]] = []
    for thing, until in due_until.items():
        open_ones, about = thing.open_on(at.on), thing.in_messages()
        number, subject = about.c
        query = (
            select(open_ones.c.id, open_ones.c.reference, subject, open_ones.c.due_on, Person)
            .join_from(open_ones, about, number == open_ones.c.id)
            .join(Person, Person.id == open_ones.c.owner_id)
            .where(
                open_ones.c.due_on <= until,
                *which,
                *([calls.not_called(thing.name, open_ones.c.id, at.on, days)] if uncalled else []),
            )
            .order_by(open_ones.c.due_on, open_ones.c.reference)
            .limit(LINES_SHOWN)
        )
        overdue += [(thing, row) for row in db.session.execute(query)]
    shown = sorted(overdue, key=lambda late: (late[1].due_on, late[1].reference))[:LINES_SHOWN]
    everybody = everyone() if shown else {}
    return [
        Late(
            thing.name,
            id_,
            reference,
            f"{thing.place}/{reference}",
            about_it,
            due_on,
            how_overdue(due_on, at.on, days),
            owner,
            reach(everybody[owner.id], at.on, phone),
        )
        for thing, (id_, reference, about_it, due_on, owner) in shown
    ]
