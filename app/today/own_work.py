"""Actions and recommendations on the first page: the reader's own, and those waiting for coordinators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.actions.lifecycle import (
    RecommendationState,
    how_overdue_recommendation,
    is_proposed,
    recommendation_state,
)
from app.actions.models import Recommendation
from app.actions.moving import recommendation_facts
from app.actions.open_on import open_recommendations
from app.actions.standing import (
    RecommendationStanding,
    Standing,
    Standings,
    recommendations_that,
)
from app.audits.standing import Standings as AuditStandings
from app.database import db
from app.people.models import Person
from app.quick_wins.life import QuickWinState, state
from app.quick_wins.models import QuickWin
from app.quick_wins.moves import facts_of
from app.reminders.lines import LINES_SHOWN
from app.tracker import action_list as tracker
from app.working_days import WorkingDays

MOST = LINES_SHOWN
"""The most of each kind on the page, as in the messages that link to it; the tracker has all."""


@dataclass(frozen=True)
class Waiting:
    """The actions that wait for a coordinator, counted, and the ended quick wins, listed."""

    to_sign_off: int
    to_check: int
    asked_later: int
    without_owner_or_date: int
    not_followed: int
    """Closed as not effective, and no action follows."""
    recommendations: Mapping[RecommendationStanding, int]
    """The number of recommendations of each standing."""
    ended_quick_wins: Sequence[QuickWin]
    """Quick wins of which nobody has said yet whether the figure moved."""


def own_actions(person: Person, at: Standings, days: WorkingDays) -> Sequence[tracker.Row]:
    """Return the actions that a person has to do, the earliest due first."""
    asked = tracker.Filters(owned_by=person.id, standing=Standing.TO_DO)
    wanted = tracker.ids(asked, at, limit=MOST)
    return tracker.rows(wanted, at.on, days)


@dataclass(frozen=True)
class OwnRecommendation:
    """A recommendation that a person has to carry out, with its state on a day."""

    recommendation: Recommendation
    state: RecommendationState
    overdue: str
    """The words for how overdue it is, "by 2 working days"; empty when it is not."""
    is_proposed: bool
    """True when they said that it is carried out, and it waits for a coordinator."""


def own_recommendations(person: Person, at: AuditStandings, days: WorkingDays) -> list[OwnRecommendation]:
    """Return the open recommendations that a person has to carry out, the earliest due first."""
    open_ones = open_recommendations(at.on)
    query = (
        select(Recommendation)
        .join(open_ones, open_ones.c.id == Recommendation.id)
        .where(Recommendation.owner_id == person.id)
        .options(joinedload(Recommendation.cycle))
        .order_by(Recommendation.due_on.is_(None), Recommendation.due_on, Recommendation.reference)
        .limit(MOST)
    )
    return [_own(recommendation, at.on, days) for recommendation in db.session.scalars(query)]


def _own(recommendation: Recommendation, on: date, days: WorkingDays) -> OwnRecommendation:
    facts = recommendation_facts(recommendation)
    return OwnRecommendation(
        recommendation,
        recommendation_state(facts, on),
        how_overdue_recommendation(facts, on, days),
        is_proposed(facts, on),
    )


def waiting(at: Standings, days: WorkingDays) -> Waiting:
    """Return the actions and quick wins that wait for a coordinator on a day."""
    counted = tracker.counts(
        tracker.Filters(),
        at,
        Standing.DONE,
        Standing.TO_CHECK,
        Standing.ASKED_LATER,
        Standing.WITHOUT_OWNER_OR_DATE,
        Standing.NOT_FOLLOWED,
    )
    return Waiting(
        to_sign_off=counted[Standing.DONE],
        to_check=counted[Standing.TO_CHECK],
        asked_later=counted[Standing.ASKED_LATER],
        without_owner_or_date=counted[Standing.WITHOUT_OWNER_OR_DATE],
        not_followed=counted[Standing.NOT_FOLLOWED],
        recommendations=_recommendations(at.on),
        ended_quick_wins=_ended_unanswered(at.on, days),
    )


def _recommendations(on: date) -> Mapping[RecommendationStanding, int]:
    each = [
        select(func.count())
        .select_from(Recommendation)
        .where(recommendations_that(standing, on))
        .scalar_subquery()
        for standing in RecommendationStanding
    ]
    return dict(zip(RecommendationStanding, db.session.execute(select(*each)).one(), strict=True))


def _ended_unanswered(on: date, days: WorkingDays) -> list[QuickWin]:
    """Return the quick wins that ended without being stopped and that nobody has said helped or not."""
    query = (
        select(QuickWin)
        .where(QuickWin.starts_on <= on, QuickWin.moved.is_(None))
        .order_by(QuickWin.starts_on, QuickWin.reference)
        .options(joinedload(QuickWin.action))
    )
    return [
        quick_win
        for quick_win in db.session.scalars(query)
        if state(facts_of(quick_win), on, days) is QuickWinState.ENDED
    ]
