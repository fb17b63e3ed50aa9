"""The draft of a report while its cycle is open: the returns so far, and no figures. Pure."""

from collections.abc import Mapping, Sequence

from app.reports import audits_done, staff, tracked
from app.reports.composing import Contents, paper, paragraph_of, subsections
from app.reports.facts import Material
from app.reports.paper import Audience, Paper, Part
from app.reports.sections import OUTLINE
from app.wording import in_words


def draft(material: Material, audience: Audience) -> Paper:
    """Return the draft of a report about a cycle that is open on its day."""
    written: Mapping[Audience, Mapping[str, Contents]] = {
        Audience.COUNCIL: _for_managers(material, audience, ""),
        Audience.PARTNERSHIP: _for_managers(material, audience, "partnership-"),
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
    )


def _for_managers(material: Material, audience: Audience, prefix: str) -> dict[str, Contents]:
    """Return the sections of a report of the council or the partnership, by their keys."""
    is_council = audience is Audience.COUNCIL
    recommendations = tracked.recommendations(material.own, audience)
    return {
        f"{prefix}purpose": (_why(material), []),
        f"{prefix}main-points": (
            [],
            subsections(
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
            ),
        ),
        f"{prefix}recommendations": (
            [*recommendations, *tracked.actions(material.own, audience)],
            subsections(("before", "What was decided last time", tracked.what_became(material, audience))),
        ),
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
