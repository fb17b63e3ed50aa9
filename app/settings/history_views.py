"""`/history`: the last check of the history; and the page that removes the words of one row."""

from flask import Blueprint, abort, after_this_request, flash, render_template, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.database import db, empty_log
from app.history.chain import TEXTS
from app.history.checks import acknowledge_breaks, last_check, standing_breaks
from app.history.correcting import KEEP_THEIR_WORDS, WORDS_REMOVED
from app.history.models import HistoryRow
from app.history.record import hold_history, of
from app.moves.fields import WordsField
from app.moves.forms import MoveForm
from app.moves.meanwhile import Kept, digest
from app.moves.moving import held, words
from app.moves.page import Page, Words, move_page
from app.retention.same_words import SameWords, same_words, take_out
from app.retention.texts import HISTORY
from app.wording import listed

history = Blueprint("history", __name__)

PAGES = {
    "audit": "audits.detail",
    "action": "actions.action",
    "recommendation": "actions.recommendation",
    "cycle": "cycles.page",
    "quick win": "quick_wins.quick_win",
    "exemplar": "exemplars.exemplar",
}
"""The pages of things that show their history, by the kind of subject."""


class RemoveForm(MoveForm):
    """The form of the reason for which words go."""

    why = WordsField(
        "Why the words must go",
        named="why the words must go",
        needed=True,
        hint="This stays in the history. Do not repeat what must not be there",
    )


class AcknowledgeForm(MoveForm):
    """The form of why a break came about."""

    because = WordsField(
        "How the break came about",
        named="how the break came about",
        needed=True,
        hint="Also say what was done about it. This stays in the history",
    )


@history.get("/history")
def page() -> str:
    """Show what the last check of the history found, which breaks stand, and what became of earlier ones."""
    return render_template(
        "history/page.html", last=last_check(), breaks=standing_breaks(), history=of("history", "history")
    )


@history.route("/history/acknowledge", methods=["GET", "POST"])
def acknowledge() -> Page:
    """Acknowledge the breaks that stand, with a reason."""
    form, breaks = AcknowledgeForm(), standing_breaks()
    return move_page(
        form,
        Kept(AcknowledgeForm, hold_history, mark=lambda: digest(standing_breaks())),
        Words(
            "Acknowledge that the history did not hold",
            "Acknowledge a break only if you know how it came about and have dealt with it. It is then no "
            "longer shown as wrong. Who acknowledged it, when and why stays in the history.",
            "Acknowledge",
            "Acknowledged",
            serious=True,
        ),
        lambda: acknowledge_breaks(
            words(form.because.data, "Enter how the break came about"), by=current_user.email
        ),
        thing="History check",
        back=url_for("history.page"),
        refused=None if breaks else "Nothing is left to acknowledge",
        template="history/acknowledge.html",
        breaks=breaks,
    )


@history.route("/history/<int:number>/remove-words", methods=["GET", "POST"])
def remove(number: int) -> Page:
    """Remove the words of a row, after a page that shows them and says what that means."""
    row = db.session.get(HistoryRow, number) or abort(404)
    if row.what in KEEP_THEIR_WORDS:
        abort(404)
    form, back = RemoveForm(), _page_of(row)
    names = ("why",) if row.what == WORDS_REMOVED else TEXTS
    has_words = any(getattr(row, name) is not None for name in names)
    found = same_words(row) if has_words else SameWords()

    def carry_out() -> None:
        why = words(form.why.data, "Enter why the words must go")
        told = take_out(row, why, who=current_user.email)
        after_this_request(_overwrite)
        flash(_done(told), "success")

    return move_page(
        form,
        Kept(RemoveForm, lambda: held(row), mark=lambda: digest((row.before, row.after, row.why))),
        Words(
            "Remove words from the history",
            "What happened, when and who did it stays, and so does that words were removed, by whom and why. "
            "The words themselves cannot be restored. Backups made before today still have them.",
            "Remove words",
            "",
            serious=True,
        ),
        carry_out,
        thing=f"{row.subject_kind[0].upper()}{row.subject_kind[1:]} {row.subject}",
        back=back,
        refused=None if has_words else "This row has no words that could be removed",
        template="history/remove.html",
        row=row,
        found=found,
    )


def _done(found: SameWords) -> str:
    """Return where the words went from, and where they are left, in sentences."""
    places = ["the history", *(place for place in sorted(found.places) if place != HISTORY)]
    sentence = f"Words removed from {listed(places)}"
    if not found.frozen:
        return sentence
    return f"{sentence}. They are still in {listed(found.frozen)}, because these are frozen."


def _overwrite(answer: Response) -> Response:
    """Overwrite what was removed in the files of the database, too."""
    empty_log()
    return answer


def _page_of(row: HistoryRow) -> str:
    endpoint = PAGES.get(row.subject_kind)
    return url_for(endpoint, reference=row.subject) if endpoint else url_for("history.page")
