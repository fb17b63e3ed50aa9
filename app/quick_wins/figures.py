"""The figure that a quick win should move: before it, and in the cycles and quick checks after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.actions.models import Action
from app.audits.cycle import Cycle
from app.audits.selection import Selection
from app.findings.compared import Compared, Row, compared
from app.findings.figures import Figure
from app.findings.freezing import findings_of
from app.findings.key_area import KeyArea
from app.quick_wins import queries
from app.quick_wins.models import QuickWin
from app.wording import capitalised

MOST = 4
"""Most later figures of a question; those of years later say little about a message."""


@dataclass(frozen=True)
class After:
    """The figure in a later cycle. `difference` is in words, or the reason why there is none."""

    cycle: Cycle
    figure: Figure
    difference: str | None


@dataclass(frozen=True)
class Figures:
    """The figure that started a quick win, and the next ones. `met_words` say what they are a share of."""

    key_area: str
    met_words: str
    cycle: Cycle
    before: Figure
    after: Sequence[After]

    @property
    def has_later(self) -> bool:
        """Return True once a later cycle or quick check shows a figure to compare."""
        return any(each.figure.percent is not None for each in self.after)


def why_it_matters(cycle: Cycle | None, question: str | None, on: date) -> str | None:
    """Return the figure in a sentence: "Evidence found: 15 of 25 (60%) in cycle 2010-1."."""
    if cycle is None or question is None:
        return None
    area = _areas(cycle, on).get(question)
    if area is None or not area.has_figure:
        return None
    only = ", in hand-picked cases only" if cycle.selection == Selection.HAND_PICKED else ""
    return f"{capitalised(area.met_words)}: {area.figure} in cycle {cycle.reference}{only}."


def results_of_checks(action: Action, on: date) -> list[Figures]:
    """Return the figures that quick checks of an action and of its quick wins found, by question, with the
    figure before; only of questions that a check has asked by that day."""
    cycle = queries.cycle_of(action)
    checks = [check for check in queries.checks_of_action(action) if check.requested_on <= on]
    if cycle is None or not checks:
        return []
    before = _areas(cycle, on)
    after: dict[str, list[After]] = {}
    for check in checks:
        comparison = compared(cycle, check, on)
        for row in comparison.rows:
            after.setdefault(row.question, []).append(After(check, row.after, _difference(comparison, row)))
    return [_figures(area, cycle, after[key]) for key, area in before.items() if key in after]


def as_evidence(results: Sequence[Figures]) -> str | None:
    """Return the results in sentences, for an impact check; None when no check has a figure yet."""
    sentences = [
        f"{result.key_area}: {after.figure} in quick check {after.cycle.reference}, "
        f"{result.before} before in cycle {result.cycle.reference}"
        + (f": {after.difference}." if after.difference else ".")
        for result in results
        for after in result.after
        if after.figure.percent is not None
    ]
    return " ".join(sentences) or None


def _difference(comparison: Compared, row: Row) -> str | None:
    """Return the difference of a row in words, or why there is none, without a full stop."""
    return comparison.why_not.rstrip(".") if comparison.why_not else row.difference


def figures_for(quick_win: QuickWin, on: date) -> Figures | None:
    """Return the figure before and those after; None when no cycle or no question is known."""
    cycle, question = queries.cycle_of_quick_win(quick_win), quick_win.question
    if cycle is None or question is None:
        return None
    before = _areas(cycle, on).get(question)
    if before is None:
        return None
    after = []
    for later in queries.later_cycles(quick_win, question, cycle, on, most=MOST):
        comparison = compared(cycle, later, on)
        after += [
            After(later, row.after, _difference(comparison, row))
            for row in comparison.rows
            if row.question == question
        ]
    return _figures(before, cycle, after)


def _areas(cycle: Cycle, on: date) -> dict[str, KeyArea]:
    """Return the key areas of a cycle as of a day, by question."""
    return {area.question: area for area in findings_of(cycle, on).areas}


def _figures(before: KeyArea, cycle: Cycle, after: Sequence[After]) -> Figures:
    return Figures(before.name, before.met_words, cycle, before.figure, after)
