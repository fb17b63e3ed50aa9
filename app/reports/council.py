"""The report for senior managers of the council, in the order that such papers have. Pure."""

from collections.abc import Sequence
from itertools import groupby

from app.actions.lifecycle import RecommendationState
from app.findings.document import Findings
from app.findings.key_area import KeyArea
from app.reports import agencies, audits_done, figures_read, how_many, key_areas, process, tracked
from app.reports.composing import Contents, paper, paragraph_of, subsections
from app.reports.facts import FollowUp, Material
from app.reports.figures_read import FEW, below_half, highest
from app.reports.paper import Audience, Bullets, Paper, Paragraph, Part, Section
from app.reports.visible_to import has_breakdowns
from app.wording import counted, in_words, listed, plural

COUNCIL = Audience.COUNCIL


def draft(material: Material) -> Paper:
    """Return the draft of the report for senior managers."""
    return paper(
        material,
        COUNCIL,
        f"Practice audits: {material.cycle.title}, {material.cycle.theme}",
        {
            "purpose": (purpose(material), to_keep_in_mind(material)),
            "background": background(material),
            "findings": findings(material, COUNCIL),
            "analysis": analysis(material),
            "lessons": lessons(material, COUNCIL),
            "recommendations": recommendations(material, COUNCIL),
        },
    )


def purpose(material: Material) -> list[Part]:
    """Return the purpose of the paper, and its summary in a few lines."""
    cycle = material.cycle
    says = f"tells the {cycle.reported_to}" if cycle.reported_to else "says"
    found = "have found so far" if material.is_open else "found"
    return [
        Paragraph(
            f"This report {says} what the audits in cycle {cycle.name_in_brackets} {found}"
            f"{' and what is recommended' if material.own.recommendations else ''}."
        ),
        *main_points(material),
    ]


def main_points(material: Material) -> list[Part]:
    """Return the summary in a few lines."""
    return [Paragraph("Main points:"), Bullets(tuple(_in_short(material)))]


def to_keep_in_mind(material: Material) -> list[Section]:
    """Return the cautions, which belong on the first page."""
    return subsections(("cautions", "What to keep in mind", audits_done.cautions(material)))


def background(material: Material) -> Contents:
    """Return the theme, the days, the auditors and their training."""
    cycle = material.cycle
    closed = (
        None
        if material.is_open or cycle.closed_on is None
        else f"The cycle was closed on {in_words(cycle.closed_on)}."
    )
    return [
        *paragraph_of(
            f"The theme of this cycle is {cycle.theme}.",
            f"The audits were requested on {in_words(cycle.requested_on)}, "
            f"with a due date of {in_words(cycle.due_on)}.",
            closed,
            f"Each audit looks at one {material.findings.unit}, using the tool “{material.findings.tool}”. "
            f"The tool asks about {counted(len(material.findings.areas), 'key area')}.",
        ),
        *audits_done.who(material),
    ], []


def findings(material: Material, audience: Audience) -> Contents:
    """Return the returns, the figures, the places of evidence, and the comments of auditors."""
    is_council = audience is COUNCIL
    with_places = has_breakdowns(audience, material.findings.hide_up_to)
    return [], [
        *subsections(
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
            ("areas", key_areas.heading(material.findings), key_areas.parts(material.findings)),
            ("how-many", how_many.heading(material.findings), how_many.parts(material.findings)),
            ("agencies", "Results by agency", agencies.parts(material.findings)),
            (
                "places",
                "Where the evidence was found",
                key_areas.places(material.findings) if with_places else [],
            ),
        ),
        *_comments(material),
    ]


def analysis(material: Material) -> Contents:
    """Return what the figures show."""
    return [], subsections(
        (
            "beside",
            "Compared with earlier cycles",
            [*figures_read.compared(material), *figures_read.audited_again(material.findings)],
        ),
        (
            "least",
            figures_read.heading_of_least_found(material.findings),
            [*figures_read.least_found(material), *figures_read.elsewhere(material.findings)],
        ),
        (
            "quality",
            "Quality of the work",
            [*figures_read.quality(material), *figures_read.examples(material)],
        ),
        ("quick-wins", "Quick wins", tracked.quick_wins(material.own)),
    )


def lessons(material: Material, audience: Audience) -> Contents:
    """Return the lessons about auditing."""
    is_council = audience is COUNCIL
    with_context = has_breakdowns(audience, material.findings.hide_up_to)
    return [], subsections(
        ("tool", "The audit tool", process.tool(material)),
        ("records", "Where evidence is recorded", process.main_places(material) if is_council else []),
        ("context", "Context of the cases", process.context(material) if with_context else []),
        ("agreement", "Agreement and moderation", process.agreement(material)),
    )


def recommendations(material: Material, audience: Audience) -> Contents:
    """Return the recommendations, the actions, and what is still open."""
    is_council = audience is COUNCIL
    return [], subsections(
        ("recommendations-made", "Recommendations", tracked.recommendations(material.own, audience)),
        ("actions", "Actions", tracked.actions(material.own, audience)),
        ("without-action", "Key areas without an action", tracked.unanswered(material) if is_council else []),
        ("next", "The next cycle", tracked.next_cycle(material)),
        ("before", "Follow-up from the previous cycle", tracked.what_became(material, audience)),
    )


def _comments(material: Material) -> list[Section]:
    """Return the comments that the analyst chose from those of auditors, theme by theme."""
    if not material.comments:
        return []
    themes = tuple(
        Section(
            f"theme-{number}",
            theme,
            (
                Bullets(
                    tuple(
                        f"“{comment.text}”" + (f" ({comment.key_area})" if comment.key_area else "")
                        for comment in comments
                    )
                ),
            ),
        )
        for number, (theme, comments) in enumerate(
            groupby(material.comments, key=lambda comment: comment.theme), start=1
        )
    )
    chosen = Paragraph(
        "Chosen from auditors’ comments and worded to protect the privacy of children and families."
    )
    return [Section("comments", "What auditors wrote", (chosen,), themes)]


def _in_short(material: Material) -> list[str]:
    findings = material.findings
    if not findings.returns.requested:
        return ["No audits have been requested yet."]
    returned = "Audits returned so far" if material.is_open else "Audits returned by the cut-off date"
    about = f", about {counted(findings.cases or 0, 'case')}" if findings.no_interval_because else ""
    lines = [f"{returned}: {findings.returns}{about}."]
    if findings.returns.returned:
        lines += _areas_in_short(findings, material.cases)
    return lines + _follow_up_in_short(material.own)


def _areas_in_short(findings: Findings, cases: str) -> list[str]:
    with_figure = [area for area in findings.areas if area.has_figure]
    lines = []
    if high := highest(findings):
        lines.append(f"{plural(len(high), 'Highest figure')}: {_named(high)}.")
    if low := [area for area in with_figure if area.is_below_half]:
        named = f": {_named(low)}" if len(low) <= FEW else ""
        lines.append(f"{below_half(with_figure, cases)}{named}.")
    elif with_figure:
        lines.append(f"{below_half(with_figure, cases)}.")
    if theme := findings.theme_below_half:
        lines.append(theme)
    if outside := [area for area in findings.areas if area.is_outside_expected]:
        named = "; ".join(f"{area.name}, {area.beside_expected}" for area in outside)
        which = named if len(outside) <= FEW else counted(len(outside), "key area")
        lines.append(f"Outside the level the council expects: {which}.")
    elif any(area.level is not None and area.level.kept for area in findings.areas):
        lines.append("Every key area with a figure and an expected level meets that level.")
    if without := [area for area in findings.areas if area.has_too_few_answers]:
        names = listed(f"{area.name} ({area.figure.why_in_words})" for area in without)
        lines.append(
            f"Result not shown: {names if len(without) <= FEW else counted(len(without), 'key area')}."
        )
    return lines


def _follow_up_in_short(own: FollowUp) -> list[str]:
    lines = []
    if number := len(own.recommendations):
        waiting = sum(
            1 for made in own.recommendations if made.state is RecommendationState.AWAITING_DECISION
        )
        decided = f"{waiting:,} still to be decided" if waiting else "all decided"
        lines.append(f"{counted(number, 'recommendation')}, {decided}.")
    if number := sum(1 for action in own.actions if action.is_overdue):
        lines.append(f"{counted(number, 'action')} overdue.")
    return lines


def _named(areas: Sequence[KeyArea]) -> str:
    """Return key areas with figures: "Child seen (15 of 25, 60%)"."""
    return listed(
        f"{area.name} ({counts.met:,} of {counts.answered:,}, {area.percent_in_words})"
        for area, counts in ((area, area.figure.counts) for area in areas)
    )
