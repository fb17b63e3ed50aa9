"""The checks before a report is made final. The analyst decides whether to go on. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from app.audits.returns import whole_per_cent
from app.findings.key_area import KeyArea
from app.reports.facts import Material
from app.reports.paper import Audience, Bullets, Grades, Paper, Paragraph, Part, Picture, Section, Table
from app.reports.sections import to_write
from app.reports.teams_named import names_a_team

FOLLOWED = (Audience.COUNCIL, Audience.PARTNERSHIP)
"""The reports that have recommendations and actions."""

_PER_CENT = re.compile(r"(?<![\d.])(\d{1,3})(?:\.\d+)?\s*(?:%|per ?cent\b)", re.IGNORECASE)
_COUNTS = re.compile(r"(?<!\d)(\d+)\s+(?:out\s+)?of\s+(?:the\s+)?(\d+)(?!\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Check:
    """A thing to look at: a sentence, and the page on which to put it right (endpoint and its values)."""

    sentence: str
    endpoint: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def link(self) -> str:
        """The words of the link to the page."""
        return _LINKS[self.endpoint]


_LINKS = {
    "cycles.close": "Close cycle",
    "actions.answered": "Add an action or a reason",
    "actions.recommendation": "Add what is missing",
    "reports.write": "Write commentary",
    "reports.page": "Read the report",
}


def before_final(material: Material, paper: Paper) -> list[Check]:
    """Return the things to look at in the draft of a report, the most important first."""
    checks = [*_not_closed(material)]
    if paper.audience in FOLLOWED:
        checks += [*_without_action(material), *_incomplete(material)]
    checks += [*_without_figure(material, paper), *_not_written(paper)]
    if paper.audience is not Audience.COUNCIL:
        checks += _teams_named(material, paper)
    return checks


def _not_closed(material: Material) -> Iterator[Check]:
    cycle = material.cycle.reference
    if material.is_open:
        yield Check(
            f"Cycle {cycle} is not closed, so audits returned from now on will change its figures.",
            "cycles.close",
            {"reference": cycle},
        )


def _without_action(material: Material) -> Iterator[Check]:
    for area in material.answered:
        if not area.has_action and area.left_because is None:
            yield Check(
                f"“{area.name}” has no action, and no reason why it needs none.",
                "actions.answered",
                {"reference": material.cycle.reference, "question": area.question},
            )


def _incomplete(material: Material) -> Iterator[Check]:
    for recommendation in material.own.recommendations:
        if recommendation.is_incomplete:
            lacks = [("owner", recommendation.owner is None), ("due date", recommendation.due_on is None)]
            missing = " and no ".join(what for what, is_missing in lacks if is_missing)
            yield Check(
                f"Recommendation {recommendation.reference} has no {missing}.",
                "actions.recommendation",
                {"reference": recommendation.reference},
            )


def _without_figure(material: Material, paper: Paper) -> Iterator[Check]:
    """Yield a check for each key area without a figure that the analyst's words speak of."""
    areas = material.findings.areas
    with_figure = [area for area in areas if area.has_figure]
    for section in paper.sections:
        text = "\n".join(
            part.text for part in section.parts if isinstance(part, Paragraph) and part.is_written
        )
        for area in areas:
            if area.has_too_few_answers and (words := _words_about(area, text, with_figure)):
                yield Check(
                    f"“{section.heading}” says “{words}”, but the result for “{area.name}” is not shown: "
                    f"{area.figure.why_in_words}.",
                    "reports.write",
                    {"reference": material.cycle.reference, "section": section.key},
                )


def _words_about(area: KeyArea, text: str, with_figure: Iterable[KeyArea]) -> str | None:
    """Return the words of a text about a key area: its name, or a share that is its own and no other's."""
    for name in (area.name, area.question.replace("_", " ")):
        if match := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
            return match[0]
    counts = area.figure.counts
    if not counts.answered:
        return None
    share = whole_per_cent(counts.met, counts.answered)
    if share not in {other.figure.percent for other in with_figure}:
        for per_cent in _PER_CENT.finditer(text):
            if int(per_cent[1]) == share:
                return per_cent[0]
    if (counts.met, counts.answered) not in {
        (other.figure.counts.met, other.figure.counts.answered) for other in with_figure
    }:
        for of in _COUNTS.finditer(text):
            if (int(of[1]), int(of[2])) == (counts.met, counts.answered):
                return of[0]
    return None


def _not_written(paper: Paper) -> Iterator[Check]:
    for section in paper.sections:
        if section.only_product:
            yield Check(
                f"“{section.heading}” has no commentary yet.",
                "reports.write",
                {"reference": paper.cycle, "section": section.key},
            )


def _teams_named(material: Material, paper: Paper) -> Iterator[Check]:
    """Yield a check for each team that a text names in a report that must name none."""
    themes = [cycle.theme for cycle in (material.cycle, material.next) if cycle is not None]
    for section in paper.sections:
        named = set()
        for text in _texts(section):
            for theme in themes:
                text = text.replace(theme, "")  # noqa: PLW2901  a theme may be called as a team is
            team = names_a_team(text, material.teams)
            if team is not None and team not in named:
                named.add(team)
                yield Check(
                    f"“{section.heading}” names the team {team}, but this report must not name teams.",
                    *_where_to_write(paper, section),
                )


def _where_to_write(paper: Paper, section: Section) -> tuple[str, Mapping[str, str]]:
    """Return the page where the section's own words are written, or else the report."""
    if any(outlined.key == section.key for outlined in to_write(paper.audience)):
        return "reports.write", {"reference": paper.cycle, "section": section.key}
    return "reports.page", {"reference": paper.cycle, "for": paper.audience.value}


def _texts(section: Section) -> Iterator[str]:
    for part in section.parts:
        yield from _texts_of(part)
    for below in section.sections:
        yield below.heading
        yield from _texts(below)


def _texts_of(part: Part) -> Iterator[str]:
    match part:
        case Paragraph(text):
            yield text
        case Bullets(items):
            yield from items
        case Table(caption, headings, rows):
            yield from (caption, *headings)
            for row in rows:
                yield from row
        case Picture(caption, alternative) | Grades(caption, alternative):
            yield from (caption, alternative)
