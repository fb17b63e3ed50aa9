"""`/cycles/REF/answers`: the answers of a cycle as a file, for whoever analyses them elsewhere."""

from collections.abc import Iterator

from flask import Response, abort
from sqlalchemy import and_, select

from app.answers.blueprint import answers
from app.answers.counts import overridden
from app.answers.models import Answer, EvidencePlace
from app.audits.asked_questions import is_asked
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.standing import Standing, Standings, standings
from app.case_numbers import masking
from app.clock import today
from app.cycles import queries
from app.database import db
from app.downloads import as_file, asked_for
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
)


@answers.get("/cycles/<reference>/answers")
def of_cycle(reference: str) -> Response:
    """Download the answers in returned audits that count, each with the response that counts.

    Case numbers are masked in comments.
    """
    cycle = queries.found(reference) or abort(404)
    on_day = standings(today(), working_days())
    ending = asked_for() or "xlsx"
    return as_file(f"answers {cycle.reference} {on_day.on}", "Answers", COLUMNS, _rows(cycle, on_day), ending)


def _rows(cycle: Cycle, on_day: Standings) -> Iterator[list[Value]]:
    question_ids = (
        select(Question.id)
        .join(Section, Section.id == Question.section_id)
        .where(Section.tool_id == cycle.tool_id)
    )
    responses = dict(db.session.execute(select(ScaleResponse.id, ScaleResponse.response)).all())
    changed = {
        (view.audit_id, view.question_id): view
        for view in overridden(list(db.session.scalars(question_ids)), on_day.on)
    }
    of_cycle = select(Audit.case_reference).where(Audit.cycle_id == cycle.id)
    mask = masking(db.session.scalars(of_cycle.where(Audit.case_reference.is_not(None))))
    query = (
        select(Audit, Question, Answer, EvidencePlace.label)
        .select_from(Audit)
        .join(Section, Section.tool_id == cycle.tool_id)
        .join(Question, Question.section_id == Section.id)
        .outerjoin(Answer, and_(Answer.audit_id == Audit.id, Answer.question_id == Question.id))
        .outerjoin(EvidencePlace, EvidencePlace.id == Answer.found_in_id)
        .where(Audit.cycle_id == cycle.id, on_day.where(Standing.RETURNED), is_asked())
        .order_by(Audit.reference, Section.position, Question.position)
    )
    for audit, question, outer, place in db.session.execute(query):
        answer: Answer | None = outer  # None when the question was left out
        before = answer.response_id if answer is not None else None
        view = changed.get((audit.id, question.id))
        counts = view.after if view else before
        comment = answer.comment if answer is not None else None
        yield [
            audit.reference,
            question.key,
            question.key_area,
            responses[counts] if counts else None,
            place,
            mask(comment) if comment else None,
            responses[before] if before and before != counts else None,
        ]
