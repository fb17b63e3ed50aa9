"""Quick checks: a cycle of one or a few questions over a small random sample, by which the effect of a quick
win or an action can be measured within weeks.
"""

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
from app.wording import plural
from app.working_days import happened


@dataclass(frozen=True)
class Measured:
    """What a quick check measures: a quick win or an action, and the figure that it began with.

    `cycle` is the one that found the figure, None where it is not known; `questions` are the keys of those
    that it is about.
    """

    kind: str
    reference: str
    about: str
    cycle: Cycle | None
    questions: Sequence[str]
    team_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Check:
    """What a quick check is to be. `team_ids` is empty for all teams; `files` is how many are drawn."""

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
    """Return what a quick check measures; None where it is gone."""
    for model in (QuickWin, Action):
        source = db.session.scalars(select(model).where(model.reference == cycle.checks)).one_or_none()
        if isinstance(source, QuickWin | Action):
            return measured(source)
    return None


def questions_of_action(action: Action) -> list[str]:
    """The keys of the questions whose findings an action answers: its own, else its recommendation's."""
    if action.question is not None:
        return [action.question]
    return [one.question for one in action.recommendation.findings] if action.recommendation else []


def refuse(source: QuickWin | Action, on: date) -> str | None:
    """Return why no quick check of it can be made, in one sentence; None when one can."""
    action = source.action if isinstance(source, QuickWin) else source
    if isinstance(source, QuickWin) and (why := refuse_check(facts_of(source), on, working_days())):
        return why
    if action is source and (why := refuse_quick_check(action_facts(source), on)):
        return why
    if action is not None and happened(action.withdrawn_on, on):
        return f"Its action {action.reference} is withdrawn, so there is no effect to measure."
    found = measured(source)
    if not found.questions:
        return "It names no question, so there is no figure that could be measured again."
    if found.cycle is None or not set(found.questions) & {
        one.key for one in tool_of(found.cycle).questions()
    }:
        return "No cycle has asked its question, so there is no audit tool to take it from."
    return _refuse_another(found)


def _refuse_another(found: Measured) -> str | None:
    """Return why there cannot be another one while one is open: two would draw from the same files."""
    open_one = next((one for one in queries.checks_of(found.reference) if one.closed_on is None), None)
    if open_one is None:
        return None
    return f"Quick check {open_one.reference} is under way. Close it before you make another."


def tool_of(cycle: Cycle) -> Content:
    """Return what the tool of a cycle says."""
    tool = tool_queries.found(cycle.tool.reference, cycle.tool.version)
    assert tool is not None
    return tool_queries.content_of(tool)


def questions_to_choose(found: Measured) -> list[Asked]:
    """The questions of the tool that a quick check can ask: those that it is about, and every other one that
    needs no judgement, since a quick check gives no grade."""
    if found.cycle is None:
        return []
    tool = tool_of(found.cycle)
    judgements = {scale.name for scale in tool.scales if scale.is_judgement}
    return [one for one in tool.questions() if one.key in found.questions or one.scale not in judgements]


def refuse_plan(found: Measured, check: Check, on: date) -> str | None:
    """Return why a quick check cannot be made like that; None when it can."""
    if not check.questions or not check.questions <= {one.key for one in questions_to_choose(found)}:
        return "Choose at least one question."
    assert found.cycle is not None
    least = found.cycle.tool.minimum_count
    if check.files < least:
        return f"With fewer than {least} answers there is no figure. Take at least {least} files."
    if check.due_on < on:
        return "The due day must not be in the past."
    return None


def make(source: QuickWin | Action, check: Check, *, by: Person, on: date) -> Cycle:
    """Make the quick check: a small tool that asks the questions word for word, and a cycle with it that is
    comparable with the one that found the figure. Its cases are drawn next.

    Raises NotNow when nothing can be measured, Refused when it cannot be made like that.
    """
    with transaction():
        # one quick check of it is made at a time
        source = locked(type(source), source.reference)
        if why := refuse(source, on):
            raise NotNow(why)
        found = measured(source)
        if why := refuse_plan(found, check, on):
            raise Refused(why)
        before = found.cycle
        assert before is not None
        reference = reference_of(found)
        tool = publish_part(
            tool_of(before),
            check.questions,
            reference=reference,
            title=f"Quick check of {found.kind} {found.reference}",
            by=by.email,
            on=on,
        )
        cycle = cycle_moves.create(
            cycle_moves.Details(
                reference=_free(reference, tool.version),
                title=title_of(found, check),
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
                checks=found.reference,
            ),
            by=by,
        )
        tell(source, by, on, "quick check made", after=cycle.reference)
    return cycle


def title_of(found: Measured, check: Check) -> str:
    """ "Quick check of quick win Q1, teams Crewe, Nantwich"."""
    names = list(db.session.scalars(select(Team.name).where(Team.id.in_(check.team_ids)).order_by(Team.name)))
    told = f", {plural(len(names), 'team')} {', '.join(names)}" if names else ""
    return f"Quick check of {found.kind} {found.reference}{told}"


def reference_of(found: Measured) -> str:
    """The reference of the small tool, with which those of its cycles begin: it stands in addresses."""
    return "check-" + re.sub(r"[^A-Za-z0-9._-]+", "-", found.reference)


def _free(reference: str, number: int) -> str:
    """The first free reference of a cycle from that number on."""
    taken = set(db.session.scalars(select(Cycle.reference).where(Cycle.reference.startswith(reference))))
    return next(one for at in count(number) if (one := f"{reference}-{at}") not in taken)
