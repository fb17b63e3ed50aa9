"""The rows of a version of a tool, made from its content."""

from collections.abc import Mapping

from app.tools.content import Asked, Content, Scale
from app.tools.models import Question, ScaleResponse, Section, Tool


def tool_of(content: Content, standards: Mapping[str, int]) -> Tool:
    """Return a new version with its content; `standards` are the ids of the standards by name."""
    return Tool(
        reference=content.reference,
        version=content.version,
        title=content.title,
        minimum_answered=content.minimum_answered,
        minimum_count=content.minimum_count,
        responses=[row for scale in content.scales for row in responses_of(scale)],
        sections=[
            Section(
                position=number,
                title=section.title,
                questions=[
                    Question(position=position, **columns_of(question, standards))
                    for position, question in enumerate(section.questions, start=1)
                ],
            )
            for number, section in enumerate(content.sections, start=1)
        ],
    )


def responses_of(scale: Scale) -> list[ScaleResponse]:
    """Return the rows of a scale."""
    return [
        ScaleResponse(scale=scale.name, position=position, response=response, counts_as=counts_as)
        for position, (response, counts_as) in enumerate(scale.responses, start=1)
    ]


def columns_of(question: Asked, standards: Mapping[str, int]) -> dict[str, object]:
    """Return the values of a question's row, by column."""
    return {
        "key": question.key,
        "key_area": question.key_area,
        "text": question.text,
        "scale": question.scale,
        "guidance": question.guidance,
        "standard_id": standards[question.standard] if question.standard else None,
        "expected_level": question.expected_level,
        "is_core": question.is_core,
    }
