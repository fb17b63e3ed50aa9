"""The sections on the auditing itself: the tool, the records, context, agreement. Pure."""

from collections.abc import Sequence
from statistics import median

from app.intervals import whole
from app.reports import audits_done
from app.reports.composing import paragraph_of
from app.reports.facts import Material
from app.reports.paper import Bullets, Paragraph, Part, Table
from app.tools.content import GRADE
from app.wording import all_of, counted

MOST_SPLITS = 30
"""Most rows with and without a context factor; more would bury the rest of the report."""

FEWEST_FORMS = 5
"""Fewest forms to give the time taken from; with fewer, it would be that of single pairs."""


def tool(material: Material) -> list[Part]:
    """Return the lessons about the tool: what was hard to find, the time taken, later changes."""
    if not material.findings.returns.returned:
        return []
    return [*paragraph_of(hard_to_find(material), time_taken(material)), *tool_changes(material)]


def missing(material: Material) -> list[Part]:
    """Return how many answers and reasons are missing, and where most are."""
    if not material.findings.returns.returned:
        return []
    return [*audits_done.of_answers(material), *paragraph_of(_blanks(material), _reasons(material))]


def time_taken(material: Material) -> str | None:
    """Return the time that a pair took, as a sentence; None when too few forms say so."""
    minutes = material.work.minutes
    if len(minutes) < FEWEST_FORMS:
        return None
    return (
        f"Half of the {len(minutes):,} audits with a time recorded took {whole(median(minutes)):,} minutes "
        f"or less. The shortest took {minutes[0]:,} minutes and the longest {minutes[-1]:,}."
    )


def tool_changes(material: Material) -> list[Part]:
    """Return the changes in the next version of the tool, if one has been published."""
    changes = material.tool_changes
    if changes is None:
        return []
    if not changes:
        return [
            Paragraph("A newer version of the audit tool has been published. It asks the same questions.")
        ]
    named = dict.fromkeys(
        f"{change.question}: {change.what}" if change.question else change.what for change in changes
    )
    return [
        Paragraph("A newer version of the audit tool has been published, with these changes:"),
        Bullets(tuple(named)),
    ]


def main_places(material: Material) -> list[Part]:
    """Return the place with most of the evidence of each team's cases. For the council alone."""
    places, teams = material.findings.main_places, material.findings.teams
    if not places:
        return []
    different = len(set(places.values())) > 1
    often = f"was found most often in {'different places' if different else 'the same place'}"
    return [
        *paragraph_of(f"The evidence of these teams {often}." if len(places) > 1 else None),
        Table(
            "Teams with a clear main place for evidence",
            ("Team", "Main place", "Returned audits"),
            tuple((team, place, f"{teams.get(team) or 0:,}") for team, place in places.items()),
            (2,),
        ),
    ]


def context(material: Material) -> list[Part]:
    """Return the context noted around the cases. It is never told as a cause."""
    findings = material.findings
    if not findings.returns.returned:
        return []
    shown, hidden = findings.factors, findings.factors_left_out
    if not shown and not hidden:
        if not findings.agreement.returned_here:
            return []
        return [Paragraph("No context, such as a vacancy or a change of worker, was recorded for any case.")]
    case = findings.what_counts
    parts: list[Part] = []
    if shown:
        parts += [
            Paragraph("Auditors recorded the context below. It does not show what caused the results."),
            Bullets(tuple(f"{factor}: {counted(number, case)}" for factor, number in shown.items())),
        ]
    if hidden:
        fewer = f"fewer than {counted(findings.hide_up_to + 1, case)}"
        rare = [factor for factor in hidden if factor in material.rare_factors]
        others = [factor for factor in hidden if factor not in material.rare_factors]
        parts += paragraph_of(
            f"Recorded for {fewer}: {', '.join(rare)}." if rare else None,
            f"Recorded, but with numbers hidden to protect privacy: {', '.join(others)}." if others else None,
            None if shown else "This context does not show what caused the results.",
        )
    return parts + _splits(material, list(shown))


def agreement(material: Material) -> list[Part]:
    """Return how far the second auditor, the moderator and the workers of the cases agreed with the pair."""
    agreed, returned = material.findings.agreement, material.findings.returns.returned
    if not returned:
        return []
    found = material.findings
    parts = paragraph_of(
        agreed.confirmed_in_words,
        found.moderated_in_words,
        found.responses.disputes_in_words,
        found.workers_in_words,
    )
    disagreed = [(area.name, area.disagreements) for area in found.areas if area.disagreements]
    if disagreed:
        parts += [
            Paragraph("Key areas where people disagreed:"),
            Bullets(tuple(f"{name}: {' and '.join(views)}" for name, views in disagreed)),
        ]
    return parts


def _blanks(material: Material) -> str | None:
    areas = material.findings.areas
    blanks = [(area.blanks, area.name) for area in areas]
    number = sum(count for count, _ in blanks)
    if not number:
        return "Auditors left no questions blank."
    most, name = max(blanks, key=lambda each: each[0])
    if name in _without_a_result(material):
        return None
    if number == 1:
        return f"The blank answer is on “{name}”."
    which = f"{most:,} of the {number:,}" if number > most else all_of(number)
    return f"{which} blank answers are on “{name}”."


def _without_a_result(material: Material) -> set[str]:
    """Return the key areas of which the first page says how many answers there are."""
    return {area.name for area in material.findings.areas if area.has_too_few_answers}


def _reasons(material: Material) -> str | None:
    number = sum(area.no_reason_given for area in material.findings.areas)
    graded = [area for area in material.findings.areas if area.kind == GRADE]
    of = sum(area.figure.counts.answered for area in graded)
    if number or not of or not material.findings.has_reasons:
        return None
    return f"Each of the {of:,} grades has a reason." if of > 1 else "The one grade has a reason."


def hard_to_find(material: Material) -> str | None:
    """Return the number of forms that say what was hard to find, as a sentence. Their words may lead to a
    case and are in no report."""
    number = material.work.hard_to_find
    if not number:
        return None
    says = "form says" if number == 1 else "forms say"
    return f"{number:,} {says} what was difficult to find in the records."


def _splits(material: Material, factors: Sequence[str]) -> list[Part]:
    rows = [
        (area.name, factor, str(area.context[factor].having), str(area.context[factor].others))
        for area in material.findings.areas
        for factor in factors
        if area.context and factor in area.context
    ]
    if not rows:
        return []
    if len(rows) > MOST_SPLITS:
        return [Paragraph("The findings in the service show each key area with and without each factor.")]
    return [
        Table(
            f"{'Evidence found' if material.findings.is_evidence else 'Results'} with and without a context "
            "factor, if both can be shown",
            ("Key area", "Context", "With it", "Without it"),
            tuple(rows),
            (2, 3),
        )
    ]
