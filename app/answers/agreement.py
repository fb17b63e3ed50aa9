"""How far the second auditor and the moderator saw the returned answers as the pair did."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from app.answers.counts import judgements, returned_that_count
from app.answers.models import AGREED, MODERATED, SECOND, AnswerView, Moderation
from app.audits.models import Audit
from app.audits.standing import Standings
from app.cycles.models import Cycle
from app.database import db
from app.tools.models import Question, Section


@dataclass(frozen=True)
class Agreement:
    """Of the returned audits that count. Audits, unless it says answers; the mappings go by question, in the
    order of the tool, and tell of answers."""

    returned: int
    confirmed: int
    """The second auditor confirmed them, or said where they differ."""
    differing: int
    """Of the confirmed: the second sees some answers differently."""
    differing_answers: Mapping[str, int]
    agreed_answers: Mapping[str, int]
    """Of the differing answers: the pair agreed on one afterwards."""
    moderated: int
    grade_changed: int
    """Of the moderated: the moderator changed at least one grade, which is the answer to a judgement."""
    changed_answers: Mapping[str, int]
    """What the moderator changed."""


def agreement(cycle: Cycle, standings: Standings) -> Agreement:
    """How far the pair and, after moderation, the moderator agreed, on the day of the standings."""
    counting = returned_that_count(cycle, standings)
    on = standings.on

    def number(*conditions: object) -> int:
        return db.session.scalar(select(func.count()).select_from(Audit).where(*conditions)) or 0  # type: ignore[arg-type]

    these = Audit.id.in_(counting)
    confirmed = Audit.confirmed_on <= on
    views = (AnswerView.made_on <= on, AnswerView.audit_id.in_(counting))
    by_question: dict[str, Counter[int]] = {whose: Counter() for whose in (SECOND, AGREED, MODERATED)}
    numbers = select(AnswerView.whose, AnswerView.question_id, func.count()).where(*views)
    for whose, question_id, count in db.session.execute(
        numbers.group_by(AnswerView.whose, AnswerView.question_id)
    ):
        by_question[whose][question_id] = count
    grades = [question.id for question in judgements(cycle.tool_id)]
    regraded = select(func.count(AnswerView.audit_id.distinct())).where(
        *views, AnswerView.whose == MODERATED, AnswerView.question_id.in_(grades)
    )
    moderated = select(Moderation.audit_id).where(Moderation.decided_on <= on)
    keys = dict(
        db.session.execute(
            select(Question.id, Question.key)
            .join(Section, Section.id == Question.section_id)
            .where(Section.tool_id == cycle.tool_id)
            .order_by(Section.position, Question.position)
        ).all()
    )

    def named(whose: str) -> dict[str, int]:
        return {key: by_question[whose][question_id] for question_id, key in keys.items()}

    return Agreement(
        returned=number(these),
        confirmed=number(these, confirmed),
        differing=number(these, confirmed, Audit.differs.is_not(None)),
        differing_answers=named(SECOND),
        agreed_answers=named(AGREED),
        moderated=number(these, Audit.id.in_(moderated)),
        grade_changed=db.session.scalar(regraded) or 0,
        changed_answers=named(MODERATED),
    )
