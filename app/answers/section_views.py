"""`/audits/REF/form/N`: one section of the form, its questions on one page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.answers.blueprint import answers
from app.answers.form import Form, FormQuestion, FormSection, Saved, form_of
from app.answers.form_page import FormPage, all_chosen, chosen, form_page, kept, typed
from app.answers.identifying import warnings
from app.answers.merging import BLANK, Content
from app.answers.saving import Outcome, Sent, save_section
from app.clock import today
from app.moves.page import Page
from app.refusal import NotNow

SAVED_FOR_LATER = "Saved. You can stop here and go on whenever you like, on any computer."


@dataclass(frozen=True)
class Shown:
    """A question as the page shows it: with the answer that is stored, or the one that could not be saved."""

    question: FormQuestion
    content: Content
    seen: str
    fault: str | None = None
    theirs: Saved | None = None
    """What somebody else saved meanwhile, to be chosen from."""

    @property
    def warnings(self) -> list[str]:
        """Return what in the comment looks as if it named somebody."""
        return warnings(self.content.comment) if self.content.comment else []


@answers.route("/audits/<reference>/form/<int:number>", methods=["GET", "POST"])
def section(reference: str, number: int) -> Page:
    """Fill in one section, or read it."""
    page = form_page(reference)
    form = form_of(page.audit)
    if not 1 <= number <= len(form.sections):
        abort(404)
    asked = form.sections[number - 1].questions
    if request.method == "GET":
        return _page(page, form, number)
    sent = {question.id: _sent(question) for question in asked}
    try:
        outcome = save_section(reference, number, current_user, today(), sent, _completed())
    except NotNow:
        # what has been typed cannot be kept here any more, but it is not thrown away before their eyes
        page = form_page(reference)
        return _page(page, form_of(page.audit), number, lost=_lost(asked, sent)), 409
    if not outcome.is_whole:
        return _unfinished(page, number, sent, outcome)
    _tell_of_reasons(page, number, asked)
    return _onwards(reference, number, form, sent, outcome)


def _sent(question: FormQuestion) -> Sent:
    key = question.id
    content = Content(
        response_id=chosen(f"response-{key}"),
        found_in_id=chosen(f"found-{key}"),
        looked_in=all_chosen(f"looked-{key}"),
        comment=typed(f"comment-{key}"),
    )
    return Sent(content, request.form.get(f"seen-{key}", BLANK.fingerprint), kept(key))


def _completed() -> bool | None:
    """Return what the person says of the section; None where they leave it as they saw it."""
    said = request.form.get("completed")
    return None if said not in ("yes", "no") or said == request.form.get("completed-seen") else said == "yes"


def _lost(asked: Iterable[FormQuestion], sent: Mapping[int, Sent]) -> list[tuple[FormQuestion, Content]]:
    """The answers that were changed on the page and could not be saved."""
    return [
        (question, one.content)
        for question in asked
        if (one := sent[question.id]).content.fingerprint not in (one.seen, question.content.fingerprint)
    ]


def _unfinished(page: FormPage, number: int, sent: Mapping[int, Sent], outcome: Outcome) -> Page:
    """The page again, with what could not be saved as it was typed."""
    form = form_of(page.audit)
    kept_back = {}
    for question in form.sections[number - 1].questions:
        content = sent[question.id].content
        if question.id in outcome.conflicts:
            seen = question.content.fingerprint
            kept_back[question.id] = Shown(question, content, seen, theirs=question.saved)
        elif fault := outcome.faults.get(question.id):
            kept_back[question.id] = Shown(question, content, sent[question.id].seen, fault=fault)
    return _page(page, form, number, kept_back), 409 if outcome.conflicts else 422


def _tell_of_reasons(page: FormPage, number: int, asked: Sequence[FormQuestion]) -> None:
    """Say, without blocking, which judgements of the section that was saved lack their reason."""
    if not any(question.is_judgement for question in asked):
        return
    section = form_of(page.audit).sections[number - 1]
    if missing := [question.text for question in section.without_reason]:
        flash(f"Saved. A reason is still missing in “{section.title}”: {' '.join(missing)}", "warning")


def _onwards(reference: str, number: int, form: Form, sent: Mapping[int, Sent], outcome: Outcome) -> Response:
    """To the next page; but where something looks as if it named somebody, first back to where it stands."""
    for question_id in outcome.written:
        if warnings(sent[question_id].content.comment or ""):
            here = url_for("answers.section", reference=reference, number=number)
            return redirect(f"{here}#question-{question_id}")
    if request.form.get("then") == "later":
        flash(SAVED_FOR_LATER, "success")
        return redirect(url_for("answers.form", reference=reference))
    if number < len(form.sections):
        return redirect(url_for("answers.section", reference=reference, number=number + 1))
    return redirect(url_for("answers.context", reference=reference))


def _page(
    page: FormPage,
    form: Form,
    number: int,
    kept_back: Mapping[int, Shown] | None = None,
    lost: Sequence[tuple[FormQuestion, Content]] = (),
) -> str:
    here: FormSection = form.sections[number - 1]
    shown = [
        (kept_back or {}).get(question.id) or Shown(question, question.content, question.content.fingerprint)
        for question in here.questions
    ]
    return render_template(
        "answers/section.html" if page.is_open else "answers/section_read.html",
        **page.shared,
        form=form,
        section=here,
        shown=shown,
        lost=lost,
    )
