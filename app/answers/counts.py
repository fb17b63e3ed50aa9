"""How the answers of a cycle count, question by question, in a few queries however many audits there are.

The answer that counts is the moderated one, else the one the pair agreed, else the one they returned. What
the second auditor alone made of it counts for nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, func, or_, select

from app.answers.models import AGREED, MODERATED, Answer, AnswerView, EvidencePlace
from app.audits.models import Audit
from app.audits.standing import Standing, Standings
from app.cycles.models import Cycle
from app.database import db
from app.tools.content import EXCLUDED, Scale
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
    counts_as = dict(
        db.session.execute(
            select(ScaleResponse.id, ScaleResponse.counts_as).where(ScaleResponse.tool_id == cycle.tool_id)
        ).all()
    )
    places = dict(
        db.session.execute(
            select(EvidencePlace.id, EvidencePlace.label).order_by(EvidencePlace.position)
        ).all()
    )
    counting = returned_that_count(cycle, standings)
    audits = db.session.scalar(select(func.count()).select_from(counting.subquery())) or 0
    questions = db.session.execute(
        select(Question.id, Question.key, Question.key_area)
        .join(Section, Section.id == Question.section_id)
        .where(Section.tool_id == cycle.tool_id)
        .order_by(Section.position, Question.position)
    ).all()
    responses: dict[int, Counter[str]] = defaultdict(Counter)
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for question_id, response_id, found_in_id, number in _numbers(
        [each.id for each in questions], counting, standings.on
    ):
        counted = counts_as[response_id]
        responses[question_id][counted] += number
        if found_in_id is not None and counted != EXCLUDED:
            found[question_id][found_in_id] += number
    return [
        AnswerCounts(
            question=question.key,
            key_area=question.key_area,
            met=responses[question.id]["met"],
            not_met=responses[question.id]["not met"],
            not_applicable=responses[question.id][EXCLUDED],
            not_answered=audits - responses[question.id].total(),
            places={label: found[question.id][place] for place, label in places.items()},
        )
        for question in questions
    ]


def returned_that_count(cycle: Cycle, standings: Standings) -> Select[int]:
    """The ids of the returned audits of a cycle that count on that day."""
    return select(Audit.id).where(Audit.cycle_id == cycle.id, standings.where(Standing.RETURNED))


@dataclass(frozen=True)
class Overridden:
    """An answer of which another view counts. All are ids; a response is None where there is no answer.

    `before` is what the pair returned, `after` what counts. The place of the evidence stays the pair's.
    """

    audit_id: int
    question_id: int
    before: int | None
    after: int | None
    found_in: int | None


def overridden(questions: Collection[int], on: date) -> Sequence[Overridden]:
    """The answers to these questions (ids) of which a moderated or agreed view counts on that day, in all
    audits, returned or not: one query that reads the views alone, which are few."""
    query = (
        select(
            AnswerView.audit_id,
            AnswerView.question_id,
            Answer.response_id,
            AnswerView.response_id,
            Answer.found_in_id,
        )
        .outerjoin(
            Answer,
            and_(Answer.audit_id == AnswerView.audit_id, Answer.question_id == AnswerView.question_id),
        )
        .where(
            AnswerView.question_id.in_(questions),
            AnswerView.whose.in_((AGREED, MODERATED)),
            AnswerView.made_on <= on,
        )
        # "moderated" comes after "agreed", and of two the last one stays
        .order_by(AnswerView.whose)
    )
    last = {(row[0], row[1]): Overridden(*row) for row in db.session.execute(query)}
    return list(last.values())


def _numbers(
    questions: Collection[int], counting: Select[int], on: date
) -> list[tuple[int, int, int | None, int]]:
    """Question, response, place and how many answers of the counting audits: as returned, then less those of
    which another view counts, then with that view."""
    together = (
        select(Answer.question_id, Answer.response_id, Answer.found_in_id, func.count())
        .where(
            Answer.question_id.in_(questions),
            Answer.response_id.is_not(None),
            # nought is added so that SQLite goes through the index of answers and not from audit to audit
            (Answer.audit_id + 0).in_(counting),
        )
        .group_by(Answer.question_id, Answer.response_id, Answer.found_in_id)
    )
    numbers: list[tuple[int, int, int | None, int]] = [
        (question_id, response_id, place_id, number)
        for question_id, response_id, place_id, number in db.session.execute(together)
        if response_id is not None
    ]
    views = overridden(questions, on)
    among = set(db.session.scalars(counting)) if views else set()
    for view in views:
        if view.audit_id in among:
            for response, change in ((view.before, -1), (view.after, 1)):
                if response is not None:
                    numbers.append((view.question_id, response, view.found_in, change))
    return numbers


def answers_without_reason(cycle: Cycle, standings: Standings) -> dict[str, int]:
    """Judgements that no reason was given for, by question, in the order of the tool; among the returned
    audits that count. A question that is no judgement is not in it; "not applicable" judges nothing."""
    asked = judgements(cycle.tool_id)
    counted = [response.id for responses in asked.values() for response in responses]
    views = overridden([question.id for question in asked], standings.on)
    reasoned = {(view.audit_id, view.question_id) for view in views}
    blank = select(Answer.audit_id, Answer.question_id).where(
        Answer.question_id.in_([question.id for question in asked]),
        Answer.response_id.in_(counted),
        or_(Answer.comment.is_(None), func.trim(Answer.comment) == ""),
        (Answer.audit_id + 0).in_(returned_that_count(cycle, standings)),
    )
    lacking = Counter(row[1] for row in db.session.execute(blank) if tuple(row) not in reasoned)
    return {question.key: lacking[question.id] for question in asked}


def judgements(tool_id: int) -> dict[Question, list[ScaleResponse]]:
    """The questions of a tool that ask for a judgement, in its order, each with the counted responses of its
    scale: the best is the first, the worst the last."""
    scales: dict[str, list[ScaleResponse]] = defaultdict(list)
    for response in db.session.scalars(
        select(ScaleResponse).where(ScaleResponse.tool_id == tool_id).order_by(ScaleResponse.position)
    ):
        scales[response.scale].append(response)
    judging = {
        name: [each for each in responses if each.counts_as != EXCLUDED]
        for name, responses in scales.items()
        if Scale(name, tuple((each.response, each.counts_as) for each in responses)).is_judgement
    }
    questions = db.session.scalars(
        select(Question)
        .join(Section, Section.id == Question.section_id)
        .where(Section.tool_id == tool_id, Question.scale.in_(judging))
        .order_by(Section.position, Question.position)
    )
    return {question: judging[question.scale] for question in questions}
