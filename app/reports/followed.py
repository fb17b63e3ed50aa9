"""The follow-up of a cycle: recommendations, actions and quick wins, as of a day."""

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
from app.people.closures import working_days
from app.people.models import Person
from app.people.roles import RoleName
from app.quick_wins.figures import figures_for
from app.quick_wins.life import state
from app.quick_wins.models import QuickWin
from app.quick_wins.moves import answer_of, facts_of
from app.quick_wins.queries import cycle_of_quick_win
from app.reports.facts import ActionTold, CycleTold, Followed, QuickWinTold, RecommendationTold
from app.reports.key_areas import value
from app.working_days import WorkingDays, happened


def followed(cycle: Cycle, on: date, names: dict[str, str], mask: Masking) -> Followed:
    """Return what came of a cycle by a day; what was raised later is not in it. `names`: key areas by
    question."""
    days = working_days()
    return Followed(
        cycle_told(cycle),
        tuple(_recommendation(one, on, mask) for one in _recommendations(cycle, on)),
        tuple(_action(one, on, days, names, mask) for one in _actions(cycle, on)),
        tuple(_quick_win(one, on, days, names, mask) for one in _quick_wins(cycle)),
    )


def cycle_told(cycle: Cycle) -> CycleTold:
    """A cycle as reports tell of it."""
    return CycleTold(
        cycle.reference,
        cycle.title,
        cycle.theme,
        cycle.requested_on,
        cycle.due_on,
        cycle.cut_off_on,
        cycle.closed_on,
        cycle.reported_to,
        cycle.reported_on,
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


def _recommendation(one: Recommendation, on: date, mask: Masking) -> RecommendationTold:
    decided = one.decision is not None and (one.decided_on is None or one.decided_on <= on)
    return RecommendationTold(
        one.reference,
        mask(one.text),
        one.body.name if one.body else None,
        one.owner.name if one.owner else None,
        one.owner.job_title if one.owner else None,
        one.due_on,
        recommendation_state(recommendation_facts(one), on),
        one.decision if decided else None,
        one.decided_on if decided else None,
        mask(one.decision_words) if decided and one.decision_words else None,
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


def _action(one: Action, on: date, days: WorkingDays, names: dict[str, str], mask: Masking) -> ActionTold:
    facts, owner = action_facts(one), one.owner
    checked = happened(one.impact_checked_on, on)
    return ActionTold(
        reference=one.reference,
        text=mask(one.text),
        recommendation=one.recommendation.reference if one.recommendation else None,
        key_area=names.get(one.question or ""),
        owner=owner.name if owner else None,
        owner_job=owner.job_title if owner else None,
        team=owner.team.name if owner and owner.team else None,
        due_on=one.due_on,
        state=action_state(facts, on),
        is_overdue=is_overdue(facts, on, days),
        impact_words=mask(one.impact_words) if checked and one.impact_words else None,
    )


def _quick_wins(cycle: Cycle) -> list[QuickWin]:
    """Those of the cycle's actions, and those without an action that its figure started."""
    of_its_action = or_(Action.cycle_id == cycle.id, Recommendation.cycle_id == cycle.id)
    query = (
        select(QuickWin)
        .outerjoin(QuickWin.action)
        .outerjoin(Action.recommendation)
        .where(or_(of_its_action, QuickWin.action_id.is_(None)))
        .order_by(QuickWin.starts_on, QuickWin.id)
        .options(joinedload(QuickWin.action), selectinload(QuickWin.roles))
    )
    found = db.session.scalars(query).all()
    return [one for one in found if one.action_id is not None or _started_by(one, cycle)]


def _started_by(quick_win: QuickWin, cycle: Cycle) -> bool:
    started = cycle_of_quick_win(quick_win)
    return started is not None and started.id == cycle.id


def _quick_win(
    one: QuickWin, on: date, days: WorkingDays, names: dict[str, str], mask: Masking
) -> QuickWinTold:
    figures = figures_for(one, on)
    told: tuple[tuple[str, str, str | None], ...] = ()
    if figures is not None:
        told = (
            (figures.cycle.reference, value(figures.before), None),
            *((after.cycle.reference, value(after.figure), after.said) for after in figures.after),
        )
    return QuickWinTold(
        reference=one.reference,
        subject=mask(one.subject),
        message=mask(one.message),
        where=mask(one.where) if one.where else None,
        question=one.question,
        key_area=names.get(one.question or ""),
        state=state(facts_of(one), on, days),
        starts_on=one.starts_on,
        times=one.times,
        every_working_days=one.every_working_days,
        to_practitioners=RoleName.PRACTITIONER in one.audience_roles,
        moved=answer_of(one),
        figures=told,
    )
