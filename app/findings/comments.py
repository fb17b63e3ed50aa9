"""The comments of auditors by question, and their examples of good work. For coordinators alone.

Comments on questions that do not apply are left out. Comments and examples are read as they are now and are
in no snapshot. Where a return was sent back after the day, the comments are those that it had. The number of
the audit's own case is masked in them.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from app.answers.as_returned import as_returned
from app.answers.models import Answer, FormNote
from app.answers.what_applies import applied_in
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.standing import Standing, Standings
from app.case_numbers import without
from app.database import db
from app.tools.models import Question, ScaleResponse, Section

PAGE = 50


@dataclass(frozen=True)
class QuestionComments:
    """A question of the cycle's tool and the number of comments on it."""

    key: str
    key_area: str
    comments: int


@dataclass(frozen=True)
class Comment:
    """The words of a pair: a comment on an answer, or why the audit is an example of good work."""

    audit: str
    response: str | None
    text: str


def questions(cycle: Cycle, at: Standings, unread: Collection[int]) -> list[QuestionComments]:
    """Return the questions in the order of the tool, with their comments in returned audits counted.

    Here and below `unread` are the ids of audits of which the reader may not see anything.
    """
    kept = as_returned(at)
    commented = [
        Audit.id == Answer.audit_id,
        Audit.cycle_id == cycle.id,
        at.where(Standing.RETURNED),
        func.trim(Answer.comment) != "",
        Audit.id.not_in(unread),
    ]
    if kept:
        commented.append(Audit.id.not_in(kept))
    applies = applied_in(cycle, at.on, kept)
    by_question = select(Answer.question_id, func.count()).where(*commented).group_by(Answer.question_id)
    numbers = Counter(dict(db.session.execute(by_question).all()))
    conditional = select(Answer.question_id, Answer.audit_id).where(*commented)
    for question_id, audit_id in db.session.execute(conditional.where(Answer.question_id.in_(applies))):
        numbers[question_id] -= audit_id not in applies[question_id].applies
    query = (
        select(Question.id, Question.key, Question.key_area)
        .join(Section, Section.id == Question.section_id)
        .where(Section.tool_id == cycle.tool_id)
        .order_by(Section.position, Question.position)
    )
    return [
        QuestionComments(key, key_area, numbers[question_id] + len(_then(cycle, at, key, unread)))
        for question_id, key, key_area in db.session.execute(query)
    ]


def comments(
    cycle: Cycle, at: Standings, question: str, skip: int, unread: Collection[int]
) -> Sequence[Comment]:
    """Return a page of comments on a question, by the audit's reference, after the first `skip`."""
    query = _on(cycle, at, question, unread).order_by(Audit.reference)
    if not (then := _then(cycle, at, question, unread)):
        return _read(query.limit(PAGE).offset(skip))
    together = sorted([*_read(query), *then], key=lambda comment: comment.audit)
    return together[skip : skip + PAGE]


def _then(cycle: Cycle, at: Standings, question: str, unread: Collection[int]) -> list[Comment]:
    """Return the comments on a question in returns that were sent back after the day."""
    if not (kept := as_returned(at)):
        return []
    section = select(Question.id).join(Section, Section.id == Question.section_id)
    its_id = db.session.scalar(section.where(Section.tool_id == cycle.tool_id, Question.key == question)) or 0
    applied = applied_in(cycle, at.on, kept).get(its_id)
    told = {
        audit_id: returned.comments[its_id]
        for audit_id, returned in kept.items()
        if its_id in returned.comments and (applied is None or audit_id in applied.applies)
    }
    audits = select(Audit.id, Audit.reference, Audit.case_reference).where(
        Audit.id.in_(told.keys() - set(unread)), Audit.cycle_id == cycle.id, at.where(Standing.RETURNED)
    )
    names = dict(db.session.execute(select(ScaleResponse.id, ScaleResponse.response)).all())
    return [
        Comment(reference, names.get(told[audit_id][0] or 0), without(told[audit_id][1], number))
        for audit_id, reference, number in db.session.execute(audits)
    ]


def comment(
    cycle: Cycle, at: Standings, question: str, audit: str, unread: Collection[int]
) -> Comment | None:
    """Return the comment of the audit of that reference on a question; None when there is none."""
    return next(iter(_read(_on(cycle, at, question, unread).where(Audit.called(audit)))), None)


def _on(
    cycle: Cycle, at: Standings, question: str, unread: Collection[int]
) -> Select[str, str, str | None, str | None]:
    """Select the comments on a question: audit, response, text, case number."""
    query = (
        select(Audit.reference, ScaleResponse.response, Answer.comment, Audit.case_reference)
        .join(Answer, Answer.audit_id == Audit.id)
        .join(Question, Question.id == Answer.question_id)
        .join(Section, Section.id == Question.section_id)
        .outerjoin(ScaleResponse, ScaleResponse.id == Answer.response_id)
        .where(Audit.cycle_id == cycle.id, at.where(Standing.RETURNED), Audit.id.not_in(unread))
        .where(Section.tool_id == cycle.tool_id, Question.key == question, func.trim(Answer.comment) != "")
    )
    of_tool = select(Question.id).join(Section, Section.id == Question.section_id)
    its_id = db.session.scalar(of_tool.where(Section.tool_id == cycle.tool_id, Question.key == question))
    kept = as_returned(at)
    applied = applied_in(cycle, at.on, kept).get(its_id or 0)
    query = query.where(Audit.id.not_in(kept)) if kept else query
    return query.where(Answer.audit_id.in_(applied.applies)) if applied else query


def _read(query: Select[str, str, str | None, str | None]) -> list[Comment]:
    return [
        Comment(audit, response, without(text or "", number))
        for audit, response, text, number in db.session.execute(query)
    ]


def examples(
    cycle: Cycle, at: Standings, most: int, unread: Collection[int]
) -> tuple[int, Sequence[Comment]]:
    """Count the returned audits nominated as examples of good work, and return the first of them."""
    nominated = (
        select(Audit.reference, FormNote.exemplar_because, Audit.case_reference)
        .join(FormNote, FormNote.audit_id == Audit.id)
        .where(Audit.cycle_id == cycle.id, at.where(Standing.RETURNED), Audit.id.not_in(unread))
        .where(func.trim(FormNote.exemplar_because) != "")
    )
    rows = db.session.execute(nominated.order_by(Audit.reference).limit(most)).all()
    number: int | None = len(rows)
    if number == most:
        number = db.session.scalar(select(func.count()).select_from(nominated.subquery()))
    return number or 0, [Comment(audit, None, without(why or "", case)) for audit, why, case in rows]
