"""The assembly of a report: its sections, the analyst's words, and the particulars at its head. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from app.reports import how_many
from app.reports.facts import Material
from app.reports.paper import Audience, Paper, Paragraph, Part, Section
from app.reports.sections import OUTLINE, OutlineSection
from app.reports.visible_to import has_breakdowns
from app.small_numbers import small_in_words
from app.wording import in_words, paragraphs

Contents = tuple[Sequence[Part], Sequence[Section]]
"""The parts that the product writes under a heading, and the sections below it."""


Annex = tuple[str, str, Sequence[Part], Sequence[Section]]
"""The key and the heading of an annex, the parts under it, and the sections below it."""


@dataclass(frozen=True)
class Annexes:
    """The annexes of a report, each with its letter."""

    sections: tuple[Section, ...] = ()

    def called(self, key: str) -> str | None:
        """Return "Annex B", as the report refers to it; None where there is no such annex."""
        headings = (section.heading for section in self.sections if section.key == key)
        return next((heading.partition(":")[0] for heading in headings), None)


def lettered(*annexes: Annex) -> Annexes:
    """Return the annexes that have something in them, from keys, headings, parts and sections."""
    there = [annex for annex in annexes if annex[2] or annex[3]]
    return Annexes(
        tuple(
            Section(key, f"Annex {letter}: {heading}", tuple(parts), tuple(sections), is_annex=True)
            for letter, (key, heading, parts, sections) in zip(ascii_uppercase, there, strict=False)
        )
    )


def paper(
    material: Material,
    audience: Audience,
    title: str,
    contents: Mapping[str, Contents],
    annexes: Annexes | None = None,
) -> Paper:
    """Return the draft: the sections of the outline in order, each with its contents by key, and annexes.

    Raises ValueError when a section has no contents, or contents have no section.
    """
    outline = OUTLINE[audience]
    if unmatched := contents.keys() ^ {section.key for section in outline}:
        raise ValueError(f"the outline of the report and its contents do not match in {sorted(unmatched)}")
    head = material.head_for(audience)
    return Paper(
        audience=audience,
        title=title,
        organisation=material.organisation,
        cycle=material.cycle.reference,
        made_on=material.made_on,
        said_of_it=tuple(_particulars(material, audience)),
        opening=tuple(how_many.overall(material)),
        marking=head.marking or None,
        author=", ".join(filter(None, [head.author, head.contact])) or None,
        sections=(
            *(_section(section, material, *contents[section.key]) for section in outline),
            *(annexes or Annexes()).sections,
        ),
    )


def subsections(*sections: tuple[str, str, Sequence[Part]]) -> list[Section]:
    """Return the sections below a heading, from keys, headings and parts. One without parts is left out."""
    return [Section(key, heading, tuple(parts)) for key, heading, parts in sections if parts]


def paragraph_of(*sentences: str | None) -> list[Part]:
    """Return the sentences that there are as one paragraph; an empty list when there are none."""
    text = " ".join(sentence for sentence in sentences if sentence)
    return [Paragraph(text)] if text else []


def level_of_hiding(material: Material, audience: Audience) -> str:
    """Return which counts are hidden in this report, in a few words."""
    return _level(material.findings.hide_up_to, audience)


def _section(
    outlined: OutlineSection, material: Material, parts: Sequence[Part], sections: Sequence[Section]
) -> Section:
    """Return a section: the analyst's words first, then what the product wrote."""
    narrative = material.narratives.get(outlined.key) if outlined.write_about else None
    written = tuple(Paragraph(text, is_written=True) for text in paragraphs(narrative or ""))
    return Section(
        outlined.key,
        outlined.heading,
        (*written, *parts),
        tuple(sections),
        only_product=outlined.write_about is not None and not written,
    )


def _particulars(material: Material, audience: Audience) -> list[tuple[str, str]]:
    cycle, findings = material.cycle, material.findings
    rows: list[tuple[str, str | None]] = []
    if audience is Audience.COUNCIL:
        rows += [
            ("For", cycle.reported_to),
            ("Date of the meeting", in_words(cycle.meeting_on) if cycle.meeting_on else None),
        ]
    rows += [
        ("Cycle", cycle.name),
        ("Author", material.head_for(audience).author),
        ("Date of this report", in_words(material.made_on)),
    ]
    if audience in (Audience.AUDITORS, Audience.STAFF):
        rows += [
            ("Figures as of", in_words(findings.as_of) + (", frozen" if findings.frozen_on else "")),
            ("Small numbers", level_of_hiding(material, audience)),
        ]
    return [(name, value) for name, value in rows if value]


def _level(hide_up_to: int, audience: Audience) -> str:
    if audience is not Audience.COUNCIL and not has_breakdowns(audience, hide_up_to):
        return "this report has no results by place, team or context"
    if not hide_up_to:
        return "no counts are hidden"
    hidden = f"counts {small_in_words(hide_up_to)} are hidden to protect privacy in results by"
    if audience is Audience.PARTNERSHIP:
        return f"{hidden} place or context, and results by team are left out"
    return f"{hidden} place, team or context"
