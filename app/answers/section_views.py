"""`/audits/REF/form/N`: one section of the form, its questions on one page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.answers.answered import NO_SUCH_RESPONSE, Typed, typed_as
from app.answers.blueprint import answers
from app.answers.form import AboveLimit, Form, FormQuestion, FormSection, Saved
from app.answers.form_page import (
    FormPage,
    all_chosen,
    answer_read,
    chosen,
    decision_on,
    form_page,
    typed,
    typed_answer,
)
from app.answers.merging import BLANK, Content
from app.answers.returning import not_answered
from app.answers.saving import ABOVE_LIMIT, Outcome, Sent, save_section
from app.answers.stored_form import form_of
from app.clock import today
from app.identifying.checking import those_warned_of, warned_of
from app.moves.page import Page
from app.refusal import NotNow
from app.tools.content import DAYS, NUMBER
from app.wording import counted, plural, sentence

CONTINUE_LATER = "You can come back and continue at any time, on any device."


@dataclass(frozen=True)
class Shown:
    """A question as the page shows it, with the stored answer or the one that could not be saved."""

    question: FormQuestion
    content: Content
    typed: Typed
    """Its responses, number or dates as the fields show them."""
    seen: str
    fault: str | None = None
    at: str = ""
    """The field that the fault is about."""
    theirs: Saved | None = None
    """The answer that somebody else saved meanwhile, to choose from."""

    @property
    def warnings(self) -> list[str]:
        """Return the warnings about a text that seems to identify somebody."""
        return [warning for text in self.content.texts for warning in warned_of(text)]

    @property
    def is_wrong(self) -> bool:
        """True where the person has something to put right, or to decide."""
        return self.fault is not None or self.theirs is not None

    @property
    def answer_field(self) -> str:
        """Return the id of the first field of the answer."""
        key, answer = self.question.id, self.question.asked.answer
        return {NUMBER: f"number-{key}", DAYS: f"from-{key}-day"}.get(answer, f"response-{key}")


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
    set_aside = _changed("aside", "yes" if "aside" in request.form else "no")
    try:
        outcome = save_section(
            reference, number, current_user, today(), sent, _completed(), set_aside=set_aside
        )
    except NotNow:
        # the input cannot be saved any more, but the page shows it so that it is not lost
        page = form_page(reference)
        return _page(page, form_of(page.audit), number, lost=_lost(questions, sent)), 409
    if not outcome.is_whole:
        return _unfinished(page, number, sent, outcome)
    assert outcome.form is not None
    return _onwards(reference, number, outcome.form, outcome)


def _sent(question: FormQuestion) -> Sent:
    content, fault = content_sent(question)
    seen = request.form.get(f"seen-{question.id}", BLANK.fingerprint)
    return Sent(content, seen, decision_on(question.id), fault)


def content_sent(question: FormQuestion) -> tuple[Content, str | None]:
    """Return what was filled in for a question, and what is wrong with its answer."""
    key = question.id
    given, fault = answer_read(typed_answer(key), question, question.content)
    above_limit = f"above-{key}"
    content = Content(
        **vars(given),
        found_in_id=chosen(f"found-{key}"),
        looked_in=all_chosen(f"looked-{key}"),
        comment=typed(f"comment-{key}"),
        # the page asks for it only while the grade is above its limit
        above_limit_because=typed(above_limit)
        if above_limit in request.form
        else question.content.above_limit_because,
    )
    return content, fault


def _completed() -> bool | None:
    """Return the person's choice of whether the section is completed; None where they left it as it was."""
    return _changed("completed", request.form.get("completed"))


def _changed(name: str, choice: str | None) -> bool | None:
    """Return whether the person chose yes; None where the page did not ask, or they left it as it was."""
    seen = request.form.get(f"{name}-seen")
    if choice not in ("yes", "no") or choice == seen or (name == "aside" and seen is None):
        return None
    return choice == "yes"


@dataclass(frozen=True)
class Lost:
    """An answer that could not be saved; `typed` is what was typed in place of a number or dates."""

    question: FormQuestion
    content: Content
    typed: str


def _lost(questions: Iterable[FormQuestion], sent: Mapping[int, Sent]) -> list[Lost]:
    """Return the answers that were changed on the page and could not be saved."""
    lost = []
    for question in questions:
        answer = sent[question.id]
        if answer.fault or answer.content.fingerprint not in (answer.seen, question.content.fingerprint):
            words = typed_answer(question.id).words if answer.fault else ""
            lost.append(Lost(question, answer.content, words))
    return lost


def _unfinished(page: FormPage, number: int, sent: Mapping[int, Sent], outcome: Outcome) -> Page:
    """Show the page again, with what could not be saved as it was typed."""
    form = form_of(page.audit)
    unsaved = {}
    for question in form.sections[number - 1].questions:
        answer, fields = sent[question.id], typed_answer(question.id)
        if question.id in outcome.conflicts:
            seen = question.content.fingerprint
            unsaved[question.id] = Shown(question, answer.content, fields, seen, theirs=question.saved)
        elif fault := outcome.faults.get(question.id):
            unsaved[question.id] = Shown(
                question, answer.content, fields, answer.seen, fault, _field_of(fault, answer)
            )
    return _page(page, form, number, unsaved), 409 if outcome.conflicts else 422


def _field_of(fault: str, sent: Sent) -> str:
    """Return the kind of field that a fault is about."""
    if sent.fault or fault == NO_SUCH_RESPONSE:
        return "answer"
    return "above" if fault.startswith(ABOVE_LIMIT) else "comment"


def _warnings(section: FormSection, outcome: Outcome) -> list[str]:
    """Return in sentences what the saved section lacks, or that its answers do not count."""
    warned = []
    if section.is_set_aside and outcome.written:
        warned.append(f"The answers in “{section.title}” are kept, but they do not count.")
    if section.is_completed and (blanks := len(section.applying) - section.answered):
        warned.append(f"“{section.title}” is completed with {not_answered(blanks)}.")
    warned += filter(None, (question.after_today(today()) for question in _written(section, outcome)))
    if missing := [question.text for question in section.without_reason]:
        number_missing = f"{counted(len(missing), 'judgement')} in “{section.title}”"
        need = plural(len(missing), "still needs", "still need")
        warned.append(sentence(f"{number_missing} {need} a reason: {' '.join(missing)}"))
    return warned


def _written(section: FormSection, outcome: Outcome) -> list[FormQuestion]:
    """Return the questions whose answers were saved, with these answers."""
    return [question for question in section.questions if question.id in outcome.written]


def _unlikely(questions: Sequence[FormQuestion]) -> list[FormQuestion]:
    """Return those with an answer to look at again: a text that seems to identify somebody, or a date after
    today."""
    identifying = those_warned_of(text for question in questions for text in question.content.texts)
    return [
        question
        for question in questions
        if not identifying.isdisjoint(question.content.texts) or question.after_today(today()) is not None
    ]


def _onwards(reference: str, number: int, form: Form, outcome: Outcome) -> Response:
    """Redirect to the next page; first back to an answer to look at again, to questions that apply only now,
    and to a grade that is above its limit. All that is said of it is in one message."""
    section = form.sections[number - 1]
    warned = _warnings(section, outcome)

    def say(*more: str, is_warning: bool = False) -> None:
        if said := [*warned, *more]:
            flash(" ".join(["Saved.", *said]), "warning" if warned or is_warning else "success")

    def back_to(question_id: int) -> Response:
        here = url_for("answers.section", reference=reference, number=number)
        return redirect(f"{here}#question-{question_id}")

    if look_again := _unlikely(_written(section, outcome)):
        say()
        return back_to(look_again[0].id)
    if request.form.get("then") == "later":
        say(CONTINUE_LATER)
        return redirect(url_for("answers.form", reference=reference))
    if new := [question for question in section.applying if _is_new(question)]:
        say(f"{counted(len(new), 'more question')} {plural(len(new), 'applies', 'apply')} now.")
        return back_to(new[0].id)
    above = form.above_limit
    if above and above.section == section and above.lacks_reason and not _asked_why(above):
        say("Enter the reason why the overall grade is above its limit.", is_warning=True)
        return back_to(above.question.id)
    say()
    following = next((each for each in form.sections[number:] if each.applying), None)
    if following is not None:
        return redirect(url_for("answers.section", reference=reference, number=following.number))
    return redirect(url_for("answers.context", reference=reference))


def _is_new(question: FormQuestion) -> bool:
    """True for a question that the person could not see on the page that they sent."""
    return f"seen-{question.id}" not in request.form or f"unseen-{question.id}" in request.form


def _asked_why(above: AboveLimit) -> bool:
    return f"above-{above.question.id}" in request.form


def _page(
    page: FormPage,
    form: Form,
    number: int,
    unsaved: Mapping[int, Shown] | None = None,
    lost: Sequence[Lost] = (),
) -> str:
    section: FormSection = form.sections[number - 1]
    on_page = {question.id for question in section.on_page}
    shown = [
        (unsaved or {}).get(question.id)
        or Shown(question, question.content, typed_as(question.content), question.content.fingerprint)
        for question in section.questions
        if question.id in on_page or question.id in (unsaved or {})
    ]
    return render_template(
        "answers/section.html" if page.is_open else "answers/section_read.html",
        **page.shared,
        returned=page.as_returned(),
        form=form,
        section=section,
        shown=shown,
        on_page=on_page,
        lost=lost,
    )
