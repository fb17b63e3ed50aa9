"""The overall grades of returned audits, for lists and pages: of each the answer that counts."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Select, and_, select

from app.answers.models import AGREED, REPLACING, Answer, AnswerView
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.database import db
from app.tools.models import Question, ScaleResponse, Section, Tool


def overall_grades(
    audit_ids: Collection[int], on: date, unread: Select[int | None] | None = None
) -> dict[int, str]:
    """Return the overall grade of each of these audits that has one on that day, in two queries.

    `unread` selects audits (ids) whose grade the reader may not see.
    """
    if not audit_ids:
        return {}
    asked = (
        select(Audit.id, Question.id, ScaleResponse.response)
        .join(Cycle, Cycle.id == Audit.cycle_id)
        .join(Tool, Tool.id == Cycle.tool_id)
        .join(Section, Section.tool_id == Tool.id)
        .join(Question, and_(Question.section_id == Section.id, Question.key == Tool.overall))
        .outerjoin(Answer, and_(Answer.audit_id == Audit.id, Answer.question_id == Question.id))
        .outerjoin(ScaleResponse, ScaleResponse.id == Answer.response_id)
        .where(Audit.id.in_(audit_ids), Audit.returned_on <= on)
    )
    asked = asked.where(Audit.id.not_in(unread)) if unread is not None else asked
    returned: dict[tuple[int, int], str | None] = {
        (audit, question): grade for audit, question, grade in db.session.execute(asked)
    }
    if not returned:
        return {}
    views = (
        select(AnswerView.audit_id, AnswerView.question_id, ScaleResponse.response)
        .outerjoin(ScaleResponse, ScaleResponse.id == AnswerView.response_id)
        .where(
            AnswerView.audit_id.in_({audit for audit, _ in returned}),
            AnswerView.question_id.in_({question for _, question in returned}),
            AnswerView.whose.in_(REPLACING),
            AnswerView.made_on <= on,
        )
        # of two views the later one stays
        .order_by(AnswerView.whose != AGREED, AnswerView.id)
    )
    returned |= {(audit, question): grade for audit, question, grade in db.session.execute(views)}
    return {audit: grade for (audit, _), grade in returned.items() if grade is not None}
