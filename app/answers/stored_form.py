"""Reading the form of an audit from the database, or an empty one of a version of a tool, to try it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select

from app.answers.applying import Conditions
from app.answers.form import Form, FormQuestion, FormSection, OnlyIf, Saved
from app.answers.further import further_of_answers
from app.answers.merging import Content, tidied
from app.answers.models import (
    Answer,
    CompletedSection,
    EvidencePlace,
    LookedIn,
    SectionSetAside,
)
from app.audits.models import Audit
from app.clock import today
from app.database import db
from app.people.naming import names
from app.tools.conditions import Condition, Conditional
from app.tools.content import EXCLUDED, UNIT, Scale
from app.tools.models import ScaleResponse, Tool
from app.tools.queries import StoredPart, StoredQuestion, scales_of, stored_parts
from app.tools.rows import limits_of


def form_of(audit: Audit) -> Form:
    """Return the form of an audit, in a few queries however many questions there are."""
    tool = audit.cycle.tool
    scales, parts = scales_of(tool.id), stored_parts(tool.id)
    completed = select(CompletedSection.section_id).where(CompletedSection.audit_id == audit.id)
    return _form(
        tool,
        parts,
        scales,
        _saved_answers(audit.id, several=any(scale.several for scale, _ in scales.values())),
        aside=_set_aside(audit.id) if any(section.optional for section, _ in parts) else frozenset(),
        completed=frozenset(db.session.scalars(completed)),
        is_together=audit.is_together,
    )


def form_to_try(
    tool: Tool, tried: Mapping[int, Content], aside: frozenset[int], *, is_together: bool
) -> Form:
    """Return the form of a version that nobody fills in, with answers (by question id) to try it with.

    `aside` are the sections (ids) that were set aside.
    """
    saved = {question_id: Saved(content, None, None, 0) for question_id, content in tried.items()}
    return _form(
        tool,
        stored_parts(tool.id),
        scales_of(tool.id),
        saved,
        aside=aside,
        completed=frozenset(),
        is_together=is_together,
    )


def _form(
    tool: Tool,
    parts: Sequence[tuple[StoredPart, Sequence[StoredQuestion]]],
    scales: Mapping[str, tuple[Scale, Sequence[ScaleResponse]]],
    saved: Mapping[int, Saved],
    *,
    aside: frozenset[int],
    completed: frozenset[int],
    is_together: bool,
) -> Form:
    names = {response.id: response.response for _, some in scales.values() for response in some}
    every = [question for _, questions in parts for question in questions]
    conditions = Conditions(
        [
            Conditional(question.asked.key, section.id, section.applies_if, question.asked.applies_if)
            for section, questions in parts
            for question in questions
        ],
        {question.asked.key: scales[question.scale][0].counting_as(EXCLUDED) for question in every},
        aside,
    )
    deciding = {c.question for each in conditions.questions for c in (each.of_section, each.own) if c}
    answers = {
        question.asked.key: names.get(saved[question.id].content.response_id or 0)
        for question in every
        if question.id in saved
    }
    applies = conditions.applying(answers)
    unless_aside = replace(conditions, set_aside=frozenset()).applying(answers) if aside else applies
    asked_here = [
        (section, here)
        for section, questions in parts
        # as of the rule in audits/agencies.py
        if (here := [question for question in questions if question.asked.per_case == is_together])
    ]
    places_of = {q.asked.key: (q, number) for number, (_, qs) in enumerate(asked_here, start=1) for q in qs}

    def only_if(condition: Condition | None) -> OnlyIf | None:
        if condition is None or condition.question not in places_of:
            return None
        question, number = places_of[condition.question]
        ids = [each.id for each in scales[question.scale][1] if each.response in condition.responses]
        return OnlyIf(question.id, question.asked.text, number, condition.responses, frozenset(ids))

    sections = [
        FormSection(
            id=section.id,
            number=number,
            title=section.title,
            questions=[
                FormQuestion(
                    id=question.id,
                    asked=question.asked,
                    scale=scales[question.scale][0],
                    responses=scales[question.scale][1],
                    saved=saved.get(question.id),
                    applies=applies[question.asked.key],
                    unless_aside=unless_aside[question.asked.key],
                    only_if=only_if(question.asked.applies_if),
                    decides=question.asked.key in deciding,
                    is_overall=question.asked.key == tool.overall,
                )
                for question in questions
            ],
            is_completed=section.id in completed,
            is_optional=section.optional,
            is_set_aside=section.id in aside,
            only_if=only_if(section.applies_if),
        )
        for number, (section, questions) in enumerate(asked_here, start=1)
    ]
    return Form(sections, _places(), tool.unit or UNIT, limits_of(tool.limits), conditions)


def _set_aside(audit_id: int) -> frozenset[int]:
    """Return the sections (ids) that were set aside for the case of an audit."""
    query = select(SectionSetAside.section_id).where(SectionSetAside.audit_id == audit_id)
    return frozenset(db.session.scalars(query))


def _saved_answers(audit_id: int, *, several: bool) -> dict[int, Saved]:
    """Return the stored answers, by question id. `several`: some may hold further responses."""
    named = names(today())
    looked: dict[int, set[int]] = defaultdict(set)
    looking = select(LookedIn.answer_id, LookedIn.place_id).join(Answer).where(Answer.audit_id == audit_id)
    for answer_id, place_id in db.session.execute(looking):
        looked[answer_id].add(place_id)
    further = further_of_answers([audit_id]) if several else {}
    query = select(
        Answer.id,
        Answer.question_id,
        Answer.response_id,
        Answer.found_in_id,
        Answer.number,
        Answer.from_on,
        Answer.to_on,
        Answer.comment,
        Answer.above_limit_because,
        Answer.version,
        Answer.saved_at,
        Answer.saved_by_id,
    ).where(Answer.audit_id == audit_id)
    return {
        row.question_id: Saved(
            Content(
                row.response_id,
                row.found_in_id,
                frozenset(looked[row.id]),
                tidied(row.comment),
                tidied(row.above_limit_because),
                further=further.get(row.id, frozenset()),
                number=row.number,
                from_on=row.from_on,
                to_on=row.to_on,
            ),
            named.get(row.saved_by_id),
            row.saved_at,
            row.version,
        )
        for row in db.session.execute(query)
    }


def _places() -> dict[int, str]:
    """Return the council's places of evidence, by id, in its order."""
    query = select(EvidencePlace.id, EvidencePlace.label).order_by(EvidencePlace.position)
    return dict(db.session.execute(query).all())
