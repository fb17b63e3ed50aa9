"""Queries for the actions and recommendations that were open on a day, with their owners and due days."""

from datetime import date

from sqlalchemy import ColumnElement, SQLColumnExpression, Subquery, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.actions.lifecycle import DECIDED_AGAINST
from app.actions.models import Action, MovedDate, Recommendation
from app.audits.open_on import not_yet
from app.database import db


def open_actions(on: date) -> Subquery:
    """Return the actions to be done on a day: id, reference, owner_id, due_on (as of that day).

    An action is open from the day it was agreed until it is done or withdrawn. A draft is not open.
    """
    return (
        select(
            Action.id,
            Action.reference,
            Action.owner_id,
            _due_then(Action.due_on, MovedDate.action_id, Action.id, on).label("due_on"),
        )
        .where(
            Action.is_draft.is_(False),
            always_or_by(Action.agreed_on, on),
            not_yet(Action.done_on, on),
            not_yet(Action.withdrawn_on, on),
        )
        .subquery("open_actions")
    )


def open_recommendations(on: date) -> Subquery:
    """Return the recommendations open on a day, with the same columns as `open_actions`.

    A recommendation is open from the day it was raised until it is decided against or carried out.
    """
    decided_against = and_(
        Recommendation.decision.is_not(None),
        Recommendation.decision.in_(DECIDED_AGAINST),
        always_or_by(Recommendation.decided_on, on),
    )
    return (
        select(
            Recommendation.id,
            Recommendation.reference,
            Recommendation.owner_id,
            _due_then(Recommendation.due_on, MovedDate.recommendation_id, Recommendation.id, on).label(
                "due_on"
            ),
        )
        .where(
            always_or_by(Recommendation.raised_on, on),
            or_(Recommendation.decision.is_(None), ~decided_against),
            not_yet(Recommendation.carried_out_on, on),
        )
        .subquery("open_recommendations")
    )


def always_or_by(column: SQLColumnExpression[date | None], on: date) -> ColumnElement[bool]:
    """Return the condition that a fact has no day, so that it always was, or one up to `on`."""
    return or_(column.is_(None), column <= on)


def _due_then(
    due_on: InstrumentedAttribute[date | None],
    moved: InstrumentedAttribute[int | None],
    own: InstrumentedAttribute[int],
    on: date,
) -> ColumnElement[date | None]:
    """Return the due day that held on a day: the one before the first move made after that day.

    When no date was moved later (always so for today) this is the plain column, so that its index can be
    used.
    """
    later = and_(MovedDate.is_made, MovedDate.made_on > on)
    if not db.session.scalar(select(exists().where(moved.is_not(None), later))):
        return due_on.expression
    before = (
        select(MovedDate.from_due_on)
        .where(moved == own, later)
        .order_by(MovedDate.id)
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(before, due_on)
