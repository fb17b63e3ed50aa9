"""`/cycles/REF/answers`: the answers of a cycle as a file, for whoever analyses them elsewhere."""

from collections.abc import Collection, Iterable, Iterator

from flask import Response, abort
from sqlalchemy import and_, select

from app.answers.blueprint import answers
from app.answers.cells import Given, in_a_cell
from app.answers.counts import overridden
from app.answers.further import further_of_answers, further_of_views
from app.answers.importing import DOES_NOT_APPLY
from app.answers.models import Answer, AnswerView, EvidencePlace
from app.answers.what_applies import applied_in
from app.audits.asked_questions import is_asked
from app.audits.audited_again import unread
from app.audits.counting import returns_of
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.standing import Standing, Standings, standings
from app.case_numbers import masking
from app.clock import today
from app.cycles import queries
from app.database import db
from app.downloads import as_file, asked_for, at_once
from app.files.writing import Value
from app.people.closures import working_days
from app.tools.models import Question, ScaleResponse, Section

COLUMNS = (
    "audit_reference",
    "question",
    "key_area",
    "response",
    "evidence_location",
    "comment",
    "response_before_it_was_changed",
    "number",
    "reason_above_limit",
)

AT_A_TIME = 200
"""The audits whose answers are read together."""

NOT_YET = "hidden until you return your audit of the same case"
"""The response in the lines of an audit whose case the reader audits again."""


@answers.get("/cycles/<reference>/answers")
def of_cycle(reference: str) -> Response:
    """Download the answers in returned audits that count, each with the response that counts.

    Case numbers are masked in comments. Of an audit whose case the reader audits again there is a line for
    each question that says so.
    """
    cycle = queries.found(reference) or abort(404)
    on_day = standings(today(), working_days())
    ending = asked_for() or "xlsx"
    at_once(returns_of(cycle.id, on_day).returned)
    rows = _rows(cycle, on_day, unread())
    return as_file(f"answers {cycle.reference} {on_day.on}", "Answers", COLUMNS, rows, ending)


def _rows(cycle: Cycle, on_day: Standings, hidden: Collection[int]) -> Iterator[list[Value]]:
    question_ids = (
        select(Question.id)
        .join(Section, Section.id == Question.section_id)
        .where(Section.tool_id == cycle.tool_id)
    )
    changed = {
        (view.audit_id, view.question_id): view.view_id
        for view in overridden(list(db.session.scalars(question_ids)), on_day.on)
        if view.view_id is not None
    }
    written = _Written(cycle, changed.values())
    applies = applied_in(cycle, on_day.on)
    of_cycle = select(Audit.case_reference).where(Audit.cycle_id == cycle.id)
    mask = masking(db.session.scalars(of_cycle.where(Audit.case_reference.is_not(None))))
    query = (
        select(Audit, Question, Answer, EvidencePlace.label)
        .select_from(Audit)
        .join(Section, Section.tool_id == cycle.tool_id)
        .join(Question, Question.section_id == Section.id)
        .outerjoin(Answer, and_(Answer.audit_id == Audit.id, Answer.question_id == Question.id))
        .outerjoin(EvidencePlace, EvidencePlace.id == Answer.found_in_id)
        .where(is_asked())
        .order_by(Audit.reference, Section.position, Question.position)
    )
    of_audits = (
        select(Audit.id)
        .where(Audit.cycle_id == cycle.id, on_day.where(Standing.RETURNED))
        .order_by(Audit.reference)
    )
    ids = db.session.scalars(of_audits).all()
    # not all at once: a large cycle has millions of answers
    parts = (ids[start : start + AT_A_TIME] for start in range(0, len(ids), AT_A_TIME))
    found = (row for part in parts for row in db.session.execute(query.where(Audit.id.in_(part))))
    for audit, question, outer, place in found:
        if audit.id in hidden:
            nothing = [None] * (len(COLUMNS) - 4)
            yield [audit.reference, question.key, question.key_area, NOT_YET, *nothing]
            continue
        answer: Answer | None = outer  # None when the question was left out
        before, after = written.answer(answer), written.answer(answer)
        if (audit.id, question.id) in changed:
            after = written.view(changed[audit.id, question.id])
        applied = applies.get(question.id)
        if applied and audit.id not in applied.applies:
            # an answer that was given is kept in the service, and does not count
            after = Given((DOES_NOT_APPLY,) if audit.id in applied.not_applicable else ())
            before = after
        comment = answer.comment if answer is not None else None
        above_limit = answer.above_limit_because if answer is not None else None
        yield [
            audit.reference,
            question.key,
            question.key_area,
            in_a_cell(after) or None,
            place,
            mask(comment) if comment else None,
            (in_a_cell(before) or None) if before != after else None,
            _whole(after.number),
            mask(above_limit) if above_limit else None,
        ]


def _whole(number: float | None) -> Value:
    """Return a number as a cell has it, without a decimal point that it does not need."""
    return int(number) if number is not None and number.is_integer() else number


class _Written:
    """The answers of a cycle and the views that replace some, as a file has them."""

    def __init__(self, cycle: Cycle, views: Iterable[int]) -> None:
        of_cycle = select(Audit.id).where(Audit.cycle_id == cycle.id)
        responses = select(ScaleResponse).where(ScaleResponse.tool_id == cycle.tool_id)
        self._responses = {each.id: each for each in db.session.scalars(responses)}
        wanted = set(views)
        views_of = select(AnswerView).where(AnswerView.audit_id.in_(of_cycle))
        self._views = {view.id: view for view in db.session.scalars(views_of) if view.id in wanted}
        self._further = further_of_answers(of_cycle)
        self._further_of_views = further_of_views(of_cycle)

    def answer(self, answer: Answer | None) -> Given:
        """Return a stored answer."""
        return Given(()) if answer is None else self._given(answer, self._further.get(answer.id, ()))

    def view(self, view_id: int) -> Given:
        """Return the answer of a view."""
        return self._given(self._views[view_id], self._further_of_views.get(view_id, ()))

    def _given(self, row: Answer | AnswerView, further: Iterable[int]) -> Given:
        ids = [*further, *([row.response_id] if row.response_id else [])]
        responses = sorted((self._responses[id_] for id_ in ids), key=lambda each: each.position)
        return Given(tuple(each.response for each in responses), row.number, row.from_on, row.to_on)
