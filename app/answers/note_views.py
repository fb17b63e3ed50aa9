"""`/audits/REF/form/context` and `/audits/REF/form/end`: what the pair says beside its answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.answers.blueprint import answers
from app.answers.form import context_of, factors, note_of
from app.answers.form_page import FormPage, form_page, kept, typed
from app.answers.identifying import warnings
from app.answers.merging import NOT_THERE, Factor, fingerprint
from app.answers.noting import (
    AT_THE_END,
    EXEMPLAR,
    HARD_TO_FIND,
    MINUTES,
    SentFactor,
    SentNote,
    save_context,
    save_end,
    text_of,
)
from app.answers.section_views import SAVED_FOR_LATER
from app.clock import today
from app.moves.page import Page
from app.refusal import NotNow

END_LABELS = {
    MINUTES: "How many minutes did it take, for both of you together?",
    HARD_TO_FIND: "What was hard to find or to answer? (optional)",
    EXEMPLAR: "Is there good work here that others can learn from? (optional)",
}
END_HINTS = {
    MINUTES: "A rough number is enough, such as 110. It helps to plan the next cycle.",
    HARD_TO_FIND: "It goes into the next version of the questions.",
    EXEMPLAR: "To nominate it as an example, say why. Leave it empty if you do not nominate it.",
}


@dataclass(frozen=True)
class ShownFactor:
    """A factor as the page shows it."""

    id: int
    label: str
    factor: Factor
    seen: str
    fault: str | None = None
    theirs: Factor | None = None

    @property
    def warnings(self) -> list[str]:
        """Return what in the note looks as if it named somebody."""
        return warnings(self.factor.note) if self.factor.note else []


@dataclass(frozen=True)
class ShownNote:
    """A field of the last page as it is shown; `conflict`: somebody saved `theirs` meanwhile."""

    name: str
    text: str | None
    seen: str
    fault: str | None = None
    conflict: bool = False
    theirs: str | None = None

    @property
    def label(self) -> str:
        """Return what is asked."""
        return END_LABELS[self.name]

    @property
    def hint(self) -> str:
        """Return why it is asked."""
        return END_HINTS[self.name]

    @property
    def warnings(self) -> list[str]:
        """Return what in the text looks as if it named somebody."""
        return warnings(self.text) if self.text and self.name != MINUTES else []


@answers.route("/audits/<reference>/form/context", methods=["GET", "POST"])
def context(reference: str) -> Page:
    """Show what was going on around the case."""
    page = form_page(reference)
    if request.method == "GET":
        return _context_page(page, {})
    sent = {factor_id: _sent_factor(factor_id) for factor_id in factors()}
    try:
        outcome = save_context(reference, current_user, today(), sent)
    except NotNow:
        lost = [
            one.factor.note for one in sent.values() if one.factor.note and one.factor.fingerprint != one.seen
        ]
        return _context_page(form_page(reference), {}, lost), 409
    if not outcome.is_whole:
        stored, labels = context_of(page.audit.id), factors()
        kept_back = {
            factor_id: ShownFactor(
                factor_id,
                labels[factor_id],
                sent[factor_id].factor,
                stored.get(factor_id, NOT_THERE).fingerprint,
                outcome.faults.get(factor_id),
                stored.get(factor_id, NOT_THERE) if factor_id in outcome.conflicts else None,
            )
            for factor_id in (*outcome.conflicts, *outcome.faults)
        }
        return _context_page(page, kept_back), 409 if outcome.conflicts else 422
    if any(warnings(sent[each].factor.note or "") for each in outcome.written):
        return redirect(url_for("answers.context", reference=reference))
    return _onwards(reference, "answers.end")


def _sent_factor(factor_id: int) -> SentFactor:
    seen = request.form.get(f"seen-{factor_id}", NOT_THERE.fingerprint)
    note = typed(f"note-{factor_id}")
    # whoever writes a note on a factor means that it was there; taking a tick away is another thing
    newly_noted = note is not None and seen == NOT_THERE.fingerprint
    is_there = str(factor_id) in request.form.getlist("factor") or newly_noted
    return SentFactor(Factor(is_there, note if is_there else None), seen, kept(factor_id))


def _context_page(page: FormPage, kept_back: Mapping[int, ShownFactor], lost: list[str] | None = None) -> str:
    stored = context_of(page.audit.id)
    shown = [
        kept_back.get(factor_id)
        or ShownFactor(factor_id, label, now := stored.get(factor_id, NOT_THERE), now.fingerprint)
        for factor_id, label in factors().items()
    ]
    return render_template("answers/context.html", **page.shared, shown=shown, lost=lost or [])


@answers.route("/audits/<reference>/form/end", methods=["GET", "POST"])
def end(reference: str) -> Page:
    """Time taken, what was hard to find, an example of good work."""
    page = form_page(reference)
    if request.method == "GET":
        return _end_page(page, {})
    sent = {
        name: SentNote(typed(name), request.form.get(f"seen-{name}", fingerprint(None)), kept(name))
        for name in AT_THE_END
    }
    try:
        outcome = save_end(reference, current_user, today(), sent)
    except NotNow:
        lost = [one.text for one in sent.values() if one.text and fingerprint(one.text) != one.seen]
        return _end_page(form_page(reference), {}, lost), 409
    if not outcome.is_whole:
        note = note_of(page.audit.id)
        kept_back = {
            name: ShownNote(
                name,
                sent[name].text,
                fingerprint(text_of(note, name)),
                outcome.faults.get(name),
                name in outcome.conflicts,
                outcome.conflicts.get(name),
            )
            for name in (*outcome.conflicts, *outcome.faults)
        }
        return _end_page(page, kept_back), 409 if outcome.conflicts else 422
    if any(warnings(sent[name].text or "") for name in outcome.written if name != MINUTES):
        return redirect(url_for("answers.end", reference=reference))
    return _onwards(reference, "answers.check")


def _end_page(page: FormPage, kept_back: Mapping[str, ShownNote], lost: list[str] | None = None) -> str:
    note = note_of(page.audit.id)
    shown = [
        kept_back.get(name) or ShownNote(name, now := text_of(note, name), fingerprint(now))
        for name in AT_THE_END
    ]
    return render_template("answers/end.html", **page.shared, shown=shown, lost=lost or [])


def _onwards(reference: str, following: str) -> Response:
    if request.form.get("then") == "later":
        flash(SAVED_FOR_LATER, "success")
        return redirect(url_for("answers.form", reference=reference))
    return redirect(url_for(following, reference=reference))
