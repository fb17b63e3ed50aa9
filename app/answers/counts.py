"""How the answers of a cycle count, question by question, in a few queries however many audits there are."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from app.answers.models import Answer, EvidencePlace
from app.audits.models import Audit
from app.audits.standing import Standing, Standings
from app.cycles.models import Cycle
from app.database import db
from app.tools.models import Question, ScaleResponse, Section


@dataclass(frozen=True)
class AnswerCounts:
    """One question over the returned audits that count: the four numbers add up to all of them.

    `places` tells for each place of the council's list how many of the answers that are met or not met have
    their evidence there; there is none for an answer that names no place.
    """

    question: str
    key_area: str
    met: int
    not_met: int
    not_applicable: int
    not_answered: int
    places: Mapping[str, int]

    @property
    def answered(self) -> int:
        """Met and not met: what the figure is a share of."""
        return self.met + self.not_met


def answer_counts(cycle: Cycle, standings: Standings) -> list[AnswerCounts]:
    """The counts of each question in the order of the cycle's tool, on the day of the standings.

    Answers of audits that are not returned, or came back after the cut-off, are not in them. A question that
    nobody looked at is not answered, whether or not the form kept a blank for it.
    """
    counts_as: dict[int | None, str] = dict(
        db.session.execute(
            select(ScaleResponse.id, ScaleResponse.counts_as).where(ScaleResponse.tool_id == cycle.tool_id)
        ).all()
    )
    places = dict(
        db.session.execute(
            select(EvidencePlace.id, EvidencePlace.label).order_by(EvidencePlace.position)
        ).all()
    )
    counting = (Audit.cycle_id == cycle.id, standings.where(Standing.RETURNED))
    audits = db.session.scalar(select(func.count()).select_from(Audit).where(*counting)) or 0
    responses: dict[int, Counter[str]] = defaultdict(Counter)
    found: dict[int, Counter[int]] = defaultdict(Counter)
    questions = db.session.execute(
        select(Question.id, Question.key, Question.key_area)
        .join(Section, Section.id == Question.section_id)
        .where(Section.tool_id == cycle.tool_id)
        .order_by(Section.position, Question.position)
    ).all()
    together = (
        select(Answer.question_id, Answer.response_id, Answer.found_in_id, func.count())
        .where(
            Answer.question_id.in_([question.id for question in questions]),
            Answer.response_id.is_not(None),
            # nought is added so that SQLite goes through the index of answers and not from audit to audit
            (Answer.audit_id + 0).in_(select(Audit.id).where(*counting)),
        )
        .group_by(Answer.question_id, Answer.response_id, Answer.found_in_id)
    )
    for question_id, response_id, found_in_id, number in db.session.execute(together):
        counted = counts_as[response_id]
        responses[question_id][counted] += number
        if found_in_id is not None and counted != "excluded":
            found[question_id][found_in_id] += number
    return [
        AnswerCounts(
            question=question.key,
            key_area=question.key_area,
            met=responses[question.id]["met"],
            not_met=responses[question.id]["not met"],
            not_applicable=responses[question.id]["excluded"],
            not_answered=audits - responses[question.id].total(),
            places={label: found[question.id][place] for place, label in places.items()},
        )
        for question in questions
    ]
