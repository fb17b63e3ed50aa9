"""`/audits/REF/worker/talk`: noting a talk about the audit with the worker."""

from flask import abort, url_for
from flask_security import current_user

from app.audits.facts import found
from app.clock import today
from app.identifying.checking import warned_of
from app.moves.page import Page, Words, move_page
from app.workers import replies
from app.workers.blueprint import workers
from app.workers.forms import TalkForm

WORDS = Words(
    "Note a talk",
    "Note a talk about this audit with the worker of the case. The worker, the auditors, moderators and "
    "coordinators can read it.",
    "Save talk",
    "Talk noted. The worker can read what was agreed.",
)


@workers.route("/audits/<reference>/worker/talk", methods=["GET", "POST"])
def note_talk(reference: str) -> Page:
    """Note a talk: when it was, who took part, what was agreed."""
    audit = found(reference) or abort(404)
    form = TalkForm()

    def carry_out() -> None:
        replies.note_talk(reference, form.day.data, form.who.data, form.agreed.data, current_user, today())

    return move_page(
        form,
        None,
        WORDS,
        carry_out,
        thing=f"Audit {audit.reference}",
        back=url_for("workers.page", reference=audit.reference),
        refused=replies.refuse_talk(audit),
        # who took part are names, so only what was agreed is looked at
        warned=lambda: warned_of(form.agreed.data or ""),
    )
