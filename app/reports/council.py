"""The report for senior managers of the council: a page that says all, the figures, and annexes. Pure."""

from itertools import groupby

from app.reports import agencies, audits_done, figures_read, how_many, key_areas, process, tracked
from app.reports.composing import (
    Annex,
    Annexes,
    Contents,
    lettered,
    level_of_hiding,
    paper,
    paragraph_of,
    subsections,
)
from app.reports.facts import Material, ReportedRecommendation
from app.reports.main_points import BEFORE, FOLLOW_UP, MOST_ASKED, asked, main_points, to_decide
from app.reports.paper import Audience, Bullets, Paper, Paragraph, Part, Section
from app.reports.visible_to import has_breakdowns
from app.wording import capitalised, counted, in_words

COUNCIL = Audience.COUNCIL
FIGURES, METHOD = "annex-figures", "annex-method"


def draft(material: Material) -> Paper:
    """Return the draft of the report for senior managers."""
    annexes = annexes_of(material, COUNCIL)
    return paper(
        material,
        COUNCIL,
        f"Practice audits: {material.cycle.title}, {material.cycle.theme}",
        {
            "purpose": (asked(material, annexes), []),
            "main-points": ([], main_points(material, COUNCIL, annexes)),
            "background": ([], []),
            "findings": findings(material, annexes),
            "analysis": analysis(material),
            "lessons": (process.tool(material), []),
            "recommendations": recommendations(material, COUNCIL, annexes),
        },
        annexes,
    )


def findings(material: Material, annexes: Annexes) -> Contents:
    """Return the figures as pictures, and the comments of auditors."""
    found, figures, method = material.findings, annexes.called(FIGURES), annexes.called(METHOD)
    return paragraph_of(
        f"{figures} has the counts behind the figures." if figures else None,
        f"{method} says how the audits were done." if method else None,
    ), [
        *subsections(
            (
                "areas",
                key_areas.heading(found),
                [*key_areas.parts(found), *how_many.bars(found)],
            ),
        ),
        *_comments(material),
    ]


def analysis(material: Material) -> Contents:
    """Return what the figures show."""
    return [], subsections(
        ("before-and-now", "Low figures last time", figures_read.development_before(material)),
        ("again", "Cases audited again", figures_read.audited_again(material.findings)),
        (
            "least",
            "How to read the figures",
            [*figures_read.reaching_half(material), *figures_read.elsewhere(material.findings)],
        ),
        ("quality", "Examples of good work", figures_read.examples(material)),
    )


def recommendations(material: Material, audience: Audience, annexes: Annexes) -> Contents:
    """Return how far recommendations and actions have got, and the next cycle."""
    where = annexes.called(FOLLOW_UP)
    told = tracked.in_short(material.own, audience, told=_asked_for(material, audience))
    has = "has each of them" if told else "names the key areas without an action"
    return [
        *paragraph_of(*told, f"{where} {has}." if where else None),
        *tracked.next_cycle(material),
    ], []


def annexes_of(material: Material, audience: Audience) -> Annexes:
    """Return what stands behind the report: the figures, the method, and the follow-up in full."""
    found, is_council = material.findings, audience is COUNCIL
    with_breakdowns = has_breakdowns(audience, found.hide_up_to)
    return lettered(
        (
            FIGURES,
            "The figures in full",
            [*key_areas.in_full(found), *how_many.parts(found)],
            subsections(
                ("beside", "Compared with an earlier cycle", figures_read.compared(material)),
                ("agencies", "Results by agency", agencies.parts(found)),
                (
                    "places",
                    "Where the evidence was found",
                    key_areas.places(found) if with_breakdowns else [],
                ),
                (
                    "records",
                    "Where each team records evidence",
                    process.main_places(material) if is_council else [],
                ),
            ),
        ),
        (
            METHOD,
            "How the audits were done",
            _cycle(material, audience),
            subsections(
                ("method", "How the cases were chosen", audits_done.method(material, with_teams=is_council)),
                ("auditors", "Who audited", audits_done.who(material)),
                ("answers", "Missing answers and reasons", process.missing(material)),
                ("context", "Context of the cases", process.context(material) if with_breakdowns else []),
                ("agreement", "Agreement and moderation", process.agreement(material)),
            ),
        ),
        *annexes_on_follow_up(material, audience),
    )


def annexes_on_follow_up(material: Material, audience: Audience) -> list[Annex]:
    """Return what was recommended and done in full, and what became of it the last time."""
    own, told = material.own, _asked_for(material, audience)
    is_council = audience is COUNCIL
    return [
        (
            FOLLOW_UP,
            "Recommendations, actions and quick wins",
            [*tracked.recommendations(own, audience, told=told), *tracked.actions(own, audience)],
            subsections(
                (
                    "without-action",
                    "Key areas without an action",
                    tracked.unanswered(material) if is_council else [],
                ),
                ("quick-wins", "Quick wins", tracked.quick_wins(own)),
            ),
        ),
        (
            BEFORE,
            "What was decided last time",
            tracked.what_became(material, audience),
            [],
        ),
    ]


def _asked_for(material: Material, audience: Audience) -> list[ReportedRecommendation]:
    """Return the recommendations that the first page tells in full."""
    return to_decide(material.own)[:MOST_ASKED] if audience is COUNCIL else []


def _cycle(material: Material, audience: Audience) -> list[Part]:
    """Return the days of the cycle, its tool, and how small numbers are treated."""
    cycle, found = material.cycle, material.findings
    closed = None if material.is_open or cycle.closed_on is None else in_words(cycle.closed_on)
    return paragraph_of(
        f"The audits in cycle {cycle.name_in_brackets} were requested on {in_words(cycle.requested_on)}, "
        f"with a due date of {in_words(cycle.due_on)}.",
        f"The cycle was closed on {closed}." if closed else None,
        f"Each audit looks at one {found.unit}, using the tool “{found.tool}”. "
        f"The tool asks about {counted(len(found.areas), 'key area')}.",
        f"Figures are as of {in_words(found.as_of)}{' and frozen' if found.frozen_on else ''}.",
        f"{capitalised(level_of_hiding(material, audience))}." if audience is COUNCIL else None,
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
