"""`/actions/REF/<move>`: a small page for each move of an action, with the reason when it is refused."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import abort, request, url_for
from flask_security import current_user
from sqlalchemy import select

from app.actions import moves
from app.actions.lifecycle import NOT_EFFECTIVE, Move, refuse, refuse_answer
from app.actions.models import Action, Recommendation
from app.actions.moving import action_facts
from app.clock import today
from app.database import db
from app.moves.forms import MoveForm, WordsMoveForm
from app.moves.meanwhile import Kept
from app.moves.page import Page, Words, carried_out, move_page
from app.people.choosing import people_here
from app.people.closures import due_in_words
from app.quick_wins.figures import as_evidence, results_of_checks
from app.tracker.blueprint import actions
from app.tracker.forms import (
    AnswerForm,
    DoneForm,
    EditForm,
    FirstDayForm,
    ImpactForm,
    LaterForm,
    NewDateForm,
    OwnerForm,
    ProgressForm,
    SignOffForm,
)
from app.wording import capitalised


def tracked_move_page(
    thing: Action | Recommendation,
    form: MoveForm,
    words: Words,
    make: Callable[..., object],
    refused: str | None = None,
    then: str | None = None,
    warned: Callable[[], Sequence[str]] = tuple,
    entered: Callable[[], Mapping[str, Any]] | None = None,
    filled: Callable[[], MoveForm] | None = None,
) -> Page:
    """Show the page of a move and carry it out with `make`; then go to `then`, or back to the thing.

    `filled` returns the form of what is kept, where the move edits it.
    """
    back = url_for(f"actions.{thing.kind}", reference=thing.reference)
    return move_page(
        form,
        Kept(filled, mark=lambda: thing.mark),
        words,
        carried_out(make, thing.reference, form, entered),
        thing=f"{capitalised(thing.kind)} {thing.reference}",
        back=back,
        then=lambda: then or back,
        refused=refused,
        warned=warned,
        template="actions/move.html",
        about=thing.text,
    )


@actions.route("/actions/<reference>/progress", methods=["GET", "POST"])
def report(reference: str) -> Page:
    """Report progress."""
    return _page(
        reference,
        Move.REPORT,
        ProgressForm(),
        Words("Report progress", "", "Save progress", "Progress saved"),
        moves.report,
    )


@actions.route("/actions/<reference>/later", methods=["GET", "POST"])
def ask_later(reference: str) -> Page:
    """Ask for a later date."""
    return _page(
        reference,
        Move.ASK_LATER,
        LaterForm(),
        Words(
            "Ask for a later date",
            "A coordinator will agree or refuse. Until then the due date stays the same.",
            "Send request",
            "Request sent. A coordinator will agree or refuse.",
        ),
        moves.ask_later,
    )


@actions.route("/actions/<reference>/later/answer", methods=["GET", "POST"])
def answer_later(reference: str) -> Page:
    """Answer a request for a later date."""
    form = AnswerForm()
    action = found(reference)
    asked = moves.asked_for(action)
    meaning, why_not = "", "No one has asked for a later date for this action"
    if asked is not None:
        meaning = f"The owner asked for {due_in_words(asked.to_due_on)}: {asked.because}"
        why_not = refuse_answer(action_facts(action), asked.asked_by_id, today(), current_user.id) or ""
    return _page(
        reference,
        Move.MOVE_DATE,
        form,
        Words(
            "Answer request for a later date",
            meaning,
            "Save answer",
            "Answer saved",
        ),
        moves.answer_later,
        why_not,
        entered=lambda: {"yes": form.answer.data == "yes", "because": form.because.data},
    )


@actions.route("/actions/<reference>/date", methods=["GET", "POST"])
def move_date(reference: str) -> Page:
    """Set or move the due day."""
    action = found(reference)
    has_one = action.due_on is not None
    form = NewDateForm() if has_one else FirstDayForm()
    return _page(
        reference,
        Move.MOVE_DATE,
        form,
        Words(
            "Change due date" if has_one else "Set a due date",
            "The first due date stays on record, and each change is counted." if has_one else "",
            "Save due date",
            "Due date saved",
        ),
        moves.move_date,
    )


@actions.route("/actions/<reference>/not-mine", methods=["GET", "POST"])
def not_mine(reference: str) -> Page:
    """Hand an action back."""
    form = _words_form("Why is it not yours?", "why it is not yours", "Say who should own it, if you know")
    return _page(
        reference,
        Move.NOT_MINE,
        form,
        Words(
            "Hand back action",
            "The action goes back to the person who raised it. They will find another owner.",
            "Hand back",
            "Action handed back. You do not need to do anything else.",
        ),
        moves.not_mine,
        then=url_for("actions.tracker"),
    )


@actions.route("/actions/<reference>/owner", methods=["GET", "POST"])
def change_owner(reference: str) -> Page:
    """Give an action to one named person."""
    action = found(reference)
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
            "Reminders will go to the new owner.",
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
            "Its owner will get reminders from today.",
            "Agree",
            "Action agreed. Its owner will get reminders.",
        ),
        moves.agree,
    )


@actions.route("/actions/<reference>/edit", methods=["GET", "POST"])
def edit(reference: str) -> Page:
    """Change the words of an action."""
    action = found(reference)
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
    action = found(reference)
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
    form = _words_form("What is missing?", "what is missing", "The owner will see this")
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
    action = found(reference)
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


@actions.route("/actions/<reference>/withdraw", methods=["GET", "POST"])
def withdraw(reference: str) -> Page:
    """Withdraw an action."""
    form = _words_form("Why is it withdrawn?", "why it is withdrawn")
    return _page(
        reference,
        Move.WITHDRAW,
        form,
        Words(
            "Withdraw action",
            "Reminders about it will stop.",
            "Withdraw",
            "Action withdrawn. Reminders about it have stopped.",
            serious=True,
        ),
        moves.withdraw,
    )


def found(reference: str) -> Action:
    """Return the action of that reference; 404 when there is none."""
    return db.session.scalars(select(Action).where(Action.called(reference))).one_or_none() or abort(404)


def _page(
    reference: str,
    move: Move,
    form: MoveForm,
    words: Words,
    make: Callable[..., object],
    why_not: str | None = None,
    then: str | None = None,
    entered: Callable[[], Mapping[str, Any]] | None = None,
    filled: Callable[[], MoveForm] | None = None,
) -> Page:
    action = found(reference)
    refused = refuse(move, action_facts(action), today(), current_user.id) or why_not
    return tracked_move_page(action, form, words, make, refused, then, entered=entered, filled=filled)


def owned(form: OwnerForm) -> dict[str, Any]:
    """Return the chosen owner, and the due day if it is asked for."""
    chosen = form.entered()
    return {"owner_id": int(chosen.pop("owner")), **chosen}


def _words_form(label: str, named: str, hint: str = "") -> WordsMoveForm:
    form = WordsMoveForm()
    form.said.label.text, form.said.named, form.said.description = label, named, hint
    return form
