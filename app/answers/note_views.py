"""`/audits/REF/form/context` and `/audits/REF/form/end`: the pair's notes beside its answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.answers.blueprint import answers
from app.answers.form_page import FormPage, decision_on, form_page, typed
from app.answers.merging import NOT_THERE, Factor, fingerprint
from app.answers.noting import (
    EXEMPLAR,
    HARD_TO_FIND,
    MINUTES,
    TOOK_PART,
    SentFactor,
    SentNote,
    at_the_end,
    save_context,
    save_end,
    text_of,
)
from app.answers.section_views import CONTINUE_LATER
from app.answers.stored_notes import context_of, factors, note_of
from app.clock import today
from app.identifying.checking import warned_of
from app.moves.fields import NO_CHILD
from app.moves.page import Page
from app.refusal import NotNow

END_LABELS = {
    TOOK_PART: "Who took part in the meeting?",
    MINUTES: "How many minutes did this audit take?",
    HARD_TO_FIND: "What was hard to find or answer? (optional)",
    EXEMPLAR: "Is there good work that others can learn from? (optional)",
}
MINUTES_OF_TWO = "How many minutes did this audit take both auditors in total?"
END_HINTS = {
    TOOK_PART: f"Enter each person on a new line, by name or role, with their agency. {NO_CHILD}",
    MINUTES: "An estimate is enough, such as 110. It helps to plan the next cycle.",
    HARD_TO_FIND: "This helps to improve the next version of the questions",
    EXEMPLAR: (
        "To nominate an example of good work, say why. "
        "Leave this blank if you do not want to nominate anything."
    ),
}


NOT_ABOUT_A_CHILD = (MINUTES, TOOK_PART)
"""The fields in which a name is not taken for that of a child."""


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
        """Return the warnings about a note that seems to identify somebody."""
        return warned_of(self.factor.note) if self.factor.note else []


@dataclass(frozen=True)
class ShownNote:
    """A field of the last page as it is shown; with `conflict` somebody else has saved `theirs` meanwhile."""

    name: str
    label: str
    text: str | None
    seen: str
    fault: str | None = None
    conflict: bool = False
    theirs: str | None = None

    @property
    def hint(self) -> str:
        """Return the hint that says why it is asked."""
        return END_HINTS[self.name]

    @property
    def warnings(self) -> list[str]:
        """Return the warnings about a text that seems to identify somebody."""
        return warned_of(self.text) if self.text and self.name not in NOT_ABOUT_A_CHILD else []


@answers.route("/audits/<reference>/form/context", methods=["GET", "POST"])
def context(reference: str) -> Page:
    """Show or save the context factors of the case."""
    page = form_page(reference)
    if request.method == "GET":
        return _context_page(page, {})
    sent = {factor_id: _sent_factor(factor_id) for factor_id in factors()}
    try:
        outcome = save_context(reference, current_user, today(), sent)
    except NotNow:
        lost = [
            sent_factor.factor.note
            for sent_factor in sent.values()
            if sent_factor.factor.note and sent_factor.factor.fingerprint != sent_factor.seen
        ]
        return _context_page(form_page(reference), {}, lost), 409
    if not outcome.is_whole:
        stored, labels = context_of(page.audit.id), factors()
        unsaved = {
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
        return _context_page(page, unsaved), 409 if outcome.conflicts else 422
    if any(warned_of(sent[factor_id].factor.note or "") for factor_id in outcome.written):
        return redirect(url_for("answers.context", reference=reference))
    return _onwards(reference, "answers.end")


def _sent_factor(factor_id: int) -> SentFactor:
    seen = request.form.get(f"seen-{factor_id}", NOT_THERE.fingerprint)
    note = typed(f"note-{factor_id}")
    # a note on a factor means that it was there; only where it was there before can the tick be taken away
    newly_noted = note is not None and seen == NOT_THERE.fingerprint
    is_there = str(factor_id) in request.form.getlist("factor") or newly_noted
    return SentFactor(Factor(is_there, note if is_there else None), seen, decision_on(factor_id))


def _context_page(page: FormPage, unsaved: Mapping[int, ShownFactor], lost: list[str] | None = None) -> str:
    stored = context_of(page.audit.id)
    shown = [
        unsaved.get(factor_id)
        or ShownFactor(factor_id, label, now := stored.get(factor_id, NOT_THERE), now.fingerprint)
        for factor_id, label in factors().items()
    ]
    return render_template("answers/context.html", **page.shared, shown=shown, lost=lost or [])


@answers.route("/audits/<reference>/form/end", methods=["GET", "POST"])
def end(reference: str) -> Page:
    """Show or save who took part in a meeting, the time taken, what was hard to find, and an example of good
    work."""
    page = form_page(reference)
    if request.method == "GET":
        return _end_page(page, {})
    sent = {
        name: SentNote(typed(name), request.form.get(f"seen-{name}", fingerprint(None)), decision_on(name))
        for name in at_the_end(page.audit)
    }
    try:
        outcome = save_end(reference, current_user, today(), sent)
    except NotNow:
        lost = [note.text for note in sent.values() if note.text and fingerprint(note.text) != note.seen]
        return _end_page(form_page(reference), {}, lost), 409
    if not outcome.is_whole:
        note = note_of(page.audit.id)
        unsaved = {
            name: ShownNote(
                name,
                _label(name, page),
                sent[name].text,
                fingerprint(text_of(note, name)),
                outcome.faults.get(name),
                name in outcome.conflicts,
                outcome.conflicts.get(name),
            )
            for name in (*outcome.conflicts, *outcome.faults)
        }
        return _end_page(page, unsaved), 409 if outcome.conflicts else 422
    if any(warned_of(sent[name].text or "") for name in outcome.written if name not in NOT_ABOUT_A_CHILD):
        return redirect(url_for("answers.end", reference=reference))
    return _onwards(reference, "answers.check")


def _label(name: str, page: FormPage) -> str:
    """Return the question of a field, as it is asked of one auditor or of two."""
    return MINUTES_OF_TWO if name == MINUTES and not page.pair.is_for_one else END_LABELS[name]


def _end_page(page: FormPage, unsaved: Mapping[str, ShownNote], lost: list[str] | None = None) -> str:
    note = note_of(page.audit.id)
    shown = [
        unsaved.get(name) or ShownNote(name, _label(name, page), now := text_of(note, name), fingerprint(now))
        for name in at_the_end(page.audit)
    ]
    return render_template("answers/end.html", **page.shared, shown=shown, lost=lost or [])


def _onwards(reference: str, following: str) -> Response:
    if request.form.get("then") == "later":
        flash(f"Saved. {CONTINUE_LATER}", "success")
        return redirect(url_for("answers.form", reference=reference))
    return redirect(url_for(following, reference=reference))
