"""`/recommendations/REF`: one recommendation with its actions, and the pages of its moves."""

from flask import abort, render_template
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.actions import recommending
from app.actions.answered import findings
from app.actions.models import Recommendation
from app.actions.owners import bodies, owners
from app.clock import today
from app.database import db
from app.history import record
from app.moves.forms import WordsMoveForm, no_choice, number
from app.moves.page import Page, Words
from app.people.closures import working_days
from app.tracker.action_list import row as action_row
from app.tracker.blueprint import actions
from app.tracker.forms import DecisionForm, EditRecommendationForm, FirstDayForm, LaterForm, OwnerForm
from app.tracker.move_views import move_page, owned
from app.tracker.recommendation_list_views import state_of, working_days_late


@actions.get("/recommendations/<reference>")
def recommendation(reference: str) -> str:
    """One recommendation with its actions."""
    found = _found(reference)
    on, days = today(), working_days()
    names = {one.question: one.key_area for one in findings(found.cycle, on)}
    return render_template(
        "actions/recommendation.html",
        recommendation=found,
        state=state_of(found),
        late=working_days_late(found),
        answers=[names.get(one.question, one.question) for one in found.findings],
        actions=[
            action_row(each, sum(one.is_made for one in each.moved_dates), on, days) for each in found.actions
        ],
        moved=[one for one in found.moved_dates if one.is_made],
        history=record.of("recommendation", reference),
        on=on,
    )


@actions.route("/recommendations/<reference>/decide", methods=["GET", "POST"])
def decide(reference: str) -> Page:
    """Record what the body decided."""
    found, form = _found(reference), DecisionForm()
    body = found.body.name if found.body else "The body"
    return move_page(
        found,
        form,
        Words("Record the decision", f"{body} decides.", "Save", "The decision is recorded."),
        recommending.decide,
        warned=lambda: recommending.lacking(found, form.decision.data),
    )


@actions.route("/recommendations/<reference>/owner", methods=["GET", "POST"])
def recommendation_owner(reference: str) -> Page:
    """Give it to one named person."""
    found, form = _found(reference), OwnerForm()
    form.owner.choices = no_choice("Choose a person", owners(today()))
    del form.due_on
    return move_page(
        found,
        form,
        Words("Give it an owner", "They find it in their next message.", "Save", "It has an owner."),
        recommending.change_owner,
        entered=lambda: owned(form),
    )


@actions.route("/recommendations/<reference>/date", methods=["GET", "POST"])
def recommendation_date(reference: str) -> Page:
    """Its due day; the first where it has none."""
    found = _found(reference)
    has_one = found.due_on is not None
    form = LaterForm() if has_one else FirstDayForm()
    return move_page(
        found,
        form,
        Words("Move the due day" if has_one else "Give it a due day", "", "Save", "The due day is set."),
        recommending.move_date,
    )


@actions.route("/recommendations/<reference>/carried-out", methods=["GET", "POST"])
def carry_out(reference: str) -> Page:
    """Show what was agreed has been done."""
    found, form = _found(reference), WordsMoveForm()
    form.said.label.text = "How can that be seen? (optional)"
    return move_page(
        found,
        form,
        Words("It is carried out", "Nobody is reminded of it any more.", "Save", "It is carried out."),
        recommending.carry_out,
        entered=lambda: {"how": form.said.data},
    )


@actions.route("/recommendations/<reference>/edit", methods=["GET", "POST"])
def edit_recommendation(reference: str) -> Page:
    """Say it better, while nobody has decided."""
    found = _found(reference)
    form = EditRecommendationForm()
    form.questions.choices = [(one.question, one.key_area) for one in findings(found.cycle, today())]
    form.body.choices = no_choice("Not known yet", bodies())
    if not form.is_submitted():
        form.text.data = found.text
        form.questions.data = [one.question for one in found.findings]
        form.body.data = str(found.body_id or "")
    return move_page(
        found,
        form,
        Words(
            "Change the recommendation", "What it said before stays in the history.", "Save", "It is changed."
        ),
        recommending.edit,
        entered=lambda: {
            "text": form.text.data,
            "questions": form.questions.data or (),
            "body_id": number(form.body.data),
        },
    )


def _found(reference: str) -> Recommendation:
    query = (
        select(Recommendation)
        .where(Recommendation.reference == reference)
        .options(joinedload(Recommendation.cycle), joinedload(Recommendation.body))
    )
    return db.session.scalars(query).one_or_none() or abort(404)
