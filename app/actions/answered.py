"""The findings of a cycle with their actions, or with the reason why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, exists, select

from app.actions.models import Action, AnsweredFinding, FindingLeft, Recommendation
from app.actions.open_on import always_or_by
from app.audits.cycle import Cycle
from app.audits.open_on import not_yet
from app.database import db
from app.findings.figures import Figure
from app.findings.freezing import figures_of
from app.tools.content import MET, NOT_MET
from app.tools.models import Question, ScaleResponse, Section


@dataclass(frozen=True)
class Finding:
    """A key area of a cycle with its actions and recommendations, or with the reason why it has none.

    `is_met_or_not` is False where the question only asks what there was, and `has_applied` where it was not
    applicable in any returned audit: nothing in them calls for an action.
    """

    question: str
    key_area: str
    actions: tuple[str, ...]
    recommendations: tuple[str, ...]
    left_because: str | None
    is_met_or_not: bool = True
    has_applied: bool = True

    @property
    def calls_for_action(self) -> bool:
        """True when something was asked that can be met or not, in at least one case."""
        return self.is_met_or_not and self.has_applied

    @property
    def is_answered(self) -> bool:
        """True when it has an action, or a written reason why there is none, or nothing calls for one."""
        return bool(self.actions) or self.left_because is not None or not self.calls_for_action


def findings(
    cycle: Cycle,
    on: date,
    figures: Mapping[str, Figure] | None = None,
    *,
    done_by: date | None = None,
) -> list[Finding]:
    """Return the key areas of a cycle in the order of its tool, each with its actions and recommendations.

    An action answers the finding that it names, and those that its recommendation answers. A withdrawn action
    answers nothing. Nothing raised or written after the day is read; `done_by` is the last day on which a
    withdrawal counts (the same day, if it is not given). Without the `figures` of the cycle, by question,
    each counts as one that has applied.
    """
    answers: dict[str, set[str]] = {}
    recommended: dict[str, set[str]] = {}
    is_raised = always_or_by(Recommendation.raised_on, on)
    holds = and_(not_yet(Action.withdrawn_on, done_by or on), always_or_by(Action.raised_on, on), is_raised)
    direct = (
        select(Action.question, Action.reference)
        .outerjoin(Action.recommendation)
        .where(Action.cycle_id == cycle.id, Action.question.is_not(None), holds)
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
        .where(Recommendation.cycle_id == cycle.id, is_raised)
    )
    for question, reference in db.session.execute(asked):
        recommended.setdefault(question, set()).add(reference)
    left = dict(
        db.session.execute(
            select(FindingLeft.question, FindingLeft.because).where(
                FindingLeft.cycle_id == cycle.id, FindingLeft.on <= on
            )
        ).all()
    )
    judged = exists().where(
        ScaleResponse.tool_id == cycle.tool_id,
        ScaleResponse.scale == Question.scale,
        ScaleResponse.counts_as.in_((MET, NOT_MET)),
    )
    never = _never_applied(figures or {})
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
            key not in never,
        )
        for key, key_area, is_met_or_not in questions
    ]


def unanswered(cycle: Cycle, on: date, figures: Mapping[str, Figure] | None = None) -> list[Finding]:
    """Return the key areas with neither an action nor a written reason. A quick check has none: it
    measures what an action has changed. `figures` are those of the cycle, for whoever has them already."""
    without = [] if cycle.checks else [each for each in findings(cycle, on) if not each.is_answered]
    if without and figures is None:
        figures = figures_of(cycle, on)
    never = _never_applied(figures or {})
    return [finding for finding in without if finding.question not in never]


def _never_applied(figures: Mapping[str, Figure]) -> set[str]:
    return {question for question, figure in figures.items() if figure.counts.never_applied}
