"""Queries of tools: their versions, the content of each, and core questions elsewhere."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, inspect, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.database import db
from app.tools.conditions import Condition
from app.tools.content import NUMBER_SCALES, RESPONSE, UNIT, Asked, Content, Part, Scale
from app.tools.models import Question, ScaleKind, ScaleResponse, Section, Standard, Tool
from app.tools.rows import ALIKE, call_of, ceiling_of, condition_of, limits_of
from app.tools.soundness import Elsewhere


def all_tools() -> Sequence[Tool]:
    """Return every version of every tool, by title, the newest version of each first."""
    return db.session.scalars(select(Tool).order_by(Tool.title, Tool.reference, Tool.version.desc())).all()


def found(reference: str, version: int) -> Tool | None:
    """Return a version with its content loaded; None if there is none."""
    return _whole(Tool.called(reference), Tool.version == version)


def latest_published(reference: str, by: date | None = None) -> Tool | None:
    """Return the newest published version of a tool, by a day if one is given; None where there is none."""
    by_then = [] if by is None else [or_(Tool.published_on.is_(None), Tool.published_on <= by)]
    return _whole(Tool.called(reference), Tool.is_draft.is_(False), *by_then)


def before(tool: Tool) -> Tool | None:
    """Return the published version that this one follows; None for the first."""
    return _whole(Tool.called(tool.reference), Tool.version < tool.version, Tool.is_draft.is_(False))


def draft_of(reference: str) -> Tool | None:
    """Return the draft of a tool's next version, if there is one."""
    return _whole(Tool.called(reference), Tool.is_draft.is_(True))


def whole(tool: Tool) -> Tool:
    """Return a version with its content loaded; what is loaded already is not read again."""
    loaded = {"sections", "responses", "scales"}.isdisjoint(inspect(tool).unloaded)
    if not loaded or any("questions" in inspect(section).unloaded for section in tool.sections):
        whole_tools([tool.id])
    return tool


def whole_tools(ids: Iterable[int]) -> Sequence[Tool]:
    """Return the versions with these ids, each with its content loaded."""
    return db.session.scalars(select(Tool).where(Tool.id.in_(ids)).options(*_content_loaded())).all()


def _content_loaded() -> tuple[ORMOption, ...]:
    questions = selectinload(Tool.sections).selectinload(Section.questions).joinedload(Question.standard)
    return questions, selectinload(Tool.responses), selectinload(Tool.scales)


def _whole(*conditions: ColumnElement[bool]) -> Tool | None:
    query = select(Tool).where(*conditions).order_by(Tool.version.desc()).limit(1)
    query = query.options(*_content_loaded())
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def content_of(tool: Tool) -> Content:
    """Return the content of a version."""
    return Content(
        reference=tool.reference,
        version=tool.version,
        title=tool.title,
        minimum_answered=tool.minimum_answered,
        minimum_count=tool.minimum_count,
        scales=_scales(tool.responses, tool.scales),
        sections=tuple(part(section) for section in tool.sections),
        unit=tool.unit or UNIT,
        overall=tool.overall,
        limits=limits_of(tool.limits),
    )


def part(section: Section) -> Part:
    """Return the content of one section."""
    return Part(
        section.title,
        tuple(asked(question) for question in section.questions),
        section.key,
        section.optional,
        condition_of(section.applies_if),
    )


def asked(question: Question) -> Asked:
    """Return the content of one question."""
    return Asked(
        scale=question.scale if question.answer == RESPONSE else None,
        standard=question.standard.name if question.standard else None,
        applies_if=condition_of(question.applies_if),
        at_most=ceiling_of(question.at_most),
        calls_for_response=call_of(question.calls_for_response),
        **{name: getattr(question, name) for name in ALIKE},
    )


@dataclass(frozen=True)
class StoredPart:
    """A section of a version, with its id and condition."""

    id: int
    title: str
    optional: bool
    applies_if: Condition | None


@dataclass(frozen=True)
class StoredQuestion:
    """A question of a version, with its id and the scale of its answers, also of numbers."""

    id: int
    scale: str
    asked: Asked


# made once: making it takes longer than running it
_STORED = (
    select(
        *(Section.id, Section.title, Section.optional, Section.applies_if),
        *(Question.id, Question.scale, Standard.name, Question.applies_if),
        *(Question.at_most, Question.calls_for_response),
        *(getattr(Question, name) for name in ALIKE),
    )
    .join(Question, Question.section_id == Section.id)
    .outerjoin(Standard, Standard.id == Question.standard_id)
    .order_by(Section.position, Question.position)
)


def stored_parts(tool_id: int) -> list[tuple[StoredPart, list[StoredQuestion]]]:
    """Return the sections of a version with their questions, in the order of the form, in one quick query."""
    parts: dict[int, tuple[StoredPart, list[StoredQuestion]]] = {}
    for row in db.session.execute(_STORED.where(Section.tool_id == tool_id)):
        section_id, title, optional, section_if, *of_question = row
        id_, scale, standard, own, at_most, call, *alike = of_question
        part = parts.get(section_id)
        if part is None:
            condition = condition_of(section_if)
            part = parts[section_id] = (StoredPart(section_id, title, optional, condition), [])
        values = dict(zip(ALIKE, alike, strict=True))
        question = Asked(
            scale=scale if values["answer"] == RESPONSE else None,
            standard=standard,
            applies_if=condition_of(own),
            at_most=ceiling_of(at_most),
            calls_for_response=call_of(call),
            **values,
        )
        part[1].append(StoredQuestion(id_, scale, question))
    return list(parts.values())


def scales_of(tool_id: int) -> dict[str, tuple[Scale, list[ScaleResponse]]]:
    """Return the scales of a version by name, each with the rows of its responses in order; those of numbers
    are among them."""
    rows: defaultdict[str, list[ScaleResponse]] = defaultdict(list)
    query = select(ScaleResponse).where(ScaleResponse.tool_id == tool_id).order_by(ScaleResponse.position)
    for response in db.session.scalars(query):
        rows[response.scale].append(response)
    kinds = db.session.scalars(select(ScaleKind).where(ScaleKind.tool_id == tool_id))
    scales = _scales((response for of_scale in rows.values() for response in of_scale), kinds)
    return {scale.name: (scale, rows[scale.name]) for scale in (*scales, *NUMBER_SCALES)}


def _scales(responses: Iterable[ScaleResponse], kinds: Iterable[ScaleKind]) -> tuple[Scale, ...]:
    """Return the scales of a file, which has none of the scales of numbers."""
    by_name: defaultdict[str, list[ScaleResponse]] = defaultdict(list)
    for response in responses:
        by_name[response.scale].append(response)
    said = {row.scale: row for row in kinds}
    return tuple(
        Scale(
            name,
            tuple(
                (response.response, response.counts_as)
                for response in sorted(by_name[name], key=lambda response: response.position)
            ),
            said[name].kind if name in said else "",
            said[name].several if name in said else False,
        )
        for name in sorted(by_name.keys() - {scale.name for scale in NUMBER_SCALES})
    )


def elsewhere(keys: Iterable[str]) -> list[Elsewhere]:
    """Return the published questions with these keys, to compare core questions with."""
    query = (
        select(Question, Tool)
        .join(Section, Section.id == Question.section_id)
        .join(Tool, Tool.id == Section.tool_id)
        .where(Question.key.in_(set(keys)), Tool.is_draft.is_(False))
        .order_by(Tool.reference, Tool.version.desc(), Question.id)
        .options(joinedload(Question.standard), selectinload(Tool.responses), selectinload(Tool.scales))
    )
    return [
        Elsewhere(
            reference=tool.reference,
            version=tool.version,
            question=asked(question),
            scale=_scale_of(question, tool),
        )
        for question, tool in db.session.execute(query)
    ]


def _scale_of(question: Question, tool: Tool) -> Scale:
    scales = (*_scales(tool.responses, tool.scales), *NUMBER_SCALES)
    return next(scale for scale in scales if scale.name == question.scale)


def standard_ids() -> dict[str, int]:
    """Return the ids of the council's standards by name."""
    return {standard.name: standard.id for standard in all_standards()}


def all_standards() -> Sequence[Standard]:
    """Return the council's list of standards, by source and name."""
    return db.session.scalars(select(Standard).order_by(Standard.source, Standard.name)).all()
