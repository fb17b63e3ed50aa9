"""What a report says: from what is known of a cycle to the paper. Pure."""

from app.reports import key_areas
from app.reports.facts import Material
from app.reports.paper import Audience, Paper, Paragraph, Section
from app.reports.sections import OUTLINE


def written(material: Material, audience: Audience) -> Paper:
    """The draft of one report."""
    return Paper(
        audience=audience,
        title=f"Practice audits: {material.cycle.title}",
        organisation=material.organisation,
        cycle=material.cycle.reference,
        made_on=material.made_on,
        said_of_it=(("Cycle", material.cycle.name),),
        sections=tuple(
            Section(one.key, one.heading, tuple(key_areas.parts(material.findings)) or (Paragraph(""),))
            for one in OUTLINE[audience]
        ),
    )
