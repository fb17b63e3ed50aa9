"""Tools and cycles as the toml files that import reads."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import tomli_w

from app.audits.cycle import Cycle
from app.tools.content import CATEGORY, NEITHER, RESPONSE, UNIT, Asked, Content, Scale
from app.tools.importing import KEYS_OF_A_SCALE
from app.tools.models import Standard, Tool
from app.tools.queries import content_of
from app.tools.rows import call_said, ceiling_said, condition_said, limits_said

Value = str | int | float | date | Sequence[Any] | Mapping[str, Any] | None


def tool_text(tool: Tool) -> str:
    """Return a version of a tool as toml, with the standards that its questions come from."""
    return content_text(content_of(tool), _standards(tool))


def content_text(content: Content, standards: Iterable[Standard] = ()) -> str:
    """Return the content of a version as toml; `standards` are those that its questions name."""
    own = ("reference", "title", "version", "minimum_answered", "minimum_count")
    sections = [
        _filled(
            {
                "title": section.title,
                "key": section.key,
                "optional": section.optional or None,
                "applies_if": condition_said(section.applies_if),
                "question": [_question(asked) for asked in section.questions],
            }
        )
        for section in content.sections
    ]
    named = [
        _filled({"name": standard.name, "source": standard.source, "text": standard.text})
        for standard in standards
    ]
    tables = {
        "tool": _filled(
            {name: getattr(content, name) for name in own}
            | {"unit": content.unit if content.unit != UNIT else None, "overall": content.overall}
        ),
        "scales": {scale.name: _scale(scale) for scale in content.scales},
        "section": sections,
        "limit": limits_said(content.limits),
        "standard": named or None,
    }
    return tomli_w.dumps(_filled(tables))


def cycle_text(cycle: Cycle) -> str:
    """Return a cycle as toml, with the version of the tool that it uses."""
    values: dict[str, Value] = {
        "reference": cycle.reference,
        "title": cycle.title,
        "theme": cycle.theme,
        "tool": cycle.tool.reference,
        "tool_version": cycle.tool.version,
        "requested_on": cycle.requested_on,
        "due_on": cycle.due_on,
        "closed_on": cycle.closed_on,
        "cut_off_on": cycle.cut_off_on,
        "reported_on": cycle.reported_on,
        "reported_to": cycle.reported_to,
        "selection": cycle.selection,
        "population": cycle.population,
        "comparable_with": cycle.comparable_with,
        "audits_again": cycle.audits_again,
        "auditors": cycle.auditors,
        "self_assessment": cycle.self_assessment,
        "expected_per_auditor": cycle.expected_per_auditor,
        "agencies": cycle.agencies or None,
        "respond_to": cycle.respond_to.email if cycle.respond_to else None,
        "workers": cycle.workers,
    }
    return tomli_w.dumps({"cycle": _filled(values)})


def _question(asked: Asked) -> dict[str, Any]:
    return _filled(
        {
            "key": asked.key,
            "key_area": asked.key_area,
            "text": asked.text,
            "scale": asked.scale,
            "guidance": asked.guidance,
            "standard": asked.standard,
            "expected_level": asked.expected_level,
            "core": asked.is_core or None,
            "answer": asked.answer if asked.answer != RESPONSE else None,
            "unit": asked.unit,
            "from_label": asked.from_label,
            "to_label": asked.to_label,
            "counted_in": asked.counted_in,
            "met_up_to": _plain(asked.met_up_to),
            "met_from": _plain(asked.met_from),
            "applies_if": condition_said(asked.applies_if),
            "per_case": asked.per_case or None,
            "theme": asked.theme,
            "recorded_in": asked.recorded_in,
            "at_most": ceiling_said(asked.at_most),
            "calls_for_response": call_said(asked.calls_for_response),
        }
    )


def _scale(scale: Scale) -> dict[str, Any]:
    """Return a scale as its kind, whether an answer may hold several, and its responses in order.

    Responses that all say how they count are written as keys, as people write them.
    """
    says_how = all(counts_as != NEITHER for _, counts_as in scale.responses)
    if scale.kind != CATEGORY and says_how and not {name for name, _ in scale.responses} & KEYS_OF_A_SCALE:
        return {"kind": scale.kind} | dict(scale.responses)
    responses = [
        _filled({"name": name, "counts_as": counts_as if counts_as != NEITHER else None})
        for name, counts_as in scale.responses
    ]
    return _filled({"kind": scale.kind, "several": scale.several or None, "response": responses})


def _plain(number: float | None) -> float | None:
    """Return a whole number as people write it, without a point."""
    return int(number) if number is not None and number == int(number) else number


def _standards(tool: Tool) -> list[Standard]:
    questions = (question for section in tool.sections for question in section.questions)
    used = {question.standard.id: question.standard for question in questions if question.standard}
    return [used[id_] for id_ in sorted(used)]


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values without those that are None, which toml cannot write."""
    return {name: value for name, value in values.items() if value is not None}
