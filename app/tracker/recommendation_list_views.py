"""`/recommendations`: the recommendations to bodies, their decisions and their outcome."""

from collections.abc import Mapping

from flask import Response, render_template, request
from flask_security import current_user
from sqlalchemy import select

from app.actions.lifecycle import (
    RecommendationState,
    how_overdue_recommendation,
    is_proposed,
    recommendation_state,
)
from app.actions.models import Body, Recommendation
from app.actions.moving import recommendation_facts
from app.actions.standing import RecommendationStanding
from app.audits.cycle import Cycle
from app.clock import today
from app.database import db
from app.downloads import as_file, asked_for, at_once
from app.files.writing import Value
from app.listing import Address, length_of, paged
from app.people.closures import working_days
from app.people.roles import SEE_ALL
from app.tracker.blueprint import actions
from app.tracker.recommendation_list import PAGE, Filters, listed
from app.wording import capitalised

COLUMNS = (
    "reference", "cycle", "text", "state", "owner", "due_on", "first_due_on", "times_moved", "body",
    "decided_on", "carried_out_on", "actions",
)  # fmt: skip


@actions.get("/recommendations")
def recommendations() -> str | Response:
    """List the recommendations that the person may see; the open ones without an owner or a date on top."""
    on = today()
    filters = _filters_of(request.args)
    if ending := asked_for():
        at_once(length_of(listed(filters, on)))
        cells = (_cells(recommendation) for recommendation in db.session.scalars(listed(filters, on)))
        return as_file(f"recommendations {on}", "Recommendations", COLUMNS, cells, ending)
    page = paged(listed(filters, on), PAGE)
    return render_template(
        "actions/recommendations.html",
        page=page,
        rows=[
            (row, state_of(row), how_overdue(row), is_proposed(recommendation_facts(row), on)) for row in page
        ],
        asked=filters,
        address=Address.here(),
        states=[
            *((state.value, capitalised(state.value)) for state in RecommendationState),
            *((standing.value, capitalised(standing.words)) for standing in RecommendationStanding),
        ],
        cycles=list(db.session.scalars(select(Cycle.reference).order_by(Cycle.requested_on.desc()))),
        bodies=list(db.session.scalars(select(Body.name).order_by(Body.name))),
        whose=request.args.get("whose", ""),
        sees_all=filters.may_see is None,
        on=on,
    )


def state_of(recommendation: Recommendation) -> RecommendationState:
    """Return the state of a recommendation today."""
    return recommendation_state(recommendation_facts(recommendation), today())


def how_overdue(recommendation: Recommendation) -> str:
    """Return how overdue a recommendation is today: "by 2 working days"; nothing when it is not."""
    return how_overdue_recommendation(recommendation_facts(recommendation), today(), working_days())


def _filters_of(args: Mapping[str, str]) -> Filters:
    whose, state = args.get("whose"), args.get("state", "")
    return Filters(
        owned_by=current_user.id if whose == "mine" else None,
        owned_by_people_of=current_user if whose == "team" else None,
        state=_asked_state(state),
        cycle=Cycle.asked_for(args.get("cycle")),
        body=Body.asked_for(args.get("body")),
        owner=args.get("owner") or None,
        may_see=None if current_user.role_names & SEE_ALL else current_user,
        with_closed=args.get("closed") == "yes",
    )


def _asked_state(value: str) -> RecommendationState | RecommendationStanding | None:
    """Return the state or the standing that is asked for; None where there is no such one."""
    for kind in (RecommendationState, RecommendationStanding):
        if value in set(kind):
            return kind(value)
    return None


def _cells(recommendation: Recommendation) -> list[Value]:
    return [
        recommendation.reference,
        recommendation.cycle.reference,
        recommendation.text,
        state_of(recommendation).value,
        recommendation.owner.name if recommendation.owner else None,
        recommendation.due_on,
        recommendation.first_due_on,
        sum(moved.is_made for moved in recommendation.moved_dates) or None,
        recommendation.body.name if recommendation.body else None,
        recommendation.decided_on,
        recommendation.carried_out_on,
        "; ".join(action.reference for action in recommendation.actions) or None,
    ]
