"""The words of reports on the work of auditing itself: the tool, the records, context, agreement. Pure."""

from collections.abc import Sequence
from statistics import median

from app.findings.intervals import whole
from app.reports.composing import said
from app.reports.facts import Material
from app.reports.paper import Bullets, Paragraph, Part, Table
from app.wording import counted, listed, were

MOST_SPLITS = 30
"""So many rows with and without a context factor are in a report; more would bury the rest."""

FEWEST_FORMS = 5
"""With fewer forms, the time that was taken would be told of single pairs."""


def tool(material: Material) -> list[Part]:
    """Return how the tool worked: blanks, judgements without a reason, what was hard to find, what a new
    version changes."""
    if not material.findings.returns.returned:
        return []
    return [
        *said(_blanks(material), _no_reason(material), hard_to_find(material), time_taken(material)),
        *tool_changes(material),
    ]


def time_taken(material: Material) -> str | None:
    """Return how long a pair took; None where too few forms say so."""
    minutes = material.work.minutes
    if len(minutes) < FEWEST_FORMS:
        return None
    return (
        f"By the {len(minutes):,} forms that say so, half of the audits took {whole(median(minutes)):,} "
        f"minutes or less; the shortest took {minutes[0]:,}, the longest {minutes[-1]:,}."
    )


def tool_changes(material: Material) -> list[Part]:
    """Return what the next version of the tool changes, if one has been published."""
    changes = material.tool_changes
    if changes is None:
        return []
    if not changes:
        return [Paragraph("A newer version of the audit tool asks the same.")]
    named = dict.fromkeys(
        f"{change.question}: {change.what}" if change.question else change.what for change in changes
    )
    return [
        Paragraph("A newer version of the audit tool has been published. It changes:"),
        Bullets(tuple(named)),
    ]


def main_places(material: Material) -> list[Part]:
    """Return where most evidence of each team's cases was: for the council alone."""
    places, teams = material.findings.main_places, material.findings.teams
    if not places:
        return []
    different = len(set(places.values())) > 1
    return [
        Paragraph(
            "Teams keep their evidence in different places."
            if different
            else "For each team that can be told of, most evidence was in the same place."
        ),
        Table(
            "Where clearly most of the evidence of a team's cases was",
            ("Team", "Main place", "Returned audits"),
            tuple((team, place, f"{teams.get(team) or 0:,}") for team, place in places.items()),
            (2,),
        ),
    ]


def context(material: Material) -> list[Part]:
    """Return what was going on around the cases. Context, never a cause."""
    found = material.findings
    if not found.returns.returned:
        return []
    shown, hidden = found.factors, found.factors_left_out
    if not shown and not hidden:
        return [Paragraph("No vacancy, change of worker or other context was noted for any case.")]
    parts: list[Part] = []
    if shown:
        parts += [
            Paragraph("What auditors noted around the cases. It is context, and no cause of what was found:"),
            Bullets(tuple(f"{factor}: {counted(number, 'case')}" for factor, number in shown.items())),
        ]
    if hidden:
        also = "Also noted" if shown else "Noted around some cases"
        parts += said(
            f"{also}, in numbers that cannot be shown without giving away small ones: {listed(hidden)}.",
            None if shown else "It is context, and no cause of what was found.",
        )
    return parts + _splits(material, list(shown))


def agreement(material: Material) -> list[Part]:
    """Return how far the second auditor and the moderator saw the cases as the pair did."""
    found, returned = material.findings.agreement, material.findings.returns.returned
    if not returned:
        return []
    if found.confirmed:
        differed = f"in {found.differed:,} they saw something differently"
        if not found.differed:
            differed = "they saw nothing differently"
        second = f"The second auditor confirmed {found.confirmed:,} of {_audits(returned)}; {differed}."
    else:
        second = f"No confirmation by the second auditor is recorded for the {_audits(returned)}."
    if found.moderated:
        changed = f"a grade was changed in {found.changed:,}" if found.changed else "no grade was changed"
        moderated = f"A moderator read {found.moderated:,} of {returned:,} again: {changed}."
    else:
        moderated = "None was moderated by a third person."
    noted = [area for area in material.findings.areas if area.differed or area.changed]
    parts = said(second, moderated)
    if noted:
        parts += [
            Paragraph("Where views differed:"),
            Bullets(tuple(f"{area.name}: {_views(area.differed, area.changed)}" for area in noted)),
        ]
    return parts


def _views(differed: int, changed: int) -> str:
    told = []
    if differed:
        told.append(f"the second auditor in {counted(differed, 'audit')}")
    if changed:
        told.append(f"the moderator changed {counted(changed, 'answer')}")
    return "; ".join(told)


def _blanks(material: Material) -> str | None:
    areas = material.findings.areas
    blanks = [(area.figure.counts.not_answered, area.name) for area in areas]
    number = sum(count for count, _ in blanks)
    if not number:
        return "No question was left blank."
    most, name = max(blanks, key=lambda each: each[0])
    asked = sum(area.figure.counts.applicable for area in areas)
    said_of_it = f"{number:,} of {asked:,} answers {were(number)} left blank"
    return f"{said_of_it}, {most:,} of them on “{name}”." if number > most else f"{said_of_it}, on “{name}”."


def _no_reason(material: Material) -> str | None:
    number = sum(area.no_reason_given for area in material.findings.areas)
    graded = [area for area in material.findings.areas if area.question in material.judgements]
    of = sum(area.figure.counts.answered for area in graded)
    if not of:
        return None
    if not number:
        return f"Each of the {of:,} grades has its reason." if of > 1 else "The one grade has its reason."
    return f"{number:,} of {counted(of, 'grade')} {were(number)} given without a reason."


def hard_to_find(material: Material) -> str | None:
    """Return how many forms say what was hard to find; their words may lead to a case and are not in
    reports."""
    number = material.work.hard_to_find
    if not number:
        return None
    says = "form says" if number == 1 else "forms say"
    return f"{number:,} {says} what was hard to find in the records."


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
        return [Paragraph("The findings in the service show each key area with and without each of them.")]
    return [
        Table(
            "Evidence found with and without a context factor, where both can be shown",
            ("Key area", "Context", "With it", "Without it"),
            tuple(rows),
            (2, 3),
        )
    ]


def _audits(number: int) -> str:
    return counted(number, "returned audit")
