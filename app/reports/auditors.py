"""Feedback to those who audited: thanks, what came back, what they found, what changes. Pure."""

from app.findings.met_words import FOUND
from app.reports import audits_done, figures_read, key_areas, process
from app.reports.composing import paper, paragraph_of
from app.reports.facts import Material
from app.reports.paper import Audience, Bullets, Paper, Paragraph, Part
from app.wording import plural


def draft(material: Material) -> Paper:
    """Return the draft of the feedback to auditors."""
    findings = material.findings
    return paper(
        material,
        Audience.AUDITORS,
        f"Feedback to auditors: {material.cycle.title}",
        {
            "auditors-thanks": (_thanks(material), []),
            "auditors-returned": (audits_done.returned(material, with_reasons=False), []),
            "auditors-found": (_figures(material), []),
            "auditors-process": (
                [
                    *paragraph_of(process.time_taken(material), process.hard_to_find(material)),
                    *process.agreement(material),
                    *figures_read.elsewhere(findings),
                ],
                [],
            ),
            "auditors-next": (process.tool_changes(material), []),
        },
    )


def _thanks(material: Material) -> list[Part]:
    number, returned = material.auditors.people, material.findings.returns.returned
    if not returned:
        return paragraph_of(f"Thank you for taking part in the cycle on {material.cycle.theme}.")
    who = f"{number:,} of you" if number > 1 else "You"
    return paragraph_of(
        f"Thank you for taking part in the cycle on {material.cycle.theme}.",
        f"{who} audited {material.audited}." if number else None,
    )


def _figures(material: Material) -> list[Part]:
    """Return each figure in one line; the report for the council has the rest."""
    findings = material.findings
    if not findings.returns.returned:
        return [Paragraph("No returned audits count yet, so there are no figures.")]
    cases = plural(2, findings.what_counts)
    what = "How often you found evidence" if findings.is_evidence else "What you found"
    not_found = (
        "If you did not find evidence, the work may still have been done. "
        "It may not have been recorded where you looked."
    )
    return [
        Paragraph(f"{what}, out of the {cases} where you gave an answer:"),
        Bullets(tuple(key_areas.told(area) for area in findings.areas)),
        *paragraph_of(
            f"The {cases} were hand-picked, so these figures are true of these {cases} only."
            if material.cycle.is_hand_picked
            else None,
            not_found if any(area.met_words == FOUND for area in findings.areas) else None,
        ),
    ]
