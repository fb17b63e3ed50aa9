"""The answers of a cycle that count, in a few queries however many audits there are.

The answer that counts is the one decided on a dispute, else the moderated one, else the one the pair agreed,
else the one they returned. The second auditor's own view never counts.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sqlalchemy import Select, and_, select

from app.answers.as_returned import NOT_ANSWERED, AsReturned, Given
from app.answers.models import AGREED, REPLACING, Answer, AnswerView
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.standing import Standing, Standings
from app.database import db
from app.tools.content import EXCLUDED
from app.tools.models import Question, ScaleResponse, Tool
from app.tools.queries import content_of, whole


def returned_that_count(cycle: Cycle, standings: Standings) -> Select[int]:
    """Select the ids of the returned audits of a cycle that count on the day of the standings."""
    return select(Audit.id).where(Audit.cycle_id == cycle.id, standings.where(Standing.RETURNED))


@dataclass(frozen=True)
class Overridden:
    """An answer that another one replaces: another view of it, or what was returned and then sent back.

    `before` is the response that is stored, with the place of its evidence `found_in`; `after` is the one
    that counts, with its place `found_in_then`. None is not answered. `number` is the one that counts,
    `view_id` the view, of which the place stays the pair's. `then` is the answer that was sent back.
    """

    audit_id: int
    question_id: int
    before: int | None
    after: int | None
    found_in: int | None
    number: float | None
    view_id: int | None
    found_in_then: int | None
    then: Given | None = None


def overridden(
    questions: Collection[int], on: date, kept: Mapping[int, AsReturned] = MappingProxyType({})
) -> Sequence[Overridden]:
    """Return the answers to these questions (ids) that another one replaces on that day.

    They are of all audits, returned or not: one query that reads the views alone, which are few. `kept` is
    what audits were returned with that were sent back after the day.
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
            Answer.found_in_id,
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
        .order_by(AnswerView.whose != AGREED, AnswerView.id)
    )
    last = {(row[0], row[1]): Overridden(*row) for row in db.session.execute(query) if row[0] not in kept}
    return [*last.values(), *(_sent_back(questions, kept) if kept else ())]


def _sent_back(questions: Collection[int], kept: Mapping[int, AsReturned]) -> Iterator[Overridden]:
    """Yield the answers that were returned and then sent back, each in place of the one that is stored."""
    query = select(Answer.audit_id, Answer.question_id, Answer.response_id, Answer.found_in_id)
    stored = {
        (audit_id, question_id): (response_id, found_in_id)
        for audit_id, question_id, response_id, found_in_id in db.session.execute(
            query.where(Answer.audit_id.in_(kept), Answer.question_id.in_(questions))
        )
    }
    for audit_id, returned in kept.items():
        for question_id in questions:
            then = returned.answers.get(question_id, NOT_ANSWERED)
            before, found_in = stored.get((audit_id, question_id), (None, None))
            yield Overridden(
                audit_id,
                question_id,
                before,
                then.response,
                found_in,
                then.number,
                None,
                then.found_in,
                then,
            )


def counting(
    questions: Collection[int],
    responses: Collection[int],
    among: Collection[int],
    on: date,
    kept: Mapping[int, AsReturned] = MappingProxyType({}),
) -> Iterator[tuple[int, int, int]]:
    """Yield audit, question and response (ids) of the answers of these audits that count on that day and are
    one of these responses. `kept` is as of `overridden`."""
    returned = select(Answer.audit_id, Answer.question_id, Answer.response_id).where(
        Answer.question_id.in_(questions), Answer.response_id.in_(responses)
    )
    given: dict[tuple[int, int], int | None] = {
        (audit_id, question_id): response_id
        for audit_id, question_id, response_id in db.session.execute(returned)
    }
    given |= {(view.audit_id, view.question_id): view.after for view in overridden(questions, on, kept)}
    for (audit_id, question_id), response_id in given.items():
        if audit_id in among and response_id is not None and response_id in responses:
            yield audit_id, question_id, response_id


def judgements(tool: Tool) -> dict[Question, list[ScaleResponse]]:
    """Return the questions of a tool that ask for a grade, in its order, each with the counted
    responses of its scale, from the best to the worst."""
    grading = {scale.name for scale in content_of(whole(tool)).scales if scale.is_grade}
    return {
        question: [
            response
            for response in tool.responses
            if response.scale == question.scale and response.counts_as != EXCLUDED
        ]
        for section in tool.sections
        for question in section.questions
        if question.scale in grading
    }
