"""The questions that an audit asks, as a condition of the database. The rule is in agencies.py."""

from sqlalchemy import ColumnElement, exists, select

from app.audits.models import Audit
from app.database import db
from app.tools.models import Question, Section


def is_asked() -> ColumnElement[bool]:
    """Return the condition that an audit asks a question, for a query that has both."""
    condition: ColumnElement[bool] = Question.per_case == Audit.is_together
    return condition


def asks_per_case(tool_id: int) -> bool:
    """Return whether a version of a tool asks something once per case."""
    asked = exists().where(Section.id == Question.section_id, Section.tool_id == tool_id, Question.per_case)
    return bool(db.session.scalar(select(asked)))
