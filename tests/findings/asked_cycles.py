"""Cycles with answers: so many met and not met to each question, straight into the database."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert

from app.answers.models import Answer
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.database import db, transaction
from app.tools.models import Question, ScaleResponse, Section, Tool
from tests.factories import a_team

COUNTS_AS = {"yes": "met", "partly": "not met", "no": "not met", "not applicable": "excluded"}


def a_tool_asking(
    *keys: str,
    reference: str = "child-protection",
    version: int = 1,
    core: bool = False,
    text: str = "Is there evidence?",
    counts_as: Mapping[str, str] = COUNTS_AS,
) -> Tool:
    """A published version of a tool that asks these; the key area of "child_seen" is "Child seen"."""
    with transaction():
        tool = Tool(
            reference=reference, version=version, title="Audit", minimum_answered=0.8, minimum_count=10
        )
        tool.responses = [
            ScaleResponse(scale="evidence", position=place, response=response, counts_as=way)
            for place, (response, way) in enumerate(counts_as.items(), start=1)
        ]
        questions = [
            Question(
                position=place,
                key=key,
                key_area=key.replace("_", " ").capitalize(),
                text=text,
                scale="evidence",
                is_core=core,
            )
            for place, key in enumerate(keys, start=1)
        ]
        tool.sections = [Section(position=1, title="All", questions=questions)]
        db.session.add(tool)
    return tool


def a_cycle_that_found(
    reference: str,
    tool: Tool,
    requested_on: date,
    answers: Mapping[str, tuple[int, int]],
    *,
    theme: str = "Child protection",
    closed: bool = True,
    cases: Sequence[str] | None = None,
    **facts: Any,
) -> Cycle:
    """A cycle whose returned audits answered each question so often (met, not met), by the question's key.

    `cases` are the numbers of their cases, in turn; without them each audit is about a case of its own.
    """
    team = a_team().id
    audits = max((sum(counts) for counts in answers.values()), default=0)
    due_on = requested_on + timedelta(days=30)
    responses = {row.response: row.id for row in tool.responses}
    questions = {question.key: question.id for section in tool.sections for question in section.questions}
    with transaction():
        cycle = Cycle(
            reference=reference,
            title=f"Cycle of {requested_on:%B %Y}",
            theme=theme,
            tool_id=tool.id,
            requested_on=requested_on,
            due_on=due_on,
            closed_on=due_on if closed else None,
            **facts,
        )
        db.session.add(cycle)
        db.session.flush()
        made = [
            Audit(
                reference=f"{reference}-{number}",
                case_reference=cases[number % len(cases)] if cases else f"{reference}/{number}",
                team_id=team,
                cycle_id=cycle.id,
                requested_on=requested_on,
                due_on=due_on,
                first_due_on=due_on,
                returned_on=requested_on,
            )
            for number in range(audits)
        ]
        db.session.add_all(made)
        db.session.flush()
        rows = [
            {
                "audit_id": audit.id,
                "question_id": questions[key],
                "response_id": responses["yes" if place < met else "no"],
                "version": 1,
            }
            for key, (met, not_met) in answers.items()
            for place, audit in enumerate(made[: met + not_met])
        ]
        if rows:
            db.session.execute(insert(Answer), rows)
    return cycle
