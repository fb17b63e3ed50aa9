"""The audits of a cycle to which each question applies, by the answers that count."""

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from types import MappingProxyType

from sqlalchemy import and_, exists, or_, select

from app.answers.as_returned import AsReturned
from app.answers.counts import counting
from app.answers.models import SectionSetAside
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.database import db
from app.tools.conditions import Applied, Conditional, applied
from app.tools.content import EXCLUDED
from app.tools.models import Question, ScaleResponse, Section
from app.tools.rows import condition_of


def has_conditions(tool_id: int) -> bool:
    """Return whether some question of a version of a tool may not apply to a case."""
    may_not = or_(Section.optional, Section.applies_if.is_not(None), Question.applies_if.is_not(None))
    query = exists().where(Section.id == Question.section_id, Section.tool_id == tool_id, may_not)
    return bool(db.session.scalar(select(query)))


def applied_in(
    cycle: Cycle, on: date, kept: Mapping[int, AsReturned] = MappingProxyType({})
) -> Mapping[int, Applied[int]]:
    """Return the audits (ids) that a question (id) applies to on that day, for each that may not apply.

    `kept` is what audits were returned with that were sent back after the day.

    Others, without a condition and in a section that is not optional, apply to all audits.
    """
    if not has_conditions(cycle.tool_id):
        return {}
    rows = db.session.execute(
        select(Section, Question)
        .join(Question, Question.section_id == Section.id)
        .where(Section.tool_id == cycle.tool_id)
        .order_by(Section.position, Question.position)
    ).all()
    conditionals = [
        Conditional(
            question.key,
            section.position,
            condition_of(section.applies_if),
            condition_of(question.applies_if),
        )
        for section, question in rows
    ]
    deciding = {c.question for each in conditionals for c in (each.of_section, each.own) if c}
    keys = {question.id: question.key for _, question in rows if question.key in deciding}
    audits = frozenset(db.session.scalars(select(Audit.id).where(Audit.cycle_id == cycle.id)))
    found = applied(
        conditionals,
        _answers(keys, audits, on, kept),
        _excluded(cycle.tool_id),
        _set_aside(cycle, kept),
        audits,
    )
    return {
        question.id: found[question.key]
        for section, question in rows
        if section.optional or section.applies_if or question.applies_if
    }


def _answers(
    keys: Mapping[int, str], audits: AbstractSet[int], on: date, kept: Mapping[int, AsReturned]
) -> dict[str, dict[str, set[int]]]:
    """Return the audits by question (key) and response, for the questions that decide."""
    asked = (
        select(ScaleResponse.id, ScaleResponse.response)
        .join(Section, Section.tool_id == ScaleResponse.tool_id)
        .join(Question, and_(Question.section_id == Section.id, Question.scale == ScaleResponse.scale))
        .where(Question.id.in_(keys))
    )
    names = dict(db.session.execute(asked).all())
    answers: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for audit_id, question_id, response_id in counting(keys, names, audits, on, kept):
        answers[keys[question_id]][names[response_id]].add(audit_id)
    return answers


def _excluded(tool_id: int) -> dict[str, frozenset[str]]:
    """Return by question (key) the responses that mean "not applicable"."""
    query = (
        select(Question.key, ScaleResponse.response)
        .join(Section, Section.id == Question.section_id)
        .outerjoin(
            ScaleResponse,
            (ScaleResponse.tool_id == Section.tool_id)
            & (ScaleResponse.scale == Question.scale)
            & (ScaleResponse.counts_as == EXCLUDED),
        )
        .where(Section.tool_id == tool_id)
    )
    excluded: dict[str, set[str]] = defaultdict(set)
    for key, response in db.session.execute(query):
        excluded[key] |= {response} - {None}
    return {key: frozenset(responses) for key, responses in excluded.items()}


def _set_aside(cycle: Cycle, kept: Mapping[int, AsReturned]) -> dict[int, set[int]]:
    """Return the audits by the position of the section that was set aside for them."""
    query = (
        select(Section.position, SectionSetAside.audit_id)
        .join(Section, Section.id == SectionSetAside.section_id)
        .join(Audit, Audit.id == SectionSetAside.audit_id)
        .where(Audit.cycle_id == cycle.id)
    )
    aside: dict[int, set[int]] = defaultdict(set)
    for position, audit_id in db.session.execute(query):
        if audit_id not in kept:
            aside[position].add(audit_id)
    if kept:
        of_tool = select(Section.id, Section.position).where(Section.tool_id == cycle.tool_id)
        for section_id, position in db.session.execute(of_tool):
            aside[position] |= {id_ for id_, returned in kept.items() if section_id in returned.set_aside}
    return aside
