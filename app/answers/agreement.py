"""Agreement of the second auditor and the moderator with the answers that the pair returned."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import and_, case, func, select

from app.answers.counts import judgements, returned_that_count
from app.answers.models import MODERATED, SECOND, AnswerView, Moderation
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.standing import Standings
from app.database import db
from app.tools.models import Question, Section


@dataclass(frozen=True)
class Agreement:
    """The agreement on the returned audits of a cycle that count.

    Numbers count audits. Mappings count answers, by the key of the question, in the order of the tool.
    """

    returned: int
    returned_here: int
    """Those returned in the product, the only ones of which it knows what was not done."""
    confirmed: int
    """Audits that the second auditor confirmed, with or without differing answers."""
    confirmed_here: int
    """Those confirmed in the product, where the second could say where they differ."""
    unconfirmed: int
    """Audits returned in the product that have a second auditor, who did not confirm them."""
    differing: int
    """Those of the confirmed in which the second sees some answers differently."""
    differing_answers: Mapping[str, int]
    moderated: int
    grade_changed: int
    """Those of the moderated in which at least one grade, the answer to a judgement, was changed."""
    changed_answers: Mapping[str, int]
    """Answers that the moderator changed."""


def agreement(cycle: Cycle, standings: Standings) -> Agreement:
    """Return the agreement on the returns of a cycle, on the day of the standings."""
    counting = returned_that_count(cycle, standings)
    on = standings.on

    confirmed = Audit.confirmed_on <= on
    moderated = select(Moderation.audit_id).where(Moderation.decided_on <= on)
    audits = db.session.execute(
        select(
            func.count().label("returned"),
            func.count(case((Audit.returned_in_product, 1))).label("returned_here"),
            func.count(case((confirmed, 1))).label("confirmed"),
            func.count(case((and_(confirmed, Audit.confirmed_in_product), 1))).label("confirmed_here"),
            func.count(case((standings.unconfirmed(), 1))).label("unconfirmed"),
            func.count(case((and_(confirmed, Audit.differs.is_not(None)), 1))).label("differing"),
            func.count(case((Audit.id.in_(moderated), 1))).label("moderated"),
        ).where(Audit.id.in_(counting))
    ).one()
    views = (
        AnswerView.made_on <= on,
        AnswerView.audit_id.in_(counting),
        AnswerView.whose.in_((SECOND, MODERATED)),
    )
    by_question: dict[str, Counter[int]] = {whose: Counter() for whose in (SECOND, MODERATED)}
    numbers = select(AnswerView.whose, AnswerView.question_id, func.count()).where(*views)
    for whose, question_id, count in db.session.execute(
        numbers.group_by(AnswerView.whose, AnswerView.question_id)
    ):
        by_question[whose][question_id] = count
    grades = [question.id for question in judgements(cycle.tool_id)]
    regraded = select(func.count(AnswerView.audit_id.distinct())).where(
        *views, AnswerView.whose == MODERATED, AnswerView.question_id.in_(grades)
    )
    keys = dict(
        db.session.execute(
            select(Question.id, Question.key)
            .join(Section, Section.id == Question.section_id)
            .where(Section.tool_id == cycle.tool_id)
            .order_by(Section.position, Question.position)
        ).all()
    )

    def by_key(whose: str) -> dict[str, int]:
        return {key: by_question[whose][question_id] for question_id, key in keys.items()}

    return Agreement(
        returned=audits.returned,
        returned_here=audits.returned_here,
        confirmed=audits.confirmed,
        confirmed_here=audits.confirmed_here,
        unconfirmed=audits.unconfirmed,
        differing=audits.differing,
        differing_answers=by_key(SECOND),
        moderated=audits.moderated,
        grade_changed=db.session.scalar(regraded) or 0,
        changed_answers=by_key(MODERATED),
    )
