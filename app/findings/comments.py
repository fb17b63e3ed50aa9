"""The comments of auditors by question, and their examples of good work. For coordinators alone.

Comments on questions that do not apply are left out. Comments and examples are read as they are now and are
in no snapshot. Where a return was sent back after the day, the comments are those that it had. The number of
the audit's own case is masked in them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from app.answers.as_returned import AsReturned, as_returned
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
    then = _then(cycle, at, kept, unread)
    return [
        QuestionComments(key, key_area, numbers[question_id] + len(then.get(key, ())))
        for question_id, key, key_area in db.session.execute(query)
    ]


def comments(
    cycle: Cycle, at: Standings, question: str, skip: int, unread: Collection[int]
) -> Sequence[Comment]:
    """Return a page of comments on a question, by the audit's reference, after the first `skip`."""
    kept = as_returned(at)
    query = _on(cycle, at, question, unread, kept).order_by(Audit.reference)
    then = _then(cycle, at, kept, unread).get(question)
    if not then:
        return _read(query.limit(PAGE).offset(skip))
    together = sorted([*_read(query), *then], key=lambda comment: comment.audit)
    return together[skip : skip + PAGE]


def _then(
    cycle: Cycle, at: Standings, kept: Mapping[int, AsReturned], unread: Collection[int]
) -> Mapping[str, list[Comment]]:
    """Return the comments in returns that were sent back after the day, by the key of their question."""
    if not kept:
        return {}
    applied = applied_in(cycle, at.on, kept)
    asked = select(Question.id, Question.key).join(Section, Section.id == Question.section_id)
    keys = dict(db.session.execute(asked.where(Section.tool_id == cycle.tool_id)).all())
    names = dict(db.session.execute(select(ScaleResponse.id, ScaleResponse.response)).all())
    audits = select(Audit.id, Audit.reference, Audit.case_reference).where(
        Audit.id.in_(kept.keys() - set(unread)), Audit.cycle_id == cycle.id, at.where(Standing.RETURNED)
    )
    then: dict[str, list[Comment]] = defaultdict(list)
    for audit_id, reference, number in db.session.execute(audits):
        for question_id, (response, text) in kept[audit_id].comments.items():
            of_question = applied.get(question_id)
            if question_id in keys and (of_question is None or audit_id in of_question.applies):
                said = Comment(reference, names.get(response or 0), without(text, number))
                then[keys[question_id]].append(said)
    return then


def comment(
    cycle: Cycle, at: Standings, question: str, audit: str, unread: Collection[int]
) -> Comment | None:
    """Return the comment of the audit of that reference on a question; None when there is none."""
    query = _on(cycle, at, question, unread, as_returned(at)).where(Audit.called(audit))
    return next(iter(_read(query)), None)


def _on(
    cycle: Cycle,
    at: Standings,
    question: str,
    unread: Collection[int],
    kept: Mapping[int, AsReturned],
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
