"""The list of recommendations, filtered, sorted and cut by the database."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.actions.lifecycle import CLOSED_RECOMMENDATIONS, RecommendationState
from app.actions.models import Body, Recommendation
from app.actions.open_on import open_recommendations
from app.actions.seen import recommendations_listed_for
from app.actions.standing import RecommendationStanding, recommendation_state_on, recommendations_that
from app.audits.cycle import Cycle
from app.people.models import Person
from app.people.standing_in_sql import team_and_line
from app.tracker.action_list import people_called

PAGE = 50


@dataclass(frozen=True)
class Filters:
    """The filters of the list. None: no filter."""

    owned_by: int | None = None
    owned_by_people_of: Person | None = None
    """The person whose team, or whose people as a line manager, own them."""
    state: RecommendationState | RecommendationStanding | None = None
    cycle: str | None = None
    body: str | None = None
    owner: str | None = None
    """A part of the owner's name, or their whole email."""
    may_see: Person | None = None
    """The person who must be allowed to see them, whatever the other filters."""
    with_closed: bool = False


def listed(filters: Filters, on: date) -> Select[Recommendation]:
    """Select the list: open ones without owner or date, other open ones, the rest; each by due day."""
    is_open = Recommendation.id.in_(select(open_recommendations(on).c.id))
    lacks = or_(Recommendation.owner_id.is_(None), Recommendation.due_on.is_(None))
    return (
        select(Recommendation)
        .where(*_where(filters, on))
        .options(
            joinedload(Recommendation.owner),
            joinedload(Recommendation.body),
            joinedload(Recommendation.cycle),
            selectinload(Recommendation.actions),
            selectinload(Recommendation.moved_dates),
        )
        .order_by(
            case((and_(is_open, lacks), 0), (is_open, 1), else_=2),
            Recommendation.due_on.is_not(None),
            Recommendation.due_on,
            func.length(Recommendation.reference),
            Recommendation.reference,
        )
    )


def _where(filters: Filters, on: date) -> list[ColumnElement[bool]]:
    where = [] if filters.may_see is None else [recommendations_listed_for(filters.may_see, on)]
    if filters.owned_by is not None:
        where.append(Recommendation.owner_id == filters.owned_by)
    if (person := filters.owned_by_people_of) is not None:
        where.append(Recommendation.owner_id.in_(team_and_line(person.team_id, person.id)))
    if isinstance(filters.state, RecommendationStanding):
        where.append(recommendations_that(filters.state, on))
    elif filters.state is not None:
        where.append(recommendation_state_on(on) == filters.state)
    elif not filters.with_closed:
        where.append(recommendation_state_on(on).not_in(CLOSED_RECOMMENDATIONS))
    if filters.cycle is not None:
        where.append(Recommendation.cycle_id.in_(select(Cycle.id).where(Cycle.called(filters.cycle))))
    if filters.body is not None:
        where.append(Recommendation.body_id.in_(select(Body.id).where(Body.called(filters.body))))
    if filters.owner is not None:
        where.append(Recommendation.owner_id.in_(people_called(filters.owner)))
    return where
