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
        OutlineSection(
            "purpose",
            "What this meeting is asked to do",
            "What you are asking this meeting to do, in 1 or 2 sentences.",
        ),
        OutlineSection("main-points", "Main points"),
        OutlineSection(
            "background",
            "Background",
            "Why this theme was chosen, who asked for the audits, and what has happened since the previous "
            "cycle.",
        ),
        OutlineSection(
            "findings",
            "Findings",
            "What stands out in the figures, and what they do not show. "
            "Say how the auditors took part, and why some audits were not returned.",
        ),
        OutlineSection(
            "analysis",
            "Analysis",
            "What may explain the figures, what other evidence says, and what to look at first.",
        ),
        OutlineSection(
            "lessons",
            "Lessons from the process",
            "What you would do differently next time, such as the tool, the sample, the systems or the time "
            "it took.",
        ),
        OutlineSection(
            "recommendations",
            "Recommendations and actions",
            "What you recommend because of the findings, and what this meeting has to decide.",
        ),
    ),
    Audience.PARTNERSHIP: (
        OutlineSection("partnership-purpose", "Purpose"),
        OutlineSection("partnership-main-points", "Main points"),
        OutlineSection("partnership-findings", "Findings"),
        OutlineSection(
            "partnership-analysis",
            "Analysis",
            "What the findings mean for partners, and what they may know that the council does not. "
            "Do not name a team.",
        ),
        OutlineSection("partnership-lessons", "Lessons from the process"),
        OutlineSection(
            "partnership-recommendations",
            "Recommendations and actions",
            "What you are asking partners to do. Do not name a team.",
        ),
    ),
    Audience.AUDITORS: (
        OutlineSection(
            "auditors-thanks", "Thank you", "A few words of your own to the auditors. Do not name anyone."
        ),
        OutlineSection("auditors-returned", "Audits returned"),
        OutlineSection("auditors-found", "What you found"),
        OutlineSection(
            "auditors-process",
            "What was difficult, and where people disagreed",
            "What auditors told you about the tool and the records, in your own words.",
        ),
        OutlineSection(
            "auditors-next",
            "What will change",
            "What you will change because of the auditors’ feedback, and by when.",
        ),
    ),
    Audience.STAFF: (
        OutlineSection("staff-why", "Why you are reading this"),
        OutlineSection("staff-strengths", "What auditors found most often"),
        OutlineSection("staff-do", "What you can do"),
        OutlineSection(
            "staff-thanks",
            "Thank you",
            "1 or 2 sentences of thanks to staff. Do not name anyone or any team.",
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
