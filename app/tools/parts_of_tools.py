"""A small tool that repeats some questions of another one word for word, for a quick check."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select

from app.database import db, transaction
from app.history.record import Event, record
from app.refusal import Refused
from app.tools.content import Content, Part
from app.tools.models import Standard, Tool
from app.tools.queries import elsewhere
from app.tools.rows import tool_of
from app.tools.soundness import in_sentences, unsound


def part_of(whole: Content, keys: Collection[str]) -> Content:
    """Return the same tool with these questions alone; their sections, scales and least numbers stay."""
    sections = [
        Part(section.title, tuple(question for question in section.questions if question.key in keys))
        for section in whole.sections
    ]
    sections = [section for section in sections if section.questions]
    used = {question.scale for section in sections for question in section.questions}
    return replace(
        whole,
        scales=tuple(scale for scale in whole.scales if scale.name in used),
        sections=tuple(sections),
    )


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
        if faults := unsound(part, elsewhere(keys)):
            raise Refused(in_sentences([str(fault) for fault in faults]))
        tool = tool_of(
            part, {standard.name: standard.id for standard in db.session.scalars(select(Standard))}
        )
        tool.published_on = on
        db.session.add(tool)
        db.session.flush()
        why = f"some questions of {whole.name}"
        record(by, [Event("tool", part.name, "published", after=title, why=why, on=on)])
    return tool
