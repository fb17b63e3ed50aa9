"""The interface described as OpenAPI 3.1, for programs such as Power BI."""

from typing import Any

from app.findings.responses import CEILING, FLOOR
from app.tools.content import DAYS, KINDS, NUMBER

ON_A_PAGE, MOST_ON_A_PAGE = 100, 500

DAY = {"type": ["string", "null"], "format": "date"}
COUNT = {"type": "integer", "minimum": 0}
WORDS = {"type": "string"}
MAYBE_WORDS = {"type": ["string", "null"]}
MAYBE_COUNT = {"type": ["integer", "null"], "minimum": 0}
MAYBE_NUMBER = {"type": ["number", "null"]}

CYCLE = {
    "reference": WORDS,
    "title": WORDS,
    "theme": WORDS,
    "tool": WORDS,
    "tool_version": {"type": "integer"},
    "requested_on": DAY,
    "due_on": DAY,
    "cut_off_on": DAY,
    "closed_on": DAY,
    "frozen_on": DAY,
    "reported_on": DAY,
    "auditors": {"type": "integer", "minimum": 1, "description": "Auditors that each audit needs."},
    "self_assessment": {"type": "boolean"},
    "requested": COUNT,
    "returned": COUNT,
    "not_returned": COUNT,
    "after_cut_off": COUNT,
    "withdrawn": COUNT,
    "open": COUNT,
}
KEY_AREA = {
    "question": WORDS,
    "key_area": WORDS,
    "met": MAYBE_COUNT | {"description": "Null if answers are neither met nor not met."},
    "answered": COUNT,
    "not_applicable": COUNT,
    "not_answered": COUNT,
    "percent": {
        "type": ["integer", "null"],
        "description": "Percentage as a whole number, null if there is no figure.",
    },
    "low": MAYBE_NUMBER | {"description": "Low end of the 95% interval, as a percentage."},
    "high": MAYBE_NUMBER | {"description": "High end of the 95% interval, as a percentage."},
    "why_no_figure": MAYBE_WORDS,
    "locations": {
        "type": "object",
        "description": "Answers by where the evidence was found, null if a small number is hidden.",
        "additionalProperties": {"type": ["integer", "null"]},
    },
    "kind": {"type": "string", "enum": [*KINDS, NUMBER, DAYS]},
    "responses": {
        "type": ["object", "null"],
        "description": (
            "Counted answers by response, in the order of the scale. They add up to more than the answers if "
            "one can have several responses. Null for figures frozen before responses were counted."
        ),
        "additionalProperties": COUNT,
    },
    "numbers": {
        "type": ["object", "null"],
        "description": "The median and quartiles of the numbers, null if the question asks for no number.",
        "properties": {
            "answered": COUNT,
            "median": MAYBE_NUMBER,
            "lower_quartile": MAYBE_NUMBER,
            "upper_quartile": MAYBE_NUMBER,
            "unit": WORDS,
        },
        "required": ["answered", "median", "lower_quartile", "upper_quartile", "unit"],
        "additionalProperties": False,
    },
    "level": {
        "type": ["object", "null"],
        "description": "The level that the council expects: at least, or no more than, a percentage.",
        "properties": {
            "kind": {"type": "string", "enum": [FLOOR, CEILING]},
            "percent": COUNT,
            "kept": {"type": ["boolean", "null"]},
        },
        "required": ["kind", "percent", "kept"],
        "additionalProperties": False,
    },
    "asked_in": MAYBE_COUNT
    | {"description": "Audits that the question was asked in, null if it applies to all."},
}
AUDIT = {
    "reference": WORDS,
    "cycle": WORDS,
    "team": WORDS,
    "agency": MAYBE_WORDS,
    "state": WORDS,
    "exempt": {"type": "boolean"},
    "requested_on": DAY,
    "started_on": DAY,
    "due_on": DAY,
    "first_due_on": DAY,
    "returned_on": DAY,
    "confirmed_on": DAY,
    "withdrawn_on": DAY,
    "working_days_late": COUNT,
}
ACTION = {
    "reference": WORDS,
    "text": WORDS,
    "state": WORDS,
    "owner": MAYBE_WORDS,
    "team": MAYBE_WORDS,
    "due_on": DAY,
    "first_due_on": DAY,
    "times_moved": COUNT,
    "working_days_late": COUNT,
    "cycle": MAYBE_WORDS,
    "question": MAYBE_WORDS,
    "recommendation": MAYBE_WORDS,
    "done_on": DAY,
    "signed_off_on": DAY,
    "impact_checked_on": DAY,
    "impact": MAYBE_WORDS,
}


def description() -> dict[str, Any]:
    """Return the whole document."""
    figures = {
        "cycle": WORDS,
        **dict.fromkeys(("requested", "returned", "not_returned", "after_cut_off"), COUNT),
        **dict.fromkeys(("withdrawn", "open"), COUNT),
        "areas": {"type": "array", "items": _thing(KEY_AREA)},
        "cases": COUNT | {"description": "Different cases among the returned audits that count."},
        "no_interval_because": MAYBE_WORDS
        | {"description": "Why figures that count all returns have no interval, null if they have one."},
        "overall": MAYBE_WORDS | {"description": "The question that is the overall grade."},
        "above_limit": COUNT | {"description": "Audits with an overall grade above the limit of the tool."},
        "responses_called_for": COUNT | {"description": "Responses that a grade called for."},
        "responses_in_time": COUNT | {"description": "Those that were answered by their due date."},
        "agencies": {
            "type": ["object", "null"],
            "description": "Answers by agency, question and response, of the questions to which every agency "
            "has at least 10 answers. Null if there are none.",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": {"type": "object", "additionalProperties": COUNT},
            },
        },
        "agency_returns": {
            "type": ["object", "null"],
            "description": "Returned audits of each agency, of those that were not withdrawn. Null if the "
            "cycle has no agencies.",
            "additionalProperties": _thing({"returned": COUNT, "wanted": COUNT}),
        },
        "as_of": DAY,
        "frozen_on": DAY,
        "hidden_up_to": COUNT,
        "cautions": {"type": "array", "items": WORDS},
    }
    reference = {"name": "reference", "in": "path", "required": True, "schema": WORDS}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Practice audits",
            "version": "1",
            "description": (
                "Other programs can read cycles, figures, audits and actions. Case numbers, answers and "
                "comments are left out, and small numbers are hidden to protect privacy. Each "
                "API key has the permissions of one role. Coordinators can read everything. Leaders can read "
                "everything except audits. Managers can read cycles, figures, and the actions owned by them "
                "or their team."
            ),
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"key": []}],
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Cycle": _thing(CYCLE),
                "Figures": _thing(figures),
                "Audit": _thing(AUDIT),
                "Action": _thing(ACTION),
                "Problem": _thing({"title": WORDS, "status": COUNT, "detail": WORDS}),
            },
        },
        "paths": {
            "/cycles": {"get": _list("Cycle", "All cycles, most recently requested first")},
            "/cycles/{reference}": {"get": _one("Cycle", "One cycle", reference)},
            "/cycles/{reference}/figures": {
                "get": _one("Figures", "The figures of a cycle, with small numbers hidden", reference)
            },
            "/audits": {"get": _list("Audit", "Audits by reference, for coordinators only", by_cycle=True)},
            "/actions": {"get": _list("Action", "Actions in the order of the tracker", by_cycle=True)},
        },
    }


def _thing(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(name: str, summary: str, *, by_cycle: bool = False) -> dict[str, Any]:
    page = {
        "items": {"type": "array", "items": _named(name)},
        "page": COUNT,
        "per_page": COUNT,
        "total": COUNT,
        "pages": COUNT,
    }
    asked = [
        _query("page", {"type": "integer", "minimum": 1, "maximum": 1_000_000, "default": 1}),
        _query(
            "per_page", {"type": "integer", "minimum": 1, "maximum": MOST_ON_A_PAGE, "default": ON_A_PAGE}
        ),
    ]
    if by_cycle:
        asked.append(_query("cycle", WORDS | {"minLength": 1, "description": "Reference of 1 cycle."}))
    # which cycles there are is not known to a description, so a cycle that is not there is an answer too
    return _read(summary, _thing(page), asked, not_there=by_cycle)


def _one(name: str, summary: str, reference: dict[str, Any]) -> dict[str, Any]:
    return _read(summary, _named(name), [reference], not_there=True)


def _read(
    summary: str, answer: dict[str, Any], asked: list[dict[str, Any]], *, not_there: bool
) -> dict[str, Any]:
    refused = {
        "400": "The request has an error",
        "401": "The API key is missing or cannot be used",
        "403": "The role of this API key cannot read this",
    }
    if not_there:
        refused["404"] = "Not found"
    problem = {"application/problem+json": {"schema": _named("Problem")}}
    return {
        "summary": summary,
        "parameters": asked,
        "responses": {
            "200": {"description": summary, "content": {"application/json": {"schema": answer}}},
            **{code: {"description": why, "content": problem} for code, why in refused.items()},
        },
    }


def _query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}


def _named(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}
