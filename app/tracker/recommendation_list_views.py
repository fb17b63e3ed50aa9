"""`/recommendations`: what bodies were asked to agree, what they decided, and what came of it."""

from collections.abc import Mapping

from flask import Response, render_template, request
from flask_security import current_user
from sqlalchemy import select

from app.actions.lifecycle import RecommendationState, recommendation_is_open, recommendation_state
from app.actions.models import Body, Recommendation
from app.actions.moving import recommendation_facts
from app.actions.seen import SEE_ALL
from app.audits.cycle import Cycle
from app.clock import today
from app.database import db
from app.downloads import as_file, asked_for
from app.files.writing import Value
from app.listing import Address, paged
from app.people.closures import working_days
from app.tracker.blueprint import actions
from app.tracker.recommendation_list import PAGE, Asked, listed

COLUMNS = (
    "reference", "cycle", "text", "state", "owner", "due_on", "first_due_on", "times_moved", "body",
    "decided_on", "carried_out_on", "actions",
)  # fmt: skip


@actions.get("/recommendations")
def recommendations() -> str | Response:
    """List those that the person may see and asks for; the open ones without an owner or a date on top."""
    on = today()
    asked = _asked(request.args)
    if ending := asked_for():
        cells = (_cells(one) for one in db.session.scalars(listed(asked, on)))
        return as_file(f"recommendations {on}", "Recommendations", COLUMNS, cells, ending)
    page = paged(listed(asked, on), PAGE)
    return render_template(
        "actions/recommendations.html",
        page=page,
        rows=[(one, state_of(one), working_days_late(one)) for one in page],
        asked=asked,
        address=Address.here(),
        states=list(RecommendationState),
        cycles=list(db.session.scalars(select(Cycle.reference).order_by(Cycle.requested_on.desc()))),
        bodies=list(db.session.scalars(select(Body.name).order_by(Body.name))),
        whose=request.args.get("whose", ""),
        sees_all=asked.may_see is None,
        on=on,
    )


def state_of(one: Recommendation) -> RecommendationState:
    """Return its state today."""
    return recommendation_state(recommendation_facts(one), today())


def working_days_late(one: Recommendation) -> int:
    """Return how many working days late an open one is today; 0 for any other."""
    if one.due_on is None or not recommendation_is_open(recommendation_facts(one), today()):
        return 0
    return working_days().working_days_late(one.due_on, today())


def _asked(args: Mapping[str, str]) -> Asked:
    whose, state = args.get("whose"), args.get("state", "")
    return Asked(
        owned_by=current_user.id if whose == "mine" else None,
        owned_by_people_of=current_user if whose == "team" else None,
        state=RecommendationState(state) if state in set(RecommendationState) else None,
        cycle=args.get("cycle") or None,
        body=args.get("body") or None,
        owner=args.get("owner") or None,
        may_see=None if current_user.role_names & SEE_ALL else current_user,
        with_closed=args.get("closed") == "yes",
    )


def _cells(one: Recommendation) -> list[Value]:
    return [
        one.reference,
        one.cycle.reference,
        one.text,
        state_of(one).value,
        one.owner.name if one.owner else None,
        one.due_on,
        one.first_due_on,
        sum(each.is_made for each in one.moved_dates) or None,
        one.body.name if one.body else None,
        one.decided_on,
        one.carried_out_on,
        "; ".join(each.reference for each in one.actions) or None,
    ]
