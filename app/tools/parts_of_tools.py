"""A small tool that repeats some questions of another one word for word, for a quick check."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select

from app.database import db, transaction
from app.history.record import Event, record
from app.refusal import Refused
from app.tools.content import Content
from app.tools.models import Tool
from app.tools.queries import elsewhere, standard_ids
from app.tools.rows import tool_of
from app.tools.soundness import in_sentences, unsound


def part_of(whole: Content, keys: Collection[str]) -> Content:
    """Return the same tool with these questions alone, and those that decide whether they apply.

    Their sections, scales and least numbers stay. A quick check gives no overall grade, and has no meeting of
    all agencies: its auditors answer what the meeting was asked.
    """
    wanted = with_conditions(whole, keys)
    part = whole.only(lambda question: question.key in wanted)
    used = {question.scale for question in part.questions()}
    return replace(
        part,
        scales=tuple(scale for scale in part.scales if scale.name in used),
        sections=tuple(
            replace(section, questions=tuple(replace(q, per_case=False) for q in section.questions))
            for section in part.sections
        ),
        overall=None,
        limits=(),
    )


def with_conditions(whole: Content, keys: Collection[str]) -> set[str]:
    """Return the keys with those of the earlier questions that decide whether these apply."""
    wanted = set(keys)
    for section in reversed(whole.sections):
        for question in reversed(section.questions):
            if question.key in wanted:
                conditions = (question.applies_if, section.applies_if)
                wanted |= {condition.question for condition in conditions if condition}
    return wanted


def publish_part(
    whole: Content, keys: Collection[str], *, reference: str, title: str, by: str, on: date
) -> Tool:
    """Publish these questions as the next version of the small tool of that reference.

    Raises Refused when a rule of soundness.py is broken.
    """
    with transaction():
        latest = db.session.scalar(select(func.max(Tool.version)).where(Tool.called(reference))) or 0
        reference = Tool.as_stored(reference)
        part = replace(part_of(whole, keys), reference=reference, version=latest + 1, title=title)
        asked = [question.key for question in part.questions()]
        if faults := unsound(part, elsewhere(asked)):
            raise Refused(in_sentences([str(fault) for fault in faults]))
        tool = tool_of(part, standard_ids())
        tool.published_on = on
        db.session.add(tool)
        db.session.flush()
        why = f"some questions of {whole.name}"
        record(by, [Event("tool", part.name, "published", after=title, why=why, on=on)])
    return tool
