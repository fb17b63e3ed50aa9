"""Queries of tools: their versions, the content of each, and core questions elsewhere."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload

from app.database import db
from app.tools.content import Asked, Content, Part, Scale
from app.tools.models import Question, ScaleResponse, Section, Standard, Tool
from app.tools.soundness import Elsewhere


def all_tools() -> Sequence[Tool]:
    """Return every version of every tool, by title, the newest version of each first."""
    return db.session.scalars(select(Tool).order_by(Tool.title, Tool.reference, Tool.version.desc())).all()


def found(reference: str, version: int) -> Tool | None:
    """Return a version with its content loaded; None if there is none."""
    return _whole(Tool.called(reference), Tool.version == version)


def latest_published(reference: str) -> Tool | None:
    """Return the newest published version of a tool, if there is one."""
    return _whole(Tool.called(reference), Tool.is_draft.is_(False))


def before(tool: Tool) -> Tool | None:
    """Return the published version that this one follows; None for the first."""
    return _whole(Tool.called(tool.reference), Tool.version < tool.version, Tool.is_draft.is_(False))


def draft_of(reference: str) -> Tool | None:
    """Return the draft of a tool's next version, if there is one."""
    return _whole(Tool.called(reference), Tool.is_draft.is_(True))


def _whole(*conditions: ColumnElement[bool]) -> Tool | None:
    questions = selectinload(Tool.sections).selectinload(Section.questions).joinedload(Question.standard)
    query = select(Tool).where(*conditions).order_by(Tool.version.desc()).limit(1)
    query = query.options(questions, selectinload(Tool.responses))
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def content_of(tool: Tool) -> Content:
    """Return the content of a version."""
    return Content(
        reference=tool.reference,
        version=tool.version,
        title=tool.title,
        minimum_answered=tool.minimum_answered,
        minimum_count=tool.minimum_count,
        scales=_scales(tool.responses),
        sections=tuple(
            Part(section.title, tuple(asked(question) for question in section.questions))
            for section in tool.sections
        ),
    )


def asked(question: Question) -> Asked:
    """Return the content of one question."""
    return Asked(
        key=question.key,
        key_area=question.key_area,
        text=question.text,
        scale=question.scale,
        guidance=question.guidance,
        standard=question.standard.name if question.standard else None,
        expected_level=question.expected_level,
        is_core=question.is_core,
    )


def _scales(responses: Iterable[ScaleResponse]) -> tuple[Scale, ...]:
    by_name: defaultdict[str, list[ScaleResponse]] = defaultdict(list)
    for response in responses:
        by_name[response.scale].append(response)
    return tuple(
        Scale(
            name,
            tuple(
                (response.response, response.counts_as)
                for response in sorted(by_name[name], key=lambda response: response.position)
            ),
        )
        for name in sorted(by_name)
    )


def elsewhere(keys: Iterable[str]) -> list[Elsewhere]:
    """Return the published questions with these keys, to compare core questions with."""
    query = (
        select(Question, Tool)
        .join(Section, Section.id == Question.section_id)
        .join(Tool, Tool.id == Section.tool_id)
        .where(Question.key.in_(set(keys)), Tool.is_draft.is_(False))
        .order_by(Tool.reference, Tool.version.desc(), Question.id)
        .options(joinedload(Question.standard), selectinload(Tool.responses))
    )
    return [
        Elsewhere(
            reference=tool.reference,
            version=tool.version,
            question=asked(question),
            scale=next(scale for scale in _scales(tool.responses) if scale.name == question.scale),
        )
        for question, tool in db.session.execute(query)
    ]


def all_standards() -> Sequence[Standard]:
    """Return the council's list of standards, by source and name."""
    return db.session.scalars(select(Standard).order_by(Standard.source, Standard.name)).all()
