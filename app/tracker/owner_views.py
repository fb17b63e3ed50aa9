"""The moves that actions and recommendations have alike: mostly those of their owners, and the answers."""

from functools import partial

from flask import abort, url_for
from flask_security import current_user

from app.access import may
from app.actions import moves
from app.actions.lifecycle import Move, refuse_answer, refuse_striking
from app.actions.moving import Tracked, facts_of
from app.clock import today
from app.moves.page import Page, Words
from app.people.closures import due_in_words
from app.tracker.forms import AnswerForm, FirstDayForm, LaterForm, NewDateForm, ProgressForm
from app.tracker.move_pages import of_both, tracked_move_page, words_form
from app.wording import in_words


@of_both("progress")
def report(thing: Tracked) -> Page:
    """Report progress."""
    return tracked_move_page(
        thing,
        Move.REPORT,
        ProgressForm(),
        Words("Report progress", "", "Save progress", "Progress saved"),
        partial(moves.report, of=type(thing)),
    )


@of_both("progress/<int:note_id>/strike")
def strike_progress(thing: Tracked, note_id: int) -> Page:
    """Strike through a line of progress."""
    note = moves.note_of(thing, note_id) or abort(404)
    sees_it = may(f"actions.{thing.kind}", reference=thing.reference)
    return tracked_move_page(
        thing,
        None,
        words_form("Why is this line wrong?", "why this line is wrong"),
        Words(
            f"Strike through the progress of {in_words(note.on)}",
            f"“{note.text}” stays on the page, struck through with your reason, and counts as no progress.",
            "Strike line through",
            "Line of progress struck through",
        ),
        partial(moves.strike_progress, note_id=note_id, of=type(thing)),
        refuse_striking(note.struck_on),
        then=None if sees_it else url_for("today.home"),
    )


@of_both("later")
def ask_later(thing: Tracked) -> Page:
    """Ask for a later date."""
    return tracked_move_page(
        thing,
        Move.ASK_LATER,
        LaterForm(),
        Words(
            "Ask for a later date",
            "A coordinator will agree or refuse. Until then the due date stays the same.",
            "Send request",
            "Request sent. A coordinator will agree or refuse.",
        ),
        partial(moves.ask_later, of=type(thing)),
    )


@of_both("later/answer")
def answer_later(thing: Tracked) -> Page:
    """Answer a request for a later date."""
    form, asked = AnswerForm(), moves.asked_for(thing)
    meaning, why_not = "", f"No one has asked for a later date for this {thing.kind}"
    if asked is not None:
        meaning = f"The owner asked for {due_in_words(asked.to_due_on)}: {asked.because}"
        why_not = refuse_answer(facts_of(thing), asked.asked_by_id, today(), current_user.id) or ""
    return tracked_move_page(
        thing,
        Move.MOVE_DATE,
        form,
        Words("Answer request for a later date", meaning, "Save answer", "Answer saved"),
        partial(moves.answer_later, of=type(thing)),
        why_not,
        entered=lambda: {"yes": form.answer.data == "yes", "because": form.because.data},
    )


@of_both("date")
def move_date(thing: Tracked) -> Page:
    """Set or move the due day."""
    has_one = thing.due_on is not None
    return tracked_move_page(
        thing,
        Move.MOVE_DATE,
        NewDateForm() if has_one else FirstDayForm(),
        Words(
            "Change due date" if has_one else "Set a due date",
            "The first due date stays on record, and each change is counted." if has_one else "",
            "Save due date",
            "Due date saved",
        ),
        partial(moves.move_date, of=type(thing)),
    )


@of_both("not-mine")
def not_mine(thing: Tracked) -> Page:
    """Say as its owner that it is not theirs."""
    return tracked_move_page(
        thing,
        Move.NOT_MINE,
        words_form("Why is it not yours?", "why it is not yours", "Say who should own it, if you know"),
        Words(
            f"Say that this {thing.kind} is not yours",
            f"You will no longer be its owner, and get no more reminders about it. The person who raised the "
            f"{thing.kind} and audit coordinators will see why. One of them will find another owner.",
            "Say that it is not mine",
            f"You no longer own this {thing.kind}. You do not need to do anything else.",
        ),
        partial(moves.not_mine, of=type(thing)),
        then=url_for("actions.tracker" if thing.kind == "action" else "actions.recommendations"),
    )
