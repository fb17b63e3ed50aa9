"""Freezing: the findings of a cycle are stored when it is closed for good, and read from there from then on.

The snapshot is the whole document (document.py), small numbers hidden, without comments, and a digest of what
it counts of each audit (counted_facts.py). After it no return,
moderation, new version of the tool or removal of old answers changes a figure.

A cycle that was frozen before snapshots existed has none. Its findings are compiled each time they are read,
as of the day it was frozen, with the same result as long as its answers are stored. Code that removes answers
must make the snapshot first (`keep`).
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select

from app.audits.counting import cases_of, returns_by_cycle
from app.audits.cycle import Cycle
from app.audits.returns import Returns
from app.audits.standing import standings
from app.concerns import response_queries
from app.cycles.importing import mark_frozen
from app.cycles.moves import mark_closed
from app.database import db, transaction
from app.findings.by_agency import SeveralAgencies
from app.findings.cases import shared_cases
from app.findings.compiling import compiled, returns_of_agencies
from app.findings.counted_facts import with_facts
from app.findings.document import Findings, from_json
from app.findings.figures import Figure
from app.findings.key_area import KeyArea
from app.findings.met_words import met_as
from app.findings.models import CasesCounted, Snapshot
from app.history import documents
from app.people.closures import working_days
from app.people.models import Person
from app.tools.content import Content
from app.tools.queries import content_of, whole
from app.workers import queries as worker_queries

FREEZING = "freezing"
"""Stores the findings of a closed cycle, in the place of a person."""


def close(cycle: Cycle, *, cut_off_on: date | None, by: Person, on: date) -> None:
    """Close a cycle and freeze it with its findings. Raises Refused as `mark_closed` does."""
    with transaction():
        mark_closed(cycle, cut_off_on=cut_off_on, by=by, on=on)
        keep(cycle)


def freeze_closed(on: date) -> None:
    """Freeze every cycle that a file brought closed, each with its findings."""
    with transaction():
        for cycle in mark_frozen(on):
            keep(cycle)


def keep(cycle: Cycle) -> None:
    """Store the findings of a frozen cycle, unless they are. Raises ValueError when it is not frozen."""
    with transaction():
        if db.session.get(Snapshot, cycle.id) is None:
            db.session.flush()
            document = _compiled_as_frozen(cycle)
            findings = with_facts(db.session.connection(), document.to_json(), cycle.id)
            snapshot = Snapshot(cycle_id=cycle.id, made_on=document.as_of, findings=findings)
            db.session.add(snapshot)
            documents.seal(snapshot, f"findings of cycle {cycle.reference}", who=FREEZING)


def count_cases(cycle: Cycle) -> None:
    """Keep the numbers of cases of a frozen cycle, where its snapshot was made without: they are looked up by
    case number, and those are about to be removed."""
    with transaction():
        snapshot = db.session.get(Snapshot, cycle.id)
        if snapshot is None or db.session.get(CasesCounted, cycle.id) is not None:
            return
        findings = from_json(snapshot.findings)
        if findings.cases is not None and findings.same_cases is not None:
            return
        cases = findings.cases
        if cases is None:
            cases = _cases_looked_up(cycle, findings)
        same_cases = findings.same_cases
        if same_cases is None:
            same_cases = _shared_with_frozen(cycle)
        db.session.add(CasesCounted(cycle_id=cycle.id, cases=cases, same_cases=dict(same_cases)))


def findings_of(cycle: Cycle, on: date) -> Findings:
    """Return the findings of a cycle as of a day: from its snapshot once it is frozen."""
    return findings_of_each([cycle], on)[cycle.id]


def findings_of_each(cycles: Collection[Cycle], on: date) -> dict[int, Findings]:
    """Return the findings of several cycles as of a day, by cycle id: those frozen in a few queries.

    The number that came back after the cut-off is as of the day asked for: those audits are in no figure, and
    count as not returned whether they came or not. So are the responses that grades called for,
    and the replies of workers.
    """
    frozen = {cycle.id for cycle in cycles if cycle.is_frozen(on)}
    snapshots = {
        snapshot.cycle_id: snapshot
        for snapshot in db.session.scalars(select(Snapshot).where(Snapshot.cycle_id.in_(frozen)))
    }
    late = returns_by_cycle(standings(on, working_days()), frozen) if frozen else {}
    responses = response_queries.numbers_of(frozen, on) if frozen else {}
    workers = worker_queries.numbers_of(frozen, on) if frozen else {}
    found = {}
    for cycle in cycles:
        if cycle.id not in frozen:
            found[cycle.id] = compiled(cycle, on)
            continue
        findings = _frozen_findings(cycle, snapshots.get(cycle.id))
        found[cycle.id] = replace(
            findings,
            returns=replace(findings.returns, after_cut_off=late.get(cycle.id, Returns()).after_cut_off),
            responses=responses[cycle.id],
            workers=workers[cycle.id],
        )
    return found


def _frozen_findings(cycle: Cycle, snapshot: Snapshot | None) -> Findings:
    if snapshot is None:
        return _compiled_as_frozen(cycle)
    return _with_kinds(_with_cases(snapshot, cycle), cycle)


def figures_of(cycle: Cycle, on: date) -> dict[str, Figure]:
    """Return the figure of each key area of a cycle as of a day, by question; as frozen, once it is."""
    return {area.question: area.figure for area in findings_of(cycle, on).areas}


def agencies_of(cycle: Cycle, on: date) -> SeveralAgencies | None:
    """Return the returns of the agencies of a cycle and its complete cases; as frozen, once it is. None
    where it has no agencies."""
    if not cycle.agencies:
        return None
    if cycle.is_frozen(on):
        return findings_of(cycle, on).several_agencies
    return returns_of_agencies(cycle, standings(on, working_days()))


def different_cases(cycle: Cycle, on: date) -> int:
    """Return the number of different cases among the returned audits of a cycle that count; as frozen, once
    it is."""
    if cycle.is_frozen(on) and db.session.get(Snapshot, cycle.id) is not None:
        return findings_of(cycle, on).cases or 0
    return cases_of(cycle.id, standings(on, working_days())).counting


def _shared_with_frozen(cycle: Cycle) -> Mapping[str, int | None]:
    """Return how many cases a frozen cycle shares with each other one: so whichever of two was frozen last
    has it. They are read as of the day on which all of them were frozen."""
    last = db.session.scalar(select(func.max(Cycle.frozen_on)))
    assert last is not None
    return shared_cases(cycle, standings(last, working_days()), Cycle.frozen_by())


ASSUMED = ". Different children were audited, so"
"""The words of a caution in early snapshots: nobody had looked up which children were in both cycles."""


def _with_cases(snapshot: Snapshot, cycle: Cycle) -> Findings:
    """Return a snapshot with its number of cases, looked up where it was made without: such a one may have
    ranges of figures that count several returns about one case, and assume that the cases were others."""
    findings = from_json(snapshot.findings)
    counted = None
    if findings.cases is None or findings.same_cases is None:
        counted = db.session.get(CasesCounted, cycle.id)
    if counted is not None and findings.same_cases is None:
        findings = replace(findings, same_cases=counted.same_cases)
    if findings.cases is not None:
        return findings
    cases = counted.cases if counted else _cases_looked_up(cycle, findings)
    looked_up = tuple(caution.replace(ASSUMED, ", so") for caution in findings.cautions)
    findings = replace(findings, cases=cases, cautions=looked_up)
    if not findings.no_interval_because:
        return findings
    areas = [replace(area, figure=replace(area.figure, interval=None)) for area in findings.areas]
    return replace(findings, areas=tuple(areas))


def _cases_looked_up(cycle: Cycle, findings: Findings) -> int:
    return cases_of(cycle.id, standings(findings.as_of, working_days())).counting


def _with_kinds(findings: Findings, cycle: Cycle) -> Findings:
    """Return findings with the kinds of their questions, looked up where a snapshot was made without."""
    if all(area.responses is not None for area in findings.areas):
        return findings
    content = content_of(whole(cycle.tool))
    return replace(findings, areas=tuple(_with_kind(area, content) for area in findings.areas))


def _with_kind(area: KeyArea, content: Content) -> KeyArea:
    question = content.question(area.question)
    scale = content.scale_of(question) if question else None
    if question is None or scale is None or area.responses is not None:
        return area
    return replace(area, kind=content.kind_of(question), met_as=met_as(scale))


def _compiled_as_frozen(cycle: Cycle) -> Findings:
    if cycle.frozen_on is None:
        raise ValueError(f"cycle {cycle.reference} is not frozen")
    return replace(compiled(cycle, cycle.frozen_on), same_cases=_shared_with_frozen(cycle))
