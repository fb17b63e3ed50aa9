"""Quick checks: a cycle of one or a few questions over a small random sample, which measures the effect of
a quick win or an action within weeks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from sqlalchemy import select

from app.actions.lifecycle import refuse_quick_check
from app.actions.models import Action
from app.actions.moving import action_facts
from app.audits.cycle import Cycle
from app.cycles import moves as cycle_moves
from app.database import db, transaction
from app.moves.moving import locked, tell
from app.people.closures import working_days
from app.people.models import Person, Team
from app.quick_wins import queries
from app.quick_wins.life import refuse_check
from app.quick_wins.models import QuickWin
from app.quick_wins.moves import facts_of
from app.refusal import NotNow, Refused
from app.tools import queries as tool_queries
from app.tools.content import Asked, Content
from app.tools.parts_of_tools import publish_part
from app.wording import capitalised, plural
from app.working_days import happened


@dataclass(frozen=True)
class Measured:
    """The quick win or action that a quick check measures, and the figure that it began with.

    `cycle` is the one with that figure, None if not known; `questions` are the keys of the questions it is
    about.
    """

    kind: str
    reference: str
    about: str
    cycle: Cycle | None
    questions: Sequence[str]
    team_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Check:
    """The plan of a quick check. `team_ids` is empty for all teams; `files` is the number to be drawn."""

    questions: frozenset[str]
    files: int
    team_ids: frozenset[int]
    due_on: date


def measured(source: QuickWin | Action) -> Measured:
    """Return what a quick check of a quick win or an action measures."""
    if isinstance(source, QuickWin):
        asked = [source.question] if source.question else []
        cycle = queries.cycle_of_quick_win(source)
        return Measured(source.kind, source.reference, source.subject, cycle, asked, source.audience_team_ids)
    return Measured(
        source.kind, source.reference, source.text, queries.cycle_of(source), questions_of_action(source)
    )


def measured_by(cycle: Cycle) -> Measured | None:
    """Return what a quick check measures; None when that is gone."""
    if cycle.checks is None:
        return None
    for model in (QuickWin, Action):
        source = db.session.scalars(select(model).where(model.called(cycle.checks))).one_or_none()
        if isinstance(source, QuickWin | Action):
            return measured(source)
    return None


def questions_of_action(action: Action) -> list[str]:
    """Return the keys of the questions that an action answers: its own, else its recommendation's."""
    if action.question is not None:
        return [action.question]
    return [finding.question for finding in action.recommendation.findings] if action.recommendation else []


def refuse(source: QuickWin | Action, on: date) -> str | None:
    """Return why no quick check of it can be made, in one sentence; None when one can."""
    action = source.action if isinstance(source, QuickWin) else source
    if isinstance(source, QuickWin) and (reason := refuse_check(facts_of(source), on, working_days())):
        return reason
    if action is source and (reason := refuse_quick_check(action_facts(source), on)):
        return reason
    if action is not None and happened(action.withdrawn_on, on):
        return f"Action {action.reference} is withdrawn, so there is no effect to measure"
    subject = measured(source)
    if not subject.questions:
        return f"{_named(subject)} is not linked to a question, so there is no figure to measure again"
    if subject.cycle is None or not set(subject.questions) & {
        question.key for question in tool_of(subject.cycle).questions()
    }:
        return (
            f"No cycle has asked the question of {subject.kind} {subject.reference}, so there is no audit "
            "tool to use"
        )
    return _refuse_another(subject, on)


def _named(source: Measured) -> str:
    return f"{capitalised(source.kind)} {source.reference}"


def _refuse_another(source: Measured, on: date) -> str | None:
    """Return why there cannot be another while one is open: both would draw from the same files."""
    open_one = next((check for check in queries.checks_of(source.reference) if not check.is_closed(on)), None)
    if open_one is None:
        return None
    return f"Quick check {open_one.reference} is under way. Close it before you create another one."


def tool_of(cycle: Cycle) -> Content:
    """Return the content of the tool of a cycle."""
    tool = tool_queries.found(cycle.tool.reference, cycle.tool.version)
    assert tool is not None
    return tool_queries.content_of(tool)


def questions_to_choose(source: Measured) -> list[Asked]:
    """Return the questions of the tool that a quick check can ask: those it is about, and all others
    without a judgement, since a quick check gives no grade."""
    if source.cycle is None:
        return []
    tool = tool_of(source.cycle)
    judgements = {scale.name for scale in tool.scales if scale.is_grade}
    return [
        question
        for question in tool.questions()
        if question.key in source.questions or question.scale not in judgements
    ]


def refuse_plan(source: Measured, check: Check, on: date) -> str | None:
    """Return why this quick check cannot be made; None when it can."""
    if not check.questions or not check.questions <= {
        question.key for question in questions_to_choose(source)
    }:
        return "Select at least one question"
    assert source.cycle is not None
    least = source.cycle.tool.minimum_count
    if check.files < least:
        return f"Number of files must be {least} or more. With fewer answers, the result is not shown."
    if check.due_on < on:
        return "Due date must be today or later"
    return None


def make(source: QuickWin | Action, check: Check, *, by: Person, on: date) -> Cycle:
    """Make the quick check: a small tool that asks the questions word for word, and a cycle with it that is
    comparable with the one that found the figure. Its cases are drawn next.

    Raises NotNow when nothing can be measured, Refused when this plan cannot be carried out.
    """
    with transaction():
        # one quick check of it is made at a time
        source = locked(type(source), source.reference)
        if reason := refuse(source, on):
            raise NotNow(reason)
        subject = measured(source)
        if reason := refuse_plan(subject, check, on):
            raise Refused(reason)
        before = subject.cycle
        assert before is not None
        reference = reference_of(subject)
        tool = publish_part(
            tool_of(before),
            check.questions,
            reference=reference,
            title=f"Quick check of {subject.kind} {subject.reference}",
            by=by.email,
            on=on,
        )
        cycle = cycle_moves.create(
            cycle_moves.Details(
                reference=_free(reference, tool.version),
                title=title_of(subject, check),
                theme=before.theme,
                tool_id=tool.id,
                requested_on=on,
                due_on=check.due_on,
                cut_off_on=None,
                reported_on=None,
                reported_to=None,
                comparable_with=before.reference,
                hide_up_to=before.hide_up_to,
                moderated_share=0,
                checks=subject.reference,
            ),
            by=by,
        )
        tell(source, by, on, "quick check created", after=cycle.reference)
    return cycle


def title_of(source: Measured, check: Check) -> str:
    """Return "Quick check of quick win Q1, teams Crewe, Nantwich"."""
    names = list(db.session.scalars(select(Team.name).where(Team.id.in_(check.team_ids)).order_by(Team.name)))
    teams = f", {plural(len(names), 'team')} {', '.join(names)}" if names else ""
    return f"Quick check of {source.kind} {source.reference}{teams}"


def reference_of(source: Measured) -> str:
    """Return the reference of the small tool, which begins those of its cycles and stands in addresses."""
    return "check-" + re.sub(r"[^A-Za-z0-9._-]+", "-", source.reference)


def _free(reference: str, number: int) -> str:
    """Return the first free reference of a cycle from that number on."""
    taken = set(db.session.scalars(select(Cycle.folded)))
    return next(free for at in count(number) if Cycle.fold(free := f"{reference}-{at}") not in taken)
