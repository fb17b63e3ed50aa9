"""The draft of a report while its cycle is open: the returns so far, and no figures. Pure."""

from collections.abc import Mapping, Sequence

from app.reports import audits_done, council, staff
from app.reports.composing import Annexes, Contents, lettered, paper, paragraph_of, subsections
from app.reports.facts import Material
from app.reports.main_points import asked, last_time, returns, to_decide
from app.reports.paper import Audience, Paper, Part
from app.reports.sections import OUTLINE
from app.wording import in_words


def draft(material: Material, audience: Audience) -> Paper:
    """Return the draft of a report about a cycle that is open on its day."""
    is_followed = audience in (Audience.COUNCIL, Audience.PARTNERSHIP)
    annexes = lettered(*council.annexes_on_follow_up(material, audience) if is_followed else ())
    written: Mapping[Audience, Mapping[str, Contents]] = {
        Audience.COUNCIL: {
            "purpose": (asked(material, annexes) if to_decide(material.own) else [], []),
            **_for_managers(material, audience, annexes, ""),
        },
        Audience.PARTNERSHIP: _for_managers(material, audience, annexes, "partnership-"),
        Audience.AUDITORS: {
            "auditors-thanks": (_thanks(material), []),
            "auditors-returned": (audits_done.returned(material, with_reasons=False), []),
        },
        Audience.STAFF: {"staff-why": (staff.under_way(material), [])},
    }
    nothing: Contents = ([], [])
    return paper(
        material,
        audience,
        f"Returns so far: {material.cycle.title}, {material.cycle.theme}",
        {section.key: written[audience].get(section.key, nothing) for section in OUTLINE[audience]},
        annexes,
    )


def _for_managers(
    material: Material, audience: Audience, annexes: Annexes, prefix: str
) -> dict[str, Contents]:
    """Return the sections of a report of the council or the partnership, by their keys."""
    return {
        f"{prefix}main-points": (
            _why(material),
            subsections(
                returns(material, audience),
                (
                    "method",
                    "How the cases were chosen and audited",
                    audits_done.method(material, with_teams=audience is Audience.COUNCIL),
                ),
                last_time(material, audience, annexes),
            ),
        ),
        f"{prefix}recommendations": council.recommendations(material, audience, annexes),
    }


def _why(material: Material) -> Sequence[Part]:
    cycle = material.cycle
    return paragraph_of(
        f"The theme of this cycle is {cycle.theme}.",
        f"The audits were requested on {in_words(cycle.requested_on)}, "
        f"with a due date of {in_words(cycle.due_on)}.",
        f"The cycle is still open on {in_words(material.made_on)}, so this draft has no figures.",
    )


def _thanks(material: Material) -> Sequence[Part]:
    return paragraph_of(
        f"Thank you for taking part in the cycle on {material.cycle.theme}.",
        f"It is still open on {in_words(material.made_on)}, so this draft has no figures.",
    )
