"""The report for the partnership's quality sub group: the council's without any team or name. Pure."""

from app.reports import council, process
from app.reports.composing import level_of_hiding, paper
from app.reports.facts import Material
from app.reports.main_points import main_points
from app.reports.paper import Audience, Paper, Paragraph

PARTNERSHIP = Audience.PARTNERSHIP


def draft(material: Material) -> Paper:
    """Return the draft of the partnership's report, without counts by team and with small numbers hidden."""
    follow_up = material.own.recommendations or material.own.actions
    doing = ", and what the council is doing about it" if follow_up else ""
    why = Paragraph(
        f"This report tells the partnership what the council’s audits found{doing}. "
        f"The theme of the audits is {material.cycle.theme}."
    )
    hiding = Paragraph(
        f"Nothing in this report should identify a family or a worker: "
        f"{level_of_hiding(material, PARTNERSHIP)}."
    )
    annexes = council.annexes_of(material, PARTNERSHIP)
    return paper(
        material,
        PARTNERSHIP,
        f"Practice audits: {material.cycle.title}, {material.cycle.theme}, for the partnership",
        {
            "partnership-purpose": ([why, hiding], []),
            "partnership-main-points": ([], main_points(material, PARTNERSHIP, annexes)),
            "partnership-findings": council.findings(material, annexes),
            "partnership-analysis": council.analysis(material),
            "partnership-lessons": (process.tool(material), []),
            "partnership-recommendations": council.recommendations(material, PARTNERSHIP, annexes),
        },
        annexes,
    )
