"""Tools and cycles as the toml files that import reads."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date

from app.audits.cycle import Cycle
from app.tools.models import Standard, Tool
from app.tools.queries import content_of

Value = str | int | float | bool | date | None


def tool_text(tool: Tool) -> str:
    """One version of a tool, with the standards that its questions come from."""
    content = content_of(tool)
    own = ("reference", "title", "version", "minimum_answered", "minimum_count")
    lines = [*_table("[tool]", {name: getattr(content, name) for name in own})]
    for scale in content.scales:
        lines += _table(f"[scales.{_key(scale.name)}]", dict(scale.responses))
    for section in content.sections:
        lines += _table("[[section]]", {"title": section.title})
        for asked in section.questions:
            lines += _table(
                "[[section.question]]",
                {
                    "key": asked.key,
                    "key_area": asked.key_area,
                    "text": asked.text,
                    "scale": asked.scale,
                    "guidance": asked.guidance,
                    "standard": asked.standard,
                    "expected_level": asked.expected_level,
                    "core": asked.is_core or None,
                },
            )
    for standard in _standards(tool):
        lines += _table(
            "[[standard]]", {"name": standard.name, "source": standard.source, "text": standard.text}
        )
    return "\n".join(lines[1:]) + "\n"


def cycle_text(cycle: Cycle) -> str:
    """One cycle, with the version of the tool that it uses."""
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
    }
    return "\n".join([*_table("[cycle]", values)][1:]) + "\n"


def _standards(tool: Tool) -> list[Standard]:
    questions = (question for section in tool.sections for question in section.questions)
    used = {question.standard.id: question.standard for question in questions if question.standard}
    return [used[id_] for id_ in sorted(used)]


def _table(heading: str, values: Mapping[str, Value]) -> Iterator[str]:
    yield ""
    yield heading
    for name, value in values.items():
        if value is not None:
            yield f"{_key(name)} = {_value(value)}"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _value(name)


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # a JSON string is a toml string, save that toml wants this character written out as well
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)
