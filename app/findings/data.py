"""The figures of a cycle as data for the command and for other programs. Pure."""

from dataclasses import asdict
from typing import Any

from app.findings.document import Findings
from app.findings.key_area import KeyArea


def as_data(findings: Findings) -> dict[str, Any]:
    """Return the counts and per cents of each key area; hidden small numbers by place are None."""
    returns = findings.returns
    return {
        "cycle": findings.cycle,
        "requested": returns.requested,
        "returned": returns.returned,
        "not_returned": returns.not_returned,
        "after_cut_off": returns.after_cut_off,
        "withdrawn": returns.withdrawn,
        "open": returns.open,
        "areas": [_area(area) for area in findings.areas],
        "cases": findings.cases,
        "no_interval_because": findings.no_interval_because,
        "overall": findings.overall,
        "responses_called_for": findings.responses.called_for,
        "responses_in_time": findings.responses.in_time,
        "above_limit": findings.above_limit,
        "agencies": findings.several_agencies and findings.several_agencies.counts_that_leave,
    }


def agency_returns(findings: Findings) -> dict[str, dict[str, int]] | None:
    """Return the returns of each agency, and of the meetings of cases as those of `together`."""
    if findings.several_agencies is None:
        return None
    return {
        agency: {"returned": returned.returned, "wanted": returned.wanted}
        for agency, returned in findings.several_agencies.returns.items()
    }


def _area(area: KeyArea) -> dict[str, Any]:
    figure, counts = area.figure, area.figure.counts
    low, high = (None, None) if figure.interval is None else figure.interval.per_cents
    return {
        "question": area.question,
        "key_area": area.name,
        "met": counts.met if area.is_met_or_not else None,
        "answered": counts.answered,
        "not_applicable": counts.not_applicable,
        "not_answered": counts.not_answered,
        "percent": figure.percent,
        "low": low,
        "high": high,
        "why_no_figure": figure.why_no_figure,
        "locations": dict(area.places),
        "kind": area.kind,
        "responses": None
        if area.responses is None
        else {given.response: given.count for given in area.responses},
        "numbers": None if area.numbers is None else asdict(area.numbers),
        "level": None if area.level is None else asdict(area.level),
        "asked_in": area.asked_in,
    }
