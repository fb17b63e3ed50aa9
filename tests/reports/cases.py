"""Made-up cycles for tests of what reports say, and all that a paper says as text."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from app.actions.lifecycle import ActionState, RecommendationState
from app.audits.returns import Returns
from app.findings.agreement import Agreement
from app.findings.document import Findings
from app.findings.figures import Counts, Minimum, Sample, figure
from app.findings.key_area import KeyArea
from app.findings.responses import given, together
from app.quick_wins.life import QuickWinState
from app.reports.content import draft
from app.reports.facts import (
    FollowUp,
    Material,
    ReportedAction,
    ReportedCycle,
    ReportedQuickWin,
    ReportedRecommendation,
)
from app.reports.paper import Audience, Bullets, Grades, Paper, Paragraph, Part, Section, Table
from app.tools.content import GRADE, MET, NEITHER, NOT_MET

COUNCIL, PARTNERSHIP = Audience.COUNCIL, Audience.PARTNERSHIP

TODAY = date(2010, 12, 22)
A_GRADE: Mapping[str, Any] = {"kind": "grade", "met_as": ("outstanding", "good")}
A_CATEGORY: Mapping[str, Any] = {"kind": "category", "is_met_or_not": False}
CLOSED = date(2010, 12, 17)


def an_area(
    name: str,
    met: int = 15,
    not_met: int = 10,
    *,
    not_applicable: int = 0,
    not_answered: int = 0,
    question: str | None = None,
    places: Mapping[str, int | None] | None = None,
    expected: int | None = None,
    selection: str | None = None,
    **more: Any,
) -> KeyArea:
    """A key area with the figure that follows from its counts."""
    is_met_or_not = more.get("is_met_or_not", True)
    counts = Counts(met, not_met, not_applicable, not_answered)
    if not is_met_or_not:
        counts = Counts(not_applicable=not_applicable, not_answered=not_answered, neither=met + not_met)
    return KeyArea(
        question or name.lower().replace(" ", "_"),
        name,
        figure(counts, Minimum(0.8, 10), Sample(selection), is_met_or_not=is_met_or_not),
        places or {},
        expected,
        **more,
    )


def a_graded_area(
    name: str, grades: Mapping[str, tuple[str, int]], sample: Sample | None = None, **more: Any
) -> KeyArea:
    """A key area with a scale of these responses, each with how it counts and the answers that gave it.

    `kind` is a grade where it is not said. `not_applicable` and `not_answered` are counts.
    """
    counting = {response: counts_as for response, (counts_as, _) in grades.items()}
    numbers = {response: number for response, (_, number) in grades.items()}

    def counted(counts_as: str) -> int:
        return sum(number for counts, number in grades.values() if counts == counts_as)

    not_applicable, not_answered = more.pop("not_applicable", 0), more.pop("not_answered", 0)
    counts = Counts(counted(MET), counted(NOT_MET), not_applicable, not_answered, counted(NEITHER))
    is_met_or_not = not counted(NEITHER)
    shown = figure(counts, Minimum(0.8, 10), sample or Sample(), is_met_or_not=is_met_or_not)
    responses = given(numbers, counting, shown, sample or Sample())
    at_most = more.get("at_most")
    return KeyArea(
        more.pop("question", name.lower().replace(" ", "_")),
        name,
        shown,
        more.pop("places", {}),
        more.pop("expected_level", None),
        kind=more.pop("kind", GRADE),
        responses=responses,
        is_met_or_not=is_met_or_not,
        met_as=tuple(response for response, counts_as in counting.items() if counts_as == MET),
        at_most_share=together(responses, at_most.responses, shown, sample or Sample()) if at_most else None,
        **more,
    )


def the_grades(outstanding: int, good: int, improvement: int, inadequate: int) -> dict[str, tuple[str, int]]:
    """Four grades of which two are met, each with its number of audits."""
    return {
        "outstanding": (MET, outstanding),
        "good": (MET, good),
        "requires improvement": (NOT_MET, improvement),
        "inadequate": (NOT_MET, inadequate),
    }


def a_cycle(closed_on: date | None = CLOSED, **more: Any) -> ReportedCycle:
    """A cycle on child protection."""
    facts: dict[str, Any] = {
        "reference": "2010-1",
        "title": "First cycle",
        "theme": "Child protection",
        "requested_on": date(2010, 10, 4),
        "due_on": date(2010, 11, 12),
        "closed_on": closed_on,
    }
    return ReportedCycle(**(facts | more))


def the_findings(*areas: KeyArea, returns: Returns | None = None, **more: Any) -> Findings:
    """Return the findings of a cycle with as many returned audits as its first key area has answers."""
    audits = areas[0].figure.counts.audits if areas else 0
    facts: dict[str, Any] = {
        "cycle": "2010-1",
        "title": "First cycle",
        "theme": "Child protection",
        "tool": "Case file audit, version 1",
        "as_of": TODAY,
        "frozen_on": None,
        "cut_off_on": CLOSED,
        "returns": returns or Returns(audits, audits),
        "reasons": (),
        "method": (),
        "cautions": (),
        "areas": areas,
        "hide_up_to": 4,
        "teams": {},
        "main_places": {},
        "factors": {},
        "factors_left_out": (),
        "agreement": Agreement(),
    }
    return Findings(**(facts | more))


def a_material(*areas: KeyArea, findings: Findings | None = None, **more: Any) -> Material:
    """Return the material of a cycle for which nothing else was recorded."""
    cycle = more.pop("cycle", None) or a_cycle()
    facts: dict[str, Any] = {
        "organisation": "A council",
        "marking": None,
        "made_on": TODAY,
        "made_by": None,
        "cycle": cycle,
        "findings": findings or the_findings(*areas),
        "own": more.pop("own", None) or FollowUp(cycle),
    }
    return Material(**(facts | more))


def a_quick_win(reference: str = "Q1", **more: Any) -> ReportedQuickWin:
    """A quick win that goes out."""
    facts: dict[str, Any] = {
        "subject": "Child seen",
        "message": "Write down that you saw the child.",
        "where": None,
        "question": "child_seen",
        "state": QuickWinState.GOING_OUT,
        "starts_on": date(2011, 1, 17),
        "times": 6,
        "every_working_days": 5,
        "to_practitioners": True,
    }
    return ReportedQuickWin(reference, **(facts | more))


def a_recommendation(reference: str = "R1", **more: Any) -> ReportedRecommendation:
    """A recommendation that awaits its decision."""
    facts: dict[str, Any] = {
        "text": "Do it",
        "body": "SMT",
        "owner": "Ann Lee",
        "owner_job": "Head",
        "due_on": date(2011, 2, 1),
        "state": RecommendationState.AWAITING_DECISION,
    }
    return ReportedRecommendation(reference, **(facts | more))


def an_action(reference: str = "A1", state: ActionState = ActionState.AGREED, **more: Any) -> ReportedAction:
    """An action in its given state."""
    facts: dict[str, Any] = {
        "text": "Remind staff",
        "recommendation": "R1",
        "key_area": "Child seen",
        "owner": "Ann Lee",
        "owner_job": "Head",
        "team": "Crewe",
        "due_on": date(2011, 2, 1),
    }
    return ReportedAction(reference, state=state, **(facts | more))


def lines(paper: Paper) -> list[str]:
    """Return the text of a paper: a line for each paragraph, item, row, heading and fact, in order."""
    said = [paper.title]
    for part in paper.opening:
        said += _lines_of(part)
    said += [f"{name}: {value}" for name, value in paper.said_of_it]
    for section in paper.sections:
        said += _lines(section)
    return said


def text(paper: Paper) -> str:
    """Return the whole text of a paper."""
    return "\n".join(lines(paper))


def of(paper: Paper, key: str) -> str:
    """Return the text of a section, at whatever depth."""
    found = [section for section in _all(paper.sections) if section.key == key]
    return "\n".join(line for section in found for line in _lines(section))


def council(material: Material, key: str) -> str:
    """The text of a section of the council's report."""
    return of(draft(material, COUNCIL), key)


def all_parts(paper: Paper) -> list[Part]:
    """Return all parts of a paper, at whatever depth, in order."""
    return [*paper.opening, *(part for section in _all(paper.sections) for part in section.parts)]


def _all(sections: tuple[Section, ...]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _all(section.sections)


def _lines(section: Section) -> list[str]:
    said = [section.heading]
    for part in section.parts:
        said += _lines_of(part)
    for below in section.sections:
        said += _lines(below)
    return said


def _lines_of(part: Part) -> list[str]:
    if isinstance(part, Paragraph):
        return [part.text]
    if isinstance(part, Bullets):
        return list(part.items)
    if isinstance(part, Table):
        return [part.caption, " | ".join(part.headings), *(" | ".join(row) for row in part.rows)]
    if isinstance(part, Grades):
        bars = (f"{bar.name}: {', '.join(map(str, bar.counts))}" for bar in part.grade_bars)
        return [part.caption, part.alternative, " | ".join(part.grades), *bars]
    return [part.caption, part.alternative, *(f"{bar.name}: {bar.said}" for bar in part.bars)]
