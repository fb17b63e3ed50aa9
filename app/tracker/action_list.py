"""The tracker of actions: which of them, in which order, how many stand where, and what is told of each.

Of 100,000 actions the first page costs as much as of 100: it reads indexes in their order and stops.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from app.actions.lifecycle import CLOSED, ActionState, action_state, is_overdue
from app.actions.models import Action, Body, MovedDate, Recommendation
from app.actions.moving import action_facts
from app.actions.seen import actions_seen_by, actions_that_concern
from app.actions.standing import Standing, Standings
from app.audits.cycle import Cycle
from app.database import db
from app.people.models import Person
from app.people.standing_in_sql import team_and_line
from app.working_days import WorkingDays

PAGE = 25

IN_ORDER = (
    Standing.WITHOUT_OWNER_OR_DATE,
    Standing.DRAFT,
    Standing.TO_DO,
    Standing.DONE,
    Standing.SIGNED_OFF,
    Standing.CLOSED,
)
"""The list's own order: what nobody sees to on top, then what has to be done; what is closed at the end."""


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see. None: all of them."""

    owned_by: int | None = None
    owned_by_people_of: Person | None = None
    """Owned by somebody of this person's team or by somebody whose line manager this person is."""
    standing: Standing | None = None
    cycle: str | None = None
    body: str | None = None
    owner: str | None = None
    """A part of the owner's name, or their whole email."""
    may_see: Person | None = None
    """The person who must be allowed to see them, whatever else is asked."""
    concerns: Person | None = None
    """The person who owns or steers them."""
    with_closed: bool = False


@dataclass(frozen=True)
class Row:
    """An action as the tracker tells it on a day."""

    action: Action
    state: ActionState
    working_days_late: int
    times_moved: int
    age: int | None
    """Calendar days since it was raised or agreed; None where a file brought it without a day."""

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED


def how_many(asked: Asked, at: Standings) -> int:
    """Return how many actions the whole list has."""
    return db.session.scalar(select(func.count()).select_from(Action).where(*_where(asked, at))) or 0


def counts(asked: Asked, at: Standings, *standings: Standing) -> dict[Standing, int]:
    """Return how many of the actions that the person may see stand where, whatever else is asked for."""
    visible = seen(asked, at.on)
    numbers = [
        select(func.count()).select_from(Action).where(*visible, at.where(each)).scalar_subquery()
        for each in standings
    ]
    return dict(zip(standings, db.session.execute(select(*numbers)).one(), strict=True))


def ids(asked: Asked, at: Standings, *, skip: int = 0, limit: int | None = PAGE) -> list[int]:
    """The actions of the list in its order, as ids: `limit` of them after the first `skip`."""
    found: list[int] = []
    wanted = _where(asked, at)
    for standing in IN_ORDER:
        group = [*wanted, at.where(standing)]
        if standing is Standing.DRAFT:
            group.append(~at.where(Standing.WITHOUT_OWNER_OR_DATE))
        order = (Action.due_on.desc() if standing is Standing.CLOSED else Action.due_on, Action.reference)
        if skip:
            size = db.session.scalar(select(func.count()).select_from(Action).where(*group)) or 0
            if skip >= size:
                skip -= size
                continue
        query = select(Action.id).where(*group).order_by(*order).offset(skip)
        skip = 0
        found += db.session.scalars(query if limit is None else query.limit(limit - len(found)))
        if limit is not None and len(found) == limit:
            break
    return found


def rows(wanted: Sequence[int], on: date, days: WorkingDays) -> list[Row]:
    """Return what is told of these actions, in their order."""
    if not wanted:
        return []
    query = (
        select(Action)
        .where(Action.id.in_(wanted))
        .options(
            joinedload(Action.owner).joinedload(Person.team),
            joinedload(Action.recommendation).joinedload(Recommendation.body),
            joinedload(Action.cycle),
        )
    )
    actions = {action.id: action for action in db.session.scalars(query)}
    moved = Counter(
        dict(
            db.session.execute(
                select(MovedDate.action_id, func.count())
                .where(MovedDate.action_id.in_(wanted), MovedDate.is_made)
                .group_by(MovedDate.action_id)
            ).all()
        )
    )
    return [row(actions[each], moved[each], on, days) for each in wanted]


def row(action: Action, times_moved: int, on: date, days: WorkingDays) -> Row:
    """One action on a day."""
    facts = action_facts(action)
    late = days.working_days_late(action.due_on, on) if action.due_on and is_overdue(facts, on, days) else 0
    begun = action.raised_on or action.agreed_on
    age = (on - begun).days if begun is not None and begun <= on else None
    return Row(action, action_state(facts, on), late, times_moved, age)


def _where(asked: Asked, at: Standings) -> list[ColumnElement[bool]]:
    where = seen(asked, at.on)
    if asked.owned_by is not None:
        where.append(Action.owner_id == asked.owned_by)
    if (manager := asked.owned_by_people_of) is not None:
        where.append(Action.owner_id.in_(team_and_line(manager.team_id, manager.id)))
    if asked.concerns is not None:
        where.append(actions_that_concern(asked.concerns))
    if asked.standing is not None:
        where.append(at.where(asked.standing))
    elif not asked.with_closed:
        where.append(~at.where(Standing.CLOSED))
    if asked.cycle is not None:
        where.append(_one(Action.cycle_id, select(Cycle.id).where(Cycle.reference == asked.cycle)))
    if asked.body is not None:
        of_body = select(Recommendation.id).join(Body).where(Body.name == asked.body)
        where.append(Action.recommendation_id.in_(of_body))
    if asked.owner is not None:
        where.append(Action.owner_id.in_(people_called(asked.owner)))
    return where


def seen(asked: Asked, on: date) -> list[ColumnElement[bool]]:
    """Return the condition that the person may see it; none for those who see all."""
    return [] if asked.may_see is None else [actions_seen_by(asked.may_see, on)]


def people_called(said: str) -> Select[int]:
    """The ids of those whose name has this in it, or whose email it is."""
    said = said.strip()
    return select(Person.id).where(
        or_(Person.name.icontains(said, autoescape=True), Person.email == said.lower())
    )


def _one(column: InstrumentedAttribute[int | None], query: Select[int]) -> ColumnElement[bool]:
    found = db.session.scalar(query)
    return false() if found is None else column == found
