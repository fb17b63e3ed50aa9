"""Changes of the parts of a draft: its scales, its sections, its questions."""

from collections.abc import Sequence
from typing import NoReturn, TypeVar

from sqlalchemy import select

from app.database import db
from app.names import folded
from app.refusal import Refused
from app.tools.content import NUMBER_SCALES, RESPONSE, Asked, Scale
from app.tools.drafting import Writing, writing
from app.tools.models import Question, ScaleResponse, Section, Standard, Tool
from app.tools.queries import asked
from app.tools.rows import columns_of, kind_of, responses_of
from app.tools.soundness import in_other_writing
from app.tools.versions import in_words

UP, DOWN = "up", "down"

Row = TypeVar("Row", Section, Question)


class Gone(Refused):
    """The part to be changed is no longer in this draft."""


class Taken(Refused):
    """A name or key is in this draft already."""


def save_scale(tool: Tool, name: str | None, scale: Scale, *, by: str) -> None:
    """Add a scale (`name` None), or change the scale of that name; its questions follow a new name."""
    with writing(tool, by) as draft:
        known = own_scales(draft.tool)
        if name is not None and name not in known:
            raise Gone(f"The scale “{name}” is no longer in this draft")
        if folded(scale.name) in {folded(other) for other in known if other != name}:
            raise Taken(f"This draft already has a scale “{scale.name}”. Enter another name.")
        old = _scale(draft.tool, name) if name is not None else None
        if old is None:
            draft.tell(f"scale “{scale.name}” added", None, in_words(scale))
        elif old != scale:
            draft.tell(f"scale “{name}” changed", in_words(old), f"{scale.name}: {in_words(scale)}")
        for response in [row for row in draft.tool.responses if row.scale == name]:
            draft.tool.responses.remove(response)
        _forget_kind(draft.tool, name)
        db.session.flush()
        draft.tool.scales.append(kind_of(scale))
        draft.tool.responses.extend(responses_of(scale))
        for question in _questions(draft.tool):
            if question.scale == name:
                question.scale = scale.name


def remove_scale(tool: Tool, name: str, *, by: str) -> None:
    """Remove a scale. Raises Refused while a question uses it."""
    with writing(tool, by) as draft:
        used = sum(question.scale == name for question in _questions(draft.tool))
        if used:
            questions = "1 question uses" if used == 1 else f"{used} questions use"
            them = "it" if used == 1 else "them"
            raise Refused(f"{questions} the scale “{name}”. Give {them} another scale first.")
        old = _scale(draft.tool, name)
        if not old.responses:
            return
        draft.tell(f"scale “{name}” removed", in_words(old))
        _forget_kind(draft.tool, name)
        for response in [row for row in draft.tool.responses if row.scale == name]:
            draft.tool.responses.remove(response)


def _scale(tool: Tool, name: str) -> Scale:
    rows: list[ScaleResponse] = sorted(
        (row for row in tool.responses if row.scale == name), key=lambda row: row.position
    )
    kinds = {row.scale: row for row in tool.scales}
    return Scale(
        name,
        tuple((row.response, row.counts_as) for row in rows),
        kinds[name].kind if name in kinds else "",
        kinds[name].several if name in kinds else False,
    )


def own_scales(tool: Tool) -> set[str]:
    """Return the names of the scales of a version, without those of numbers."""
    return {row.scale for row in tool.responses} - {scale.name for scale in NUMBER_SCALES}


def _forget_kind(tool: Tool, name: str | None) -> None:
    for row in [row for row in tool.scales if row.scale == name]:
        tool.scales.remove(row)


def add_section(tool: Tool, title: str, *, by: str) -> None:
    """Add a section at the end."""
    with writing(tool, by) as draft:
        _refuse_title(draft.tool, title, None)
        draft.tool.sections.append(Section(title=title, position=_next(draft.tool.sections)))
        draft.tell("section added", None, title)


def rename_section(tool: Tool, section_id: int, title: str, *, by: str) -> None:
    """Give a section another title."""
    with writing(tool, by) as draft:
        section = _section(draft, section_id)
        _refuse_title(draft.tool, title, section)
        if section.title != title:
            draft.tell("section renamed", section.title, title)
            section.title = title


def move_section(tool: Tool, section_id: int, way: str, *, by: str) -> None:
    """Put a section one place higher or lower; the first and the last stay."""
    with writing(tool, by) as draft:
        section = _section(draft, section_id)
        if _swap(draft.tool.sections, section, way):
            draft.tell(f"section moved {way}", None, section.title)


def remove_section(tool: Tool, section_id: int, *, by: str) -> None:
    """Remove an empty section. Raises Refused while it has questions."""
    with writing(tool, by) as draft:
        section = _section(draft, section_id)
        if section.questions:
            raise Refused(f"Section “{section.title}” has questions. Move or remove them first.")
        draft.tell("section removed", section.title)
        draft.tool.sections.remove(section)


def add_question(tool: Tool, section_id: int, question: Asked, *, by: str) -> None:
    """Add a question at the end of a section."""
    with writing(tool, by) as draft:
        section = _section(draft, section_id)
        _refuse_question(draft.tool, question, None)
        columns = columns_of(question, _standards())
        section.questions.append(Question(position=_next(section.questions), **columns))
        draft.tell(f"question {question.key} added", None, question.text)


def change_question(tool: Tool, question_id: int, section_id: int, question: Asked, *, by: str) -> None:
    """Change a question, and put it at the end of a section if `section_id` is another than its own."""
    with writing(tool, by) as draft:
        row, section = _question(draft, question_id), _section(draft, section_id)
        _refuse_question(draft.tool, question, row)
        before, standards = asked(row), _standards()
        for name, value in columns_of(question, standards).items():
            setattr(row, name, value)
        for name in Asked.__dataclass_fields__:
            old, new = getattr(before, name), getattr(question, name)
            if old != new:
                what = f"question {before.key}: {NAMES[name]} changed"
                draft.tell(what, _word(old), _word(new))
        if row.section_id != section.id:
            draft.tell(f"question {question.key} moved", None, section.title)
            row.position = _next(section.questions)
            row.section_id = section.id


NAMES = {
    "key": "key",
    "key_area": "key area",
    "text": "wording",
    "scale": "scale",
    "guidance": "guidance",
    "standard": "standard",
    "expected_level": "expected level",
    "is_core": "core",
}
"""The names of a question's fields in the history."""


def move_question(tool: Tool, question_id: int, way: str, *, by: str) -> None:
    """Put a question one place higher or lower in its section; the first and the last stay."""
    with writing(tool, by) as draft:
        question = _question(draft, question_id)
        if _swap(_section(draft, question.section_id).questions, question, way):
            draft.tell(f"question {question.key} moved {way}", None, question.text)


def remove_question(tool: Tool, question_id: int, *, by: str) -> None:
    """Remove a question from a draft."""
    with writing(tool, by) as draft:
        question = _question(draft, question_id)
        draft.tell(f"question {question.key} removed", question.text)
        _section(draft, question.section_id).questions.remove(question)


def _questions(tool: Tool) -> list[Question]:
    return [question for section in tool.sections for question in section.questions]


def _section(draft: Writing, section_id: int) -> Section:
    for section in draft.tool.sections:
        if section.id == section_id:
            return section
    return _gone("section")


def _question(draft: Writing, question_id: int) -> Question:
    for question in _questions(draft.tool):
        if question.id == question_id:
            return question
    return _gone("question")


def _gone(what: str) -> NoReturn:
    raise Gone(f"This {what} is no longer in the draft")


def _refuse_title(tool: Tool, title: str, own: Section | None) -> None:
    if any(folded(section.title) == folded(title) for section in tool.sections if section is not own):
        raise Taken(f"This draft already has a section “{title}”. Enter another title.")


def _refuse_question(tool: Tool, question: Asked, own: Question | None) -> None:
    for number, section in enumerate(tool.sections, start=1):
        for position, other in enumerate(section.questions, start=1):
            if other is not own and folded(other.key) == folded(question.key):
                where = f"section {number}, question {position}"
                where += in_other_writing(question.key, other.key)
                raise Taken(f"“{question.key}” is also the key of {where}. Enter another key.")
    if question.answer == RESPONSE and question.scale not in own_scales(tool):
        raise Gone(f"The scale “{question.scale}” is no longer in the draft. Select another scale.")


def _standards() -> dict[str, int]:
    return {standard.name: standard.id for standard in db.session.scalars(select(Standard))}


def _next(rows: Sequence[Section] | Sequence[Question]) -> int:
    return max((row.position for row in rows), default=0) + 1


def _swap(rows: Sequence[Row], row: Row, way: str) -> bool:
    """Swap places with the neighbour; return False if there is none."""
    place = rows.index(row)
    other = place - 1 if way == UP else place + 1
    if not 0 <= other < len(rows):
        return False
    neighbour = rows[other]
    here, there = row.position, neighbour.position
    # no two rows may have the same position, not even for a moment
    row.position = 0
    db.session.flush()
    neighbour.position = here
    db.session.flush()
    row.position = there
    return True


def _word(value: object) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)
