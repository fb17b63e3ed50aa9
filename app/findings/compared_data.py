"""Two cycles side by side as data for the command."""

from typing import Any

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
        "again": None,
    }


def _row(row: Row, why_not: str | None) -> dict[str, Any]:
    changed = row.change
    interval = None if changed is None else changed.interval
    low, high = (None, None) if interval is None else interval.per_cents
    return {
        "question": row.question,
        "before": _side(row.before),
        "now": _side(row.after),
        "points": None if changed is None else changed.points,
        "low": low,
        "high": high,
        "words": row.difference or why_not,
        "responses": {},
    }


def _side(figure: Figure | Published) -> dict[str, int | None]:
    """Return met, answered and per cent; of a published figure the number met is not known."""
    if isinstance(figure, Published):
        return {"met": None, "answered": figure.answered, "percent": figure.percent}
    return {"met": figure.counts.met, "answered": figure.counts.answered, "percent": figure.percent}
