"""The council's list of standards that questions come from: its coverage and its changes."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.database import db, transaction
from app.history.record import Event, record
from app.refusal import Refused
from app.tools.models import Question, Section, Standard, Tool
from app.tools.queries import all_standards


@dataclass(frozen=True)
class Placed:
    """A question in the latest published version of a tool."""

    tool: Tool
    question: Question


@dataclass(frozen=True)
class Coverage:
    """The questions that ask about each standard, in the latest published version of each tool."""

    standards: Sequence[tuple[Standard, Sequence[Placed]]]
    without_standard: Sequence[Placed]

    @property
    def without_question(self) -> Sequence[Standard]:
        """Return the standards that no question asks about."""
        return [standard for standard, questions in self.standards if not questions]


def coverage() -> Coverage:
    """Return all standards with their questions, and the questions without a standard."""
    latest = (
        select(Tool.folded, func.max(Tool.version).label("version"))
        .where(Tool.is_draft.is_(False))
        .group_by(Tool.folded)
        .subquery()
    )
    query = (
        select(Tool, Question)
        .join(latest, (Tool.folded == latest.c.folded) & (Tool.version == latest.c.version))
        .join(Section, Section.tool_id == Tool.id)
        .join(Question, Question.section_id == Section.id)
        .options(joinedload(Question.standard))
        .order_by(Tool.title, Tool.reference, Section.position, Question.position)
    )
    placed = [Placed(tool, question) for tool, question in db.session.execute(query)]
    return Coverage(
        standards=[
            (standard, [place for place in placed if place.question.standard_id == standard.id])
            for standard in all_standards()
        ],
        without_standard=[place for place in placed if place.question.standard_id is None],
    )


def add(name: str, source: str, text: str | None, *, by: str) -> None:
    """Add a standard to the list. Raises Refused when its name is there already."""
    with transaction():
        _refuse_taken(name, None)
        db.session.add(Standard(name=name, source=source, text=text))
        record(by, [Event("standard", name, "added", after=source)])


def change(standard_id: int, name: str, source: str, text: str | None, *, by: str) -> None:
    """Change a standard, also where questions name it. Raises Refused when the name is another's."""
    with transaction():
        standard = db.session.get_one(Standard, standard_id, with_for_update=True)
        _refuse_taken(name, standard_id)
        was = standard.name
        rows = (
            ("renamed", was, name),
            ("source changed", standard.source, source),
            ("text changed", standard.text, text),
        )
        record(by, [Event("standard", was, what, old, new) for what, old, new in rows if old != new])
        standard.name, standard.source, standard.text = name, source, text


def _refuse_taken(name: str, own: int | None) -> None:
    if Standard.taken(name, own):
        raise Refused("There is already a standard with this name")
