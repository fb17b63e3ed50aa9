"""The findings of a cycle with their actions, or with the reason why there is none."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, or_, select

from app.actions.models import Action, AnsweredFinding, FindingLeft, Recommendation
from app.audits.cycle import Cycle
from app.database import db
from app.tools.content import MET, NOT_MET
from app.tools.models import Question, ScaleResponse, Section


@dataclass(frozen=True)
class Finding:
    """A key area of a cycle with its actions and recommendations, or with the reason why it has none.

    `is_met_or_not` is False where the question only asks what there was: nothing in it calls for an action.
    """

    question: str
    key_area: str
    actions: tuple[str, ...]
    recommendations: tuple[str, ...]
    left_because: str | None
    is_met_or_not: bool = True

    @property
    def is_answered(self) -> bool:
        """True when it has an action, or a written reason why there is none, or nothing calls for one."""
        return bool(self.actions) or self.left_because is not None or not self.is_met_or_not


def findings(cycle: Cycle, on: date) -> list[Finding]:
    """Return the key areas of a cycle in the order of its tool, each with its actions and recommendations.

    An action answers the finding that it names, and those that its recommendation answers. A withdrawn action
    answers nothing.
    """
    answers: dict[str, set[str]] = {}
    recommended: dict[str, set[str]] = {}
    holds = or_(Action.withdrawn_on.is_(None), Action.withdrawn_on > on)
    direct = select(Action.question, Action.reference).where(
        Action.cycle_id == cycle.id, Action.question.is_not(None), holds
    )
    through = (
        select(AnsweredFinding.question, Action.reference)
        .join(Recommendation, Recommendation.id == AnsweredFinding.recommendation_id)
        .join(Action, Action.recommendation_id == Recommendation.id)
        .where(Recommendation.cycle_id == cycle.id, holds)
    )
    for query in (direct, through):
        for question, reference in db.session.execute(query):
            answers.setdefault(str(question), set()).add(reference)
    asked = (
        select(AnsweredFinding.question, Recommendation.reference)
        .join(Recommendation)
        .where(Recommendation.cycle_id == cycle.id)
    )
    for question, reference in db.session.execute(asked):
        recommended.setdefault(question, set()).add(reference)
    left = dict(
        db.session.execute(
            select(FindingLeft.question, FindingLeft.because).where(FindingLeft.cycle_id == cycle.id)
        ).all()
    )
    judged = exists().where(
        ScaleResponse.tool_id == cycle.tool_id,
        ScaleResponse.scale == Question.scale,
        ScaleResponse.counts_as.in_((MET, NOT_MET)),
    )
    questions = db.session.execute(
        select(Question.key, Question.key_area, judged)
        .join(Section)
        .where(Section.tool_id == cycle.tool_id)
        .order_by(Section.position, Question.position)
    )
    return [
        Finding(
            key,
            key_area,
            tuple(sorted(answers.get(key, ()))),
            tuple(sorted(recommended.get(key, ()))),
            left.get(key),
            is_met_or_not,
        )
        for key, key_area, is_met_or_not in questions
    ]


def unanswered(cycle: Cycle, on: date) -> list[Finding]:
    """Return the key areas with neither an action nor a written reason. A quick check has none: it
    measures what an action has changed."""
    return [] if cycle.checks else [finding for finding in findings(cycle, on) if not finding.is_answered]
