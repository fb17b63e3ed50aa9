"""The sections that each report has, and what the analyst is asked to write in them. The one place. Pure.

What the analyst writes is kept by the key of the section. Each report has its own: what is written for senior
managers may name a team, which no other report does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.reports.paper import Audience


@dataclass(frozen=True)
class Outlined:
    """A section of a report. `write_about` is what the analyst is asked to say; None: nothing is expected."""

    key: str
    heading: str
    write_about: str | None = None


OUTLINE: Mapping[Audience, Sequence[Outlined]] = {
    Audience.COUNCIL: (
        Outlined("purpose", "Purpose", "What you ask this meeting to do, in one or two sentences."),
        Outlined(
            "background",
            "Background",
            "Why this theme, who asked for the audits, and what has happened since the cycle before.",
        ),
        Outlined(
            "findings",
            "Findings",
            "What stands out in the figures, and what you would not read into them. "
            "Say how the auditors took part, and what lies behind the audits that were not returned.",
        ),
        Outlined(
            "analysis",
            "Analysis",
            "What may lie behind the figures, what other evidence says, and where to look first.",
        ),
        Outlined(
            "lessons",
            "Lessons from the process",
            "What you would do differently next time: the tool, the sample, the systems, the time it took.",
        ),
        Outlined(
            "recommendations",
            "Recommendations and actions",
            "What follows from the findings, and what the meeting has to settle today.",
        ),
    ),
    Audience.PARTNERSHIP: (
        Outlined("partnership-purpose", "Purpose"),
        Outlined("partnership-background", "Background"),
        Outlined("partnership-findings", "Findings"),
        Outlined(
            "partnership-analysis",
            "Analysis",
            "What the findings mean for partners, and what they may know that the council does not. "
            "Name no team.",
        ),
        Outlined("partnership-lessons", "Lessons from the process"),
        Outlined(
            "partnership-recommendations",
            "Recommendations and actions",
            "What you ask partners to do. Name no team.",
        ),
    ),
    Audience.AUDITORS: (
        Outlined(
            "auditors-thanks", "Thank you", "A few words of your own to those who audited. Name nobody."
        ),
        Outlined("auditors-returned", "What came back"),
        Outlined("auditors-found", "What you found"),
        Outlined(
            "auditors-process",
            "What was hard, and how far you agreed",
            "What auditors told you about the tool and the records, in your words.",
        ),
        Outlined(
            "auditors-next", "What changes", "What you change because of what they told you, and by when."
        ),
    ),
    Audience.STAFF: (
        Outlined("staff-why", "Why you are reading this"),
        Outlined("staff-strengths", "What was found most often"),
        Outlined("staff-do", "What you can do"),
        Outlined(
            "staff-thanks", "Thank you", "One or two sentences of thanks to staff. Name nobody and no team."
        ),
    ),
}


def outlined(key: str) -> tuple[Audience, Outlined] | None:
    """The report and the section of a key; None where no report has such a section."""
    return next(
        ((audience, one) for audience, sections in OUTLINE.items() for one in sections if one.key == key),
        None,
    )


def to_write(audience: Audience) -> Sequence[Outlined]:
    """The sections of a report in which the analyst is asked to write."""
    return [one for one in OUTLINE[audience] if one.write_about is not None]
