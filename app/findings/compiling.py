"""Compiles the findings of a cycle, as of a day."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from app.answers.agreement import agreement
from app.answers.models import FormNote
from app.assigning.independence import Tie
from app.audits.case_returns import cases_of_cycle, returns_by_agency
from app.audits.counting import cases_of, reasons_not_returned, returns_of
from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit
from app.audits.standing import Standing, Standings, held_on, standings
from app.concerns import response_queries
from app.cycles.models import EarlierCycle
from app.database import db
from app.findings.agreement import Agreement
from app.findings.audited_again import audited_again
from app.findings.by_agency import Returned, SeveralAgencies
from app.findings.cautions import Facts, cautions, how_it_was_done
from app.findings.counting import counted
from app.findings.document import Findings, several_returns
from app.findings.figures import sample_of
from app.people.closures import working_days
from app.sampling.method_note import method_note
from app.sampling.queries import method_facts
from app.tools.content import GRADE, UNIT
from app.workers import queries as worker_queries


def compiled(cycle: Cycle, on: date) -> Findings:
    """Return the findings of a cycle as of a day, from the answers as they are now."""
    at = standings(on, working_days())
    returns = returns_of(cycle.id, at)
    counting = and_(Audit.cycle_id == cycle.id, at.where(Standing.RETURNED))
    cases = cases_of(cycle.id, at)
    sample = sample_of(
        cycle.selection,
        cycle.population,
        cases=cases.requested,
        has_several_returns=several_returns(returns.returned, cases.counting) is not None,
    )
    figures = counted(cycle, at, sample)
    agreed = agreement(cycle, at, figures.does_apply)
    overridden = _overridden(counting, on)
    areas = tuple(
        replace(
            area,
            differed=agreed.differing_answers[area.question],
            changed=agreed.changed_answers[area.question],
        )
        for area in figures.areas
    )
    facts = Facts(
        returns=returns,
        areas=[(area.name, area.figure) for area in areas],
        selection=cycle.selection,
        population=cycle.population,
        several_returns=several_returns(returns.returned, cases.counting),
        cases_asked=cases.requested,
        earlier=_has_earlier(cycle),
        comparable_with=cycle.comparable_with,
        hides_something=figures.hides_something,
        hide_up_to=cycle.hide_up_to,
        waiting=sum(area.waiting for area in areas),
        judgements=sum(area.figure.counts.answered for area in areas if area.kind == GRADE),
        no_reason=sum(area.no_reason_given for area in areas),
        returned_here=agreed.returned_here,
        unconfirmed=agreed.unconfirmed,
        overridden=overridden.audits,
        overrides=overridden.by_tie,
        self_assessment=cycle.self_assessment,
        on_paper=_on_paper(counting, on),
        moderated=agreed.moderated,
        changed=agreed.grade_changed,
    )
    return Findings(
        cycle=cycle.reference,
        title=cycle.title,
        theme=cycle.theme,
        tool=f"{cycle.tool.title}, version {cycle.tool.version}",
        as_of=on,
        frozen_on=cycle.frozen_on if cycle.is_frozen(on) else None,
        cut_off_on=cycle.last_counting_day(on),
        returns=returns,
        reasons=tuple(reasons_not_returned(cycle.id, at)),
        method=(*method_note(method_facts(cycle)), *how_it_was_done(facts)),
        cautions=tuple(cautions(facts)),
        areas=areas,
        hide_up_to=cycle.hide_up_to,
        teams=figures.divided.teams,
        main_places=figures.main_places,
        factors=figures.divided.factors,
        factors_left_out=figures.divided.left_out,
        agreement=Agreement(
            confirmed=agreed.confirmed,
            differed=agreed.differing,
            moderated=agreed.moderated,
            changed=agreed.grade_changed,
            unconfirmed=agreed.unconfirmed,
            confirmed_here=agreed.confirmed_here,
            returned_here=agreed.returned_here,
        ),
        cases=cases.counting,
        unit=cycle.tool.unit or UNIT,
        overall=cycle.tool.overall,
        responses=response_queries.numbers_of([cycle.id], on)[cycle.id],
        workers=worker_queries.numbers_of([cycle.id], on)[cycle.id],
        above_limit=figures.above_limit,
        above_limit_with_reason=figures.above_limit_with_reason,
        again=audited_again(cycle, at),
        several_agencies=replace(
            returns_of_agencies(cycle, at), counts=figures.by_agency, leaving=figures.leaving
        )
        if cycle.agencies
        else None,
    )


def returns_of_agencies(cycle: Cycle, at: Standings) -> SeveralAgencies:
    """Return the returns of the agencies of a cycle and its complete cases, without the counts of answers."""
    cases = cases_of_cycle(cycle.id, at)
    return SeveralAgencies(
        returns={
            each.agency: Returned(each.returned, each.wanted) for each in returns_by_agency(cycle.id, at)
        },
        cases=cases.all,
        complete=cases.complete,
    )


def _has_earlier(cycle: Cycle) -> bool:
    """True when there was a cycle before this one, even one known only as published."""
    before = exists().where(Cycle.requested_on < cycle.requested_on)
    published = exists().where(EarlierCycle.reported_on < cycle.requested_on)
    return bool(db.session.scalar(select(or_(before, published))))


@dataclass(frozen=True)
class _Overridden:
    """The audits by an auditor who is not independent, and by the tie that was overridden, in their order."""

    audits: int
    by_tie: Mapping[str, int]


def _overridden(counting: ColumnElement[bool], on: date) -> _Overridden:
    query = (
        select(Assignment.audit_id, Assignment.overridden)
        .join(Audit, Audit.id == Assignment.audit_id)
        .where(counting, Assignment.override_reason.is_not(None), held_on(on))
    )
    rows = db.session.execute(query).all()
    by_tie = {tie: {audit_id for audit_id, overridden in rows if overridden == tie} for tie in Tie}
    return _Overridden(
        len({audit_id for audit_id, _ in rows}),
        {tie.value: len(audits) for tie, audits in by_tie.items() if audits},
    )


def _on_paper(counting: ColumnElement[bool], on: date) -> int:
    # few or none were, so the notes are looked at first
    typed_in = select(FormNote.audit_id).where(FormNote.entered_on <= on)
    query = select(func.count()).select_from(Audit).where(counting, Audit.id.in_(typed_in))
    return db.session.scalar(query) or 0
