"""The audits of drawn cases: requesting them, and replacing a case with its audit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.assigning import requesting
from app.assigning.independence import recent_audits
from app.assigning.suitability import audits_of_cases
from app.audits import moves
from app.audits.agencies import Agencies, stem
from app.audits.cycle import Cycle
from app.audits.facts import facts
from app.audits.lifecycle import Move, refuse
from app.audits.models import Audit
from app.audits.worker_messages import write_audited
from app.database import db, transaction
from app.moves.moving import tell
from app.people.closures import working_days
from app.people.models import Person
from app.people.teams import team_ids
from app.refusal import Refused
from app.sampling import moves as draws
from app.sampling import queries as drawn
from app.sampling.models import DrawnCase
from app.wording import plural
from app.working_days import happened


def request_drawn(reference: str, by: Person, on: date, due_on: date | None = None) -> int:
    """Request an audit for each drawn case that has none in the cycle, in the order of the draw; the team is
    the one it was listed with. In a cycle with agencies each of them gets an audit of the case, and its
    meeting is one more. Returns how many were requested: none the second time.

    Raises Refused, and has then requested none, when the cycle is closed or one cannot be requested.
    """
    with transaction():
        cycle = draws.open_cycle(reference, on)
        kept = drawn.kept(cycle)
        if kept is None:
            raise Refused("No cases have been drawn for this cycle, so there are no audits to request")
        return len(_request(cycle, drawn.chosen(kept), by, on, due_on))


def replace(
    reference: str,
    position: int,
    reason: str,
    words: str | None,
    by: Person,
    on: date,
    due_on: date | None = None,
) -> tuple[DrawnCase, DrawnCase | None]:
    """Leave out a drawn case that cannot be audited; the next reserve stands in for it.

    Audits of the case that have been requested are withdrawn for this reason, and those of the stand-in are
    requested. Returns the two cases, None for a stand-in where no reserve is left. Raises Refused when
    the cycle is closed, one has been returned, or there is no reason; then nothing has changed.
    """
    with transaction():
        cycle = draws.open_cycle(reference, on)
        case, stand_in = draws.substitute(cycle, position, reason, words, by=by, on=on)
        audits = audits_in(cycle, [case]).get(case.position, ())
        because = f"the case is not audited: {case.left_out_because}"
        withdrawn = [
            moves.withdraw_one(audit.reference, by, on, because)
            for audit in audits
            if not happened(audit.withdrawn_on, on)
        ]
        moves.tell_withdrawn(withdrawn, by, on)
        if audits and stand_in is not None:
            _request(cycle, [stand_in], by, on, due_on)
    return case, stand_in


def refuse_replacing(audits: Iterable[Audit], on: date) -> str | None:
    """Return why the case of these audits cannot be replaced; None when each is, or can be, withdrawn."""
    days = working_days()
    outstanding = (audit for audit in audits if not happened(audit.withdrawn_on, on))
    refused = (refuse(Move.WITHDRAW, facts(audit, on), on, days) for audit in outstanding)
    return next((why for why in refused if why is not None), None)


def audits_in(cycle: Cycle, cases: Iterable[DrawnCase]) -> Mapping[int, Sequence[Audit]]:
    """Return the audits of these cases in the cycle, withdrawn ones too, by the case's position: one of each
    agency, in the order of their references."""
    positions = {case.case_folded: case.position for case in cases if case.case_folded}
    query = (
        select(Audit)
        .where(Audit.cycle_id == cycle.id, Audit.case_folded.in_(positions))
        .options(joinedload(Audit.its_agency))
    )
    # of several audits of one case, by one agency, the latest that was not withdrawn is the one that counts
    ordered = query.order_by(Audit.withdrawn_on.is_(None), Audit.id)
    by_case: dict[int, dict[str | None, Audit]] = defaultdict(dict)
    for audit in db.session.scalars(ordered):
        by_case[positions[audit.case_folded or ""]][audit.agency] = audit
    return {
        position: sorted(audits.values(), key=lambda audit: audit.reference)
        for position, audits in by_case.items()
    }


def wanting(cycle: Cycle, audits: Iterable[Audit]) -> Sequence[str | None]:
    """Return the agencies of which a case lacks an audit, given those that it has; None is an audit of a
    cycle without agencies."""
    agencies: Sequence[str | None] = Agencies(cycle.reference, cycle.agencies).audits_of_a_case or (None,)
    there = {audit.agency for audit in audits}
    return [agency for agency in agencies if agency not in there]


def audited_recently(cycle: Cycle, cases: Iterable[str], on: date) -> Mapping[str, Sequence[str]]:
    """Return the references of each case's audits of the last 12 months, and open ones, outside the cycle.

    By the keyed hash of the case; cases without any are left out.
    """
    recently_audited = {}
    for case, audits in audits_of_cases(cases, on).items():
        other_audits = [
            (audit.reference, audit.returned_on) for audit in audits if audit.cycle_id != cycle.id
        ]
        if recent := recent_audits(other_audits, on):
            recently_audited[case] = [reference for reference, _ in recent]
    return recently_audited


def _request(
    cycle: Cycle, cases: Sequence[DrawnCase], by: Person, on: date, due_on: date | None
) -> Sequence[Audit]:
    """Request the audits that these cases lack, and return them; tell their workers, where the cycle does."""
    there = audits_in(cycle, cases)
    teams = team_ids()
    proposed = requesting.proposed_references(cycle)
    requested: list[Audit] = []
    for case in cases:
        audits = there.get(case.position, ())
        lacking = wanting(cycle, audits)
        if not lacking:
            continue
        if case.case_reference is None:
            raise Refused("The case numbers have been removed, so you cannot request audits")
        if case.stratum not in teams:
            raise Refused(f"Team {case.stratum} no longer exists, so you cannot request an audit of its case")
        audit = stem(audits[0].reference) if audits else next(proposed)
        if requesting.gives_away(audit, cycle.reference, case.case_reference):
            audit = next(proposed)  # by chance: the next one does not
        request = (case.case_reference, teams[case.stratum], by, on, due_on)
        if agencies := [agency for agency in lacking if agency is not None]:
            requested += requesting.request_each(cycle.reference, audit, agencies, *request)
        else:
            requested.append(requesting.request_one(cycle.reference, audit, *request))
    if requested:
        after = f"{len(requested)} {plural(len(requested), 'audit')}"
        tell(cycle, by, on, "audits of drawn cases requested", after=after)
        write_audited(requested, on)
    return requested
