"""`/recommendations/REF`: a recommendation with its actions, and the pages of its moves."""

from flask import abort, render_template
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.actions import recommending
from app.actions.answered import findings
from app.actions.deciding_bodies import bodies
from app.actions.models import Recommendation
from app.clock import today
from app.database import db
from app.history import record
from app.moves.fields import no_choice, number
from app.moves.forms import WordsMoveForm
from app.moves.page import Page, Words
from app.people.choosing import people_here
from app.people.closures import working_days
from app.tracker.action_list import row as action_row
from app.tracker.blueprint import actions
from app.tracker.forms import DecisionForm, EditRecommendationForm, FirstDayForm, NewDateForm, OwnerForm
from app.tracker.move_views import owned, tracked_move_page
from app.tracker.recommendation_list_views import how_overdue, state_of


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
        history=record.of("recommendation", reference),
        on=on,
    )


@actions.route("/recommendations/<reference>/decide", methods=["GET", "POST"])
def decide(reference: str) -> Page:
    """Record the decision of the body."""
    recommendation, form = _recommendation(reference), DecisionForm()
    body = recommendation.body.name if recommendation.body else "The body"
    return tracked_move_page(
        recommendation,
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
        form,
        Words(
            "Choose an owner" if recommendation.owner is None else "Pass to someone else",
            "Reminders will go to the new owner.",
            "Save owner",
            "Owner saved",
        ),
        recommending.change_owner,
        entered=lambda: owned(form),
    )


@actions.route("/recommendations/<reference>/date", methods=["GET", "POST"])
def recommendation_date(reference: str) -> Page:
    """Set or move the due day."""
    recommendation = _recommendation(reference)
    has_one = recommendation.due_on is not None
    form = NewDateForm() if has_one else FirstDayForm()
    return tracked_move_page(
        recommendation,
        form,
        Words(
            "Change due date" if has_one else "Set a due date",
            "The first due date stays on record, and each change is counted." if has_one else "",
            "Save due date",
            "Due date saved",
        ),
        recommending.move_date,
    )


@actions.route("/recommendations/<reference>/carried-out", methods=["GET", "POST"])
def carry_out(reference: str) -> Page:
    """Record that a recommendation is carried out."""
    recommendation, form = _recommendation(reference), WordsMoveForm()
    form.said.label.text = "What shows that it was carried out? (optional)"
    return tracked_move_page(
        recommendation,
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
