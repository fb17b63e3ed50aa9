"""The page for staff: what was found most often, what they can do, where to record it. Pure.

No team, no blame, no count of single teams or places. Strengths are key areas found in at least half of the
cases; a key area with a quick win is something to do, however often it was found.
"""

from collections.abc import Sequence
from itertools import islice

from app.findings.key_area import KeyArea
from app.findings.met_words import in_so_many
from app.findings.ranking import ranked
from app.quick_wins.life import QuickWinState
from app.reports.composing import paper, paragraph_of
from app.reports.facts import Material, ReportedQuickWin
from app.reports.paper import Audience, Bullets, Paper, Paragraph, Part
from app.tools.content import UNIT
from app.wording import counted, have, sentence

MOST = 3
"""Most strengths, and most things to do: it is one page."""


def draft(material: Material) -> Paper:
    """Return the draft of the page for staff."""
    strong = strengths(material)
    return paper(
        material,
        Audience.STAFF,
        f"What we learned from {_audits_on(material.cycle.theme)}",
        {
            "staff-why": (_why(material), []),
            "staff-strengths": (_strengths(material, strong), []),
            "staff-do": (_to_do(material, strong), []),
            "staff-thanks": (_thanks(), []),
        },
    )


def strengths(material: Material) -> list[KeyArea]:
    """Return up to three key areas with the highest figures, and at most half of all key areas.

    Those with the same figure go in together, or in the order of the tool where they are too many for the
    page.
    """
    remembered = {win.question for win in _messages(material)}
    high = [
        ranking.area
        for ranking in ranked(material.findings.areas)
        if ranking.rank is not None
        and not ranking.area.is_below_half
        and not ranking.area.is_outside_expected
        and ranking.area.question not in {*remembered, material.findings.overall}
    ]
    return high[: min(MOST, -(-len(material.findings.areas) // 2))]


def _audits_on(theme: str) -> str:
    """Return "Child protection audits", or the theme where it says that word itself."""
    return theme if theme.casefold().endswith("audits") else f"{theme} audits"


def _why(material: Material) -> list[Part]:
    returned = material.findings.returns.returned
    if not returned:
        return under_way(material)
    records_of = "the records of " if material.findings.unit == UNIT else ""
    return paragraph_of(
        f"Colleagues audited {records_of}{material.audited}.",
        f"The theme was {material.cycle.theme}.",
        "The cases were hand-picked, so what was found is true of these cases only."
        if material.cycle.is_hand_picked
        else None,
        "This page is about what all of us can do. It is not about any team or person.",
        "Work that was not found on file may still have been done. Recording it lets others see it.",
    )


def under_way(material: Material) -> list[Part]:
    """Return the sentence that stands in place of everything else before there is something to report."""
    return paragraph_of(
        f"The {_audits_on(material.cycle.theme)} are under way. There is nothing to report yet."
    )


def _strengths(material: Material, strong: Sequence[KeyArea]) -> list[Part]:
    if not material.findings.returns.returned:
        return [Paragraph("No returned audits count yet.")]
    if not strong:
        if any(area.has_figure for area in material.findings.areas):
            return [Paragraph("No key area is named as a strength this time.")]
        if any(area.has_too_few_answers for area in material.findings.areas):
            return [Paragraph("There are not enough answers yet to name strengths.")]
        return [Paragraph("This audit asked what there was, not how good it was, so it names no strengths.")]
    as_often = _as_often(material, strong)
    return [
        Bullets(tuple(_found_in(area, material.findings.what_counts) for area in strong)),
        *paragraph_of(
            f"{counted(as_often, 'other key area')} {have(as_often)} the same figure as the last of these."
            if as_often
            else None
        ),
    ]


def _to_do(material: Material, strong: Sequence[KeyArea]) -> list[Part]:
    """Return the things to do: messages of quick wins, lowest figures first, then key areas."""
    messages, lowest = _messages(material), _lowest(material)
    place = {area.question: number for number, area in enumerate(lowest)}
    messages.sort(key=lambda win: place.get(win.question or "", len(place)))
    to_do = [_message(material, win) for win in messages]
    taken = {win.question for win in messages} | {area.question for area in strong}
    to_do += [_look(material, area) for area in lowest if area.question not in taken]
    if not to_do:
        return [Paragraph("Nothing stands out yet.")]
    return [Bullets(tuple(islice(to_do, MOST)), numbered=True)]


def _thanks() -> list[Part]:
    return paragraph_of(
        "Thank you for the work behind these records. If something here is hard to do, tell your manager."
    )


def _messages(material: Material) -> list[ReportedQuickWin]:
    """Return the quick wins that go to practitioners and that nobody stopped."""
    return [win for win in material.own.quick_wins if win.to_practitioners and _stands(win)]


def _lowest(material: Material) -> list[KeyArea]:
    """Return the key areas with a figure, the lowest first, without those where everything was found."""
    in_order = [ranking.area for ranking in ranked(material.findings.areas) if ranking.rank is not None]
    others = [area for area in in_order if area.question != material.findings.overall]
    lacking = [area for area in others if area.figure.counts.not_met]
    return sorted(lacking, key=lambda area: area.figure.share or 0)


def _as_often(material: Material, strong: Sequence[KeyArea]) -> int:
    """Return the number of further key areas with the same figure as the last strength."""
    ranks = {ranking.area.question: ranking.rank for ranking in ranked(material.findings.areas)}
    named = {area.question for area in strong} | {win.question for win in _messages(material)}
    named |= {material.findings.overall}
    return sum(
        1 for question, rank in ranks.items() if question not in named and rank == ranks[strong[-1].question]
    )


def _found_in(area: KeyArea, what_counts: str) -> str:
    counts = area.figure.counts
    of = f"{counts.met:,} of {counted(counts.answered, what_counts)} ({area.percent_in_words})"
    return f"{area.name}: {in_so_many(area.met_words, of)}."


def _message(material: Material, quick_win: ReportedQuickWin) -> str:
    return " ".join(
        filter(None, [sentence(quick_win.message), _where(material, quick_win.question, quick_win.where)])
    )


def _look(material: Material, area: KeyArea) -> str:
    guidance = material.guidance.get(area.question, "").partition(". ")[0]
    looked_for = sentence(f"What auditors look for: {guidance}") if guidance else None
    found = _found_in(area, material.findings.what_counts)
    return " ".join(filter(None, [found, looked_for, _where(material, area.question)]))


def _where(material: Material, question: str | None, decided: str | None = None) -> str | None:
    """Return where the council decided to record it: `decided`, else what another quick win says, else the
    place in the tool.

    A place where auditors happened to find it is no decision, so staff are not told of it.
    """
    settled = [decided]
    if question:
        settled += [win.where for win in material.own.quick_wins if win.question == question and _stands(win)]
        settled += [area.recorded_in for area in material.findings.areas if area.question == question]
    place = next(filter(None, settled), None)
    return sentence(f"Where to record it: {place}") if place else None


def _stands(quick_win: ReportedQuickWin) -> bool:
    return quick_win.state is not QuickWinState.STOPPED
