"""The page for staff: what was found most often, what they can do, where to record it. Pure.

No team, no blame, no count of single teams or places. Strengths are key areas found in at least half of the
cases; what has a quick win is something to do, however often it was found.
"""

from collections.abc import Sequence
from itertools import islice

from app.findings.document import KeyArea
from app.findings.ranking import ranked
from app.quick_wins.life import QuickWinState
from app.reports.composing import paper, said
from app.reports.facts import Material, QuickWinTold
from app.reports.paper import Audience, Bullets, Paper, Paragraph, Part
from app.wording import counted, listed, sentence

MOST = 3
"""So many strengths and so many things to do: it is one page."""


def written(material: Material) -> Paper:
    """The draft of the page for staff."""
    strong = strengths(material)
    return paper(
        material,
        Audience.STAFF,
        f"What we learned from {material.cycle.theme} audits",
        {
            "staff-why": (_why(material), []),
            "staff-strengths": (_strengths(material, strong), []),
            "staff-do": (_to_do(material, strong), []),
            "staff-thanks": (_thanks(), []),
        },
    )


def strengths(material: Material) -> list[KeyArea]:
    """Up to three key areas with the highest figures, at most half of all; those with the same figure go
    together or, where they are too many for the page, in the order of the tool."""
    remembered = {one.question for one in _messages(material)}
    high = [
        each.area
        for each in ranked(material.findings.areas)
        if each.rank is not None
        and not each.area.is_below_half
        and not each.area.is_below_expected
        and each.area.question not in remembered
    ]
    return high[: min(MOST, -(-len(material.findings.areas) // 2))]


def _why(material: Material) -> list[Part]:
    returned = material.findings.returns.returned
    if not returned:
        return said(f"Audits of {material.cycle.theme} are under way. There is nothing to report yet.")
    return said(
        f"Colleagues read the records of {counted(returned, 'case')}. The theme: {material.cycle.theme}.",
        "This page is about what all of us can do. It is not about any team or any person.",
        "What was not found on file may well have been done: recording it lets others see it.",
    )


def _strengths(material: Material, strong: Sequence[KeyArea]) -> list[Part]:
    if not material.findings.returns.returned:
        return [Paragraph("No returned audit counts yet.")]
    if not strong:
        return [Paragraph("There are not enough answers yet to name strengths.")]
    others = _as_often(material, strong)
    return [
        Bullets(tuple(_found(area) for area in strong)),
        *said(
            f"{counted(others, 'other key area')} {'was' if others == 1 else 'were'} found as often."
            if others
            else None
        ),
    ]


def _to_do(material: Material, strong: Sequence[KeyArea]) -> list[Part]:
    """The messages of quick wins first, those about the lowest figures before the others; then key areas."""
    messages, lowest = _messages(material), _lowest(material)
    place = {area.question: number for number, area in enumerate(lowest)}
    messages.sort(key=lambda one: place.get(one.question or "", len(place)))
    told = [_message(material, one) for one in messages]
    taken = {one.question for one in messages} | {area.question for area in strong}
    told += [_look(material, area) for area in lowest if area.question not in taken]
    if not told:
        return [Paragraph("There is nothing yet that stands out.")]
    return [Bullets(tuple(islice(told, MOST)), numbered=True)]


def _thanks() -> list[Part]:
    return said(
        "Thank you for the work behind these records. If something here is hard to do, tell your manager."
    )


def _messages(material: Material) -> list[QuickWinTold]:
    """The quick wins that those who work with families get, and that nobody stopped."""
    return [
        one
        for one in material.own.quick_wins
        if one.to_practitioners and one.state is not QuickWinState.STOPPED
    ]


def _lowest(material: Material) -> list[KeyArea]:
    """The key areas with a figure from the lowest on, without those where everything was found."""
    in_order = [each.area for each in ranked(material.findings.areas) if each.rank is not None]
    lacking = [area for area in in_order if area.figure.counts.not_met]
    return sorted(lacking, key=lambda area: area.figure.counts.met / area.figure.counts.answered)


def _as_often(material: Material, strong: Sequence[KeyArea]) -> int:
    """Return how many key areas that are not named have the same figure as the last one that is."""
    ranks = {each.area.question: each.rank for each in ranked(material.findings.areas)}
    named = {area.question for area in strong} | {one.question for one in _messages(material)}
    return sum(
        1 for question, rank in ranks.items() if question not in named and rank == ranks[strong[-1].question]
    )


def _found(area: KeyArea) -> str:
    counts = area.figure.counts
    return f"{area.name}: found in {counts.met:,} of {counts.answered:,} cases ({area.figure.percent}%)."


def _message(material: Material, one: QuickWinTold) -> str:
    area = next((each for each in material.findings.areas if each.question == one.question), None)
    where = sentence(f"Where to record it: {one.where}") if one.where else _where(area)
    return " ".join(filter(None, [sentence(one.message), where]))


def _look(material: Material, area: KeyArea) -> str:
    guidance = material.guidance.get(area.question, "").partition(". ")[0]
    looked_for = sentence(f"What auditors are asked to look for: {guidance}") if guidance else None
    return " ".join(filter(None, [_found(area), looked_for, _where(area)]))


def _where(area: KeyArea | None) -> str | None:
    """Return where it was found most often, as far as what is shown says so; else in which places."""
    if area is None or not area.places:
        return None
    begin = "Where to record it: auditors found it"
    shown = sorted(
        ((count, place) for place, count in area.places.items() if count is not None), reverse=True
    )
    if len(area.places) == 1:
        return f"{begin} in {next(iter(area.places))}."
    is_some_hidden = len(shown) < len(area.places)
    rest = area.figure.counts.answered - sum(count for count, _ in shown) if is_some_hidden else 0
    if shown and shown[0][0] > max([rest, *(count for count, _ in shown[1:])]):
        return f"{begin} most often in {shown[0][1]}."
    return f"{begin} in {listed(area.places)}. Ask your manager which one to use."
