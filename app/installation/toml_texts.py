"""Tools and cycles as the toml files that import reads."""

from datetime import date

import tomli_w

from app.audits.cycle import Cycle
from app.tools.content import Asked
from app.tools.models import Standard, Tool
from app.tools.queries import content_of

Value = str | int | date | None


def tool_text(tool: Tool) -> str:
    """Return a version of a tool as toml, with the standards that its questions come from."""
    content = content_of(tool)
    own = ("reference", "title", "version", "minimum_answered", "minimum_count")
    sections = [
        {"title": section.title, "question": [_question(asked) for asked in section.questions]}
        for section in content.sections
    ]
    standards = [
        _filled({"name": standard.name, "source": standard.source, "text": standard.text})
        for standard in _standards(tool)
    ]
    tables = {
        "tool": _filled({name: getattr(content, name) for name in own}),
        "scales": {scale.name: dict(scale.responses) for scale in content.scales},
        "section": sections,
    }
    return tomli_w.dumps(tables | ({"standard": standards} if standards else {}))


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
        "auditors": cycle.auditors,
        "self_assessment": cycle.self_assessment,
    }
    return tomli_w.dumps({"cycle": _filled(values)})


def _question(asked: Asked) -> dict[str, Value]:
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
        }
    )


def _standards(tool: Tool) -> list[Standard]:
    questions = (question for section in tool.sections for question in section.questions)
    used = {question.standard.id: question.standard for question in questions if question.standard}
    return [used[id_] for id_ in sorted(used)]


def _filled(values: dict[str, Value]) -> dict[str, Value]:
    """Return the values without those that are None, which toml cannot write."""
    return {name: value for name, value in values.items() if value is not None}
