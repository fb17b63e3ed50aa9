"""`/recommendations/new` and `/actions/new`: raising a recommendation or an action from a finding; and
`/cycles/REF/answered`, the findings that still have no action."""

from collections.abc import Callable

from flask import abort, flash, render_template, request, url_for
from flask_security import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select

from app.actions import moves, recommending
from app.actions.answered import findings
from app.actions.deciding_bodies import bodies
from app.actions.lifecycle import ActionState, action_state
from app.actions.models import Action, Recommendation
from app.actions.moving import action_facts
from app.audits.cycle import Cycle
from app.clock import today
from app.cycles import queries as cycle_queries
from app.database import db
from app.findings.freezing import figures_of
from app.moves.fields import no_choice, number
from app.moves.forms import WordsForm
from app.moves.page import Page, Shown, form_page
from app.people.choosing import people_here
from app.quick_wins.life import NOT_MOVED
from app.quick_wins.models import QuickWin
from app.quick_wins.moves import answer_of
from app.tracker.blueprint import actions
from app.tracker.forms import RaiseActionForm, RecommendForm


@actions.route("/cycles/<reference>/answered", methods=["GET", "POST"])
def answered(reference: str) -> Page:
    """Show every key area with its actions, and record why one needs none."""
    cycle = cycle_queries.found(reference) or abort(404)
    form = WordsForm()
    question = request.values.get("question", "")
    form.said.label.text, form.said.named = "Why is no action needed?", "why no action is needed"

    if form.is_submitted() and question not in {finding.question for finding in findings(cycle, today())}:
        abort(400)

    def render(_shown: Shown) -> str:
        return render_template(
            "actions/answered.html",
            cycle=cycle,
            findings=findings(cycle, today(), figures_of(cycle, today())),
            form=form,
            question=question,
        )

    def leave() -> str:
        recommending.leave_finding(cycle, question, current_user, today(), form.said.data)
        return url_for("actions.answered", reference=reference)

    return form_page(form, render, leave, done="Reason saved", at=form.said)


@actions.route("/recommendations/new", methods=["GET", "POST"])
def recommend() -> Page:
    """Raise a recommendation that answers findings of a cycle."""
    cycle = cycle_queries.found(request.args.get("cycle", "")) or abort(404)
    form = RecommendForm()
    if not form.is_submitted() and request.args.get("question"):
        form.questions.data = [request.args["question"]]
    form.questions.choices = [(finding.question, finding.key_area) for finding in findings(cycle, today())]
    form.body.choices = no_choice("Not known yet", bodies())
    form.owner.choices = no_choice("No owner yet", people_here(today()))

    def raise_it() -> str:
        made = recommending.recommend(
            cycle,
            text=form.text.data,
            by=current_user,
            on=today(),
            questions=form.questions.data or (),
            owner_id=number(form.owner.data),
            due_on=form.due_on.data,
            body_id=number(form.body.data),
        )
        flash(f"Recommendation {made.reference} created", "success")
        return url_for("actions.recommendation", reference=made.reference)

    return _raising(form, "Add a recommendation", f"Cycle {cycle.reference}", raise_it)


@actions.route("/actions/new", methods=["GET", "POST"])
def raise_action() -> Page:
    """Raise an action: for a finding, a recommendation, or after one that was not effective."""
    cycle, recommendation, follows = _cycle(), _recommendation(), _follows()
    question = request.args.get("question") or (follows.question if follows else None)
    if recommendation is not None:
        cycle = recommendation.cycle
    elif follows is not None:
        cycle, recommendation = follows.cycle, follows.recommendation
    names = {finding.question: finding.key_area for finding in findings(cycle, today())} if cycle else {}
    if question is not None and question not in names:
        abort(404)
    form = RaiseActionForm()
    form.owner.choices = no_choice("No owner yet", people_here(today()))
    origins = [
        f"Finding: {names[question]}" if question else "",
        f"Recommendation {recommendation.reference}" if recommendation else "",
        _after(follows) if follows else "",
    ]

    def raise_it() -> str:
        made = moves.raise_action(
            text=form.text.data,
            by=current_user,
            on=today(),
            changes_for_children=form.changes_for_children.data,
            recommendation_id=recommendation.id if recommendation else None,
            cycle=cycle,
            question=question,
            owner_id=number(form.owner.data),
            due_on=form.due_on.data,
            follows_id=follows.id if follows else None,
        )
        flash(f"Action {made.reference} created", "success")
        return url_for("actions.action", reference=made.reference)

    return _raising(form, "Add an action", ". ".join(filter(None, origins)), raise_it)


def _raising(form: FlaskForm, heading: str, caption: str, raise_it: Callable[[], str]) -> Page:
    def render(_shown: Shown) -> str:
        return render_template("actions/raise.html", form=form, heading=heading, caption=caption)

    return form_page(form, render, raise_it)


def _cycle() -> Cycle | None:
    reference = request.args.get("cycle")
    return (cycle_queries.found(reference) or abort(404)) if reference else None


def _recommendation() -> Recommendation | None:
    reference = request.args.get("recommendation")
    if not reference:
        return None
    query = select(Recommendation).where(Recommendation.called(reference))
    return db.session.scalars(query).one_or_none() or abort(404)


def _follows() -> Action | None:
    reference = request.args.get("follows")
    if not reference:
        return None
    query = select(Action).where(Action.called(reference))
    return db.session.scalars(query).one_or_none() or abort(404)


def _after(action: Action) -> str:
    """Return the action that the new one follows, and how it was not enough."""
    if action_state(action_facts(action), today()) is ActionState.CLOSED_NOT_EFFECTIVE:
        return f"Follows {action.reference}, which was not effective"
    quick_wins = select(QuickWin).where(QuickWin.action_id == action.id).order_by(QuickWin.id.desc())
    for quick_win in db.session.scalars(quick_wins):
        if answer_of(quick_win) == NOT_MOVED:
            return f"Follows quick win {quick_win.reference}, which did not change the figure"
    return f"Follows {action.reference}"
