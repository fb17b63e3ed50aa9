"""The outline of each report: its sections, and what the analyst is asked to write in them. Pure.

The text of the analyst is stored by the key of the section. Each report has its own keys: what is written for
senior managers may name a team, which no other report may.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.reports.paper import Audience


@dataclass(frozen=True)
class OutlineSection:
    """A section of a report. `write_about` is what the analyst is asked to say; None: nothing."""

    key: str
    heading: str
    write_about: str | None = None


OUTLINE: Mapping[Audience, Sequence[OutlineSection]] = {
    Audience.COUNCIL: (
        OutlineSection("purpose", "Purpose", "What you ask this meeting to do, in one or two sentences."),
        OutlineSection(
            "background",
            "Background",
            "Why this theme, who asked for the audits, and what has happened since the cycle before.",
        ),
        OutlineSection(
            "findings",
            "Findings",
            "What stands out in the figures, and what you would not read into them. "
            "Say how the auditors took part, and what lies behind the audits that were not returned.",
        ),
        OutlineSection(
            "analysis",
            "Analysis",
            "What may lie behind the figures, what other evidence says, and where to look first.",
        ),
        OutlineSection(
            "lessons",
            "Lessons from the process",
            "What you would do differently next time: the tool, the sample, the systems, the time it took.",
        ),
        OutlineSection(
            "recommendations",
            "Recommendations and actions",
            "What follows from the findings, and what the meeting has to settle today.",
        ),
    ),
    Audience.PARTNERSHIP: (
        OutlineSection("partnership-purpose", "Purpose"),
        OutlineSection("partnership-background", "Background"),
        OutlineSection("partnership-findings", "Findings"),
        OutlineSection(
            "partnership-analysis",
            "Analysis",
            "What the findings mean for partners, and what they may know that the council does not. "
            "Name no team.",
        ),
        OutlineSection("partnership-lessons", "Lessons from the process"),
        OutlineSection(
            "partnership-recommendations",
            "Recommendations and actions",
            "What you ask partners to do. Name no team.",
        ),
    ),
    Audience.AUDITORS: (
        OutlineSection(
            "auditors-thanks", "Thank you", "A few words of your own to those who audited. Name nobody."
        ),
        OutlineSection("auditors-returned", "What came back"),
        OutlineSection("auditors-found", "What you found"),
        OutlineSection(
            "auditors-process",
            "What was hard, and how far you agreed",
            "What auditors told you about the tool and the records, in your words.",
        ),
        OutlineSection(
            "auditors-next", "What changes", "What you change because of what they told you, and by when."
        ),
    ),
    Audience.STAFF: (
        OutlineSection("staff-why", "Why you are reading this"),
        OutlineSection("staff-strengths", "What was found most often"),
        OutlineSection("staff-do", "What you can do"),
        OutlineSection(
            "staff-thanks", "Thank you", "One or two sentences of thanks to staff. Name nobody and no team."
        ),
    ),
}


def outline_section(key: str) -> tuple[Audience, OutlineSection] | None:
    """Return the report that has a section of this key, and the section; None when no report has one."""
    return next(
        (
            (audience, section)
            for audience, sections in OUTLINE.items()
            for section in sections
            if section.key == key
        ),
        None,
    )


def to_write(audience: Audience) -> Sequence[OutlineSection]:
    """Return the sections of a report in which the analyst is asked to write."""
    return [section for section in OUTLINE[audience] if section.write_about is not None]
