"""`/audits/REF/form/N`: one section of the form, its questions on one page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.answers.blueprint import answers
from app.answers.form import Form, FormQuestion, FormSection, Saved, form_of
from app.answers.form_page import FormPage, all_chosen, chosen, decision_on, form_page, typed
from app.answers.identifying import warnings
from app.answers.merging import BLANK, Content
from app.answers.saving import Outcome, Sent, save_section
from app.clock import today
from app.moves.page import Page
from app.refusal import NotNow
from app.wording import counted, plural, sentence

SAVED_FOR_LATER = "Saved. You can come back and continue at any time, on any device."


@dataclass(frozen=True)
class Shown:
    """A question as the page shows it, with the stored answer or the one that could not be saved."""

    question: FormQuestion
    content: Content
    seen: str
    fault: str | None = None
    theirs: Saved | None = None
    """The answer that somebody else saved meanwhile, to choose from."""

    @property
    def warnings(self) -> list[str]:
        """Return the warnings about a comment that seems to identify somebody."""
        return warnings(self.content.comment) if self.content.comment else []


@answers.route("/audits/<reference>/form/<int:number>", methods=["GET", "POST"])
def section(reference: str, number: int) -> Page:
    """Show one section, or save what was filled in."""
    page = form_page(reference)
    form = form_of(page.audit)
    if not 1 <= number <= len(form.sections):
        abort(404)
    questions = form.sections[number - 1].questions
    if request.method == "GET":
        return _page(page, form, number)
    sent = {question.id: _sent(question) for question in questions}
    try:
        outcome = save_section(reference, number, current_user, today(), sent, _completed())
    except NotNow:
        # the input cannot be saved any more, but the page shows it so that it is not lost
        page = form_page(reference)
        return _page(page, form_of(page.audit), number, lost=_lost(questions, sent)), 409
    if not outcome.is_whole:
        return _unfinished(page, number, sent, outcome)
    _warn_of_missing_reasons(page, number, questions)
    return _onwards(reference, number, form, sent, outcome)


def _sent(question: FormQuestion) -> Sent:
    key = question.id
    content = Content(
        response_id=chosen(f"response-{key}"),
        found_in_id=chosen(f"found-{key}"),
        looked_in=all_chosen(f"looked-{key}"),
        comment=typed(f"comment-{key}"),
    )
    return Sent(content, request.form.get(f"seen-{key}", BLANK.fingerprint), decision_on(key))


def _completed() -> bool | None:
    """Return the person's choice of whether the section is completed; None where they left it as it was."""
    choice = request.form.get("completed")
    return (
        None
        if choice not in ("yes", "no") or choice == request.form.get("completed-seen")
        else choice == "yes"
    )


def _lost(questions: Iterable[FormQuestion], sent: Mapping[int, Sent]) -> list[tuple[FormQuestion, Content]]:
    """Return the answers that were changed on the page and could not be saved."""
    return [
        (question, answer.content)
        for question in questions
        if (answer := sent[question.id]).content.fingerprint
        not in (answer.seen, question.content.fingerprint)
    ]


def _unfinished(page: FormPage, number: int, sent: Mapping[int, Sent], outcome: Outcome) -> Page:
    """Show the page again, with what could not be saved as it was typed."""
    form = form_of(page.audit)
    unsaved = {}
    for question in form.sections[number - 1].questions:
        content = sent[question.id].content
        if question.id in outcome.conflicts:
            seen = question.content.fingerprint
            unsaved[question.id] = Shown(question, content, seen, theirs=question.saved)
        elif fault := outcome.faults.get(question.id):
            unsaved[question.id] = Shown(question, content, sent[question.id].seen, fault=fault)
    return _page(page, form, number, unsaved), 409 if outcome.conflicts else 422


def _warn_of_missing_reasons(page: FormPage, number: int, questions: Sequence[FormQuestion]) -> None:
    """Warn of the judgements of the saved section that lack their reason, without blocking."""
    if not any(question.is_grade for question in questions):
        return
    section = form_of(page.audit).sections[number - 1]
    if missing := [question.text for question in section.without_reason]:
        number_missing = f"{counted(len(missing), 'judgement')} in “{section.title}”"
        need = plural(len(missing), "still needs", "still need")
        flash(sentence(f"Saved. {number_missing} {need} a reason: {' '.join(missing)}"), "warning")


def _onwards(reference: str, number: int, form: Form, sent: Mapping[int, Sent], outcome: Outcome) -> Response:
    """Redirect to the next page; first back to a comment that seems to identify somebody."""
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
    unsaved: Mapping[int, Shown] | None = None,
    lost: Sequence[tuple[FormQuestion, Content]] = (),
) -> str:
    section: FormSection = form.sections[number - 1]
    shown = [
        (unsaved or {}).get(question.id) or Shown(question, question.content, question.content.fingerprint)
        for question in section.questions
    ]
    return render_template(
        "answers/section.html" if page.is_open else "answers/section_read.html",
        **page.shared,
        form=form,
        section=section,
        shown=shown,
        lost=lost,
    )
