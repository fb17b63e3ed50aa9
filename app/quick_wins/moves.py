"""The moves of a quick win: plan, change, stop, and say at its end whether the figure moved.

Each is one transaction with its history, and raises Refused, with one sentence, when it is not allowed.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from app.actions import moves as action_moves
from app.actions.lifecycle import CLOSED, action_state, closed_on
from app.actions.models import Action
from app.actions.moving import action_facts
from app.audits.cycle import Cycle
from app.database import db, transaction
from app.moves.moving import locked, moving, tell, words
from app.people.closures import working_days
from app.people.models import Person, Team
from app.people.roles import RoleName
from app.quick_wins.life import (
    MOVED,
    NOT_KNOWN,
    NOT_MOVED,
    QuickWinFacts,
    refuse_change,
    refuse_moved,
    refuse_spread,
)
from app.quick_wins.models import QuickWin
from app.references import next_reference
from app.refusal import NotNow, Refused
from app.working_days import WorkingDays

PREFIX = "Q"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The message of a quick win, its audience and its days. `audience_team_ids` is empty for all teams."""

    subject: str
    message: str
    where: str | None
    example: str | None
    why: str | None
    link: str | None
    question: str | None
    audience_roles: frozenset[str]
    audience_team_ids: frozenset[int]
    starts_on: date
    every_working_days: int
    times: int


NAMES = {
    "subject": "subject",
    "message": "message",
    "where": "where to record it",
    "example": "example",
    "why": "why it matters",
    "link": "link",
    "question": "question",
    "audience_roles": "roles",
    "audience_team_ids": "teams",
    "starts_on": "start",
    "every_working_days": "working days between messages",
    "times": "number of times",
}
"""The names of the columns in the history."""


@dataclass(frozen=True, kw_only=True)
class NewAction:
    """The new action for a quick win that has none: for a finding of a cycle. Without an owner or a due
    day it is a draft."""

    cycle: Cycle
    owner_id: int | None = None
    due_on: date | None = None


def next_free() -> str:
    """Return the reference that the next quick win gets, unless another is planned first."""
    return next_reference(QuickWin, PREFIX)


def plan(planned: Plan, *, belongs_to: Action | NewAction, by: Person, on: date) -> QuickWin:
    """Plan a quick win for an action, or for a finding, whose action is then raised with it."""
    with transaction():
        refuse_unsound(planned)
        if why := refuse_spread(planned, on, working_days()):
            raise Refused(why)
        action = _action_of(planned, belongs_to, by, on)
        quick_win = QuickWin(
            reference=next_free(),
            action_id=action.id,
            raised_on=on,
            moved_in_product=True,
            **_columns(planned),
        )
        db.session.add(quick_win)
        db.session.flush()
        tell(quick_win, by, on, "planned", after=quick_win.subject)
    return quick_win


def _action_of(planned: Plan, belongs_to: Action | NewAction, by: Person, on: date) -> Action:
    if isinstance(belongs_to, NewAction):
        return action_moves.raise_action(
            text=planned.subject,
            by=by,
            on=on,
            cycle=belongs_to.cycle,
            question=planned.question,
            owner_id=belongs_to.owner_id,
            due_on=belongs_to.due_on,
            is_quick_win=True,
        )
    action = locked(Action, belongs_to.reference)
    if why := refuse_action(action, on):
        raise NotNow(why)
    if not action.is_quick_win:
        action.is_quick_win = True
        tell(action, by, on, "marked as a quick win")
    return action


def refuse_action(action: Action, on: date) -> str | None:
    """Return why no quick win can be planned for an action; None when one can."""
    if (current := action_state(action_facts(action), on)) in CLOSED:
        return f"Action {action.reference} is {current}, so you cannot plan a quick win for it"
    return None


def change(reference: str, changed: Plan, *, by: Person, on: date, version: int | None = None) -> None:
    """Change its words at any time, and its days and audience for the future."""
    with _moving(reference, refuse_change, on, version) as quick_win:
        refuse_unsound(changed)
        if why := refuse_spread(changed, on, working_days(), before=quick_win):
            raise Refused(why)
        teams = {team.id: team.name for team in db.session.scalars(select(Team))}
        for name, value in _columns(changed).items():
            before = getattr(quick_win, name)
            if before != value:
                setattr(quick_win, name, value)
                tell(
                    quick_win,
                    by,
                    on,
                    f"{NAMES[name]} changed",
                    before=_in_words(before, teams),
                    after=_in_words(value, teams),
                )


def stop(reference: str, because: str, *, by: Person, on: date, version: int | None = None) -> None:
    """Stop a quick win: from this day on nothing more of it is sent."""
    with _moving(reference, refuse_change, on, version) as quick_win:
        because = words(because, "Enter the reason for stopping this quick win")
        quick_win.stopped_on, quick_win.stopped_because = on, because
        tell(quick_win, by, on, "stopped", why=because)


def say_moved(
    reference: str, moved: str, said: str | None, *, by: Person, on: date, version: int | None = None
) -> None:
    """Say at its end whether the figure moved. "Not known yet" can be answered again."""
    with _moving(reference, refuse_moved, on, version) as quick_win:
        if moved not in (MOVED, NOT_MOVED, NOT_KNOWN):
            raise Refused("Select yes if the figure changed")
        said = (said or "").strip()
        before = quick_win.moved
        quick_win.moved, quick_win.moved_on = f"{moved}: {said}" if said else moved, on
        tell(quick_win, by, on, "figure changed", before=before, after=quick_win.moved)


def answer_of(quick_win: QuickWin) -> str | None:
    """Return the answer to whether the figure moved, without the words that came with it."""
    return quick_win.moved.partition(":")[0] if quick_win.moved else None


def facts_of(quick_win: QuickWin) -> QuickWinFacts:
    """Return the facts of a quick win for the rules."""
    action = quick_win.action
    return QuickWinFacts(
        quick_win.starts_on,
        quick_win.every_working_days,
        quick_win.times,
        quick_win.stopped_on,
        closed_on(action_facts(action)) if action else None,
    )


def _moving(
    reference: str,
    refuse: Callable[[QuickWinFacts, date, WorkingDays], str | None],
    on: date,
    version: int | None,
) -> AbstractContextManager[QuickWin]:
    """Lock a quick win for a move and yield it."""
    return moving(
        QuickWin, reference, lambda quick_win: refuse(facts_of(quick_win), on, working_days()), version
    )


def refuse_unsound(planned: Plan) -> None:
    """Refuse a plan that cannot go out on any day."""
    words(planned.subject, "Enter the subject")
    words(planned.message, "Enter what staff should record")
    if not planned.audience_roles or not planned.audience_roles <= set(RoleName):
        raise Refused("Select at least one role")
    if planned.link and urlsplit(planned.link).scheme not in ("http", "https"):
        raise Refused("Link to guidance must be a full web address, such as https://council.example/guidance")
    if not 1 <= planned.every_working_days <= 260 or not 1 <= planned.times <= 52:
        raise Refused(
            "Working days between messages must be from 1 to 260, and number of messages from 1 to 52"
        )


def words_of(planned: Plan) -> dict[str, str | None]:
    """Return the words of its message, as the row stores them."""
    in_message = ("subject", "message", "where", "example", "why", "link")
    return {name: value for name, value in _columns(planned).items() if name in in_message}


def _columns(planned: Plan) -> dict[str, Any]:
    """Return the columns of the row. A subject is one line: it stands in the header of a message."""
    columns = {field.name: getattr(planned, field.name) for field in fields(planned)}
    return columns | {"subject": " ".join(planned.subject.split())}


def _in_words(value: object, teams: dict[int, str]) -> str | None:
    if isinstance(value, frozenset):
        return ", ".join(sorted(teams.get(item, str(item)) for item in value)) or "all"
    return str(value) if value else None
