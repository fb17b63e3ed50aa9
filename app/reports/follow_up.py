"""The follow-up of a cycle: its recommendations, actions and quick wins, in the paper of a day."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.actions.lifecycle import OPEN, action_state, recommendation_state
from app.actions.models import Action, Recommendation
from app.actions.moving import action_facts, due_on, recommendation_facts
from app.actions.open_on import always_or_by
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
from app.reports.paper_day import PaperDay
from app.working_days import WorkingDays


def follow_up(cycle: Cycle, day: PaperDay, names: dict[str, str], mask: Masking) -> FollowUp:
    """Return the recommendations, actions and quick wins of a cycle in the paper of a day.

    `names` are the key areas by question.
    """
    days = working_days()
    return FollowUp(
        reported_cycle(cycle, day),
        tuple(_recommendation(each, day, days, mask) for each in _recommendations(cycle, day)),
        tuple(_action(action, day, days, names, mask) for action in _actions(cycle, day)),
        tuple(_quick_win(quick_win, day, days, names, mask) for quick_win in _quick_wins(cycle, day)),
    )


def reported_cycle(cycle: Cycle, day: PaperDay) -> ReportedCycle:
    """Return a cycle as the paper of a day shows it. Until it is closed it has no cut-off."""
    is_closed = day.has_found(cycle.closed_on)
    return ReportedCycle(
        cycle.reference,
        cycle.title,
        cycle.theme,
        cycle.requested_on,
        that_counts(cycle.due_on, working_days()),
        cycle.cut_off_on if is_closed else None,
        cycle.closed_on if is_closed else None,
        cycle.reported_to,
        cycle.reported_on,
        cycle.selection,
    )


def _recommendations(cycle: Cycle, day: PaperDay) -> Sequence[Recommendation]:
    query = (
        select(Recommendation)
        .where(Recommendation.cycle_id == cycle.id, always_or_by(Recommendation.raised_on, day.on))
        .order_by(Recommendation.id)
        .options(
            joinedload(Recommendation.owner),
            joinedload(Recommendation.body),
            selectinload(Recommendation.moved_dates),
        )
    )
    return db.session.scalars(query).all()


def _recommendation(
    recommendation: Recommendation, day: PaperDay, days: WorkingDays, mask: Masking
) -> ReportedRecommendation:
    decided = recommendation.decision is not None and (
        recommendation.decided_on is None or day.has_done(recommendation.decided_on)
    )
    return ReportedRecommendation(
        recommendation.reference,
        mask(recommendation.text),
        recommendation.body.name if recommendation.body else None,
        recommendation.owner.name if recommendation.owner else None,
        recommendation.owner.job_title if recommendation.owner else None,
        that_counts(due_on(recommendation, day.done_by), days),
        recommendation_state(recommendation_facts(recommendation), day.done_by),
        recommendation.decision if decided else None,
        recommendation.decided_on if decided else None,
        mask(recommendation.decision_words) if decided and recommendation.decision_words else None,
    )


def _actions(cycle: Cycle, day: PaperDay) -> Sequence[Action]:
    of_it: ColumnElement[bool] = or_(Action.cycle_id == cycle.id, Recommendation.cycle_id == cycle.id)
    query = (
        select(Action)
        .outerjoin(Action.recommendation)
        .where(of_it, _is_raised(day))
        .order_by(Action.id)
        .options(
            joinedload(Action.owner).joinedload(Person.team),
            joinedload(Action.recommendation),
            selectinload(Action.moved_dates),
        )
    )
    return db.session.scalars(query).all()


def _is_raised(day: PaperDay) -> ColumnElement[bool]:
    """Return the condition of an action raised by the day, as was the recommendation that it carries out."""
    return and_(always_or_by(Action.raised_on, day.on), always_or_by(Recommendation.raised_on, day.on))


def _action(
    action: Action, day: PaperDay, days: WorkingDays, names: dict[str, str], mask: Masking
) -> ReportedAction:
    facts, owner = replace(action_facts(action), due_on=due_on(action, day.done_by)), action.owner
    state = action_state(facts, day.done_by)
    checked = day.has_done(action.impact_checked_on)
    return ReportedAction(
        reference=action.reference,
        text=mask(action.text),
        recommendation=action.recommendation.reference if action.recommendation else None,
        key_area=names.get(action.question or ""),
        owner=owner.name if owner else None,
        owner_job=owner.job_title if owner else None,
        team=owner.team.name if owner and owner.team else None,
        due_on=that_counts(facts.due_on, days),
        state=state,
        is_overdue=facts.due_on is not None and state in OPEN and days.is_late(facts.due_on, day.on),
        impact_words=mask(action.impact_words) if checked and action.impact_words else None,
    )


def _quick_wins(cycle: Cycle, day: PaperDay) -> list[QuickWin]:
    """Return the quick wins planned before the day: of the cycle's actions, or started by its figures."""
    of_its_action = or_(Action.cycle_id == cycle.id, Recommendation.cycle_id == cycle.id)
    query = (
        select(QuickWin)
        .outerjoin(QuickWin.action)
        .outerjoin(Action.recommendation)
        .where(or_(of_its_action, QuickWin.action_id.is_(None)), _is_raised(day))
        .order_by(QuickWin.starts_on, QuickWin.id)
        .options(joinedload(QuickWin.action), selectinload(QuickWin.roles))
    )
    quick_wins = db.session.scalars(query).all()
    planned = [win for win in quick_wins if _is_planned(win, day)]
    return [win for win in planned if win.action_id is not None or _started_by(win, cycle)]


def _is_planned(quick_win: QuickWin, day: PaperDay) -> bool:
    """Return True for a quick win planned before the day. One from a file was planned when its action was
    agreed: while that is a draft, it is not."""
    action = quick_win.action
    if quick_win.raised_on is not None or action is None:
        return day.has_planned(quick_win.raised_on, quick_win.starts_on)
    return not action.is_draft and day.has_planned(action.agreed_on, quick_win.starts_on)


def _started_by(quick_win: QuickWin, cycle: Cycle) -> bool:
    started = cycle_of_quick_win(quick_win)
    return started is not None and started.id == cycle.id


def _quick_win(
    quick_win: QuickWin, day: PaperDay, days: WorkingDays, names: dict[str, str], mask: Masking
) -> ReportedQuickWin:
    figures = figures_for(quick_win, day.on)
    in_words: tuple[tuple[str, str, str | None], ...] = ()
    # a figure of an open cycle is never quoted
    if figures is not None and figures.cycle.is_closed(day.on):
        in_words = (
            (figures.cycle.reference, value(figures.before), None),
            *(
                (after.cycle.reference, value(after.figure), after.difference)
                for after in figures.after
                if after.cycle.is_closed(day.on)
            ),
        )
    return ReportedQuickWin(
        reference=quick_win.reference,
        subject=mask(quick_win.subject),
        message=mask(quick_win.message),
        where=mask(quick_win.where) if quick_win.where else None,
        question=quick_win.question,
        key_area=names.get(quick_win.question or ""),
        state=state(facts_of(quick_win), day.done_by, days),
        starts_on=quick_win.starts_on,
        times=quick_win.times,
        every_working_days=quick_win.every_working_days,
        to_practitioners=RoleName.PRACTITIONER in quick_win.audience_roles,
        moved=answer_of(quick_win) if day.has_done(quick_win.moved_on) else None,
        figures=in_words,
    )
