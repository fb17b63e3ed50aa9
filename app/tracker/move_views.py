"""`/actions/REF/<move>`: a small page for each move that actions alone have."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import request, url_for

from app.actions import moves
from app.actions.lifecycle import NOT_EFFECTIVE, Move
from app.actions.models import Action
from app.clock import today
from app.moves.forms import MoveForm
from app.moves.page import Page, Words
from app.people.choosing import people_here
from app.quick_wins.figures import as_evidence, results_of_checks
from app.tracker.blueprint import actions
from app.tracker.forms import DoneForm, EditForm, ImpactForm, OwnerForm, SignOffForm, owned
from app.tracker.move_pages import found, tracked_move_page, words_form


@actions.route("/actions/<reference>/owner", methods=["GET", "POST"])
def change_owner(reference: str) -> Page:
    """Give an action to one named person."""
    action = found(Action, reference)
    form = OwnerForm()
    form.owner.choices = [("", "Choose a person"), *people_here(today())]
    if action.due_on is not None:
        del form.due_on
    return _page(
        reference,
        Move.CHANGE_OWNER,
        form,
        Words(
            "Choose an owner" if action.owner is None else "Pass to someone else",
            "If the action is agreed, the new owner gets an email now. Reminders will go to them.",
            "Save owner",
            "Owner saved",
        ),
        moves.change_owner,
        entered=lambda: owned(form),
    )


@actions.route("/actions/<reference>/agree", methods=["GET", "POST"])
def agree(reference: str) -> Page:
    """Agree a draft."""
    return _page(
        reference,
        Move.AGREE,
        MoveForm(),
        Words(
            "Agree action",
            "Its owner gets an email now, and reminders from today.",
            "Agree",
            "Action agreed. Its owner gets an email.",
        ),
        moves.agree,
    )


@actions.route("/actions/<reference>/edit", methods=["GET", "POST"])
def edit(reference: str) -> Page:
    """Change the words of an action."""
    action = found(Action, reference)
    return _page(
        reference,
        Move.EDIT,
        EditForm(obj=action),
        Words("Edit action", "The earlier text stays in the history.", "Save", "Action saved"),
        moves.edit,
        filled=lambda: EditForm(obj=action),
    )


@actions.route("/actions/<reference>/done", methods=["GET", "POST"])
def propose_done(reference: str) -> Page:
    """Propose an action as done."""
    return _page(
        reference,
        Move.PROPOSE_DONE,
        DoneForm(),
        Words(
            "Mark as done",
            "Someone else will check the action and sign it off.",
            "Mark as done",
            "Action marked as done. Someone else will check it and sign it off.",
        ),
        moves.propose_done,
    )


@actions.route("/actions/<reference>/sign-off", methods=["GET", "POST"])
def sign_off(reference: str) -> Page:
    """Sign an action off."""
    action = found(Action, reference)
    owner = action.owner.name if action.owner else "the owner"
    meaning = f"Evidence from {owner}: {action.evidence}" if action.evidence else "There is no evidence yet."
    return _page(
        reference,
        Move.SIGN_OFF,
        SignOffForm(),
        Words(
            "Sign off action",
            meaning,
            "Sign off",
            "Action signed off. The next step is its impact check.",
        ),
        moves.sign_off,
    )


@actions.route("/actions/<reference>/send-back", methods=["GET", "POST"])
def send_back(reference: str) -> Page:
    """Send an action back as not done."""
    form = words_form("What is missing?", "what is missing", "The owner will see this")
    return _page(
        reference,
        Move.SEND_BACK,
        form,
        Words(
            "Send back to owner",
            "The action is open again until its owner marks it as done.",
            "Send back",
            "Action sent back to its owner",
        ),
        moves.send_back,
    )


@actions.route("/actions/<reference>/impact", methods=["GET", "POST"])
def check_impact(reference: str) -> Page:
    """Record the impact check of an action."""
    action = found(Action, reference)
    form = ImpactForm()
    if not form.is_submitted():
        form.found.data = as_evidence(results_of_checks(action, today()))
    wanted = action.changes_for_children
    follow_up = url_for("actions.raise_action", follows=reference)
    not_effective = request.form.get("impact") == NOT_EFFECTIVE
    return _page(
        reference,
        Move.CHECK_IMPACT,
        form,
        Words(
            "Record impact check",
            f"What it should change for children: {wanted}"
            if wanted
            else "Say whether it changed anything for children.",
            "Save and close action",
            "Action closed. It did not work, so add a new action." if not_effective else "Action closed",
        ),
        moves.check_impact,
        then=follow_up if not_effective else None,
    )


@actions.route("/actions/<reference>/sign-off/take-back", methods=["GET", "POST"])
def take_back_sign_off(reference: str) -> Page:
    """Take back a sign-off that was a mistake."""
    return _page(
        reference,
        Move.TAKE_BACK_SIGN_OFF,
        words_form("Why do you take the sign-off back?", "why you take the sign-off back"),
        Words(
            "Take sign-off back",
            "The action waits for a sign-off again, and its impact check has no date any more. "
            "The history shows both the sign-off and that you took it back.",
            "Take sign-off back",
            "Sign-off taken back. The action waits for a sign-off again.",
        ),
        moves.take_back_sign_off,
    )


@actions.route("/actions/<reference>/impact/take-back", methods=["GET", "POST"])
def take_back_check(reference: str) -> Page:
    """Take back an impact check that was a mistake."""
    return _page(
        reference,
        Move.TAKE_BACK_CHECK,
        words_form("Why do you take the impact check back?", "why you take the impact check back"),
        Words(
            "Take impact check back",
            "The action is not closed any more and waits for its impact check again. Actions that were added "
            "to follow it stay. The history shows both the impact check and that you took it back.",
            "Take impact check back",
            "Impact check taken back. The action waits for its impact check again.",
        ),
        moves.take_back_check,
    )


@actions.route("/actions/<reference>/withdraw", methods=["GET", "POST"])
def withdraw(reference: str) -> Page:
    """Withdraw an action."""
    form = words_form("Why is it withdrawn?", "why it is withdrawn")
    return _page(
        reference,
        Move.WITHDRAW,
        form,
        Words(
            "Withdraw action",
            "You cannot undo this. Reminders about it will stop, and so will emails of a quick win that "
            "belongs to it.",
            "Withdraw",
            "Action withdrawn. Reminders about it have stopped.",
            serious=True,
        ),
        moves.withdraw,
    )


def _page(
    reference: str,
    move: Move,
    form: MoveForm,
    words: Words,
    make: Callable[..., object],
    then: str | None = None,
    entered: Callable[[], Mapping[str, Any]] | None = None,
    filled: Callable[[], MoveForm] | None = None,
) -> Page:
    action = found(Action, reference)
    return tracked_move_page(action, move, form, words, make, then=then, entered=entered, filled=filled)
