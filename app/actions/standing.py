"""The standing of actions and recommendations on a day, as conditions of the database.

They are the rules of lifecycle.py turned into ranges, so that a list of 100,000 actions is filtered and
counted by index.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, exists, not_, or_, select
from sqlalchemy.orm import aliased

from app.actions.lifecycle import CLOSED_RECOMMENDATIONS, EFFECTIVE, NOT_EFFECTIVE, RecommendationState
from app.actions.models import Action, MovedDate, Recommendation
from app.database import db
from app.working_days import WorkingDays


class Standing(StrEnum):
    """A filter of the tracker. The first eight divide all actions; the others cut across them."""

    DRAFT = "draft"
    AGREED = "agreed"
    IN_PROGRESS = "in progress"
    DONE = "done awaiting sign-off"
    SIGNED_OFF = "signed off awaiting impact check"
    CLOSED_EFFECTIVE = "closed effective"
    CLOSED_NOT_EFFECTIVE = "closed not effective"
    WITHDRAWN = "withdrawn"
    OVERDUE = "overdue"
    TO_DO = "to be done"
    WITHOUT_OWNER_OR_DATE = "without owner or date"
    CLOSED = "closed"
    NOT_FOLLOWED = "not effective and nothing follows"
    ASKED_LATER = "asked for a later date"
    TO_CHECK = "impact check due"

    @property
    def words(self) -> str:
        """Return the filter as the tracker shows it; its value is part of addresses."""
        return _WORDS.get(self, self.value)


_WORDS = {
    Standing.TO_DO: "to do",
    Standing.WITHOUT_OWNER_OR_DATE: "without an owner or due date",
    Standing.NOT_FOLLOWED: "did not work, no follow-up",
    Standing.ASKED_LATER: "with a request for a later date",
    Standing.TO_CHECK: "to check for impact",
}


@dataclass(frozen=True)
class Standings:
    """The conditions on actions on one day."""

    on: date
    overdue_until: date
    """The latest due day that is overdue."""
    due_until: date
    """The latest due day that has come."""
    facts_ahead: bool
    """True when a file brought work done on a later day. Else the index of actions not done can be used."""

    def where(self, standing: Standing) -> ColumnElement[bool]:
        """Return the condition of a standing."""
        return _CONDITIONS[standing](self)

    def closed(self) -> ColumnElement[bool]:
        """Return the condition: its impact was checked, or it was withdrawn."""
        return closed_by(self.on)

    def closed_with(self, impact: str) -> ColumnElement[bool]:
        """Return the condition: closed by an impact check with this result."""
        return and_(self._checked(), not_(self.withdrawn()), Action.impact == impact)

    def not_followed(self) -> ColumnElement[bool]:
        """Return the condition: closed as not effective, which asks for a new action, and there is none."""
        follower = aliased(Action)
        withdrawn = and_(follower.withdrawn_on.is_not(None), follower.withdrawn_on <= self.on)
        # a NULL among the ids would make "not in" true of nothing
        followed = select(follower.follows_id).where(follower.follows_id.is_not(None), not_(withdrawn))
        return and_(self.closed_with(NOT_EFFECTIVE), Action.id.not_in(followed))

    def signed_off(self) -> ColumnElement[bool]:
        """Return the condition: signed off, with its impact still to be checked."""
        # an action signed off is done too, and only done_on has the index
        return and_(Action.done_on.is_not(None), Action.signed_off_on <= self.on, not_(self.closed()))

    def done(self) -> ColumnElement[bool]:
        """Return the condition: proposed as done by its owner and not signed off."""
        not_signed_off = or_(Action.signed_off_on.is_(None), Action.signed_off_on > self.on)
        return and_(Action.done_on <= self.on, not_signed_off, not_(self.closed()))

    def draft(self) -> ColumnElement[bool]:
        """Return the condition: not agreed, or without an owner or a due day."""
        agreed_later = and_(Action.agreed_on.is_not(None), Action.agreed_on > self.on)
        nobody = or_(Action.owner_id.is_(None), Action.due_on.is_(None))
        return and_(self._not_done(), or_(Action.is_draft, nobody, agreed_later))

    def without_owner_or_date(self) -> ColumnElement[bool]:
        """Return the condition: not done, and without an owner or a due day."""
        return and_(self._not_done(), or_(Action.owner_id.is_(None), Action.due_on.is_(None)))

    def to_do(self) -> ColumnElement[bool]:
        """Return the condition: agreed, and not done."""
        return and_(
            self._not_done(),
            Action.is_draft.is_(False),
            Action.owner_id.is_not(None),
            Action.due_on.is_not(None),
            or_(Action.agreed_on.is_(None), Action.agreed_on <= self.on),
        )

    def in_progress(self) -> ColumnElement[bool]:
        """Return the condition: to be done, with some progress reported."""
        return and_(self.to_do(), Action.started_on.is_not(None), Action.started_on <= self.on)

    def agreed(self) -> ColumnElement[bool]:
        """Return the condition: to be done, without any progress reported."""
        return and_(self.to_do(), or_(Action.started_on.is_(None), Action.started_on > self.on))

    def overdue(self) -> ColumnElement[bool]:
        """Return the condition: to be done, on a day after the due day."""
        return and_(self.to_do(), Action.due_on <= self.overdue_until)

    def asked_later(self) -> ColumnElement[bool]:
        """Return the condition: to be done, and its owner waits for an answer about a later date."""
        unanswered = select(MovedDate.action_id).where(
            MovedDate.action_id.is_not(None), MovedDate.is_made.is_(False), MovedDate.refused_on.is_(None)
        )
        return and_(self.to_do(), Action.id.in_(unanswered))

    def to_check(self) -> ColumnElement[bool]:
        """Return the condition: signed off, and the day of the impact check has come."""
        return and_(self.signed_off(), Action.impact_due_on <= self.due_until)

    def withdrawn(self) -> ColumnElement[bool]:
        """Return the condition: withdrawn."""
        return and_(Action.withdrawn_on.is_not(None), Action.withdrawn_on <= self.on)

    def _checked(self) -> ColumnElement[bool]:
        return and_(Action.impact_checked_on.is_not(None), Action.impact_checked_on <= self.on)

    def _not_done(self) -> ColumnElement[bool]:
        if not self.facts_ahead:
            return and_(Action.done_on.is_(None), Action.withdrawn_on.is_(None))
        return and_(or_(Action.done_on.is_(None), Action.done_on > self.on), not_(self.withdrawn()))


_CONDITIONS: dict[Standing, Callable[[Standings], ColumnElement[bool]]] = {
    Standing.DRAFT: Standings.draft,
    Standing.AGREED: Standings.agreed,
    Standing.IN_PROGRESS: Standings.in_progress,
    Standing.DONE: Standings.done,
    Standing.SIGNED_OFF: Standings.signed_off,
    Standing.CLOSED_EFFECTIVE: lambda at: at.closed_with(EFFECTIVE),
    Standing.CLOSED_NOT_EFFECTIVE: lambda at: at.closed_with(NOT_EFFECTIVE),
    Standing.WITHDRAWN: Standings.withdrawn,
    Standing.OVERDUE: Standings.overdue,
    Standing.TO_DO: Standings.to_do,
    Standing.WITHOUT_OWNER_OR_DATE: Standings.without_owner_or_date,
    Standing.CLOSED: Standings.closed,
    Standing.NOT_FOLLOWED: Standings.not_followed,
    Standing.ASKED_LATER: Standings.asked_later,
    Standing.TO_CHECK: Standings.to_check,
}


def closed_by(on: date) -> ColumnElement[bool]:
    """Return the condition that an action was closed by a day, by an impact check or by withdrawing it."""
    return or_(
        and_(Action.impact_checked_on.is_not(None), Action.impact_checked_on <= on),
        and_(Action.withdrawn_on.is_not(None), Action.withdrawn_on <= on),
    )


def recommendation_state_on(on: date) -> ColumnElement[str]:
    """Return the state of a recommendation on a day, as lifecycle.recommendation_state does."""
    decided = or_(Recommendation.decided_on.is_(None), Recommendation.decided_on <= on)
    return case(
        (Recommendation.carried_out_on <= on, RecommendationState.CARRIED_OUT),
        (and_(Recommendation.decision.is_not(None), decided), Recommendation.decision),
        else_=RecommendationState.AWAITING_DECISION,
    )


class RecommendationStanding(StrEnum):
    """A filter of the list of recommendations besides their state: what waits for a coordinator."""

    WITHOUT_OWNER_OR_DATE = "without owner or date"
    ASKED_LATER = "asked for a later date"
    PROPOSED = "said to be carried out"

    @property
    def words(self) -> str:
        """Return the filter as the list shows it; its value is part of addresses."""
        return _WORDS_OF_RECOMMENDATIONS[self]


_WORDS_OF_RECOMMENDATIONS = {
    RecommendationStanding.WITHOUT_OWNER_OR_DATE: _WORDS[Standing.WITHOUT_OWNER_OR_DATE],
    RecommendationStanding.ASKED_LATER: _WORDS[Standing.ASKED_LATER],
    RecommendationStanding.PROPOSED: "said to be carried out, to agree",
}


def recommendations_that(standing: RecommendationStanding, on: date) -> ColumnElement[bool]:
    """Return the condition on recommendations of a standing on a day. Closed ones have none."""
    state = recommendation_state_on(on)
    is_open = and_(
        state.not_in((*CLOSED_RECOMMENDATIONS, RecommendationState.DEFERRED)),
        or_(Recommendation.raised_on.is_(None), Recommendation.raised_on <= on),
    )
    match standing:
        case RecommendationStanding.WITHOUT_OWNER_OR_DATE:
            return and_(is_open, or_(Recommendation.owner_id.is_(None), Recommendation.due_on.is_(None)))
        case RecommendationStanding.ASKED_LATER:
            unanswered = select(MovedDate.recommendation_id).where(
                MovedDate.recommendation_id.is_not(None),
                MovedDate.is_made.is_(False),
                MovedDate.refused_on.is_(None),
            )
            return and_(state.not_in(CLOSED_RECOMMENDATIONS), Recommendation.id.in_(unanswered))
    return and_(is_open, Recommendation.proposed_on <= on)


def standings(on: date, days: WorkingDays) -> Standings:
    """Return the conditions on actions on a day."""
    ahead = select(or_(exists().where(Action.done_on > on), exists().where(Action.withdrawn_on > on)))
    return Standings(on, days.latest_late(on), days.latest_reaching(on, 0), bool(db.session.scalar(ahead)))
