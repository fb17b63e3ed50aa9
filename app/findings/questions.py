"""Reads the questions of cycles, their circumstances and their figures from the database."""

from collections.abc import Iterable

from sqlalchemy import select

from app.audits.cycle import Cycle
from app.database import db
from app.findings.comparability import AskedQuestion, Circumstances
from app.tools.models import Question, ScaleResponse, Section, Tool


def circumstances(cycle: Cycle) -> Circumstances:
    """Return the theme of a cycle, and how its cases were chosen."""
    return Circumstances(
        cycle.reference, cycle.comparable_with, cycle.theme, cycle.selection, cycle.population
    )


def questions_of(tools: Iterable[int]) -> dict[int, dict[str, AskedQuestion]]:
    """Return the questions of each of these versions of tools (by id), by key, in the order of the tool."""
    wanted = set(tools)
    counts_as: dict[tuple[int, str], dict[str, str]] = {}
    for row in db.session.execute(
        select(
            ScaleResponse.tool_id, ScaleResponse.scale, ScaleResponse.response, ScaleResponse.counts_as
        ).where(ScaleResponse.tool_id.in_(wanted))
    ):
        counts_as.setdefault((row.tool_id, row.scale), {})[row.response] = row.counts_as
    of_checks = set(
        db.session.scalars(select(Cycle.tool_id).where(Cycle.tool_id.in_(wanted), Cycle.checks.is_not(None)))
    )
    questions: dict[int, dict[str, AskedQuestion]] = {tool: {} for tool in wanted}
    for tool_id, reference, question in db.session.execute(
        select(Section.tool_id, Tool.reference, Question)
        .join(Question, Question.section_id == Section.id)
        .join(Tool, Tool.id == Section.tool_id)
        .where(Section.tool_id.in_(wanted))
        .order_by(Section.tool_id, Section.position, Question.position)
    ):
        questions[tool_id][question.key] = AskedQuestion(
            question.key,
            reference,
            question.text,
            question.is_core,
            counts_as.get((tool_id, question.scale), {}),
            is_check=tool_id in of_checks,
        )
    return questions


def key_area_names() -> dict[str, str]:
    """Return the key area of every question of the published tools, by key, with its latest name."""
    rows = db.session.execute(
        select(Question.key, Question.key_area)
        .join(Section, Section.id == Question.section_id)
        .join(Tool, Tool.id == Section.tool_id)
        .where(Tool.is_draft.is_(False))
        .order_by(Tool.reference, Tool.version, Section.position, Question.position)
    )
    return {row.key: row.key_area for row in rows}
