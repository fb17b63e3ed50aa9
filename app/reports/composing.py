"""Putting a report together: its sections, the analyst's words, what is said of it. Pure."""

from collections.abc import Mapping, Sequence

from app.reports.facts import Material
from app.reports.paper import Audience, Paper, Paragraph, Part, Section
from app.reports.sections import OUTLINE, Outlined
from app.reports.shown_to import has_breakdowns
from app.small_numbers import small_in_words
from app.wording import in_words, paragraphs

Filled = tuple[Sequence[Part], Sequence[Section]]
"""The parts that the product writes under a heading, and the sections below it."""


def paper(material: Material, audience: Audience, title: str, filled: Mapping[str, Filled]) -> Paper:
    """Return the draft: the sections of the outline in its order, each with what is filled in by its key.

    Raises ValueError where a section is not filled, or something is filled in for which there is none.
    """
    outline = OUTLINE[audience]
    if unmatched := filled.keys() ^ {section.key for section in outline}:
        raise ValueError(f"the outline of the report and what fills it differ in {sorted(unmatched)}")
    return Paper(
        audience=audience,
        title=title,
        organisation=material.organisation,
        cycle=material.cycle.reference,
        made_on=material.made_on,
        said_of_it=tuple(_said_of_it(material, audience)),
        sections=tuple(_section(section, material, *filled[section.key]) for section in outline),
    )


def below(*sections: tuple[str, str, Sequence[Part]]) -> list[Section]:
    """Return the sections below a heading, each by key, heading and parts; one without parts is left out."""
    return [Section(key, heading, tuple(parts)) for key, heading, parts in sections if parts]


def said(*sentences: str | None) -> list[Part]:
    """Return a paragraph of those sentences that there are; nothing where there is none."""
    text = " ".join(each for each in sentences if each)
    return [Paragraph(text)] if text else []


def level_of_hiding(material: Material, audience: Audience) -> str:
    """Return what is hidden in this report, in a few words."""
    return _level(material.findings.hide_up_to, audience)


def _section(
    outlined: Outlined, material: Material, parts: Sequence[Part], sections: Sequence[Section]
) -> Section:
    """The analyst's words stand first, then what the product wrote."""
    narrative = material.narratives.get(outlined.key) if outlined.write_about else None
    written = tuple(Paragraph(each, is_written=True) for each in paragraphs(narrative or ""))
    if not (written or parts or sections):
        parts = [Paragraph("There is nothing to say here yet.")]
    return Section(
        outlined.key,
        outlined.heading,
        (*written, *parts),
        tuple(sections),
        only_product=outlined.write_about is not None and not written,
    )


def _said_of_it(material: Material, audience: Audience) -> list[tuple[str, str]]:
    cycle, found = material.cycle, material.findings
    rows: list[tuple[str, str | None]] = []
    if audience is Audience.COUNCIL:
        rows += [
            ("For", cycle.reported_to),
            ("Day of the meeting", in_words(cycle.meeting_on) if cycle.meeting_on else None),
        ]
    rows += [
        ("Cycle", cycle.name),
        ("Theme", cycle.theme),
        ("Audit tool", found.tool),
        ("Cut-off", _cut_off(material)),
        ("Figures as of", in_words(found.as_of) + (", frozen" if found.frozen_on else "")),
        ("Small numbers", level_of_hiding(material, audience)),
        ("Protective marking", material.marking),
        ("Made by", material.made_by),
        ("Made on", in_words(material.made_on)),
    ]
    return [(name, value) for name, value in rows if value]


def _cut_off(material: Material) -> str:
    day = material.cycle.cut_off_on or material.findings.cut_off_on
    if day is None:
        return "none yet: the cycle is open"
    return f"{in_words(day)}; the cycle is still open" if material.is_open else in_words(day)


def _level(hide_up_to: int, audience: Audience) -> str:
    if audience is not Audience.COUNCIL and not has_breakdowns(audience, hide_up_to):
        return "no count by place, team or context is in this report"
    counts = f"counts {small_in_words(hide_up_to)}"
    hidden = "are hidden, and so is what would give them away"
    if audience is Audience.PARTNERSHIP:
        return f"{counts} by place or context {hidden}; nothing is told by team"
    return f"{counts} by place, team or context {hidden}" if hide_up_to else "nothing is hidden"
