"""Two cycles side by side as data for the command."""

from typing import Any

from app.findings.again import Again
from app.findings.change import Change
from app.findings.compared import Compared, Row
from app.findings.earlier import Published
from app.findings.figures import Figure


def as_data(cycle: str, earlier: str, compared: Compared) -> dict[str, Any]:
    """Return the counts of each key area in both cycles, and the difference where it may be told."""
    same_cases = compared.same_cases
    return {
        "cycle": cycle,
        "earlier": earlier,
        "same_cases": None if same_cases is None else same_cases.number,
        "areas": [_row(row, compared.why_not) for row in compared.rows],
        "again": None if compared.again is None else _again(compared.again),
    }


def _again(again: Again) -> dict[str, Any]:
    return {
        "cases": again.cases,
        "better": again.by_grade.better,
        "same": again.by_grade.same,
        "worse": again.by_grade.worse,
        "grades": {before: dict(now) for before, now in again.grades.items()},
        "questions": [
            {
                "question": asked.question,
                "better": asked.cases.better,
                "worse": asked.cases.worse,
                "p": None if asked.p is None else round(asked.p, 4),
            }
            for asked in again.questions
        ],
    }


def _row(row: Row, why_not: str | None) -> dict[str, Any]:
    return {
        "question": row.question,
        "before": _side(row.before, row.is_met_or_not),
        "now": _side(row.after, row.is_met_or_not),
        **_change(row.change),
        "words": row.difference or why_not,
        "responses": {
            response.response: {
                "before": None if response.before is None else response.before.met,
                "now": None if response.after is None else response.after.met,
                **_change(response.change),
            }
            for response in row.responses
        },
    }


def _change(change: Change | None) -> dict[str, int | float | None]:
    """Return the points, and the range of a change that has one."""
    low, high = (None, None) if change is None or change.interval is None else change.interval.per_cents
    return {"points": None if change is None else change.points, "low": low, "high": high}


def _side(figure: Figure | Published, is_met_or_not: bool) -> dict[str, int | None]:
    """Return met, answered and per cent. Of a published figure the number met is not known; of a category
    there is none."""
    if isinstance(figure, Published):
        return {"met": None, "answered": figure.answered, "percent": figure.percent}
    met = figure.counts.met if is_met_or_not else None
    return {"met": met, "answered": figure.counts.answered, "percent": figure.percent}
