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
from app.actions.owners import owners
from app.clock import today
from app.database import db
from app.moves.forms import MoveForm, WordsMoveForm
from app.moves.page import Page, Words, carried_out, move_page
from app.quick_wins.figures import as_evidence, results_of_checks
from app.tracker.blueprint import actions
from app.tracker.forms import (
    AnswerForm,
    DoneForm,
    EditForm,
    FirstDayForm,
    ImpactForm,
    LaterForm,
    OwnerForm,
    ProgressForm,
    SignOffForm,
)
from app.wording import in_words


def tracked_move_page(
    thing: Action | Recommendation,
    form: MoveForm,
    words: Words,
    make: Callable[..., object],
    refused: str | None = None,
    then: str | None = None,
    warned: Callable[[], Sequence[str]] = tuple,
    entered: Callable[[], Mapping[str, Any]] | None = None,
) -> Page:
    """Show the page of a move and carry it out with `make`; then go to `then`, or back to the thing."""
    back = url_for(f"actions.{thing.kind}", reference=thing.reference)
    return move_page(
        form,
        thing.mark,
        words,
        carried_out(make, thing.reference, form, entered),
        thing=f"{thing.kind.capitalize()} {thing.reference}",
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
        Words("Report progress", "One line, so that nobody has to ask.", "Save", "Thank you. It is noted."),
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
            "The coordinators say yes or no. Until then the due day stays.",
            "Ask",
            "The coordinators see what you ask for.",
        ),
        moves.ask_later,
    )


@actions.route("/actions/<reference>/later/answer", methods=["GET", "POST"])
def answer_later(reference: str) -> Page:
    """Answer a request for a later date."""
    form = AnswerForm()
    action = found(reference)
    asked = moves.asked_for(action)
    meaning, why_not = "", "No later date has been asked for."
    if asked is not None:
        meaning = f"The owner asks for {in_words(asked.to_due_on)}: {asked.because}"
        why_not = refuse_answer(action_facts(action), asked.asked_by_id, today(), current_user.id) or ""
    return _page(
        reference,
        Move.MOVE_DATE,
        form,
        Words("A later date was asked for", meaning, "Answer", "Your answer is noted."),
        moves.answer_later,
        why_not,
        entered=lambda: {"yes": form.answer.data == "yes", "because": form.because.data},
    )


@actions.route("/actions/<reference>/date", methods=["GET", "POST"])
def move_date(reference: str) -> Page:
    """Set or move the due day."""
    action = found(reference)
    has_one = action.due_on is not None
    form = LaterForm() if has_one else FirstDayForm()
    return _page(
        reference,
        Move.MOVE_DATE,
        form,
        Words(
            "Move the due day" if has_one else "Give it a due day",
            "The first due day is kept, and how often it was moved is counted." if has_one else "",
            "Save",
            "The due day is set.",
        ),
        moves.move_date,
    )


@actions.route("/actions/<reference>/not-mine", methods=["GET", "POST"])
def not_mine(reference: str) -> Page:
    """Hand an action back."""
    form = _words_form("Why is it not yours?", "Say whose it is, if you know.")
    return _page(
        reference,
        Move.NOT_MINE,
        form,
        Words(
            "This is not mine",
            "It goes back to whoever raised it, who finds somebody else.",
            "Hand it back",
            "It is no longer yours. You need do nothing more about it.",
        ),
        moves.not_mine,
        then=url_for("actions.tracker"),
    )


@actions.route("/actions/<reference>/owner", methods=["GET", "POST"])
def change_owner(reference: str) -> Page:
    """Give an action to one named person."""
    action = found(reference)
    form = OwnerForm()
    form.owner.choices = [("", "Choose a person"), *owners(today())]
    if action.due_on is not None:
        del form.due_on
    return _page(
        reference,
        Move.CHANGE_OWNER,
        form,
        Words("Give it an owner", "They find it in their next message.", "Save", "It has an owner."),
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
        Words("Agree", "From today its owner is reminded of it.", "Agree", "It is agreed."),
        moves.agree,
    )


@actions.route("/actions/<reference>/edit", methods=["GET", "POST"])
def edit(reference: str) -> Page:
    """Change the words of an action."""
    form = EditForm(obj=found(reference))
    return _page(
        reference,
        Move.EDIT,
        form,
        Words(
            "Change the words", "What it said before stays in the history.", "Save", "The words are changed."
        ),
        moves.edit,
    )


@actions.route("/actions/<reference>/done", methods=["GET", "POST"])
def propose_done(reference: str) -> Page:
    """Propose an action as done."""
    return _page(
        reference,
        Move.PROPOSE_DONE,
        DoneForm(),
        Words(
            "It is done",
            "Somebody else signs it off.",
            "Say that it is done",
            "Thank you. Somebody else signs it off.",
        ),
        moves.propose_done,
    )


@actions.route("/actions/<reference>/sign-off", methods=["GET", "POST"])
def sign_off(reference: str) -> Page:
    """Sign an action off."""
    action = found(reference)
    meaning = f"{action.owner.name if action.owner else 'Its owner'} says: {action.evidence or 'it is done'}"
    return _page(
        reference,
        Move.SIGN_OFF,
        SignOffForm(),
        Words("Sign it off", meaning, "Sign off", "It is signed off. Its impact is still to be checked."),
        moves.sign_off,
    )


@actions.route("/actions/<reference>/send-back", methods=["GET", "POST"])
def send_back(reference: str) -> Page:
    """Send an action back as not done."""
    form = _words_form("What is missing?", "The owner sees this.")
    return _page(
        reference,
        Move.SEND_BACK,
        form,
        Words("Not done yet", "It goes back to its owner.", "Send back", "It is back with its owner."),
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
            "Impact check",
            f"It should change for children: {wanted}" if wanted else "Did it change anything for children?",
            "Close it",
            "It is closed. It was not effective, so write down what to do instead."
            if not_effective
            else "It is closed.",
        ),
        moves.check_impact,
        then=follow_up if not_effective else None,
    )


@actions.route("/actions/<reference>/withdraw", methods=["GET", "POST"])
def withdraw(reference: str) -> Page:
    """Withdraw an action."""
    form = _words_form("Why is it withdrawn?", "")
    return _page(
        reference,
        Move.WITHDRAW,
        form,
        Words("Withdraw", "Nobody is reminded of it any more.", "Withdraw", "It is withdrawn.", serious=True),
        moves.withdraw,
    )


def found(reference: str) -> Action:
    """Return the action of that reference; 404 when there is none."""
    return db.session.scalars(select(Action).where(Action.reference == reference)).one_or_none() or abort(404)


def _page(
    reference: str,
    move: Move,
    form: MoveForm,
    words: Words,
    make: Callable[..., object],
    why_not: str | None = None,
    then: str | None = None,
    entered: Callable[[], Mapping[str, Any]] | None = None,
) -> Page:
    action = found(reference)
    refused = refuse(move, action_facts(action), today(), current_user.id) or why_not
    return tracked_move_page(action, form, words, make, refused, then, entered=entered)


def owned(form: OwnerForm) -> dict[str, Any]:
    """Return the chosen owner, and the due day if it is asked for."""
    chosen = form.entered()
    return {"owner_id": int(chosen.pop("owner")), **chosen}


def _words_form(label: str, hint: str) -> WordsMoveForm:
    form = WordsMoveForm()
    form.said.label.text, form.said.description = label, hint
    return form
