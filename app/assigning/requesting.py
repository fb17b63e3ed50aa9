"""Requesting audits by hand: one, or those of a case in a cycle with agencies, and their references.

Like every move, each raises Refused with one sentence and then has changed nothing.
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import select

from app.audits.agencies import TOGETHER, Agencies, references, stem
from app.audits.case_returns import meeting_of, of_agency
from app.audits.cycle import Cycle
from app.audits.models import Audit, of_cycles
from app.audits.worker_messages import write_audited
from app.audits.workers import WORKER_NAMED
from app.case_keys.mark import as_compared
from app.case_numbers import holds
from app.database import db, transaction
from app.moves.moving import locked, tell, wanted_case_number
from app.people.closures import due_in_words
from app.people.models import Person, Team
from app.refusal import Refused
from app.wording import in_words

AT_ONCE = 100
"""The references that are looked for at once, whether audits have them."""

_PAGES = frozenset({"request", "selected"})
"""The last words of addresses of pages below /audits."""


def request(
    cycle_reference: str,
    reference: str,
    case_reference: str,
    team_id: int,
    by: Person,
    on: date,
    due_on: date | None = None,
    worker_id: int | None = None,
) -> None:
    """Request one audit in an open cycle; it is due on the cycle's due day unless another is given.

    The worker of the case is told at once, where the cycle tells workers.
    """
    with transaction():
        audit = request_one(
            cycle_reference, reference, case_reference, team_id, by, on, due_on, worker_id=worker_id
        )
        write_audited([audit], on)


def request_one(
    cycle_reference: str,
    reference: str,
    case_reference: str,
    team_id: int,
    by: Person,
    on: date,
    due_on: date | None = None,
    agency: str | None = None,
    worker_id: int | None = None,
) -> Audit:
    """Request one audit and return it; its worker is still to be told.

    In a cycle with agencies it is that of one `agency`, or the meeting of its case (`together`). An audit of
    a case that is audited again has the worker of the earlier audit, if they still work here, unless another
    is given.
    """
    with transaction():
        cycle = locked(Cycle, cycle_reference)
        if cycle.is_closed(on):
            raise Refused(f"Cycle {cycle.reference} is closed, so you cannot request audits for it")
        reference, case_reference = reference.strip(), wanted_case_number(case_reference)
        _refuse_reference(reference, case_reference, cycle)
        agency = _wanted_agency(cycle, agency, case_reference)
        if db.session.get(Team, team_id) is None:
            raise Refused("Select the team responsible for the case")
        requested_on = max(on, cycle.requested_on)
        due_on = due_on or cycle.due_on
        if due_on < requested_on:
            raise Refused(f"Due date must be on or after the request date, {in_words(requested_on)}")
        earlier = _earlier_audit(cycle, case_reference, agency)
        worker = worker_to_name(worker_id, on) if worker_id is not None else _still_here(earlier, on)
        audit = Audit(
            reference=reference,
            case_reference=case_reference,
            team_id=team_id,
            cycle_id=cycle.id,
            agency_id=cycle.agency_id(agency),
            re_audit_of_id=earlier.id if earlier else None,
            worker_id=worker.id if worker else None,
            is_together=agency == TOGETHER,
            requested_on=requested_on,
            due_on=due_on,
            first_due_on=due_on,
        )
        db.session.add(audit)
        db.session.flush()
        whose = "" if agency is None else f"{agency}, "
        tell(audit, by, on, "requested", after=f"{whose}due {due_in_words(due_on)}")
        if worker is not None:
            tell(audit, by, on, WORKER_NAMED, after=worker.name)
        return audit


def request_of_case(
    cycle_reference: str,
    of_case: str,
    agencies: Iterable[str],
    case_reference: str,
    team_id: int,
    by: Person,
    on: date,
    due_on: date | None = None,
    worker_id: int | None = None,
) -> Sequence[str]:
    """Request the audits of one case: one of each of these agencies, its meeting if it is among them.

    Returns their references, which begin with `of_case`. Raises Refused, and has then requested none. The
    worker of the case is told of them at once, where the cycle tells workers.
    """
    with transaction():
        audits = request_each(
            cycle_reference, of_case, agencies, case_reference, team_id, by, on, due_on, worker_id
        )
        write_audited(audits, on)
    return [audit.reference for audit in audits]


def request_each(
    cycle_reference: str,
    of_case: str,
    agencies: Iterable[str],
    case_reference: str,
    team_id: int,
    by: Person,
    on: date,
    due_on: date | None = None,
    worker_id: int | None = None,
) -> Sequence[Audit]:
    """Request the audits of one case and return them; their workers are still to be told."""
    with transaction():
        of_case = of_case.strip()
        begin_so = Audit.folded.startswith(Audit.fold(of_case), autoescape=True)
        taken = set(db.session.scalars(select(Audit.folded).where(begin_so)))
        named = references(of_case, agencies, lambda reference: Audit.fold(reference) in taken)
        if not named:
            raise Refused("Select at least one agency")
        case = (case_reference, team_id, by, on, due_on)
        return [
            request_one(cycle_reference, reference, *case, agency=agency, worker_id=worker_id)
            for agency, reference in named.items()
        ]


def worker_to_name(person_id: int, on: date) -> Person:
    """Return the person who is named as worker. Raises Refused unless they work here."""
    person = db.session.get(Person, person_id)
    if person is None or person.has_left(on):
        raise Refused("Select one person who works here as the worker of the case")
    return person


def _still_here(earlier: Audit | None, on: date) -> Person | None:
    """Return the worker of the earlier audit of the case, if there is one who still works here."""
    worker = earlier.worker if earlier else None
    return None if worker is None or worker.has_left(on) else worker


def _wanted_agency(cycle: Cycle, agency: str | None, case_reference: str) -> str | None:
    """Return the agency in the cycle's spelling. Raises Refused if the cycle cannot have an audit of it."""
    try:
        agency = Agencies(cycle.reference, cycle.agencies).read(agency)
    except ValueError:
        raise Refused(
            "Select an agency of the cycle, or the meeting of the case"
            if cycle.agencies
            else f"Cycle {cycle.reference} has no agencies"
        ) from None
    if agency == TOGETHER and (meeting := meeting_of(cycle.id, as_compared(case_reference))):
        raise Refused(f"The meeting of this case is {meeting} already")
    return agency


def _earlier_audit(cycle: Cycle, case_reference: str, agency: str | None) -> Audit | None:
    """Return the audit that an audit of this case, by this agency, repeats: in a cycle that audits another
    again, the latest there that was not withdrawn. None where there is none."""
    if cycle.audits_again is None:
        return None
    query = (
        select(Audit)
        .join(Cycle, Cycle.id == Audit.cycle_id)
        .where(
            Cycle.called(cycle.audits_again),
            Audit.case_folded == as_compared(case_reference),
            Audit.withdrawn_on.is_(None),
            of_agency(cycle, agency),
        )
    )
    latest = query.order_by(Audit.returned_on.is_(None), Audit.returned_on.desc(), Audit.id.desc())
    return db.session.scalars(latest.limit(1)).first()


def is_a_page(reference: str) -> bool:
    """Return True for a reference at whose address there is another page."""
    return reference.lower() in _PAGES


def gives_away(reference: str, cycle_reference: str, case_reference: str | None) -> bool:
    """Return True when a reference, which many see, holds the number of the case. What its cycle's own
    reference says gives nothing away."""
    return holds(reference.removeprefix(cycle_reference), case_reference)


def _refuse_reference(reference: str, case_reference: str, cycle: Cycle) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", reference) or is_a_page(reference):
        raise Refused("Reference can only have letters, digits, dots and hyphens")
    if gives_away(reference, cycle.reference, case_reference):
        raise Refused("Reference must not include the case number, because more people can see the reference")
    taken = db.session.scalar(select(Audit.reference).where(Audit.called(reference)))
    if taken is not None:
        raise Refused(f"There is already an audit {taken}. Enter another reference.")


def proposed_reference(cycle: Cycle) -> str:
    """Return the next reference of a cycle: CP-030 after CP-029; 2011-1-001 in a cycle without audits.

    In a cycle with agencies it is that of a case: DA-002 after DA-001-A.
    """
    return next(proposed_references(cycle))


def proposed_references(cycle: Cycle) -> Iterator[str]:
    """Yield the next references of a cycle, one after the other, as if each were taken."""
    has_agencies = bool(cycle.agencies)
    last = db.session.scalars(
        # from the latest on, which is soon one of a cycle that is going on
        select(Audit.reference).where(of_cycles([cycle.id])).order_by(Audit.id.desc()).limit(1)
    ).one_or_none()
    if last is not None and has_agencies:
        last = stem(last)
    parts = re.fullmatch(r"(.*?)(\d+)", last or f"{cycle.reference}-000")
    prefix, number = (parts[1], parts[2]) if parts else (f"{last}-", "0")
    following = int(number) + 1
    while True:
        some = [f"{prefix}{each:0{len(number)}}" for each in range(following, following + AT_ONCE)]
        taken = _taken(list(map(Audit.fold, some)), with_letters=has_agencies)
        yield from (reference for reference in some if Audit.fold(reference) not in taken)
        following += AT_ONCE


def _taken(references: Sequence[str], *, with_letters: bool) -> set[str]:
    """Return those of some references, folded, that audits have; where audits of agencies are called by their
    case, also those that an audit has with letters after it."""
    taken = set(db.session.scalars(select(Audit.folded).where(Audit.folded.in_(references))))
    if with_letters:
        # all references begin alike
        beginning = os.path.commonprefix(references)  # noqa: RUF071  no paths
        begin_so = select(Audit.folded).where(Audit.folded.startswith(beginning, autoescape=True))
        taken |= set(map(stem, db.session.scalars(begin_so)))
    return taken
