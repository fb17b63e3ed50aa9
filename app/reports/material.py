"""Gathers the material for the reports of a cycle, in a fixed number of queries for any number of audits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from flask import current_app
from sqlalchemy import or_, select

from app.actions.answered import findings as answered_findings
from app.audits.cycle import Cycle
from app.audits.models import Audit, its_audit, of_cycles
from app.audits.reasons import told
from app.audits.standing import standings
from app.case_numbers import Masking, masking
from app.concerns import response_queries
from app.concerns.response_numbers import NO_RESPONSES
from app.cycles import queries
from app.cycles.models import EarlierCycle
from app.database import db
from app.exemplars.models import Exemplar
from app.findings.compared import candidates, compared
from app.findings.document import Findings
from app.findings.earlier import Published
from app.findings.figures import Figure
from app.findings.freezing import findings_of
from app.findings.questions import key_area_names
from app.people.closures import working_days
from app.people.models import Person, Team
from app.reports.facts import (
    Comment,
    Comparison,
    ComparisonRow,
    Example,
    Material,
    ReportedKeyArea,
    ToolChange,
    named,
)
from app.reports.follow_up import follow_up, reported_cycle
from app.reports.heads import heads_of
from app.reports.key_areas import value
from app.reports.models import ChosenComment, Narrative
from app.reports.paper_day import PaperDay
from app.reports.visible_to import without_figures
from app.reports.who_audited import how_it_went, rare_factors, who_audited
from app.tools import queries as tools
from app.tools import versions
from app.tools.models import Question, Section
from app.workers import queries as worker_queries
from config.settings import Settings


def gather(cycle: Cycle, on: date, by: Person | None) -> Material:
    """Return the facts for the paper of a day about a cycle. `by` is who makes it.

    The course of the audits is told as of the day of the figures: once a cycle is frozen, that day.
    """
    settings: Settings = current_app.extensions["settings"]
    day = PaperDay(on)
    findings = _findings(cycle, day)
    at, days = standings(findings.as_of, working_days()), working_days()
    earlier, later = _before(cycle), _after(cycle, day)
    mask = _masking([cycle.id, earlier.id] if earlier else [cycle.id])
    names = key_area_names()
    names |= {area.question: area.name for area in findings.areas}
    return Material(
        organisation=settings.organisation_name,
        marking=settings.protective_marking,
        made_on=on,
        made_by=by.name if by else None,
        contact=", ".join(filter(None, [by.email, by.telephone])) if by else None,
        cycle=reported_cycle(cycle, day),
        findings=findings,
        own=follow_up(cycle, day, names, mask),
        auditors=who_audited(cycle, at, day),
        work=how_it_went(cycle, at, day, days),
        comparison=_comparison(cycle, on),
        development_before=_development_before(earlier, cycle, on),
        comments=_comments(cycle, names, mask),
        examples=_examples(cycle, on, mask),
        answered=_answered(cycle, day, {area.question: area.figure for area in findings.areas}, mask),
        before=follow_up(earlier, day, names, mask) if earlier else None,
        next=reported_cycle(later, day) if later else None,
        narratives=_narratives(cycle, mask),
        heads=heads_of(cycle),
        guidance=_guidance(cycle),
        teams=list(db.session.scalars(select(Team.name).order_by(Team.name))),
        rare_factors=rare_factors(cycle, at, findings.hide_up_to),
        tool_changes=_tool_changes(cycle, day),
    )


def _findings(cycle: Cycle, day: PaperDay) -> Findings:
    """Return the findings as of the day, without the responses and replies that were given on it; of a cycle
    that is open then its returns alone."""
    findings = findings_of(cycle, day.on)
    findings = replace(findings, reasons=told(findings.reasons))
    if not cycle.is_closed(day.on):
        return without_figures(findings)
    if findings.workers:
        numbers = worker_queries.numbers_of([cycle.id], day.on, done_by=day.done_by)
        findings = replace(findings, workers=numbers[cycle.id])
    if findings.responses == NO_RESPONSES:
        return findings
    responses = response_queries.numbers_of([cycle.id], day.on, done_by=day.done_by)[cycle.id]
    return replace(findings, responses=responses)


def _masking(cycles: Sequence[int]) -> Masking:
    """Return the function that masks the case numbers of cycles. They are read with the first text: a cycle
    may have very many, and no texts yet."""

    @cache
    def masked() -> Masking:
        numbers = db.session.scalars(select(Audit.case_reference).where(Audit.cycle_id.in_(cycles)))
        return masking(number for number in numbers if number is not None)

    return lambda text: masked()(text) if text else text


def _before(cycle: Cycle) -> Cycle | None:
    """Return the cycle requested before this one. A quick check does not count as one."""
    query = (
        select(Cycle)
        .where(Cycle.requested_on < cycle.requested_on, Cycle.checks.is_(None))
        .order_by(Cycle.requested_on.desc(), Cycle.reference.desc())
    )
    return db.session.scalars(query.limit(1)).one_or_none()


def _after(cycle: Cycle, day: PaperDay) -> Cycle | None:
    """Return the cycle requested after this one, of those planned before the day."""
    query = (
        select(Cycle)
        .where(Cycle.requested_on > cycle.requested_on, Cycle.checks.is_(None))
        .order_by(Cycle.requested_on, Cycle.reference)
    )
    later, created = db.session.scalars(query).all(), queries.created_on()
    return next(
        (each for each in later if day.has_planned(created.get(each.reference), each.requested_on)), None
    )


def _comparison(cycle: Cycle, on: date) -> Comparison | None:
    """Return the comparison with the earlier cycle that it is declared comparable with, if there is one."""
    declared = [earlier for earlier in candidates(cycle) if earlier.reference == cycle.comparable_with]
    return _beside(declared[0], cycle, on) if declared else None


def _development_before(earlier: Cycle | None, cycle: Cycle, on: date) -> Comparison | None:
    """Return the key areas of the cycle before that were below a half or outside their expected level, then
    and now; None where there is no cycle before."""
    if earlier is None or not _has_figures(earlier, on):
        return None
    weak = {
        area.question
        for area in findings_of(earlier, on).areas
        if area.is_below_half or area.is_outside_expected
    }
    return _beside(earlier, cycle, on, only=weak)


def _beside(
    earlier: Cycle | EarlierCycle, cycle: Cycle, on: date, *, only: Collection[str] | None = None
) -> Comparison | None:
    """Return a cycle beside an earlier one, in these key areas only; None while one of the two is open."""
    if not _has_figures(cycle, on) or not _has_figures(earlier, on):
        return None
    beside = compared(earlier, cycle, on)
    shown = [row for row in beside.rows if only is None or row.question in only]
    rows = (ComparisonRow(row.name, _value(row.before), value(row.after), row.difference) for row in shown)
    responses = (
        ComparisonRow(f"{row.name}: {response.response}", *response.in_words)
        for row in shown
        if row.shows_responses and only is None
        for response in row.responses
    )
    name = named(earlier.reference, earlier.title)
    return Comparison(name, tuple(rows), beside.why_not, beside.of_the_cases, tuple(responses))


def _has_figures(cycle: Cycle | EarlierCycle, on: date) -> bool:
    """True for a cycle that was closed by a day: a figure of an open one is never quoted."""
    return isinstance(cycle, EarlierCycle) or cycle.is_closed(on)


def _value(figure: Figure | Published) -> str:
    """Return an earlier figure in words; a published one is in words already."""
    return value(figure) if isinstance(figure, Figure) else str(figure)


def _comments(cycle: Cycle, names: dict[str, str], mask: Masking) -> tuple[Comment, ...]:
    """Return the comments that the analyst chose, theme by theme in the order in which the themes came up."""
    query = select(ChosenComment).where(ChosenComment.cycle_id == cycle.id).order_by(ChosenComment.id)
    chosen = db.session.scalars(query).all()
    themes = list(dict.fromkeys(comment.theme for comment in chosen))
    return tuple(
        Comment(mask(comment.theme), names.get(comment.question or ""), mask(comment.text))
        for comment in sorted(chosen, key=lambda comment: themes.index(comment.theme))
    )


def _examples(cycle: Cycle, on: date, mask: Masking) -> tuple[Example, ...]:
    """Return the examples from this cycle's audits that are approved and not retired."""
    query = (
        select(Exemplar.title, Exemplar.text)
        .join(Audit, its_audit(Exemplar.audit_id))
        .where(of_cycles([cycle.id]), Exemplar.approved_on <= on)
        .where(or_(Exemplar.retired_on.is_(None), Exemplar.retired_on > on))
        .order_by(Exemplar.approved_on, Exemplar.id)
    )
    return tuple(Example(mask(title), mask(text)) for title, text in db.session.execute(query))


def _answered(
    cycle: Cycle, day: PaperDay, figures: Mapping[str, Figure], mask: Masking
) -> tuple[ReportedKeyArea, ...]:
    return tuple(
        ReportedKeyArea(
            key_area.question,
            key_area.key_area,
            has_action=bool(key_area.actions),
            left_because=mask(key_area.left_because) if key_area.left_because else None,
        )
        for key_area in answered_findings(cycle, day.on, figures, done_by=day.done_by)
        if key_area.calls_for_action or key_area.actions
    )


def _narratives(cycle: Cycle, mask: Masking) -> dict[str, str]:
    """Return the texts of the analyst by section; what holds nothing but spaces is left out."""
    query = select(Narrative.section, Narrative.text).where(Narrative.cycle_id == cycle.id)
    return {section: mask(text.strip()) for section, text in db.session.execute(query) if text.strip()}


def _guidance(cycle: Cycle) -> dict[str, str]:
    query = (
        select(Question.key, Question.guidance)
        .join(Section, Section.id == Question.section_id)
        .where(Section.tool_id == cycle.tool_id, Question.guidance.is_not(None))
    )
    return {key: guidance for key, guidance in db.session.execute(query) if guidance and guidance.strip()}


def _tool_changes(cycle: Cycle, day: PaperDay) -> tuple[ToolChange, ...] | None:
    """Return the changes in the newest published version of the cycle's tool; None when the cycle has it."""
    newest = tools.latest_published(cycle.tool.reference, day.done_by)
    if newest is None or newest.version <= cycle.tool.version:
        return None
    used = tools.found(cycle.tool.reference, cycle.tool.version)
    assert used is not None
    before, after = tools.content_of(used), tools.content_of(newest)
    names = {asked.key: asked.key_area for content in (before, after) for asked in content.questions()}
    return tuple(
        ToolChange(change.what, names.get(change.key) if change.key else None)
        for change in versions.changes(before, after)
    )
