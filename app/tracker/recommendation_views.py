"""`/recommendations/REF`: a recommendation with its actions, and the pages of the moves that it has alone."""

from flask import abort, render_template
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.actions import recommending
from app.actions.answered import findings
from app.actions.deciding_bodies import bodies
from app.actions.lifecycle import Move, is_proposed
from app.actions.models import Recommendation
from app.actions.moves import asked_for
from app.actions.moving import recommendation_facts
from app.clock import today
from app.database import db
from app.moves.fields import no_choice, number
from app.moves.forms import WordsMoveForm
from app.moves.page import Page, Words
from app.people.choosing import people_here
from app.people.closures import working_days
from app.people.reading_history import history_for
from app.tracker.action_list import row as action_row
from app.tracker.blueprint import actions
from app.tracker.forms import CarriedOutForm, DecisionForm, EditRecommendationForm, OwnerForm, owned
from app.tracker.move_pages import tracked_move_page, words_form
from app.tracker.recommendation_list_views import how_overdue, state_of
from app.tracker.steps import others_steps, owners_steps


@actions.get("/recommendations/<reference>")
def recommendation(reference: str) -> str:
    """Show a recommendation with its actions."""
    recommendation = _recommendation(reference)
    on, days = today(), working_days()
    names = {finding.question: finding.key_area for finding in findings(recommendation.cycle, on)}
    return render_template(
        "actions/recommendation.html",
        recommendation=recommendation,
        state=state_of(recommendation),
        overdue=how_overdue(recommendation),
        answers=[names.get(answer.question, answer.question) for answer in recommendation.findings],
        actions=[
            action_row(action, sum(moved.is_made for moved in action.moved_dates), on, days)
            for action in recommendation.actions
        ],
        moved=[moved for moved in recommendation.moved_dates if moved.is_made],
        asked=asked_for(recommendation),
        is_proposed=is_proposed(recommendation_facts(recommendation), on),
        own_steps=owners_steps(recommendation, current_user.id, on),
        steps=others_steps(recommendation, current_user.id, on),
        history=history_for(current_user, "recommendation", reference),
        on=on,
    )


@actions.route("/recommendations/<reference>/decide", methods=["GET", "POST"])
def decide(reference: str) -> Page:
    """Record the decision of the body."""
    recommendation, form = _recommendation(reference), DecisionForm()
    body = recommendation.body.name if recommendation.body else "The body"
    return tracked_move_page(
        recommendation,
        Move.DECIDE,
        form,
        Words(
            "Record decision", f"{body} decides on this recommendation.", "Save decision", "Decision saved"
        ),
        recommending.decide,
        warned=lambda: recommending.lacking(recommendation, form.decision.data),
    )


@actions.route("/recommendations/<reference>/owner", methods=["GET", "POST"])
def recommendation_owner(reference: str) -> Page:
    """Give a recommendation to one named person."""
    recommendation, form = _recommendation(reference), OwnerForm()
    form.owner.choices = no_choice("Choose a person", people_here(today()))
    del form.due_on
    return tracked_move_page(
        recommendation,
        Move.CHANGE_OWNER,
        form,
        Words(
            "Choose an owner" if recommendation.owner is None else "Pass to someone else",
            "If the recommendation is agreed, the new owner gets an email now. Reminders will go to them.",
            "Save owner",
            "Owner saved",
        ),
        recommending.change_owner,
        entered=lambda: owned(form),
    )


@actions.route("/recommendations/<reference>/proposed", methods=["GET", "POST"])
def propose(reference: str) -> Page:
    """Say, as its owner, that it is carried out."""
    return tracked_move_page(
        _recommendation(reference),
        Move.PROPOSE_CARRIED_OUT,
        CarriedOutForm(),
        Words(
            "Say that it is carried out",
            "A coordinator will agree, or send it back. Until then reminders about it go on.",
            "Save",
            "Saved. A coordinator will agree, or send it back.",
        ),
        recommending.propose,
    )


@actions.route("/recommendations/<reference>/send-back", methods=["GET", "POST"])
def send_back_recommendation(reference: str) -> Page:
    """Send it back to its owner as not carried out."""
    return tracked_move_page(
        _recommendation(reference),
        Move.SEND_BACK,
        words_form("What is missing?", "what is missing", "The owner will see this"),
        Words(
            "Send back to owner",
            "The recommendation is still to be carried out. Its owner gets news of this.",
            "Send back",
            "Recommendation sent back to its owner",
        ),
        recommending.send_back,
    )


@actions.route("/recommendations/<reference>/carried-out", methods=["GET", "POST"])
def carry_out(reference: str) -> Page:
    """Record that a recommendation is carried out."""
    recommendation, form = _recommendation(reference), WordsMoveForm()
    form.said.label.text = "What shows that it was carried out? (optional)"
    if not form.is_submitted():
        form.said.data = recommendation.proposed_words
    return tracked_move_page(
        recommendation,
        Move.CARRY_OUT,
        form,
        Words(
            "Mark as carried out",
            "Reminders about it will stop.",
            "Mark as carried out",
            "Recommendation carried out. Reminders about it have stopped.",
        ),
        recommending.carry_out,
        entered=lambda: {"how": form.said.data},
    )


@actions.route("/recommendations/<reference>/open-again", methods=["GET", "POST"])
def open_again(reference: str) -> Page:
    """Take back that it is carried out."""
    recommendation = _recommendation(reference)
    owner, due_on = recommendation.owner, recommendation.due_on
    if owner is None:
        then = "It has no owner, so no one gets reminders."
    elif due_on is None:
        then = "It has no due date, so no one gets reminders."
    else:
        then = f"{owner.name} gets reminders again."
    return tracked_move_page(
        recommendation,
        Move.TAKE_BACK_CARRIED_OUT,
        words_form(
            "Why is it not carried out?",
            "why it is not carried out",
            "The owner will see this" if owner else "",
        ),
        Words(
            "Open recommendation again",
            f"It is to be carried out again. {then} The history shows both that it was carried out and that "
            "you took this back.",
            "Open again",
            f"Recommendation opened again. {then}",
        ),
        recommending.open_again,
    )


@actions.route("/recommendations/<reference>/decision/take-back", methods=["GET", "POST"])
def take_back_decision(reference: str) -> Page:
    """Take back a decision that was recorded by mistake."""
    return tracked_move_page(
        _recommendation(reference),
        Move.TAKE_BACK_DECISION,
        words_form("Why do you take the decision back?", "why you take the decision back"),
        Words(
            "Take decision back",
            "The recommendation awaits a decision again. Its actions stay as they are: withdraw those that "
            "are not needed any more. The history shows both the decision and that you took it back.",
            "Take decision back",
            "Decision taken back. The recommendation awaits a decision again.",
        ),
        recommending.take_back_decision,
    )


@actions.route("/recommendations/<reference>/edit", methods=["GET", "POST"])
def edit_recommendation(reference: str) -> Page:
    """Change a recommendation before it is decided."""
    recommendation = _recommendation(reference)

    def filled() -> EditRecommendationForm:
        return EditRecommendationForm(
            data={
                "text": recommendation.text,
                "questions": [finding.question for finding in recommendation.findings],
                "body": str(recommendation.body_id or ""),
            }
        )

    form = filled()
    form.questions.choices = [
        (finding.question, finding.key_area) for finding in findings(recommendation.cycle, today())
    ]
    form.body.choices = no_choice("Not known yet", bodies())
    return tracked_move_page(
        recommendation,
        Move.EDIT,
        form,
        Words(
            "Edit recommendation", "The earlier text stays in the history.", "Save", "Recommendation saved"
        ),
        recommending.edit,
        entered=lambda: {
            "text": form.text.data,
            "questions": form.questions.data or (),
            "body_id": number(form.body.data),
        },
        filled=filled,
    )


def _recommendation(reference: str) -> Recommendation:
    query = (
        select(Recommendation)
        .where(Recommendation.called(reference))
        .options(joinedload(Recommendation.cycle), joinedload(Recommendation.body))
    )
    return db.session.scalars(query).one_or_none() or abort(404)
