"""The teams, themes and months that a summary says were not looked at. Pure."""

from collections.abc import Sequence
from itertools import groupby

from app.reports.paper import Paragraph, Part
from app.summary.facts import EmptyMonth, Facts, NotLookedAt
from app.summary.period import LOOKED_BACK, joined
from app.summary.tables import Rows, without_empty
from app.wording import counted, in_words, listed

OTHER_CYCLES = "Other cycles with an audit in the period"

MOST_MONTHS = 24
"""Most months of a period of which those without an audit are listed."""

MOST_NAMED = 3
"""Most teams, themes or stretches of months that the main points name; more are only counted there."""


def in_short(facts: Facts) -> list[str]:
    """Return "Not looked at: 1 team (Crewe) and 2 months (July to August 2026)."; nothing where all was.

    The months of a long period are told once, at the end of the summary.
    """
    missed = {
        "team": (len(facts.teams), [one.name for one in facts.teams]),
        "theme": (len(facts.themes), [one.name for one in facts.themes]),
    }
    if not _is_long(facts):
        stretches = joined([one.month for one in facts.months])
        missed["month"] = (len(facts.months), [one.label for one in stretches])
    gaps = [
        counted(number, what) + (f" ({listed(names)})" if len(names) <= MOST_NAMED else "")
        for what, (number, names) in missed.items()
        if number
    ]
    return [f"Not looked at: {listed(gaps)}."] if gaps else []


def parts(facts: Facts) -> list[Part | Rows]:
    """Return the teams and themes of the 24 months before that have no audit now, and the empty months."""
    before = f"the {LOOKED_BACK} months before {in_words(facts.period.from_on)}"
    return [
        *_nothing_missed(facts, before),
        *_missed("Team", facts.teams, before),
        *_missed("Theme", facts.themes, before),
        *(_number_of_months(facts) if _is_long(facts) else _months(facts.months)),
    ]


def _is_long(facts: Facts) -> bool:
    """Return True for a period of so many months that nobody would read a list of those without an audit."""
    return len(facts.period.months) > MOST_MONTHS


def _number_of_months(facts: Facts) -> list[Part | Rows]:
    if not facts.months:
        return []
    months, of = len(facts.months), len(facts.period.months)
    return [Paragraph(f"Months without an audit of the cycles reported: {months:,} of {of:,}.")]


def _nothing_missed(facts: Facts, before: str) -> list[Part]:
    if not facts.has_earlier:
        return [Paragraph(f"No audits were returned in {before}, so no team or theme can be missing.")]
    whole = [what for what, missed in (("team", facts.teams), ("theme", facts.themes)) if not missed]
    if not whole:
        return []
    return [Paragraph(f"Every {listed(whole)} with an audit in {before} has one in the cycles reported.")]


def _missed(what: str, missed: Sequence[NotLookedAt], before: str) -> list[Rows]:
    if not missed:
        return []
    rows = [(one.name, one.last_on, listed(one.elsewhere)) for one in missed]
    caption = f"{what}s with an audit in {before}, and none in the cycles reported"
    headings = (what, "Last audit returned", OTHER_CYCLES)
    return [Rows(f"{what}s not looked at", caption, *without_empty(headings, rows))]


def _months(months: Sequence[EmptyMonth]) -> list[Part | Rows]:
    """Return the months without an audit, those that follow each other together: in a sentence where no other
    cycle had one either."""
    if not months:
        return []
    if not any(one.elsewhere for one in months):
        stretches = listed(stretch.label for stretch in joined([one.month for one in months]))
        return [Paragraph(f"Months without an audit: {stretches}.")]
    rows = [
        (stretch.label, listed(elsewhere))
        for elsewhere, alike in groupby(months, key=lambda one: one.elsewhere)
        for stretch in joined([one.month for one in alike])
    ]
    caption = "Months in which no audit of the cycles reported was returned"
    return [Rows("Months not looked at", caption, ("Month", OTHER_CYCLES), rows)]
