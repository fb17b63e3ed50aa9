"""Made-up facts of summaries."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.audits.returns import Returns
from app.findings.agreement import Agreement
from app.findings.key_area import KeyArea
from app.summary.document import Summary, summary
from app.summary.facts import Facts, MonthOfReturn, ReportedCycle
from app.summary.period import Period
from tests.reports.cases import a_graded_area, lines, of, the_findings

QUARTER = Period(date(2010, 10, 1), date(2010, 12, 31))
ON = date(2011, 1, 10)
NOVEMBER = date(2010, 11, 1)


def reported(reference: str = "2010-1", *areas: KeyArea, **more: Any) -> ReportedCycle:
    """A closed and frozen cycle of which 2 of 3 audits were returned in November, one of them in time."""
    findings: dict[str, Any] = {
        "returns": Returns(3, 2, 1),
        "frozen_on": date(2010, 12, 17),
        "overall": areas[0].question if areas else None,
    }
    for name in ("returns", "agreement", "responses", "again", "frozen_on"):
        if name in more:
            findings[name] = more.pop(name)
    facts: dict[str, Any] = {
        "theme": "Child protection",
        "reported_on": date(2010, 12, 22),
        "months": (MonthOfReturn(NOVEMBER, 2, 1),),
    }
    return ReportedCycle(reference, findings=the_findings(*areas, **findings), **(facts | more))


def graded(
    reference: str, counts: Mapping[str, tuple[str, int]], question: str = "overall", **more: Any
) -> ReportedCycle:
    """A cycle whose tool has an overall grade with these answers."""
    return reported(reference, a_graded_area("Overall", counts, question=question), **more)


def made(*cycles: ReportedCycle, **more: Any) -> Summary:
    """The summary of these cycles in the last quarter of 2010."""
    facts: dict[str, Any] = {"organisation": "A council", "marking": None, "made_on": ON, "period": QUARTER}
    return summary(Facts(cycles=cycles, **(facts | more)))


def points(paper: Summary) -> Sequence[str]:
    """The main points: what stands before everything else."""
    return lines(paper)[1 : lines(paper).index(f"Period: {QUARTER}")]


def section(paper: Summary, key: str) -> list[str]:
    """The lines of a section without its heading."""
    return of(paper, key).splitlines()[1:]


MODERATED = Agreement(moderated=1, changed=1, returned_here=2)
