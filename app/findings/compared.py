"""Two cycles side by side: two values of each key area, and a difference only where it means something."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.audits.cycle import Cycle
from app.audits.standing import standings
from app.cycles import queries
from app.cycles.models import EarlierCycle
from app.findings.again import Again
from app.findings.cases import shared_cases
from app.findings.change import Change, SameCases, Side, change, without_figure
from app.findings.comparability import (
    AskedQuestion,
    changed_question,
    is_same_question,
    why_no_change,
    why_not_comparable,
)
from app.findings.document import Findings
from app.findings.earlier import Published, earlier_cycles, published
from app.findings.figures import Figure
from app.findings.freezing import figures_of, findings_of
from app.findings.key_area import KeyArea
from app.findings.questions import circumstances, key_area_names, questions_of
from app.findings.responses import Given
from app.people.closures import working_days
from app.tools.content import CATEGORY, EVIDENCE, GRADE
from app.wording import sentence


@dataclass(frozen=True)
class ResponseRow:
    """A response in both cycles, as a share of the answers; None where the question had no such response."""

    response: str
    before: Side | None
    after: Side | None
    change: Change | None

    @property
    def in_words(self) -> tuple[str, str, str]:
        """Return the shares before and now, and the difference or that it is not shown."""
        before, after = (str(side or "not asked") for side in (self.before, self.after))
        return before, after, str(self.change or "not shown")


@dataclass(frozen=True)
class Row:
    """A key area in both cycles. `difference` is the change in words, or the reason why there is none.

    It is None when no row has a difference. `noted` are the changes of the question in between, and of a
    number its middle in both. `responses` are in the order of the later scale.
    """

    question: str
    name: str
    before: Figure | Published
    after: Figure
    change: Change | None
    difference: str | None
    noted: Sequence[str] = ()
    kind: str = EVIDENCE
    is_met_or_not: bool = True
    responses: Sequence[ResponseRow] = ()

    @property
    def shows_responses(self) -> bool:
        """True where met or not met does not say all: for grades, categories, and three responses or more."""
        return self.kind in (GRADE, CATEGORY) or (self.kind == EVIDENCE and len(self.responses) > 2)


@dataclass(frozen=True)
class Compared:
    """A cycle compared with an earlier one. `why_not` is the reason, a sentence, why no row has a difference.

    `same_cases` are the cases in both, None for a cycle as published, of which none is known. `only_before`
    and `only_after` name the key areas of one of the cycles alone; `otherwise_asked` those of both that
    different tools ask, not as a core question. `again` has the cases that the later one audits again.
    """

    rows: Sequence[Row]
    why_not: str | None
    only_before: Sequence[str]
    only_after: Sequence[str]
    otherwise_asked: Sequence[str] = ()
    same_cases: SameCases | None = None
    again: Again | None = None

    @property
    def has_ranges(self) -> bool:
        """True when a figure of either cycle has a range."""
        figures = (figure for row in self.rows for figure in (row.before, row.after))
        return any(isinstance(figure, Figure) and figure.interval is not None for figure in figures)

    @property
    def of_the_cases(self) -> str | None:
        """Return "14 of the 14 cases were in both cycles." or "No case was in both."; None if published."""
        return None if self.same_cases is None else sentence(str(self.same_cases))


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
    earlier, later = findings_of(before, on), findings_of(after, on)
    shared = [key for key in second if key in first and is_same_question(first[key], second[key])]
    names = key_area_names()
    why_not = why_not_comparable(circumstances(before), circumstances(after))
    same_cases = _same_cases((before, earlier), (after, later), on)
    then, now = _Figures(before, earlier), _Figures(after, later)
    rows = [_row(names[key], then, now, (first[key], second[key]), same_cases, why_not) for key in shared]
    return Compared(
        rows,
        why_not,
        same_cases=same_cases,
        again=later.again if later.again and later.again.earlier == before.reference else None,
        only_before=[names[key] for key in first if key not in second],
        only_after=[names[key] for key in second if key not in first],
        otherwise_asked=[names[key] for key in second if key in first and key not in shared],
    )


def _same_cases(before: tuple[Cycle, Findings], after: tuple[Cycle, Findings], on: date) -> SameCases:
    """Return how many cases are in both: as frozen with whichever was frozen last, else as they are now."""
    (then, earlier), (now, later) = before, after
    for frozen, other in ((later, then.reference), (earlier, now.reference)):
        if frozen.same_cases is not None and other in frozen.same_cases:
            return SameCases(frozen.same_cases[other], later.cases or 0)
    shared = shared_cases(now, standings(on, working_days()), Cycle.id == then.id)
    return SameCases(shared[then.reference], later.cases or 0)


class _Figures:
    """The figures of a cycle, by question, with what they rest on."""

    def __init__(self, cycle: Cycle, findings: Findings) -> None:
        self.cycle = cycle
        self.findings = findings
        self.by_question = {area.question: area for area in findings.areas}

    def side(self, area: KeyArea, given: Given | None = None) -> Side:
        """Return a figure of the cycle, or the share of a response, as one side of a comparison."""
        figure, returns = area.figure, self.findings.returns
        return Side(
            cycle=self.cycle.reference,
            met=figure.counts.met if given is None else given.count,
            answered=figure.counts.answered,
            interval=figure.interval if given is None else given.interval,
            selection=self.cycle.selection,
            asked=returns.requested - returns.withdrawn,
            returned=returns.returned,
            applicable=figure.counts.applicable,
            # a case has one meeting, so what is asked there pools nothing
            several_returns=None if area.per_case else self.findings.no_interval_because,
        )


def _row(
    name: str,
    then: _Figures,
    now: _Figures,
    asked: tuple[AskedQuestion, AskedQuestion],
    same_cases: SameCases,
    why_not: str | None,
) -> Row:
    key = asked[1].key
    before, after = then.by_question[key], now.by_question[key]
    is_met_or_not = before.is_met_or_not and after.is_met_or_not
    cycles = (then.cycle.reference, now.cycle.reference)
    changed, difference = None, None
    middles = _middles(before, after, cycles)
    if why_not is None:
        difference = without_figure((cycles[0], before.figure), (cycles[1], after.figure))
        if difference is None and not is_met_or_not:
            difference = "; ".join(middles) or "only the responses are compared"
            middles = []
        difference = difference or why_no_change(*asked)
        if difference is None:
            changed = change(then.side(before), now.side(after), same_cases)
            difference = str(changed)
    return Row(
        key,
        name,
        before.figure,
        after.figure,
        changed,
        difference,
        [*changed_question(*asked), *middles],
        after.kind,
        is_met_or_not,
        _responses((then, before), (now, after), None if why_not or why_no_change(*asked) else same_cases),
    )


def _middles(before: KeyArea, after: KeyArea, cycles: tuple[str, str]) -> list[str]:
    """Return the middle of the numbers in both cycles, of a question that asks for numbers in both."""
    if before.numbers is None or after.numbers is None:
        return []
    return [f"{before.numbers} in {cycles[0]}", f"{after.numbers} in {cycles[1]}"]


def _responses(
    before: tuple[_Figures, KeyArea], after: tuple[_Figures, KeyArea], same_cases: SameCases | None
) -> list[ResponseRow]:
    """Return each response in both cycles, with the change of its share where that can be told (`same_cases`
    is None where it cannot) and enough was answered in both."""
    (then, earlier), (now, later) = before, after
    first = {given.response: given for given in earlier.responses or ()}
    second = {given.response: given for given in later.responses or ()}
    rows = []
    for response in dict.fromkeys([*second, *first]):
        one, other = first.get(response), second.get(response)
        left = None if one is None else then.side(earlier, one)
        right = None if other is None else now.side(later, other)
        changed = None
        is_shown = one is not None and other is not None and None not in (one.percent, other.percent)
        if same_cases is not None and left is not None and right is not None and is_shown:
            changed = change(left, right, same_cases)
        rows.append(ResponseRow(response, left, right, changed))
    return rows


def _with_published(before: EarlierCycle, after: Cycle, on: date) -> Compared:
    """Return the comparison with a published cycle: two values and no difference, as it has no counts."""
    then, now = published(before), figures_of(after, on)
    names = key_area_names()
    return Compared(
        [Row(key, names[key], then[key], figure, None, None) for key, figure in now.items() if key in then],
        f"Not comparable: only the published percentages of {before.reference} are known.",
        only_before=[names.get(key, key) for key in then if key not in now],
        only_after=[names[key] for key in now if key not in then],
    )
