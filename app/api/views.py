"""`/api/v1`: the interface for other programs, without case numbers, auditors' names and comments."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import Response, abort, g, jsonify, request
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.actions.standing import standings as actions_at
from app.api.blueprint import api
from app.api.described import MOST_ON_A_PAGE, ON_A_PAGE, description
from app.api.problems import BadQuery
from app.api.tokens import Holder
from app.audits.counting import returns_by_cycle, returns_of
from app.audits.cycle import Cycle
from app.audits.lifecycle import EXEMPT
from app.audits.models import Audit
from app.audits.returns import Returns
from app.audits.standing import standings as audits_at
from app.chase_list import rows as chase_list_rows
from app.clock import today
from app.cycles import queries
from app.database import db
from app.findings.data import agency_returns, as_data
from app.findings.freezing import findings_of
from app.people.closures import working_days
from app.people.roles import SEE_ALL
from app.tracker import action_list as tracker

LAST_PAGE = 1_000_000


@api.get("/openapi.json")
def openapi() -> Response:
    """Describe the interface as OpenAPI 3.1."""
    return jsonify(description())


@api.get("/cycles")
def cycles() -> Response:
    """List the cycles with what became of their audits, the latest requested first."""
    at = audits_at(today(), working_days())
    returns = returns_by_cycle(at)

    def some(skip: int, limit: int) -> Sequence[dict[str, Any]]:
        query = select(Cycle).options(joinedload(Cycle.tool))
        ordered = query.order_by(Cycle.requested_on.desc(), Cycle.reference).offset(skip).limit(limit)
        return [_cycle(each, returns.get(each.id, Returns())) for each in db.session.scalars(ordered)]

    return _page(db.session.scalar(select(func.count()).select_from(Cycle)) or 0, some)


@api.get("/cycles/<reference>")
def cycle(reference: str) -> Response:
    """Show a cycle with what became of its audits."""
    shown = _cycle_of(reference)
    _refuse_others_than()
    return jsonify(_cycle(shown, returns_of(shown.id, audits_at(today(), working_days()))))


@api.get("/cycles/<reference>/figures")
def figures(reference: str) -> Response:
    """Show the figures of a cycle, small numbers hidden; of a closed cycle as they were frozen."""
    shown = _cycle_of(reference)
    _refuse_others_than()
    document = findings_of(shown, today())
    return jsonify(
        as_data(document)
        | {
            "agency_returns": agency_returns(document),
            "as_of": _day(document.as_of),
            "frozen_on": _day(document.frozen_on),
            "hidden_up_to": document.hide_up_to,
            "cautions": list(document.cautions),
        }
    )


@api.get("/audits")
def audits() -> Response:
    """List the audits by reference; `cycle` narrows them down."""
    on, days = today(), working_days()
    wanted = select(Audit.id)
    if reference := _asked_cycle():
        wanted = wanted.where(Audit.cycle_id == _cycle_of(reference).id)

    def some(skip: int, limit: int) -> Sequence[dict[str, Any]]:
        ids = db.session.scalars(wanted.order_by(Audit.reference).offset(skip).limit(limit)).all()
        return [_audit(row, on) for row in chase_list_rows.rows(ids, on, days)]

    return _page(db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0, some)


@api.get("/actions")
def actions() -> Response:
    """List the actions that the role sees, in the tracker's order; `cycle` narrows them down."""
    on, days = today(), working_days()
    at = actions_at(on, days)
    holder: Holder = g.holder
    reference = _asked_cycle()
    asked = tracker.Filters(
        cycle=_cycle_of(reference).reference if reference else None,
        concerns=None if holder.role in SEE_ALL else holder.person,
        with_closed=True,
    )

    def some(skip: int, limit: int) -> Sequence[dict[str, Any]]:
        ids = tracker.ids(asked, at, skip=skip, limit=limit)
        return [_action(row, on) for row in tracker.rows(ids, on, days)]

    return _page(tracker.how_many(asked, at), some)


def _page(total: int, some: Callable[[int, int], Sequence[dict[str, Any]]]) -> Response:
    """Answer with a page of a list: `page` from 1, `per_page` of them."""
    number, size = _number("page", 1, LAST_PAGE), _number("per_page", ON_A_PAGE, MOST_ON_A_PAGE)
    _refuse_others_than(
        "page", "per_page", *(("cycle",) if request.endpoint in ("api.audits", "api.actions") else ())
    )
    skip = (number - 1) * size
    items = some(skip, size) if skip < total else []
    g.items = len(items)
    return jsonify(
        {"items": items, "page": number, "per_page": size, "total": total, "pages": -(-total // size)}
    )


def _number(name: str, default: int, most: int) -> int:
    values = request.args.getlist(name)
    if not values:
        return default
    text = values[0]
    if len(values) > 1 or not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise BadQuery(f"{name} must be a whole number from 1 to {most}, given once")
    if not 1 <= int(text) <= most:
        raise BadQuery(f"{name} must be a whole number from 1 to {most}, given once")
    return int(text)


def _asked_cycle() -> str | None:
    values = request.args.getlist("cycle")
    if len(values) > 1 or values == [""]:
        raise BadQuery("cycle must be the reference of 1 cycle")
    return values[0] if values else None


def _refuse_others_than(*names: str) -> None:
    """Refuse unknown parameters: a misspelt filter would answer with everything."""
    if unknown := sorted(request.args.keys() - set(names)):
        raise BadQuery(f"{unknown[0]} is not a parameter of this address")


def _cycle_of(reference: str) -> Cycle:
    # no reference holds a character that PostgreSQL cannot be asked for
    return ("\0" not in reference and queries.found(reference)) or abort(404)


def _cycle(cycle: Cycle, returns: Returns) -> dict[str, Any]:
    return {
        "reference": cycle.reference,
        "title": cycle.title,
        "theme": cycle.theme,
        "tool": cycle.tool.reference,
        "tool_version": cycle.tool.version,
        "requested_on": _day(cycle.requested_on),
        "due_on": _day(cycle.due_on),
        "cut_off_on": _day(cycle.cut_off_on),
        "closed_on": _day(cycle.closed_on),
        "frozen_on": _day(cycle.frozen_on),
        "reported_on": _day(cycle.reported_on),
        "auditors": cycle.auditors,
        "self_assessment": cycle.self_assessment,
        "requested": returns.requested,
        "returned": returns.returned,
        "not_returned": returns.not_returned,
        "after_cut_off": returns.after_cut_off,
        "withdrawn": returns.withdrawn,
        "open": returns.open,
    }


def _audit(row: chase_list_rows.ChaseRow, on: date) -> dict[str, Any]:
    facts = row.facts
    return {
        "reference": row.reference,
        "cycle": row.cycle,
        "team": row.team,
        "agency": row.agency,
        "state": row.state_name,
        "exempt": row.state_name == EXEMPT,
        "requested_on": _day(facts.requested_on),
        "started_on": _happened(facts.started_on, on),
        "due_on": _day(facts.due_on),
        "first_due_on": _day(row.first_due_on),
        "returned_on": _happened(facts.returned_on, on),
        "confirmed_on": _happened(facts.confirmed_on, on),
        "withdrawn_on": _happened(facts.withdrawn_on, on),
        "working_days_late": row.working_days_late,
    }


def _action(row: tracker.Row, on: date) -> dict[str, Any]:
    action = row.action
    return {
        "reference": action.reference,
        "text": action.text,
        "state": row.state.value,
        "owner": action.owner.name if action.owner else None,
        "team": action.owner.team.name if action.owner and action.owner.team else None,
        "due_on": _day(action.due_on),
        "first_due_on": _day(action.first_due_on),
        "times_moved": row.times_moved,
        "working_days_late": row.working_days_late,
        "cycle": action.cycle.reference if action.cycle else None,
        "question": action.question,
        "recommendation": action.recommendation.reference if action.recommendation else None,
        "done_on": _happened(action.done_on, on),
        "signed_off_on": _happened(action.signed_off_on, on),
        "impact_checked_on": _happened(action.impact_checked_on, on),
        "impact": action.impact if _happened(action.impact_checked_on, on) else None,
    }


def _happened(day: date | None, on: date) -> str | None:
    return _day(day) if day is not None and day <= on else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
