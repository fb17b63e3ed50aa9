"""`/actions/REF`: an action, its state, what can be done next, and its history."""

from flask import abort, render_template
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.actions.models import Action, Recommendation
from app.actions.moves import asked_for
from app.clock import today
from app.database import db
from app.findings.bars import interval_bar
from app.people.closures import working_days
from app.people.reading_history import history_for
from app.quick_wins.checks import refuse as refuse_quick_check
from app.quick_wins.figures import results_of_checks
from app.quick_wins.models import QuickWin
from app.quick_wins.queries import checks_of_action
from app.tools.models import Question, Section
from app.tracker.action_list import row
from app.tracker.blueprint import actions
from app.tracker.steps import QUICK_CHECK, others_steps, owners_steps


@actions.get("/actions/<reference>")
def action(reference: str) -> str:
    """Show an action."""
    query = (
        select(Action)
        .where(Action.called(reference))
        .options(
            joinedload(Action.owner),
            joinedload(Action.recommendation).joinedload(Recommendation.body),
            joinedload(Action.cycle),
        )
    )
    action = db.session.scalars(query).unique().one_or_none() or abort(404)
    on = today()
    moved = [moved_date for moved_date in action.moved_dates if moved_date.is_made]
    checking = [QUICK_CHECK] if refuse_quick_check(action, on) is None else []
    return render_template(
        "actions/action.html",
        action=action,
        row=row(action, len(moved), on, working_days()),
        moved=moved,
        asked=asked_for(action),
        own_steps=owners_steps(action, current_user.id, on),
        steps=[*others_steps(action, current_user.id, on), *checking],
        checks=[check for check in checks_of_action(action) if not check.is_closed(on)],
        checked=results_of_checks(action, on),
        bar=interval_bar,
        follows=db.session.get(Action, action.follows_id) if action.follows_id else None,
        followed_by=list(db.session.scalars(select(Action).where(Action.follows_id == action.id))),
        finding=_key_area(action),
        quick_wins=list(db.session.scalars(select(QuickWin).where(QuickWin.action_id == action.id))),
        history=history_for(current_user, "action", reference),
        on=on,
    )


def _key_area(action: Action) -> str | None:
    """Return the key area of the finding that it answers, as the tool of its cycle names it."""
    if action.question is None:
        return None
    if action.cycle is None:
        return action.question
    query = (
        select(Question.key_area)
        .join(Section)
        .where(Section.tool_id == action.cycle.tool_id, Question.key == action.question)
    )
    return db.session.scalar(query) or action.question
