"""The report for senior managers of the council: all that is known, in the order of such papers. Pure."""

from collections.abc import Sequence
from itertools import groupby

from app.actions.lifecycle import RecommendationState
from app.findings.document import Findings, KeyArea
from app.reports import analysed, audits_done, key_areas, process, tracked
from app.reports.composing import Filled, below, paper, said
from app.reports.facts import Followed, Material
from app.reports.paper import Audience, Bullets, Paper, Paragraph, Part, Section
from app.reports.shown_to import has_breakdowns
from app.wording import counted, in_words, listed

FEW = 5
"""So many key areas are named in the summary; more are only counted."""

COUNCIL = Audience.COUNCIL


def written(material: Material) -> Paper:
    """The draft of the report for senior managers."""
    return paper(
        material,
        COUNCIL,
        f"Practice audits: {material.cycle.title}, {material.cycle.theme}",
        {
            "purpose": (purpose(material), []),
            "background": background(material),
            "findings": findings(material, COUNCIL),
            "analysis": analysis(material),
            "lessons": lessons(material, COUNCIL),
            "recommendations": recommendations(material, COUNCIL),
        },
    )


def purpose(material: Material) -> list[Part]:
    """Return what the paper is for, and all of it in a few lines."""
    to = f" to the {material.cycle.reported_to}" if material.cycle.reported_to else ""
    so_far = " so far" if material.is_open else ""
    return [
        Paragraph(
            f"To report{to} what the audits of cycle {material.cycle.name}, have found{so_far}, "
            "and what follows from it."
        ),
        Paragraph("In short:"),
        Bullets(tuple(_in_short(material))),
    ]


def background(material: Material) -> Filled:
    """The theme, the days, who audited and whether they had been trained."""
    cycle = material.cycle
    closed = (
        None
        if material.is_open or cycle.closed_on is None
        else f"The cycle was closed on {in_words(cycle.closed_on)}."
    )
    return [
        *said(
            f"The theme of this cycle is {cycle.theme}.",
            f"The audits were requested on {in_words(cycle.requested_on)}, "
            f"to be returned by {in_words(cycle.due_on)}.",
            closed,
            f"Each audit reads one child's record with the tool “{material.findings.tool}”, which asks about "
            f"{counted(len(material.findings.areas), 'key area')}.",
        ),
        *audits_done.who(material),
    ], []


def findings(material: Material, audience: Audience) -> Filled:
    """Returns, limits, the figures, where the evidence was, and what auditors wrote."""
    is_council = audience is COUNCIL
    with_places = has_breakdowns(audience, material.findings.hide_up_to)
    return [], [
        *below(
            (
                "returns",
                "Audits requested and returned",
                audits_done.returned(material, with_reasons=is_council),
            ),
            (
                "method",
                "How the cases were chosen and audited",
                audits_done.method(material, with_teams=is_council),
            ),
            ("cautions", "What to keep in mind", audits_done.cautions(material)),
            ("areas", "Evidence found in each key area", key_areas.parts(material.findings)),
            (
                "places",
                "Where the evidence was found",
                key_areas.places(material.findings) if with_places else [],
            ),
        ),
        *_comments(material),
    ]


def analysis(material: Material) -> Filled:
    """Return what can be read from the figures."""
    return [], below(
        ("beside", "Compared with earlier cycles", analysed.beside(material)),
        (
            "least",
            "Where evidence was found least often",
            [*analysed.least_found(material.findings), *analysed.elsewhere(material.findings)],
        ),
        ("quality", "Quality of the work", [*analysed.quality(material), *analysed.examples(material)]),
        ("quick-wins", "Quick wins", _quick_wins(material)),
    )


def lessons(material: Material, audience: Audience) -> Filled:
    """Return what the audits say about auditing."""
    is_council = audience is COUNCIL
    with_context = has_breakdowns(audience, material.findings.hide_up_to)
    return [], below(
        ("tool", "The audit tool", process.tool(material)),
        ("records", "Where things are recorded", process.main_places(material) if is_council else []),
        ("context", "What was going on around the cases", process.context(material) if with_context else []),
        ("agreement", "Agreement and moderation", process.agreement(material)),
    )


def recommendations(material: Material, audience: Audience) -> Filled:
    """Return what is asked for, what is done, and what is still open."""
    is_council = audience is COUNCIL
    return [], below(
        ("recommendations-made", "Recommendations", tracked.recommendations(material.own, audience)),
        ("actions", "Actions", tracked.actions(material.own, audience)),
        ("without-action", "Key areas without an action", tracked.unanswered(material) if is_council else []),
        ("next", "The next cycle", tracked.next_cycle(material)),
        ("before", "What became of the cycle before", tracked.what_became(material, audience)),
    )


def _quick_wins(material: Material) -> list[Part]:
    return tracked.quick_wins(material.own) or [
        Paragraph("No quick win has been planned from these findings.")
    ]


def _comments(material: Material) -> list[Section]:
    """Return what the analyst chose from what auditors wrote, theme by theme."""
    if not material.comments:
        return []
    themes = tuple(
        Section(
            f"theme-{number}",
            theme,
            (
                Bullets(
                    tuple(f"“{one.text}”" + (f" ({one.key_area})" if one.key_area else "") for one in those)
                ),
            ),
        )
        for number, (theme, those) in enumerate(
            groupby(material.comments, key=lambda one: one.theme), start=1
        )
    )
    chosen = Paragraph("Chosen from the comments of auditors, in words that lead to no child and no family.")
    return [Section("comments", "What auditors wrote", (chosen,), themes)]


def _in_short(material: Material) -> list[str]:
    found = material.findings
    if not found.returns.requested:
        return ["No audit has been requested yet."]
    lines = [f"{found.returns} audits {'are' if material.is_open else 'were'} back in time to count."]
    if found.returns.returned:
        lines += _areas_in_short(found)
        further = [caution for caution in found.cautions if not caution.startswith(str(found.returns))]
        lines += [f"To keep in mind: {caution}" for caution in further[:1]]
    return lines + _asked_in_short(material.own)


def _areas_in_short(found: Findings) -> list[str]:
    with_figure = [area for area in found.areas if area.figure.percent is not None]
    lines = []
    if low := [area for area in with_figure if area.is_below_half]:
        lines.append(f"Found in fewer than half of the cases: {_named(low)}.")
    elif with_figure:
        lines.append("In each key area with a figure the evidence was found in half of the cases or more.")
    if short := [area for area in with_figure if area.is_below_expected]:
        lines.append(f"Below the level that the council expects: {_named(short)}.")
    if without := [area for area in found.areas if area.figure.percent is None]:
        names = listed(area.name for area in without)
        lines.append(f"No figure: {names if len(without) <= FEW else counted(len(without), 'key area')}.")
    return lines


def _asked_in_short(own: Followed) -> list[str]:
    lines = []
    if number := len(own.recommendations):
        waiting = sum(1 for one in own.recommendations if one.state is RecommendationState.AWAITING_DECISION)
        decided = f"{waiting:,} of them to be decided" if waiting else "all decided"
        lines.append(f"{counted(number, 'recommendation')}, {decided}.")
    if number := sum(1 for one in own.actions if one.is_overdue):
        lines.append(f"{counted(number, 'action')} overdue.")
    return lines


def _named(areas: Sequence[KeyArea]) -> str:
    """ "Child seen (15 of 25, 60%)", or how many where they are many."""
    if len(areas) > FEW:
        return counted(len(areas), "key area")
    return listed(
        f"{area.name} ({area.figure.counts.met:,} of {area.figure.counts.answered:,}, {area.figure.percent}%)"
        for area in areas
    )
