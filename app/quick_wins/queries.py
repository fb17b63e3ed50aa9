"""Queries for quick wins: the list, the cycles they belong to, and the people they are for."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, not_, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.actions.models import Action, Recommendation
from app.actions.seen import actions_that_concern
from app.actions.standing import closed_by
from app.audits.cycle import Cycle
from app.audits.open_on import not_yet
from app.database import db
from app.people.models import Person
from app.quick_wins.audience import is_for
from app.quick_wins.models import AudienceTeam, QuickWin
from app.quick_wins.practice_days import practice_day
from app.tools.models import Question, Section
from app.working_days import WorkingDays

PAGE = 25


def found(reference: str) -> QuickWin | None:
    """Return the quick win of that reference, with its action and its audience."""
    query = select(QuickWin).where(QuickWin.called(reference))
    return db.session.scalars(query.options(*_WHOLE)).unique().one_or_none()


_WHOLE = (
    joinedload(QuickWin.action).joinedload(Action.owner),
    joinedload(QuickWin.action).joinedload(Action.cycle),
    joinedload(QuickWin.action).joinedload(Action.recommendation).joinedload(Recommendation.cycle),
    selectinload(QuickWin.roles),
    selectinload(QuickWin.teams).joinedload(AudienceTeam.team),
)


def listed(may_see: Person | None) -> Select[QuickWin]:
    """Select the quick wins that the person may see (None: all), the one that starts last first."""
    return (
        select(QuickWin)
        .outerjoin(QuickWin.action)
        .where(*_visible(may_see))
        .order_by(QuickWin.starts_on.desc(), QuickWin.reference)
        .options(
            contains_eager(QuickWin.action).joinedload(Action.owner),
            selectinload(QuickWin.roles),
            selectinload(QuickWin.teams).joinedload(AudienceTeam.team),
        )
    )


def _visible(may_see: Person | None) -> list[ColumnElement[bool]]:
    return [] if may_see is None else [actions_that_concern(may_see)]


def current_for(person: Person, on: date, days: WorkingDays) -> list[QuickWin]:
    """Return the quick wins that go out to a person at present."""
    query = (
        select(QuickWin)
        .where(QuickWin.starts_on <= on, running_quick_wins(on))
        .order_by(QuickWin.starts_on, QuickWin.reference)
        .options(selectinload(QuickWin.roles), selectinload(QuickWin.teams))
    )
    return [
        win
        for win in db.session.scalars(query)
        if practice_day(win, on, days) and is_in_audience(win, person)
    ]


def is_in_audience(quick_win: QuickWin, person: Person) -> bool:
    """Return True when a quick win's message is for this person."""
    return is_for(
        quick_win.audience_roles,
        quick_win.audience_team_ids,
        person_roles=person.role_names,
        person_team_id=person.team_id,
    )


def cycle_of(action: Action | None) -> Cycle | None:
    """Return the cycle whose finding an action answers: its own, else that of its recommendation."""
    if action is None:
        return None
    return action.cycle or (action.recommendation.cycle if action.recommendation else None)


def cycle_of_quick_win(quick_win: QuickWin) -> Cycle | None:
    """Return the cycle whose figure started it: that of its action, else the last that asked its question."""
    cycle = cycle_of(quick_win.action)
    if cycle is not None or quick_win.question is None:
        return cycle
    query = (
        select(Cycle)
        .where(Cycle.tool_id.in_(tools_asking(quick_win.question)), Cycle.checks.is_(None))
        .where(Cycle.requested_on <= quick_win.starts_on)
        .order_by(Cycle.requested_on.desc(), Cycle.reference)
        .limit(1)
    )
    return db.session.scalars(query).one_or_none()


def later_cycles(quick_win: QuickWin, question: str, than: Cycle, on: date, *, most: int) -> Sequence[Cycle]:
    """Return the next cycles, by a day, that ask the question again: those requested since it began to go
    out, and its own quick checks. Quick checks of something else are left out."""
    own = [quick_win.reference, *([quick_win.action.reference] if quick_win.action else [])]
    query = (
        select(Cycle)
        .where(
            Cycle.tool_id.in_(tools_asking(question)),
            Cycle.id != than.id,
            Cycle.requested_on >= max(quick_win.starts_on, than.requested_on),
            Cycle.requested_on <= on,
            or_(Cycle.checks.is_(None), Cycle.checks.in_(own)),
        )
        .order_by(Cycle.requested_on, Cycle.reference)
        .limit(most)
        .options(joinedload(Cycle.tool))
    )
    return db.session.scalars(query).all()


def tools_asking(question: str) -> Select[int]:
    """Select the ids of the versions of tools that ask a question."""
    return select(Section.tool_id).join(Question).where(Question.key == question)


def questions_of(cycle: Cycle | None) -> list[tuple[str, str]]:
    """Return the questions of a cycle's tool in its order: (key, key area)."""
    if cycle is None:
        return []
    query = (
        select(Question.key, Question.key_area)
        .join(Section)
        .where(Section.tool_id == cycle.tool_id)
        .order_by(Section.position, Question.position)
    )
    return [(row.key, row.key_area) for row in db.session.execute(query)]


def without_message(on: date) -> Sequence[Action]:
    """Return the actions marked as quick wins that are open and have no message yet."""
    planned = select(QuickWin.action_id).where(QuickWin.action_id.is_not(None))
    query = (
        select(Action)
        .where(Action.is_quick_win, not_(closed_by(on)))
        .where(Action.id.not_in(planned))
        .order_by(Action.due_on, Action.reference)
        .limit(PAGE)
    )
    return db.session.scalars(query).all()


def checks_of(*references: str) -> Sequence[Cycle]:
    """Return the quick checks of a quick win or an action, the latest first."""
    query = select(Cycle).where(Cycle.checks.in_(references)).order_by(Cycle.requested_on.desc(), Cycle.id)
    return db.session.scalars(query).all()


def checks_of_action(action: Action) -> Sequence[Cycle]:
    """Return the quick checks of an action and of its quick wins, the latest first, each with its tool."""
    quick_wins = db.session.scalars(select(QuickWin.reference).where(QuickWin.action_id == action.id))
    query = select(Cycle).where(Cycle.checks.in_([action.reference, *quick_wins]))
    query = query.order_by(Cycle.requested_on.desc(), Cycle.id).options(joinedload(Cycle.tool))
    return db.session.scalars(query).all()


def running_quick_wins(on: date) -> ColumnElement[bool]:
    """Return the condition that a quick win is not stopped and its action not closed or withdrawn by that
    day. It need not have begun."""
    action_ended = exists().where(Action.id == QuickWin.action_id, closed_by(on))
    return and_(not_yet(QuickWin.stopped_on, on), ~action_ended.correlate(QuickWin))
