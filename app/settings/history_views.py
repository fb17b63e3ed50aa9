"""`/history`: the last check of the history; and the page that removes the words of one row."""

from flask import Blueprint, abort, after_this_request, render_template, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.database import db, empty_log
from app.history.chain import TEXTS
from app.history.checks import last_check
from app.history.correcting import KEEP_THEIR_WORDS, remove_words
from app.history.models import HistoryRow
from app.moves.fields import WordsField
from app.moves.forms import MoveForm
from app.moves.meanwhile import Kept, digest
from app.moves.moving import held, words
from app.moves.page import Page, Words, move_page

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


@history.get("/history")
def page() -> str:
    """Show what the last check of the history found."""
    return render_template("history/page.html", last=last_check())


@history.route("/history/<int:number>/remove-words", methods=["GET", "POST"])
def remove(number: int) -> Page:
    """Remove the words of a row, after a page that shows them and says what that means."""
    row = db.session.get(HistoryRow, number) or abort(404)
    if row.what in KEEP_THEIR_WORDS:
        abort(404)
    form, back = RemoveForm(), _page_of(row)
    has_words = any(getattr(row, name) is not None for name in TEXTS)

    def carry_out() -> None:
        why = words(form.why.data, "Enter why the words must go")
        remove_words([row.id], why, who=current_user.email)
        after_this_request(_overwrite)

    return move_page(
        form,
        Kept(RemoveForm, lambda: held(row), mark=lambda: digest((row.before, row.after, row.why))),
        Words(
            "Remove words from the history",
            "What happened, when and who did it stays, and so does that words were removed, by whom and why. "
            "The words themselves cannot be restored. Backups made before today still have them.",
            "Remove words",
            "Words removed from the history",
            serious=True,
        ),
        carry_out,
        thing=f"{row.subject_kind[0].upper()}{row.subject_kind[1:]} {row.subject}",
        back=back,
        refused=None if has_words else "This row has no words that could be removed",
        template="history/remove.html",
        row=row,
    )


def _overwrite(answer: Response) -> Response:
    """Overwrite what was removed in the files of the database, too."""
    empty_log()
    return answer


def _page_of(row: HistoryRow) -> str:
    endpoint = PAGES.get(row.subject_kind)
    return url_for(endpoint, reference=row.subject) if endpoint else url_for("history.page")
