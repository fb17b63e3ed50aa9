"""The cautions that follow from how a cycle was done and what came back. Pure: facts in, sentences out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from app.audits.returns import Returns
from app.audits.selection import Selection
from app.findings.agreement import grades_changed
from app.findings.figures import Figure
from app.small_numbers import HIDE_UP_TO, small_in_words
from app.wording import counted, have, plural, were

TOLD_WITH_THE_FIGURES = ("Result not shown", "Results not shown", "Results are not shown")
"""The first words of the caution that results are not shown, which a table of figures says of each."""

HIDDEN = "Counts "
"""The first word of the caution that small numbers are hidden."""

NOT_KNOWN = "It is not known how the cases were chosen."

ALL_AUDITED = "All cases were due to be audited"
"""The first words of the caution that nothing is left to chance, as the method says too."""

OF_ANSWERS = ("Auditors left ", "No reason is given")
"""The first words of the cautions that answers or reasons are missing, whose numbers are part of how the
audits were done."""

NAMED = 3
"""Most key areas without a figure that are named; more are only counted."""


@dataclass(frozen=True)
class Facts:
    """The facts that cautions follow from. All numbers but `returns` are of returned audits that count.

    `areas` are the key areas with their names; `earlier` is True when there was a cycle before this one;
    `comparable_with` names the one that the council declared comparable; `population` is the number of cases
    there were to choose from, if stated. `several_returns` is "12 returns about 2 cases" where cases have
    several that count; `cases_asked` are the cases of the audits requested and not withdrawn (None: one of
    each). `waiting` are answers that nobody was asked for, as an earlier one that decides it is blank.
    `judgements` are answers that need a reason, of which `no_reason` have none. `returned_here` are audits
    returned in the product: of others nobody knows what was never recorded. `overridden` are audits by
    somebody who is not independent, and `overrides` counts them by what was overridden, where that is known.
    """

    returns: Returns
    areas: Sequence[tuple[str, Figure]] = ()
    selection: str | None = None
    population: int | None = None
    several_returns: str | None = None
    cases_asked: int | None = None
    earlier: bool = False
    comparable_with: str | None = None
    hides_something: bool = False
    hide_up_to: int = HIDE_UP_TO
    waiting: int = 0
    judgements: int = 0
    no_reason: int = 0
    returned_here: int = 0
    unconfirmed: int = 0
    overridden: int = 0
    overrides: Mapping[str, int] = field(default_factory=dict)
    self_assessment: bool = False
    on_paper: int = 0
    moderated: int = 0
    changed: int = 0


def cautions(facts: Facts) -> list[str]:
    """Return the cautions to keep in mind before reading a figure, the most important first."""
    if not facts.returns.returned:
        return ["No returned audits count yet, so there are no figures."]
    return [
        caution
        for caution in (
            _several_returns(facts),
            _sample(facts),
            _population(facts),
            _missing(facts),
            _baseline(facts),
            _no_figure(facts),
            _blanks(facts),
            _no_reason(facts),
            _hidden(facts),
        )
        if caution
    ]


def how_it_was_done(facts: Facts) -> list[str]:
    """Return the sentences of the method note that count audits, after how the cases were chosen."""
    sentences = []
    if facts.self_assessment:
        sentences.append("This is a self-assessment: those audited assessed themselves.")
    if number := facts.unconfirmed:
        sentences.append(
            f"{counted(number, 'audit')} {have(number)} not been confirmed by the second auditor. "
            "This does not change any figures."
        )
    if number := facts.overridden:
        sentences.append(
            f"{counted(number, 'audit')} {were(number)} done by an auditor who is not independent of the "
            f"case{_by_kind(facts.overrides)}. The coordinator gave a reason."
        )
    if number := facts.on_paper:
        sentences.append(
            f"{number} {'form was' if number == 1 else 'forms were'} filled in on paper and typed in."
        )
    if facts.moderated:
        sentences.append(moderated_in_words(facts.moderated, facts.returns.returned, facts.changed))
    return sentences


def moderated_in_words(moderated: int, returned: int, changed: int) -> str:
    """Return how many of the returned audits were moderated, and in how many that changed a grade."""
    of = f"{moderated} of {counted(returned, 'audit')}"
    return f"{of} {were(moderated)} moderated. {grades_changed(changed)}"


def _by_kind(overrides: Mapping[str, int]) -> str:
    """Return " (own team: 2, conflict: 1)"; nothing where no kind is known."""
    kinds = [f"{kind}: {number}" for kind, number in overrides.items()]
    return f" ({', '.join(kinds)})" if kinds else ""


def _several_returns(facts: Facts) -> str | None:
    if facts.several_returns is None:
        return None
    return f"There are {facts.several_returns}, so figures that count all returns have no ranges."


def _sample(facts: Facts) -> str | None:
    match facts.selection:
        case None:
            if facts.several_returns:
                return NOT_KNOWN
            return f"{NOT_KNOWN} The ranges are correct only if the cases were chosen at random."
        case Selection.HAND_PICKED:
            return "The cases were hand-picked, so the figures describe these cases only."
        case Selection.WHOLE_POPULATION:
            return (
                f"{ALL_AUDITED}."
                if facts.several_returns
                else f"{ALL_AUDITED}, so the figures have no ranges."
            )
    return None


def _population(facts: Facts) -> str | None:
    """Return the caution for more audits than cases. `sample_of` then ignores the number of cases."""
    audits = facts.returns.requested - facts.returns.withdrawn
    cases = audits if facts.cases_asked is None else facts.cases_asked
    if facts.population is None or cases <= facts.population:
        return None
    requested = f"{counted(audits, 'audit')} {were(audits)} requested"
    if cases < audits:
        requested = f"Audits of {counted(cases, 'case')} were requested"
    caution = (
        f"{requested}, but there {were(facts.population)} only "
        f"{counted(facts.population, 'case')} to choose from. One of these numbers is wrong."
    )
    if facts.selection != Selection.RANDOM or facts.several_returns:
        return caution
    return f"{caution} The ranges do not take the number of cases into account."


def _missing(facts: Facts) -> str | None:
    """Return how far the figures could move if all audits had come back: all of the missing met, or none."""
    returns = facts.returns
    missing = returns.requested - returns.withdrawn - returns.returned
    if not missing:
        return None
    points = max(
        (
            ceil(
                100
                * missing
                * max(figure.counts.met, figure.counts.not_met)
                / figure.counts.answered
                / (figure.counts.answered + missing)
            )
            for _, figure in facts.areas
            if figure.percent is not None
        ),
        default=None,
    )
    caution = _returned_in_words(returns)
    if points is None:
        return caution
    which = "other one" if missing == 1 else f"other {missing}"
    change = counted(points, "percentage point")
    return f"{caution} The {which} could change a figure by up to {change}."


def without_returns(caution: str, returns: Returns) -> str | None:
    """Return a caution for a place that has told how many were returned; None where it says no more."""
    told = _returned_in_words(returns)
    if not caution.startswith(told):
        return caution
    return caution.removeprefix(told).strip().replace("The other", "The missing", 1) or None


def _returned_in_words(returns: Returns) -> str:
    of = f"{returns.returned} of {counted(returns.requested, 'audit')} ({returns.per_cent}%)"
    return f"{of} {were(returns.returned)} returned."


def _baseline(facts: Facts) -> str | None:
    if facts.comparable_with:
        return None
    if facts.earlier:
        return (
            "No earlier cycle has been declared comparable, so the figures do not show whether practice got "
            "better or worse."
        )
    return (
        "This is the first cycle in this service, so it is the baseline. The figures do not show whether "
        "practice got better or worse."
    )


def _no_figure(facts: Facts) -> str | None:
    without = [name for name, figure in facts.areas if figure.why_no_figure is not None]
    if not without:
        return None
    if len(without) > NAMED:
        which = f"{len(without)} of {len(facts.areas)}"
        if len(without) == len(facts.areas):
            which = f"any of the {len(without)}"
        return f"Results are not shown for {which} key areas: too few answers."
    what = plural(len(without), "Result")
    return f"{what} not shown for “{'”, “'.join(without)}”: too few answers."


def _blanks(facts: Facts) -> str | None:
    blanks = sum(figure.counts.not_answered for _, figure in facts.areas) - facts.waiting
    applicable = sum(figure.counts.applicable for _, figure in facts.areas) - facts.waiting
    if not blanks:
        return None
    return (
        f"Auditors left {blanks:,} of {counted(applicable, 'answer')} blank. "
        "A blank does not count as a “no”."
    )


def _no_reason(facts: Facts) -> str | None:
    never_recorded = facts.no_reason == facts.judgements and not facts.returned_here
    if not facts.no_reason or never_recorded:
        return None
    of = f"{facts.no_reason:,} of {counted(facts.judgements, 'grade')}"
    if facts.no_reason == facts.judgements > 1:
        of = f"any of the {counted(facts.judgements, 'grade')}"
    return f"No reason is given for {of}."


def _hidden(facts: Facts) -> str | None:
    if not facts.hides_something:
        return None
    small = small_in_words(facts.hide_up_to)
    return (
        f"Counts {small} are hidden to protect privacy in results by place, team or context. Other "
        "counts are hidden too if small counts could be worked out from them."
    )
