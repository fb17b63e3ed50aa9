"""Telling administrators by email what is wrong with the service, and when it is over."""

import logging
import socket
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select, update

from app.database import db, insert_or_leave, transaction
from app.outbox import kinds, pausing
from app.outbox.kinds import Holds, Overtaken, Verdict
from app.outbox.models import Message
from app.outbox.rendering import render
from app.outbox.writing import write
from app.people.presence import PersonFacts
from app.people.queries import everyone
from app.people.roles import RoleName
from app.watching.facts import facts
from app.watching.models import StandingTrouble
from app.watching.troubles import (
    GB,
    Facts,
    Finding,
    Kind,
    Seen,
    Step,
    Wrong,
    find,
    next_step,
    told_at_first,
)

log = logging.getLogger(__name__)

TROUBLE = "trouble"

WHY = {
    Step.TELL: "Sent to all administrators at once and once a day, because the service needs attention",
    Step.TELL_OVER: "Sent to all administrators, because a problem with the service is solved",
}


@dataclass(frozen=True)
class Place:
    """The key of a trouble: its kind, and the machine where only one has it."""

    kind: Kind
    machine: str


def tell_of_troubles() -> None:
    """Look at the service, and tell what is wrong or over. Several workers at once tell everything once."""
    seen = facts()
    found = {_place(kind): find(kind, seen) for kind in Kind}
    db.session.rollback()
    stands = db.session.scalar(select(StandingTrouble.kind).limit(1)) is not None
    if not stands and not any(isinstance(finding, Wrong) for finding in found.values()):
        return
    with transaction():
        for place, finding in found.items():
            _follow(place, finding, seen)


def _place(kind: Kind) -> Place:
    return Place(kind, socket.gethostname() if kind is Kind.DISK else "")


def _follow(place: Place, finding: Finding, seen: Facts) -> None:
    """Take the next step with a trouble, in a transaction of the caller."""
    here = (StandingTrouble.kind == place.kind, StandingTrouble.machine == place.machine)
    query = select(StandingTrouble).where(*here).with_for_update().execution_options(populate_existing=True)
    row, on = db.session.scalars(query).one_or_none(), seen.local.date()
    step = next_step(finding, Seen(row.seen_at, row.told_on) if row else None, seen.now, on)
    match step:
        case Step.NOTE if isinstance(finding, Wrong):
            key = {"kind": place.kind, "machine": place.machine, "told_on": told_at_first(place.kind, on)}
            noted = insert_or_leave(StandingTrouble).values(**key, seen_at=seen.now, since=finding.since)
            db.session.execute(noted)
        case Step.TELL if row is not None:
            log.error("trouble with the service: %s", place.kind)
            db.session.execute(update(StandingTrouble).where(*here).values(told_on=on))
            _write(place, row.since, seen, step)
        case Step.TELL_OVER | Step.FORGET if row is not None:
            db.session.execute(delete(StandingTrouble).where(*here))
            if step is Step.TELL_OVER:
                log.info("trouble is over: %s", place.kind)
                _write(place, row.since, seen, step)
    if place.kind is Kind.DELIVERY and (step in (Step.TELL, Step.TELL_OVER)):
        pausing.stands_still(row.since if step is Step.TELL and row else None)


def _write(place: Place, since: datetime, seen: Facts, step: Step) -> None:
    over = step is Step.TELL_OVER
    rendered = render(
        TROUBLE,
        kind=place.kind.value,
        is_over=over,
        since=since,
        machine=place.machine,
        free=round(seen.free / GB, 1),
        total=round(seen.total / GB, 1),
    )
    about = {"trouble": place.kind.value, "machine": place.machine, "is_over": over}
    on = seen.local.date()
    for person in everyone().values():
        if _is_told(person, on):
            write(
                TROUBLE,
                recipient=person.id,
                address=person.email,
                rendered=rendered,
                why=WHY[step],
                on=on,
                facts=about,
            )


def _is_told(person: PersonFacts, on: date) -> bool:
    return RoleName.ADMINISTRATOR in person.roles and not person.has_left(on)


def recheck(message: Message, on: date) -> Verdict:
    """Hold while the trouble stands and no later email says it, and while the person is an administrator."""
    person = everyone().get(message.recipient or 0)
    if person is None or not _is_told(person, max(on, message.on)):
        return Overtaken("They are no longer an administrator")
    if message.facts["is_over"]:
        return Holds()
    key = (message.facts["trouble"], message.facts["machine"])
    row = db.session.get(StandingTrouble, key, populate_existing=True)
    if row is None:
        return Overtaken("The problem is solved")
    if row.told_on is not None and row.told_on > message.on:
        return Overtaken("A later email says it")
    return Holds()


kinds.register(TROUBLE, 0, kinds.each(recheck))


def standing_troubles() -> dict[Kind, datetime]:
    """Return the troubles that administrators were told of and that are not over, each with its beginning."""
    query = select(StandingTrouble).where(StandingTrouble.told_on.is_not(None))
    return {Kind(row.kind): row.since for row in db.session.scalars(query)}
