"""The tracker of actions: its filters, order, counts and rows.

Of 100,000 actions the first page costs as much as of 100: the query reads indexes in their order and stops.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from app.actions.lifecycle import CLOSED, ActionState, action_state, how_overdue, working_days_late
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
"""The order of the list: first without owner or date, then what has to be done, and closed ones last."""

OF_WHAT_IS_TO_DO = frozenset(
    {Standing.TO_DO, Standing.AGREED, Standing.IN_PROGRESS, Standing.OVERDUE, Standing.ASKED_LATER}
)
"""The standings of which each action has to be done, so that no other part of the list has any."""


@dataclass(frozen=True)
class Filters:
    """The filters of the tracker. None: no filter."""

    owned_by: int | None = None
    owned_by_people_of: Person | None = None
    """The person whose team, or whose people as a line manager, own them."""
    standing: Standing | None = None
    cycle: str | None = None
    body: str | None = None
    owner: str | None = None
    """A part of the owner's name, or their whole email."""
    may_see: Person | None = None
    """The person who must be allowed to see them, whatever the other filters."""
    concerns: Person | None = None
    """The person who owns or steers them."""
    with_closed: bool = False


@dataclass(frozen=True)
class Row:
    """An action as the tracker shows it on a day."""

    action: Action
    state: ActionState
    working_days_late: int
    overdue: str
    """The words for how overdue it is, "by 2 working days"; empty when it is not."""
    times_moved: int
    age: int | None
    """Calendar days since it was raised or agreed; None when a file brought it without a day."""

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED


def how_many(filters: Filters, at: Standings) -> int:
    """Return the number of actions in the whole list."""
    return db.session.scalar(select(func.count()).select_from(Action).where(*_where(filters, at))) or 0


def counts(filters: Filters, at: Standings, *standings: Standing) -> dict[Standing, int]:
    """Return the number of actions of each standing that the person may see, whatever the other filters."""
    if visible := seen(filters, at.on):
        # what the person may see is looked up once, which takes longer than counting it
        each = (func.count().filter(at.where(standing)) for standing in standings)
        query = select(*each).select_from(Action).where(*visible)
        return dict(zip(standings, db.session.execute(query).one(), strict=True))
    # from the index of each
    numbers = [
        select(func.count()).select_from(Action).where(at.where(standing)).scalar_subquery()
        for standing in standings
    ]
    return dict(zip(standings, db.session.execute(select(*numbers)).one(), strict=True))


def ids(filters: Filters, at: Standings, *, skip: int = 0, limit: int | None = PAGE) -> list[int]:
    """Return the ids of the list in its order: `limit` of them after the first `skip`."""
    listed: list[int] = []
    wanted = _where(filters, at)
    for standing in (Standing.TO_DO,) if filters.standing in OF_WHAT_IS_TO_DO else IN_ORDER:
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
        listed += db.session.scalars(query if limit is None else query.limit(limit - len(listed)))
        if limit is not None and len(listed) == limit:
            break
    return listed


def rows(wanted: Sequence[int], on: date, days: WorkingDays) -> list[Row]:
    """Return the rows of these actions, in their order."""
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
    return [row(actions[id_], moved[id_], on, days) for id_ in wanted]


def row(action: Action, times_moved: int, on: date, days: WorkingDays) -> Row:
    """Return the row of an action on a day."""
    facts = action_facts(action)
    late, overdue = working_days_late(facts, on, days), how_overdue(facts, on, days)
    begun = action.raised_on or action.agreed_on
    age = (on - begun).days if begun is not None and begun <= on else None
    return Row(action, action_state(facts, on), late, overdue, times_moved, age)


def _where(filters: Filters, at: Standings) -> list[ColumnElement[bool]]:
    where = seen(filters, at.on)
    if filters.owned_by is not None:
        where.append(Action.owner_id == filters.owned_by)
    if (manager := filters.owned_by_people_of) is not None:
        where.append(Action.owner_id.in_(team_and_line(manager.team_id, manager.id)))
    if filters.concerns is not None:
        where.append(actions_that_concern(filters.concerns))
    if filters.standing is not None:
        where.append(at.where(filters.standing))
    elif not filters.with_closed:
        where.append(~at.where(Standing.CLOSED))
    if filters.cycle is not None:
        where.append(_is_that_of(Action.cycle_id, select(Cycle.id).where(Cycle.called(filters.cycle))))
    if filters.body is not None:
        of_body = select(Recommendation.id).join(Body).where(Body.called(filters.body))
        where.append(Action.recommendation_id.in_(of_body))
    if filters.owner is not None:
        where.append(Action.owner_id.in_(people_called(filters.owner)))
    return where


def seen(filters: Filters, on: date) -> list[ColumnElement[bool]]:
    """Return the conditions that the person may see it; none for those who see all."""
    return [] if filters.may_see is None else [actions_seen_by(filters.may_see, on)]


def people_called(text: str) -> Select[int]:
    """Select the ids of people with this text in their name, or as their email."""
    text = text.strip()
    return select(Person.id).where(
        or_(Person.name.icontains(text, autoescape=True), Person.email == text.lower())
    )


def _is_that_of(column: InstrumentedAttribute[int | None], query: Select[int]) -> ColumnElement[bool]:
    id_ = db.session.scalar(query)
    return false() if id_ is None else column == id_
