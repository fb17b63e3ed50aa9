"""Selecting entries of the record of reading, with the audits and people that they name."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.clock import clock
from app.database import db
from app.people.models import Person
from app.readings.kinds import SEE_CASE_NUMBERS
from app.readings.models import CaseRead, Reading
from app.sampling.models import Draw, DrawnCase

PAGE = 50

NAMED_AT_MOST = 10
"""The most audits that an entry names on the page."""


@dataclass(frozen=True)
class Asked:
    """The filters of the record."""

    kind: str = ""
    person: str = ""
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True)
class Cases:
    """The cases whose numbers an entry showed: references of audits, and cycles whose draws were read."""

    audits: Sequence[str]
    draws: Sequence[str]
    more: int = 0
    """The number of audits that are not named."""


def entries(asked: Asked) -> Select[Reading, Person | None]:
    """Select the entries with the person of each, latest first."""
    query = select(Reading, Person).outerjoin(Person, Person.id == Reading.person_id)
    if asked.kind:
        query = query.where(Reading.kind == asked.kind)
    if asked.person:
        query = query.where(
            or_(Reading.person_id.in_(_called(asked.person)), Reading.program == asked.person)
        )
    if asked.from_on:
        query = query.where(Reading.at >= _midnight(asked.from_on))
    if asked.to_on:
        query = query.where(Reading.at < _midnight(asked.to_on + timedelta(days=1)))
    return query.order_by(Reading.id.desc())


def readers_of(audit: Audit) -> Select[Reading, Person | None]:
    """Select the entries that showed the number of an audit's case, latest first.

    The same case can have been read on another audit of it, or in the list that it was drawn from.
    """
    audits = select(Audit.id).where(Audit.case_folded == audit.case_folded)
    drawn = select(DrawnCase.id).where(DrawnCase.case_folded == audit.case_folded)
    shown = select(CaseRead.reading_id).where(
        or_(CaseRead.audit_id == audit.id, CaseRead.audit_id.in_(audits), CaseRead.drawn_case_id.in_(drawn))
    )
    query = select(Reading, Person).outerjoin(Person, Person.id == Reading.person_id)
    return query.where(Reading.id.in_(shown), Reading.kind.in_(SEE_CASE_NUMBERS)).order_by(Reading.id.desc())


def cases_of(reading_ids: Collection[int], most: int | None = NAMED_AT_MOST) -> Mapping[int, Cases]:
    """Return the cases of some entries, at most so many audits of each."""
    audits: dict[int, list[str]] = defaultdict(list)
    draws: dict[int, list[str]] = defaultdict(list)
    of_audits = select(CaseRead.reading_id, Audit.reference).join(Audit, Audit.id == CaseRead.audit_id)
    for reading_id, reference in db.session.execute(
        of_audits.where(CaseRead.reading_id.in_(reading_ids)).order_by(Audit.reference)
    ):
        audits[reading_id].append(reference)
    drawn, cycle = aliased(DrawnCase), aliased(Cycle)
    of_draws = (
        select(CaseRead.reading_id, cycle.reference)
        .join(drawn, drawn.id == CaseRead.drawn_case_id)
        .join(Draw, Draw.id == drawn.draw_id)
        .join(cycle, cycle.id == Draw.cycle_id)
        .where(CaseRead.reading_id.in_(reading_ids))
        .distinct()
    )
    for reading_id, reference in db.session.execute(of_draws):
        draws[reading_id].append(reference)
    return {
        each: Cases(audits[each][:most], sorted(draws[each]), len(audits[each][most:]) if most else 0)
        for each in reading_ids
    }


def _called(words: str) -> Select[int]:
    """Select the people whose name or address has these words."""
    is_called = (column.icontains(words, autoescape=True) for column in (Person.name, Person.email))
    return select(Person.id).where(or_(*is_called))


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), clock().zone).astimezone(UTC)
