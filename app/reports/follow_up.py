"""The follow-up of a cycle: its recommendations, actions and quick wins, as of a day."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.actions.lifecycle import action_state, is_overdue, recommendation_state
from app.actions.models import Action, Recommendation
from app.actions.moving import action_facts, recommendation_facts
from app.audits.cycle import Cycle
from app.case_numbers import Masking
from app.database import db
from app.due_dates import that_counts
from app.people.closures import working_days
from app.people.models import Person
from app.people.roles import RoleName
from app.quick_wins.figures import figures_for
from app.quick_wins.life import state
from app.quick_wins.models import QuickWin
from app.quick_wins.moves import answer_of, facts_of
from app.quick_wins.queries import cycle_of_quick_win
from app.reports.facts import (
    FollowUp,
    ReportedAction,
    ReportedCycle,
    ReportedQuickWin,
    ReportedRecommendation,
)
from app.reports.key_areas import value
from app.working_days import WorkingDays, happened


def follow_up(cycle: Cycle, on: date, names: dict[str, str], mask: Masking) -> FollowUp:
    """Return the recommendations, actions and quick wins of a cycle on a day, without those raised later.

    `names` are the key areas by question.
    """
    days = working_days()
    return FollowUp(
        reported_cycle(cycle),
        tuple(_recommendation(recommendation, on, mask) for recommendation in _recommendations(cycle, on)),
        tuple(_action(action, on, days, names, mask) for action in _actions(cycle, on)),
        tuple(_quick_win(quick_win, on, days, names, mask) for quick_win in _quick_wins(cycle)),
    )


def reported_cycle(cycle: Cycle) -> ReportedCycle:
    """Return a cycle as reports show it."""
    return ReportedCycle(
        cycle.reference,
        cycle.title,
        cycle.theme,
        cycle.requested_on,
        that_counts(cycle.due_on, working_days()),
        cycle.cut_off_on,
        cycle.closed_on,
        cycle.reported_to,
        cycle.reported_on,
        cycle.selection,
    )


def _recommendations(cycle: Cycle, on: date) -> Sequence[Recommendation]:
    query = (
        select(Recommendation)
        .where(
            Recommendation.cycle_id == cycle.id,
            or_(Recommendation.raised_on.is_(None), Recommendation.raised_on <= on),
        )
        .order_by(Recommendation.id)
        .options(joinedload(Recommendation.owner), joinedload(Recommendation.body))
    )
    return db.session.scalars(query).all()


def _recommendation(recommendation: Recommendation, on: date, mask: Masking) -> ReportedRecommendation:
    decided = recommendation.decision is not None and (
        recommendation.decided_on is None or recommendation.decided_on <= on
    )
    return ReportedRecommendation(
        recommendation.reference,
        mask(recommendation.text),
        recommendation.body.name if recommendation.body else None,
        recommendation.owner.name if recommendation.owner else None,
        recommendation.owner.job_title if recommendation.owner else None,
        that_counts(recommendation.due_on, working_days()),
        recommendation_state(recommendation_facts(recommendation), on),
        recommendation.decision if decided else None,
        recommendation.decided_on if decided else None,
        mask(recommendation.decision_words) if decided and recommendation.decision_words else None,
    )


def _actions(cycle: Cycle, on: date) -> Sequence[Action]:
    of_it: ColumnElement[bool] = or_(Action.cycle_id == cycle.id, Recommendation.cycle_id == cycle.id)
    query = (
        select(Action)
        .outerjoin(Action.recommendation)
        .where(of_it, or_(Action.raised_on.is_(None), Action.raised_on <= on))
        .order_by(Action.id)
        .options(joinedload(Action.owner).joinedload(Person.team), joinedload(Action.recommendation))
    )
    return db.session.scalars(query).all()


def _action(
    action: Action, on: date, days: WorkingDays, names: dict[str, str], mask: Masking
) -> ReportedAction:
    facts, owner = action_facts(action), action.owner
    checked = happened(action.impact_checked_on, on)
    return ReportedAction(
        reference=action.reference,
        text=mask(action.text),
        recommendation=action.recommendation.reference if action.recommendation else None,
        key_area=names.get(action.question or ""),
        owner=owner.name if owner else None,
        owner_job=owner.job_title if owner else None,
        team=owner.team.name if owner and owner.team else None,
        due_on=that_counts(action.due_on, days),
        state=action_state(facts, on),
        is_overdue=is_overdue(facts, on, days),
        impact_words=mask(action.impact_words) if checked and action.impact_words else None,
    )


def _quick_wins(cycle: Cycle) -> list[QuickWin]:
    """Return the quick wins of the cycle's actions, and those that its figures started directly."""
    of_its_action = or_(Action.cycle_id == cycle.id, Recommendation.cycle_id == cycle.id)
    query = (
        select(QuickWin)
        .outerjoin(QuickWin.action)
        .outerjoin(Action.recommendation)
        .where(or_(of_its_action, QuickWin.action_id.is_(None)))
        .order_by(QuickWin.starts_on, QuickWin.id)
        .options(joinedload(QuickWin.action), selectinload(QuickWin.roles))
    )
    quick_wins = db.session.scalars(query).all()
    return [win for win in quick_wins if win.action_id is not None or _started_by(win, cycle)]


def _started_by(quick_win: QuickWin, cycle: Cycle) -> bool:
    started = cycle_of_quick_win(quick_win)
    return started is not None and started.id == cycle.id


def _quick_win(
    quick_win: QuickWin, on: date, days: WorkingDays, names: dict[str, str], mask: Masking
) -> ReportedQuickWin:
    figures = figures_for(quick_win, on)
    in_words: tuple[tuple[str, str, str | None], ...] = ()
    if figures is not None:
        in_words = (
            (figures.cycle.reference, value(figures.before), None),
            *((after.cycle.reference, value(after.figure), after.difference) for after in figures.after),
        )
    return ReportedQuickWin(
        reference=quick_win.reference,
        subject=mask(quick_win.subject),
        message=mask(quick_win.message),
        where=mask(quick_win.where) if quick_win.where else None,
        question=quick_win.question,
        key_area=names.get(quick_win.question or ""),
        state=state(facts_of(quick_win), on, days),
        starts_on=quick_win.starts_on,
        times=quick_win.times,
        every_working_days=quick_win.every_working_days,
        to_practitioners=RoleName.PRACTITIONER in quick_win.audience_roles,
        moved=answer_of(quick_win),
        figures=in_words,
    )
