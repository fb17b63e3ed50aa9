"""The pages of a draft's questions: what each asks, when it applies, what is expected, what findings say."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, flash, request
from flask_security import current_user

from app.moves.page import Page
from app.tools import draft_questions, queries
from app.tools.blueprint import tools
from app.tools.conditions import Condition
from app.tools.content import ANSWERS, RESPONSE, Asked
from app.tools.double_questions import two_in_one
from app.tools.draft_parts import Taken
from app.tools.draft_views import draft_of_form, draft_or_refusal, make_change, part_page, shown
from app.tools.models import Question, Section, Tool
from app.tools.part_views import condition_page, put, the_section
from app.tools.queries import asked, content_of
from app.tools.question_forms import FindingsForm, LevelForm, QuestionForm


@tools.route(
    "/tools/<reference>/<int:version>/edit/sections/<int:section_id>/questions", methods=["GET", "POST"]
)
def add_question(reference: str, version: int, section_id: int) -> Page:
    """Add a question to a section, after a page that asks what its answer is."""
    tool, refusal = draft_of_form(reference, version)
    if refusal:
        return refusal
    return _question_page(tool, the_section(tool, section_id), None)


@tools.route("/tools/<reference>/<int:version>/edit/questions/<int:question_id>", methods=["GET", "POST"])
def edit_question(reference: str, version: int, question_id: int) -> Page:
    """Change the words of a question, or with `?answer=` what its answer is."""
    tool, refusal = draft_of_form(reference, version)
    if refusal:
        return refusal
    if _found(tool, question_id) is None and request.method == "GET":
        abort(404)
    return _question_page(tool, None, question_id)


def _question_page(tool: Tool, section: Section | None, question_id: int | None) -> Page:
    """Show the page of a new question of a section, or of one that is there."""
    question = _found(tool, question_id)
    answer = request.args.get("answer", question.answer if question else "")
    if answer not in ANSWERS:
        if request.method == "GET":
            now = asked(question) if question else None
            return shown("tools/answer.html", tool=tool, section=section, question=now)
        answer = RESPONSE

    def filled() -> QuestionForm:
        return QuestionForm(tool, section, _found(tool, question_id), answer)

    form = filled()
    gone = question_id is not None and question is None

    def change() -> None:
        section_id, by = form.section.data, current_user.email
        if question_id is None:
            draft_questions.add_question(tool, section_id, form.asked(), by=by)
        else:
            draft_questions.change_question(tool, question_id, form.values(), section_id, by=by)
        _tell_saved(form.text.data)

    return part_page(
        tool,
        form,
        "tools/question.html",
        change,
        filled if question is not None else None,
        at=lambda why: form.key if isinstance(why, Taken) else form.section,
        refused="This question is no longer in the draft" if gone else None,
        beside=f"question-{question_id}" if question_id is not None else None,
        known=question.key if question is not None else None,
        double=two_in_one(form.text.data or ""),
        answer=answer,
    )


def _tell_saved(text: str) -> None:
    words = two_in_one(text)
    if words:
        flash(f"Question saved. It may ask 2 things at once: “{words}”.", "warning")
    else:
        flash("Question saved", "success")


@tools.route(
    "/tools/<reference>/<int:version>/edit/questions/<int:question_id>/level", methods=["GET", "POST"]
)
def edit_level(reference: str, version: int, question_id: int) -> Page:
    """Say what the council expects of a question, and which responses call for a response."""

    def filled(tool: Tool, question: Question) -> LevelForm:
        return LevelForm(content_of(tool), asked(question))

    return _detail_page(reference, version, question_id, "tools/level.html", filled)


@tools.route(
    "/tools/<reference>/<int:version>/edit/questions/<int:question_id>/findings", methods=["GET", "POST"]
)
def edit_findings(reference: str, version: int, question_id: int) -> Page:
    """Say what findings and the report say of a question."""
    return _detail_page(
        reference,
        version,
        question_id,
        "tools/findings.html",
        lambda _tool, question: FindingsForm(question, queries.all_standards()),
    )


def _detail_page(
    reference: str,
    version: int,
    question_id: int,
    template: str,
    form_of: Callable[[Tool, Question], LevelForm | FindingsForm],
) -> Page:
    tool, refusal = draft_of_form(reference, version)
    if refusal:
        return refusal
    question = _found(tool, question_id) or abort(404)

    def filled() -> LevelForm | FindingsForm:
        return form_of(tool, _found(tool, question_id) or abort(404))

    form = filled()

    def change() -> None:
        _change(tool, question_id, form.values())
        flash("Question saved", "success")

    return part_page(
        tool,
        form,
        template,
        change,
        filled,
        beside=f"question-{question_id}",
        question=asked(question),
    )


@tools.route(
    "/tools/<reference>/<int:version>/edit/questions/<int:question_id>/condition", methods=["GET", "POST"]
)
def edit_condition(reference: str, version: int, question_id: int) -> Page:
    """Say when a question applies, from the answer to the one named by `?question=`."""
    tool, refusal = draft_of_form(reference, version)
    if refusal:
        return refusal

    def kept() -> Asked:
        return asked(_found(tool, question_id) or abort(404))

    def change(condition: Condition | None) -> None:
        _change(tool, question_id, {"applies_if": condition})

    return condition_page(tool, kept, change, beside=f"question-{question_id}")


def _change(tool: Tool, question_id: int, values: Mapping[str, Any]) -> None:
    draft_questions.change_question(tool, question_id, values, by=current_user.email)


@tools.post("/tools/<reference>/<int:version>/edit/questions/<int:question_id>/<way>")
def move_question(reference: str, version: int, question_id: int, way: str) -> Page:
    """Put a question one place higher or lower in its section."""
    beside = f"question-{question_id}"
    return put(reference, version, draft_questions.move_question, question_id, way, beside)


@tools.post("/tools/<reference>/<int:version>/edit/questions/<int:question_id>/remove")
def remove_question(reference: str, version: int, question_id: int) -> Page:
    """Remove a question."""
    tool, refusal = draft_or_refusal(reference, version)
    return refusal or make_change(
        tool,
        lambda: draft_questions.remove_question(tool, question_id, by=current_user.email),
        part=lambda: asked(question) if (question := _found(tool, question_id)) else None,
    )


def _found(tool: Tool, question_id: int | None) -> Question | None:
    questions = (question for section in tool.sections for question in section.questions)
    return next((question for question in questions if question.id == question_id), None)
