"""Changes of the questions of a draft, and of its overall grade."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.names import folded
from app.refusal import Refused
from app.tools.conditions import Condition
from app.tools.content import RESPONSE, Asked, Limit
from app.tools.depending import refuse_removal
from app.tools.draft_parts import (
    Gone,
    Taken,
    gone,
    next_place,
    own_scales,
    questions_of,
    refuse_disorder,
    section_of,
    swap,
)
from app.tools.drafting import Writing, writing
from app.tools.models import Question, Section, Tool
from app.tools.queries import asked, content_of, standard_ids
from app.tools.rows import columns_of, condition_of, condition_said, limits_of, limits_said, responses_of
from app.tools.saying import facts_of, limit_in_words
from app.tools.soundness import in_other_writing


def add_question(tool: Tool, section_id: int, question: Asked, *, by: str) -> None:
    """Add a question at the end of a section."""
    with writing(tool, by) as draft:
        section = section_of(draft, section_id)
        _refuse_question(draft.tool, question, None)
        columns = columns_of(question, standard_ids())
        _add_scale_of_numbers(draft.tool, question)
        section.questions.append(Question(position=next_place(section.questions), **columns))
        draft.tell(f"question {question.key} added", None, question.text)


def change_question(
    tool: Tool, question_id: int, values: Mapping[str, Any], section_id: int | None = None, *, by: str
) -> None:
    """Change what a question says, and put it at the end of a section if that is another than its own.

    Conditions, limits and the overall grade follow a new key.
    """
    with writing(tool, by) as draft:
        row = _question(draft, question_id)
        before = asked(row)
        after = replace(before, **values)
        _refuse_question(draft.tool, after, row)
        for name, value in columns_of(after, standard_ids()).items():
            setattr(row, name, value)
        _add_scale_of_numbers(draft.tool, after)
        draft.tell_changes(f"question {before.key}", facts_of(before), facts_of(after))
        _follow(draft.tool, before.key, after.key)
        if section_id is not None and row.section_id != section_id:
            section = section_of(draft, section_id)
            draft.tell(f"question {after.key} moved", None, section.title)
            row.position = next_place(section.questions)
            row.section_id = section.id
        refuse_disorder(draft)


def move_question(tool: Tool, question_id: int, way: str, *, by: str) -> None:
    """Put a question one place higher or lower in its section; the first and the last stay."""
    with writing(tool, by) as draft:
        question = _question(draft, question_id)
        if swap(section_of(draft, question.section_id).questions, question, way):
            draft.tell(f"question {question.key} moved {way}", None, question.text)
            refuse_disorder(draft)


def remove_question(tool: Tool, question_id: int, *, by: str) -> None:
    """Remove a question. Raises Refused while another part of the draft names it."""
    with writing(tool, by) as draft:
        question = _question(draft, question_id)
        if why := refuse_removal(content_of(draft.tool), question.key):
            raise Refused(why)
        draft.tell(f"question {question.key} removed", question.text)
        section_of(draft, question.section_id).questions.remove(question)


def set_overall(tool: Tool, key: str | None, *, by: str) -> None:
    """Let a question be the overall grade, or none. Raises Refused while there are limits and it has none."""
    with writing(tool, by) as draft:
        before = draft.tool.overall
        if key is not None and key not in {question.key for question in questions_of(draft.tool)}:
            raise Gone(f"Question {key} is no longer in the draft. Select another overall grade.")
        if key is None and draft.tool.limits:
            raise Refused("The overall grade has limits. Remove them first.")
        if before != key:
            draft.tell("overall grade changed", before, key)
            draft.tool.overall = key


def add_limit(tool: Tool, limit: Limit, *, by: str) -> None:
    """Add a limit of the overall grade."""
    with writing(tool, by) as draft:
        limits = limits_of(draft.tool.limits)
        if limit in limits:
            raise Taken("The overall grade already has this limit")
        draft.tell("limit of the overall grade added", None, limit_in_words(limit, content_of(draft.tool)))
        draft.tool.limits = limits_said((*limits, limit))


def remove_limit(tool: Tool, number: int, *, by: str) -> None:
    """Remove a limit of the overall grade by its number, from 1."""
    with writing(tool, by) as draft:
        limits = limits_of(draft.tool.limits)
        if not 1 <= number <= len(limits):
            gone("limit")
        limit = limits[number - 1]
        draft.tell("limit of the overall grade removed", limit_in_words(limit, content_of(draft.tool)))
        draft.tool.limits = limits_said(limits[: number - 1] + limits[number:])


def _add_scale_of_numbers(tool: Tool, question: Asked) -> None:
    """Add the responses of a number, which a draft older than such questions does not have."""
    scale = question.number_scale
    if scale is not None and not any(row.scale == scale.name for row in tool.responses):
        tool.responses.extend(responses_of(scale))


def _follow(tool: Tool, old: str, new: str) -> None:
    """Let whatever names a question by its key name it by its new one."""
    if old == new:
        return
    tool.overall = new if tool.overall == old else tool.overall
    tool.limits = limits_said(
        tuple(
            replace(limit, of=tuple(new if key == old else key for key in limit.of))
            for limit in limits_of(tool.limits)
        )
    )
    rows: list[Section | Question] = [*tool.sections, *questions_of(tool)]
    for row in rows:
        condition = condition_of(row.applies_if)
        if condition and condition.question == old:
            row.applies_if = condition_said(Condition(new, condition.responses))


def _question(draft: Writing, question_id: int) -> Question:
    for question in questions_of(draft.tool):
        if question.id == question_id:
            return question
    return gone("question")


def _refuse_question(tool: Tool, question: Asked, own: Question | None) -> None:
    for number, section in enumerate(tool.sections, start=1):
        for position, other in enumerate(section.questions, start=1):
            if other is not own and folded(other.key) == folded(question.key):
                where = f"section {number}, question {position}"
                where += in_other_writing(question.key, other.key)
                raise Taken(f"“{question.key}” is also the key of {where}. Enter another key.")
    if question.answer == RESPONSE and question.scale not in own_scales(tool):
        raise Gone(f"The scale “{question.scale}” is no longer in the draft. Select another scale.")
