"""The answers of a cycle that count, in a few queries however many audits there are.

The answer that counts is the one decided on a dispute, else the moderated one, else the one the pair agreed,
else the one they returned. The second auditor's own view never counts.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, case, func, or_, select

from app.answers.models import REPLACING, Answer, AnswerView
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.standing import Standing, Standings
from app.database import db
from app.tools.content import EXCLUDED
from app.tools.models import Question, ScaleResponse, Section
from app.tools.queries import scales_of


def returned_that_count(cycle: Cycle, standings: Standings) -> Select[int]:
    """Select the ids of the returned audits of a cycle that count on the day of the standings."""
    return select(Audit.id).where(Audit.cycle_id == cycle.id, standings.where(Standing.RETURNED))


@dataclass(frozen=True)
class Overridden:
    """An answer that another view replaces. All fields are ids.

    `before` is the response that the pair returned, `after` the one that counts; None is not answered.
    `number` is the one that counts, `view_id` the view. The place of the evidence stays the pair's.
    """

    audit_id: int
    question_id: int
    before: int | None
    after: int | None
    found_in: int | None
    number: float | None
    view_id: int


def overridden(questions: Collection[int], on: date) -> Sequence[Overridden]:
    """Return the answers to these questions (ids) that another view replaces on that day.

    They are of all audits, returned or not: one query that reads the views alone, which are few.
    """
    query = (
        select(
            AnswerView.audit_id,
            AnswerView.question_id,
            Answer.response_id,
            AnswerView.response_id,
            Answer.found_in_id,
            AnswerView.number,
            AnswerView.id,
        )
        .outerjoin(
            Answer,
            and_(Answer.audit_id == AnswerView.audit_id, Answer.question_id == AnswerView.question_id),
        )
        .where(
            AnswerView.question_id.in_(questions),
            AnswerView.whose.in_(REPLACING),
            AnswerView.made_on <= on,
        )
        # of two views the later one stays
        .order_by(case({whose: place for place, whose in enumerate(REPLACING)}, value=AnswerView.whose))
    )
    last = {(row[0], row[1]): Overridden(*row) for row in db.session.execute(query)}
    return list(last.values())


def answers_without_reason(cycle: Cycle, standings: Standings) -> dict[str, int]:
    """Count the judgements without a reason in the returned audits that count.

    The counts are by the key of the question, in the order of the tool, for judgements alone; "not
    applicable" judges nothing.
    """
    questions = judgements(cycle.tool_id)
    counted = [response.id for responses in questions.values() for response in responses]
    views = overridden([question.id for question in questions], standings.on)
    reasoned = {(view.audit_id, view.question_id) for view in views}
    blank = select(Answer.audit_id, Answer.question_id).where(
        Answer.question_id.in_([question.id for question in questions]),
        Answer.response_id.in_(counted),
        or_(Answer.comment.is_(None), func.trim(Answer.comment) == ""),
        (Answer.audit_id + 0).in_(returned_that_count(cycle, standings)),
    )
    lacking = Counter(row[1] for row in db.session.execute(blank) if tuple(row) not in reasoned)
    return {question.key: lacking[question.id] for question in questions}


def judgements(tool_id: int) -> dict[Question, list[ScaleResponse]]:
    """Return the questions of a tool that ask for a grade, in its order, each with the counted
    responses of its scale, from the best to the worst."""
    grading = {
        name: [response for response in responses if response.counts_as != EXCLUDED]
        for name, (scale, responses) in scales_of(tool_id).items()
        if scale.is_grade
    }
    questions = db.session.scalars(
        select(Question)
        .join(Section, Section.id == Question.section_id)
        .where(Section.tool_id == tool_id, Question.scale.in_(grading))
        .order_by(Section.position, Question.position)
    )
    return {question: grading[question.scale] for question in questions}
