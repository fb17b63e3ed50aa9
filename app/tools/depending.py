"""The parts of a tool that name a question: none may name one that is gone, or that comes later. Pure."""

from collections.abc import Iterator

from app.tools.conditions import Condition
from app.tools.content import Content


def refuse_removal(content: Content, key: str) -> str | None:
    """Return why a question cannot be removed; None when no other part of the tool names it."""
    if content.overall == key:
        return f"Question {key} is the overall grade. Select another overall grade first."
    if any(key in limit.of for limit in content.limits):
        return f"A limit of the overall grade names question {key}. Remove the limit first."
    for part, condition in conditions(content):
        if condition.question == key:
            return f"Question {key} decides if {part} applies. Change when {part} applies first."
    return None


def refuse_order(content: Content) -> str | None:
    """Return why questions cannot be in this order; None when each follows what decides if it applies."""
    known, earlier = {question.key for question in content.questions()}, set[str]()

    def too_late(part: str, condition: Condition | None) -> str | None:
        if condition is None or condition.question not in known - earlier:
            return None
        return f"{part} must come after question {condition.question}, which decides if it applies"

    for number, section in enumerate(content.sections, start=1):
        why = too_late(f"Section {number}", section.applies_if)
        for question in section.questions:
            why = why or too_late(f"Question {question.key}", question.applies_if)
            earlier.add(question.key)
        if why:
            return why
    return None


def conditions(content: Content) -> Iterator[tuple[str, Condition]]:
    """Yield the conditions of sections and questions, each with the name of its part: "question plan"."""
    for number, section in enumerate(content.sections, start=1):
        if section.applies_if:
            yield f"section {number}", section.applies_if
        for question in section.questions:
            if question.applies_if:
                yield f"question {question.key}", question.applies_if
