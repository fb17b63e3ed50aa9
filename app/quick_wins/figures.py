"""The figure that a quick win should move: before it, and in the next cycles and quick checks after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.actions.models import Action
from app.audits.cycle import Cycle
from app.findings.compared import compared
from app.findings.figures import Figure
from app.findings.questions import figures_of
from app.quick_wins import queries
from app.quick_wins.models import QuickWin

MOST = 4
"""The next figures for a question; what comes years later says little about a message."""


@dataclass(frozen=True)
class After:
    """The figure in a later cycle. `said` is the difference in words, or why there is none."""

    cycle: Cycle
    figure: Figure
    said: str | None


@dataclass(frozen=True)
class Figures:
    """The figure that started a quick win, and the next ones."""

    key_area: str
    cycle: Cycle
    before: Figure
    after: Sequence[After]


def why_it_matters(cycle: Cycle | None, question: str | None, on: date) -> str | None:
    """The figure that showed it, in a sentence: "Evidence of it on file: 15 of 25 (60%) in cycle 2010-1."."""
    if cycle is None or question is None:
        return None
    found = figures_of(cycle, on).get(question)
    if found is None or found.percent is None:
        return None
    return f"Evidence of it on file: {found} in cycle {cycle.reference}."


def checks_found(action: Action, on: date) -> list[Figures]:
    """Return what the quick checks of an action and of its quick wins found, question by question, beside
    the figure before; only what a check has asked by that day."""
    cycle = queries.cycle_of(action)
    checks = [one for one in queries.checks_of_action(action) if one.requested_on <= on]
    if cycle is None or not checks:
        return []
    before, names = figures_of(cycle, on), dict(queries.questions_of(cycle))
    after: dict[str, list[After]] = {}
    for check in checks:
        beside = compared(cycle, check, on)
        for row in beside.rows:
            after.setdefault(row.question, []).append(
                After(check, row.after, beside.why_not or row.difference)
            )
    return [Figures(names[key], cycle, before[key], after[key]) for key in before if key in after]


def as_evidence(found: Sequence[Figures]) -> str | None:
    """Return what quick checks found, in sentences for an impact check; None where none has a figure yet."""
    sentences = [
        f"{one.key_area}: {after.figure} in quick check {after.cycle.reference}, "
        f"{one.before} before in cycle {one.cycle.reference}" + (f": {after.said}." if after.said else ".")
        for one in found
        for after in one.after
        if after.figure.percent is not None
    ]
    return " ".join(sentences) or None


def figures_for(quick_win: QuickWin, on: date) -> Figures | None:
    """The figure before and after; None where no cycle or no question is known."""
    cycle, question = queries.cycle_of_quick_win(quick_win), quick_win.question
    if cycle is None or question is None:
        return None
    before = figures_of(cycle, on).get(question)
    if before is None:
        return None
    names = dict(queries.questions_of(cycle))
    after = []
    for later in queries.later_cycles(quick_win, question, cycle, on, most=MOST):
        beside = compared(cycle, later, on)
        after += [
            After(later, row.after, beside.why_not or row.difference)
            for row in beside.rows
            if row.question == question
        ]
    return Figures(names[question], cycle, before, after)
