"""The rows of a version of a tool, made from its content."""

from collections.abc import Mapping
from typing import Any

from app.tools.conditions import Condition
from app.tools.content import (
    DAYS_TO_RESPOND,
    NUMBER_SCALES,
    UNIT,
    Asked,
    CallsForResponse,
    Ceiling,
    Content,
    Limit,
    Part,
    Scale,
)
from app.tools.models import Question, ScaleKind, ScaleResponse, Section, Tool

ALIKE = (
    "key",
    "key_area",
    "text",
    "guidance",
    "expected_level",
    "is_core",
    "answer",
    "unit",
    "from_label",
    "to_label",
    "counted_in",
    "met_up_to",
    "met_from",
    "per_case",
    "theme",
    "recorded_in",
)
"""The fields of a question that are columns of its row as they are."""


def tool_of(content: Content, standards: Mapping[str, int]) -> Tool:
    """Return a new version with its content; `standards` are the ids of the standards by name."""
    return Tool(
        reference=content.reference,
        version=content.version,
        title=content.title,
        minimum_answered=content.minimum_answered,
        minimum_count=content.minimum_count,
        unit=content.unit if content.unit != UNIT else None,
        overall=content.overall,
        limits=limits_said(content.limits),
        scales=[kind_of(scale) for scale in content.scales],
        responses=[row for scale in (*content.scales, *NUMBER_SCALES) for row in responses_of(scale)],
        sections=[
            Section(
                position=number,
                **section_columns(section),
                questions=[
                    Question(position=position, **columns_of(question, standards))
                    for position, question in enumerate(section.questions, start=1)
                ],
            )
            for number, section in enumerate(content.sections, start=1)
        ],
    )


def kind_of(scale: Scale) -> ScaleKind:
    """Return the row of the kind of a scale."""
    return ScaleKind(scale=scale.name, kind=scale.kind, several=scale.several)


def responses_of(scale: Scale) -> list[ScaleResponse]:
    """Return the rows of a scale."""
    return [
        ScaleResponse(scale=scale.name, position=position, response=response, counts_as=counts_as)
        for position, (response, counts_as) in enumerate(scale.responses, start=1)
    ]


def section_columns(section: Part) -> dict[str, Any]:
    """Return the values of a section's row, by column, its questions aside."""
    return {
        "title": section.title,
        "key": section.key,
        "optional": section.optional,
        "applies_if": condition_said(section.applies_if),
    }


def columns_of(question: Asked, standards: Mapping[str, int]) -> dict[str, Any]:
    """Return the values of a question's row, by column."""
    scale = question.number_scale
    return {name: getattr(question, name) for name in ALIKE} | {
        "scale": question.scale if scale is None else scale.name,
        "standard_id": standards[question.standard] if question.standard else None,
        "applies_if": condition_said(question.applies_if),
        "at_most": ceiling_said(question.at_most),
        "calls_for_response": call_said(question.calls_for_response),
    }


def condition_said(condition: Condition | None) -> dict[str, Any] | None:
    """Return a condition as files and the database say it."""
    if condition is None:
        return None
    return {"question": condition.question, "response": list(condition.responses)}


def condition_of(said: Mapping[str, Any] | None) -> Condition | None:
    """Return the condition that was said, if any."""
    return Condition(said["question"], tuple(said["response"])) if said else None


def ceiling_said(ceiling: Ceiling | None) -> dict[str, Any] | None:
    """Return a ceiling as files and the database say it."""
    return {"response": list(ceiling.responses), "percent": ceiling.percent} if ceiling else None


def ceiling_of(said: Mapping[str, Any] | None) -> Ceiling | None:
    """Return the ceiling that was said, if any."""
    return Ceiling(tuple(said["response"]), said["percent"]) if said else None


def call_said(call: CallsForResponse | None) -> dict[str, Any] | None:
    """Return what calls for a response as files and the database say it."""
    return {"response": list(call.responses), "working_days": call.working_days} if call else None


def call_of(said: Mapping[str, Any] | None) -> CallsForResponse | None:
    """Return what was said to call for a response, if anything."""
    if said is None:
        return None
    return CallsForResponse(tuple(said["response"]), said["working_days"] or DAYS_TO_RESPOND)


def limits_said(limits: tuple[Limit, ...]) -> list[dict[str, Any]] | None:
    """Return the limits of the overall grade as files and the database say them."""
    return [
        {"if_any": list(limit.if_any), "of": list(limit.of), "at_most": limit.at_most} for limit in limits
    ] or None


def limits_of(said: list[dict[str, Any]] | None) -> tuple[Limit, ...]:
    """Return the limits that were said."""
    return tuple(
        Limit(tuple(limit["if_any"]), tuple(limit["of"] or ()), limit["at_most"]) for limit in said or ()
    )
