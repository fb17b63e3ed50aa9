"""Changes of the parts of a draft: its scales and its sections."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NoReturn, TypeVar

from app.database import db
from app.names import folded
from app.refusal import Refused
from app.tools.content import NUMBER_SCALES, Scale
from app.tools.depending import refuse_order
from app.tools.drafting import Writing, writing
from app.tools.models import Question, Section, Tool
from app.tools.queries import content_of, part
from app.tools.rows import kind_of, responses_of, section_columns
from app.tools.saying import KINDS, scale_in_words, section_facts

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
        old = content_of(draft.tool).scale(name)
        if old is None:
            draft.tell(f"scale “{scale.name}” added", None, scale_in_words(scale))
        elif (old.responses, old.several, name) != (scale.responses, scale.several, scale.name):
            draft.tell(
                f"scale “{name}” changed", scale_in_words(old), f"{scale.name}: {scale_in_words(scale)}"
            )
        if old is not None and old.kind != scale.kind:
            draft.tell(f"scale “{name}”: kind changed", KINDS[old.kind], KINDS[scale.kind])
        _remove_rows(draft.tool, name)
        db.session.flush()
        draft.tool.scales.append(kind_of(scale))
        draft.tool.responses.extend(responses_of(scale))
        for question in questions_of(draft.tool):
            if question.scale == name:
                question.scale = scale.name


def remove_scale(tool: Tool, name: str, *, by: str) -> None:
    """Remove a scale. Raises Refused while a question uses it."""
    with writing(tool, by) as draft:
        used = sum(question.scale == name for question in questions_of(draft.tool))
        if used:
            questions = "1 question uses" if used == 1 else f"{used} questions use"
            them = "it" if used == 1 else "them"
            raise Refused(f"{questions} the scale “{name}”. Give {them} another scale first.")
        old = content_of(draft.tool).scale(name)
        if old is None:
            return
        draft.tell(f"scale “{name}” removed", scale_in_words(old))
        _remove_rows(draft.tool, name)


def own_scales(tool: Tool) -> set[str]:
    """Return the names of the scales of a version, without those of numbers."""
    return {row.scale for row in tool.responses} - {scale.name for scale in NUMBER_SCALES}


def _remove_rows(tool: Tool, name: str | None) -> None:
    """Remove the responses of a scale, and its kind."""
    tool.responses = [row for row in tool.responses if row.scale != name]
    tool.scales = [row for row in tool.scales if row.scale != name]


def add_section(tool: Tool, title: str, *, by: str) -> None:
    """Add a section at the end."""
    with writing(tool, by) as draft:
        _refuse_title(draft.tool, title, None)
        draft.tool.sections.append(Section(title=title, position=next_place(draft.tool.sections)))
        draft.tell("section added", None, title)


def change_section(tool: Tool, section_id: int, values: Mapping[str, Any], *, by: str) -> None:
    """Change a section: its title, its key, whether it is optional, or when it applies."""
    with writing(tool, by) as draft:
        row = section_of(draft, section_id)
        before = part(row)
        after = replace(before, **values)
        _refuse_title(draft.tool, after.title, row)
        _refuse_key(draft.tool, after.key, row)
        for name, value in section_columns(after).items():
            setattr(row, name, value)
        if before.title != after.title:
            draft.tell("section renamed", before.title, after.title)
        draft.tell_changes(f"section “{after.title}”", section_facts(before), section_facts(after))
        refuse_disorder(draft)


def move_section(tool: Tool, section_id: int, way: str, *, by: str) -> None:
    """Put a section one place higher or lower; the first and the last stay."""
    with writing(tool, by) as draft:
        section = section_of(draft, section_id)
        if swap(draft.tool.sections, section, way):
            draft.tell(f"section moved {way}", None, section.title)
            refuse_disorder(draft)


def remove_section(tool: Tool, section_id: int, *, by: str) -> None:
    """Remove an empty section. Raises Refused while it has questions."""
    with writing(tool, by) as draft:
        section = section_of(draft, section_id)
        if section.questions:
            raise Refused(f"Section “{section.title}” has questions. Move or remove them first.")
        draft.tell("section removed", section.title)
        draft.tool.sections.remove(section)


def questions_of(tool: Tool) -> list[Question]:
    """Return the questions of a draft, in order."""
    return [question for section in tool.sections for question in section.questions]


def section_of(draft: Writing, section_id: int) -> Section:
    """Return a section of the draft. Raises Gone."""
    for section in draft.tool.sections:
        if section.id == section_id:
            return section
    return gone("section")


def gone(what: str) -> NoReturn:
    """Refuse the change of a part that is no longer there."""
    raise Gone(f"This {what} is no longer in the draft")


def refuse_disorder(draft: Writing) -> None:
    """Refuse a change after which a question or section would come before the one that decides if it
    applies."""
    db.session.flush()
    db.session.expire(draft.tool)
    for section in draft.tool.sections:
        db.session.expire(section, ["questions"])
    if why := refuse_order(content_of(draft.tool)):
        raise Refused(why)


def _refuse_title(tool: Tool, title: str, own: Section | None) -> None:
    if any(folded(section.title) == folded(title) for section in tool.sections if section is not own):
        raise Taken(f"This draft already has a section “{title}”. Enter another title.")


def _refuse_key(tool: Tool, key: str | None, own: Section) -> None:
    for number, section in enumerate(tool.sections, start=1):
        if key and section is not own and section.key and folded(section.key) == folded(key):
            raise Taken(f"Key “{key}” is also the key of section {number}. Enter another key.")


def next_place(rows: Sequence[Section] | Sequence[Question]) -> int:
    """Return the position of a new part: the last."""
    return max((row.position for row in rows), default=0) + 1


def swap(rows: Sequence[Row], row: Row, way: str) -> bool:
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
