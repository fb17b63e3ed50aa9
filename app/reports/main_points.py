"""The first page of a report: what the meeting is asked, what was found, what came of the last cycle. Pure.

Each sentence here stands nowhere else in the report.
"""

from collections.abc import Sequence

from app.actions.lifecycle import ActionState, RecommendationState
from app.findings.document import Findings
from app.findings.key_area import KeyArea
from app.names import folded
from app.reports import audits_done
from app.reports.composing import Annexes, paragraph_of, subsections
from app.reports.facts import FollowUp, Material, ReportedAction, ReportedRecommendation
from app.reports.figures_read import below_half, highest
from app.reports.key_areas import found_in, is_told_first, named_without_a_result
from app.reports.paper import Audience, Bullets, Paragraph, Part, Section
from app.reports.tracked import action_state, by_state, incomplete, owner, state_of
from app.wording import counted, in_words

FOLLOW_UP, BEFORE = "annex-follow-up", "annex-before"
"""The annexes that tell in full what became of this and the last cycle's recommendations and actions."""

FEW = 5
"""Most key areas, actions and recommendations that a list of the first page names; more are only counted."""

MOST_ASKED = 10
"""Most recommendations that the first page asks the meeting to decide on in full."""


def asked(material: Material, annexes: Annexes) -> list[Part]:
    """Return what the meeting is asked to decide: the recommendations that await a decision."""
    made = material.own.recommendations
    waiting = to_decide(material.own)
    if not made:
        return [Paragraph(f"No recommendations from cycle {material.cycle.reference} are recorded yet.")]
    if not waiting:
        return [Paragraph("No recommendation is waiting for a decision.")]
    items = [_asked(recommendation, material) for recommendation in waiting[:MOST_ASKED]]
    if more := len(waiting[MOST_ASKED:]):
        are = "is" if more == 1 else "are"
        items.append(f"{counted(more, 'more recommendation')} {are} in {annexes.called(FOLLOW_UP)}")
    lead = f"Decide on {counted(len(waiting), 'recommendation')}."
    return [*paragraph_of(lead, incomplete(waiting)), Bullets(tuple(items))]


def to_decide(own: FollowUp) -> list[ReportedRecommendation]:
    """Return the recommendations of a cycle that await a decision."""
    return [made for made in own.recommendations if made.state is RecommendationState.AWAITING_DECISION]


def main_points(material: Material, audience: Audience, annexes: Annexes) -> list[Section]:
    """Return the returns, the highest and the lowest figures, cautions, and what became of the last cycle's
    recommendations and actions.

    Figures are strengths or areas for development only where the council expects a level of each of them:
    without one, nobody has judged them.
    """
    findings = material.findings
    high, (low, outside) = highest(findings), _low(findings)
    are_strengths = bool(high) and all(area.level is not None for area in high)
    are_weak = bool(low or outside) and all(area.level is not None for area in low)
    return subsections(
        returns(material, audience),
        (
            "strengths",
            "Strengths: the highest figures" if are_strengths else "Highest figures",
            strengths(findings),
        ),
        (
            "development",
            "Areas for development" if are_weak else "Lowest figures",
            areas_for_development(material),
        ),
        ("cautions", "What to keep in mind", to_keep_in_mind(material)),
        last_time(material, audience, annexes),
    )


def returns(material: Material, audience: Audience) -> tuple[str, str, list[Part]]:
    """Return the section on how many audits came back, and how many responses in time."""
    told = audits_done.returned(material, with_reasons=audience is Audience.COUNCIL)
    responses = paragraph_of(material.findings.responses.in_words)
    return "returns", "Audits requested and returned", [*told, *responses]


def last_time(material: Material, audience: Audience, annexes: Annexes) -> tuple[str, str, list[Part]]:
    """Return the section on what became of the recommendations and actions of the cycle before."""
    told = _told_of(material.before, audience, annexes.called(BEFORE)) if material.before else []
    return "last-time", "What was decided last time", told


def strengths(findings: Findings) -> list[Part]:
    """Return the key areas with the highest figures, and that every expected level is met where it is."""
    high = highest(findings)
    kept = None
    if not any(area.is_outside_expected for area in findings.areas) and any(
        area.level is not None and area.level.kept for area in findings.areas
    ):
        kept = "Every key area with a figure and an expected level meets that level."
    return [*_list(None, high), *paragraph_of(kept)]


def areas_for_development(material: Material) -> list[Part]:
    """Return the key areas below a half, the lowest first, and the others outside their expected level. What
    the report says of the overall grade stands above all."""
    findings = material.findings
    others = _others(findings)
    other = "other " if len(others) < len(findings.areas) else ""
    with_figure = [area for area in others if area.has_figure]
    low, outside = _low(findings)
    parts: list[Part] = []
    if low:
        parts += _list(below_half(with_figure, material.cases, other), low)
    elif with_figure:
        parts.append(Paragraph(f"{below_half(with_figure, material.cases, other)}."))
    parts += paragraph_of(findings.theme_below_half)
    return parts + _list("Outside the level that the council expects", outside)


def _others(findings: Findings) -> list[KeyArea]:
    """Return the key areas save the overall grade, where the report opens with it."""
    return [area for area in findings.areas if not is_told_first(findings, area)]


def _low(findings: Findings) -> tuple[list[KeyArea], list[KeyArea]]:
    """Return the key areas below a half, the lowest first, and the others outside their expected level."""
    others = _others(findings)
    low = lowest_first([area for area in others if area.has_figure and area.is_below_half])
    return low, [area for area in others if area.is_outside_expected and area not in low]


def lowest_first(areas: Sequence[KeyArea]) -> list[KeyArea]:
    """Return key areas with a figure, the lowest first; ties are in the order of the tool."""
    return sorted(areas, key=lambda area: area.figure.share or 0)


def to_keep_in_mind(material: Material) -> list[Part]:
    """Return the cautions without which the figures would mislead, and the results that are not shown."""
    told = [*audits_done.cautions(material), *named_without_a_result(material.findings)]
    return [Bullets(tuple(told))] if told else []


def _asked(made: ReportedRecommendation, material: Material) -> str:
    """Return "R5: Establish a steering group (owner: Ann Lee, Head; due 1 February 2011)"."""
    for_another = made.body and folded(made.body) != folded(material.cycle.reported_to or made.body)
    said = [
        f"to be decided by {made.body}" if for_another else None,
        f"owner: {owner(made, Audience.COUNCIL)}" if made.owner else None,
        f"due {in_words(made.due_on)}" if made.due_on else None,
    ]
    beside = "; ".join(filter(None, said))
    return f"{made.reference}: {made.text}" + (f" ({beside})" if beside else "")


def _told_of(before: FollowUp, audience: Audience, annex: str | None) -> list[Part]:
    """Return how many recommendations and actions of the cycle before were carried out, and which were not or
    did not work."""
    if not (before.recommendations or before.actions):
        return []
    counts = [
        by_state("recommendation", [made.state for made in before.recommendations]),
        by_state("action", [action.state for action in before.actions]),
    ]
    left = [_left(made) for made in before.recommendations if not _is_done_with(made)]
    left += [_left_action(action, audience) for action in before.actions if not _worked(action)]
    more = len(left) - FEW
    items = left[:FEW] + ([f"{more:,} more"] if more > 0 else [])
    where = f"{annex} has each of them." if annex else None
    parts = paragraph_of(
        f"Cycle {before.cycle.name_in_brackets}: {' and '.join(filter(None, counts))}.", where
    )
    return parts + ([Paragraph("Not done, or without effect:"), Bullets(tuple(items))] if items else [])


def _list(lead: str | None, areas: Sequence[KeyArea]) -> list[Part]:
    """Return the lead and these key areas; of many the first, and the number of others."""
    if not areas:
        return []
    items = [_told(area) for area in areas[:FEW]]
    if len(areas) > FEW:
        more = len(areas) - FEW
        items.append(f"{counted(more, 'more key area')}")
    return [*paragraph_of(f"{lead}:" if lead else None), Bullets(tuple(items))]


def _told(area: KeyArea) -> str:
    return f"{area.name}: {area.beside_expected}" if area.level is not None else found_in(area)


def _is_done_with(made: ReportedRecommendation) -> bool:
    return made.state in (RecommendationState.CARRIED_OUT, RecommendationState.REJECTED)


def _worked(action: ReportedAction) -> bool:
    return action.state in (ActionState.CLOSED_EFFECTIVE, ActionState.WITHDRAWN)


def _left(made: ReportedRecommendation) -> str:
    return f"{made.reference}: {made.text} ({state_of(made)})"


def _left_action(action: ReportedAction, audience: Audience) -> str:
    due = (
        f", due {in_words(action.due_on)}" if action.due_on and not action.state.startswith("closed") else ""
    )
    return f"{action.reference}: {action.text} ({owner(action, audience)}: {action_state(action)}{due})"
