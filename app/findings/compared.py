"""Two cycles side by side: two values of each key area, and a difference only where it means something."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.audits.cycle import Cycle
from app.cycles import queries
from app.cycles.models import EarlierCycle
from app.findings.change import Change, change
from app.findings.comparability import (
    AskedQuestion,
    Circumstances,
    changed_question,
    is_same_question,
    why_no_change,
    why_not_comparable,
)
from app.findings.earlier import Published, earlier_cycles, published
from app.findings.figures import Figure
from app.findings.questions import circumstances, figures_of, key_area_names, questions_of
from app.wording import listed


@dataclass(frozen=True)
class Row:
    """A key area in both cycles. `difference` is the change in words, or the reason why there is none.

    It is None when no row has a difference. `noted` are the changes of the question in between.
    """

    question: str
    name: str
    before: Figure | Published
    after: Figure
    change: Change | None
    difference: str | None
    noted: Sequence[str] = ()


@dataclass(frozen=True)
class Compared:
    """A cycle compared with an earlier one. `why_not` is the reason, a sentence, why no row has a difference.

    `only_before` and `only_after` name the key areas of one of the cycles alone; `otherwise_asked` those of
    both that different tools ask, not as a core question.
    """

    rows: Sequence[Row]
    why_not: str | None
    only_before: Sequence[str]
    only_after: Sequence[str]
    otherwise_asked: Sequence[str] = ()


def candidates(cycle: Cycle) -> list[Cycle | EarlierCycle]:
    """Return the cycles that a cycle can be compared with: those requested before it, the latest first,
    and then past ones as published."""
    before = (cycle.requested_on, cycle.reference)
    own = [other for other in queries.all_cycles() if (other.requested_on, other.reference) < before]
    return [*own, *(past for past in earlier_cycles() if past.reported_on <= cycle.requested_on)]


def default_of(cycle: Cycle, earlier: Sequence[Cycle | EarlierCycle]) -> Cycle | EarlierCycle | None:
    """Return the candidate to compare with when none is asked for: the one declared comparable, else the
    one before, and quick checks last. None: it is the first cycle."""
    declared = [other for other in earlier if other.reference == cycle.comparable_with]
    whole = [other for other in earlier if isinstance(other, EarlierCycle) or other.checks is None]
    return next(iter([*declared, *whole, *earlier]), None)


def compared(before: Cycle | EarlierCycle, after: Cycle, on: date) -> Compared:
    """Return the comparison of two cycles as of a day, in the order of the later one's tool."""
    if isinstance(before, EarlierCycle):
        return _with_published(before, after, on)
    asked = questions_of({before.tool_id, after.tool_id})
    first, second = asked[before.tool_id], asked[after.tool_id]
    earlier, later = figures_of(before, on), figures_of(after, on)
    shared = [key for key in second if key in first and is_same_question(first[key], second[key])]
    then, now = circumstances(before), circumstances(after)
    names = key_area_names()
    why_not = why_not_comparable(then, now)
    rows = [
        _row(names[key], earlier[key], later[key], (first[key], second[key]), (then, now), why_not)
        for key in shared
    ]
    return Compared(
        rows,
        why_not,
        only_before=[names[key] for key in first if key not in second],
        only_after=[names[key] for key in second if key not in first],
        otherwise_asked=[names[key] for key in second if key in first and key not in shared],
    )


def _row(
    name: str,
    before: Figure,
    after: Figure,
    asked: tuple[AskedQuestion, AskedQuestion],
    cycles: tuple[Circumstances, Circumstances],
    why_not: str | None,
) -> Row:
    difference: str | None = None
    why_none = why_not or _without_figure(before, after, cycles) or why_no_change(*cycles, asked=asked)
    changed = change(before, after, comparable=why_none is None)
    if why_not is None:
        difference = str(changed) if changed is not None else why_none
    return Row(asked[1].key, name, before, after, changed, difference, changed_question(*asked))


def _without_figure(before: Figure, after: Figure, cycles: tuple[Circumstances, Circumstances]) -> str | None:
    missing = [
        cycle.reference
        for cycle, figure in zip(cycles, (before, after), strict=True)
        if figure.percent is None
    ]
    return f"Difference not shown: no figure in {listed(missing)}" if missing else None


def _with_published(before: EarlierCycle, after: Cycle, on: date) -> Compared:
    """Return the comparison with a published cycle: two values and no difference, as it has no counts."""
    then, now = published(before), figures_of(after, on)
    names = key_area_names()
    return Compared(
        [Row(key, names[key], then[key], figure, None, None) for key, figure in now.items() if key in then],
        f"Not comparable: different children, and only the published percentages of {before.reference} are "
        "known.",
        only_before=[names.get(key, key) for key in then if key not in now],
        only_after=[names[key] for key in now if key not in then],
    )
