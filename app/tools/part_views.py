"""The pages of a draft's parts: its scales, sections and questions. Each form does one thing."""

from collections.abc import Callable

from flask import abort, flash, redirect, request, url_for
from flask_security import current_user

from app.moves.page import Page
from app.refusal import Refused
from app.tools import draft_parts, queries
from app.tools.blueprint import tools
from app.tools.content import Scale
from app.tools.double_questions import two_in_one
from app.tools.draft_parts import DOWN, UP, Taken
from app.tools.draft_views import (
    draft_of_form,
    draft_or_refusal,
    edit_page,
    make_change,
    part_page,
    refusal_page,
)
from app.tools.drafting import NotADraft
from app.tools.forms import QuestionForm, ScaleForm, SectionForm
from app.tools.models import Question, Section, Tool
from app.tools.queries import asked, content_of


@tools.route("/tools/<reference>/<int:version>/edit/scale", methods=["GET", "POST"])
def edit_scale(reference: str, version: int) -> Page:
    """Add a scale, or change the one named by `?name=`."""
    tool, refusal = draft_of_form(reference, version)
    if refusal:
        return refusal
    name = request.args.get("name")
    gone = None
    if name is not None and _scale(tool, name) is None:
        gone = f"The scale “{name}” is no longer in this draft"
        if request.method == "GET":
            abort(404)

    def filled() -> ScaleForm:
        return ScaleForm(_scale(tool, name) if name is not None else None)

    form = filled()

    def change() -> None:
        draft_parts.save_scale(tool, name, form.scale(), by=current_user.email)
        flash(f"Scale “{form.name.data}” saved", "success")

    return part_page(
        tool,
        form,
        "tools/scale.html",
        change,
        filled if name is not None else None,
        at=lambda _why: form.name,
        refused=gone,
        known=name,
    )


def _scale(tool: Tool, name: str) -> Scale | None:
    return content_of(tool).scale(name)


@tools.post("/tools/<reference>/<int:version>/edit/scale/remove")
def remove_scale(reference: str, version: int) -> Page:
    """Remove the scale named by `?name=`."""
    tool, refusal = draft_or_refusal(reference, version)
    name = request.args.get("name", "")
    return refusal or make_change(
        tool,
        lambda: draft_parts.remove_scale(tool, name, by=current_user.email),
        part=lambda: _scale(tool, name),
    )


@tools.post("/tools/<reference>/<int:version>/edit/sections")
def add_section(reference: str, version: int) -> Page:
    """Add a section."""
    tool, refusal = draft_or_refusal(reference, version)
    if refusal:
        return refusal
    form = SectionForm()
    if form.validate():
        try:
            draft_parts.add_section(tool, form.title.data, by=current_user.email)
        except NotADraft as why:
            return refusal_page(tool, str(why))
        except Refused as why:
            form.title.errors = [str(why)]
        else:
            flash(f"Section “{form.title.data}” added", "success")
            return redirect(url_for("tools.edit", reference=reference, version=version))
    return edit_page(queries.found(reference, version) or abort(404), section=form, status=422)


@tools.route("/tools/<reference>/<int:version>/edit/sections/<int:section_id>", methods=["GET", "POST"])
def rename_section(reference: str, version: int, section_id: int) -> Page:
    """Give a section another title."""
    tool, refusal = draft_of_form(reference, version)
    if refusal:
        return refusal

    def filled() -> SectionForm:
        return SectionForm(data={"title": _section(tool, section_id).title})

    form = filled()
    return part_page(
        tool,
        form,
        "tools/section.html",
        lambda: draft_parts.rename_section(tool, section_id, form.title.data, by=current_user.email),
        filled,
        at=lambda _why: form.title,
        title=_section(tool, section_id).title,
    )


@tools.post("/tools/<reference>/<int:version>/edit/sections/<int:section_id>/<way>")
def move_section(reference: str, version: int, section_id: int, way: str) -> Page:
    """Put a section one place higher or lower."""
    return _put(reference, version, draft_parts.move_section, section_id, way, f"section-{section_id}")


@tools.post("/tools/<reference>/<int:version>/edit/sections/<int:section_id>/remove")
def remove_section(reference: str, version: int, section_id: int) -> Page:
    """Remove an empty section."""
    tool, refusal = draft_or_refusal(reference, version)
    return refusal or make_change(
        tool,
        lambda: draft_parts.remove_section(tool, section_id, by=current_user.email),
        part=lambda: next((one.title for one in tool.sections if one.id == section_id), None),
    )


@tools.route(
    "/tools/<reference>/<int:version>/edit/sections/<int:section_id>/questions", methods=["GET", "POST"]
)
def add_question(reference: str, version: int, section_id: int) -> Page:
    """Add a question to a section."""
    tool, refusal = draft_of_form(reference, version)
    if refusal:
        return refusal
    return _question_page(tool, _section(tool, section_id), None)


@tools.route("/tools/<reference>/<int:version>/edit/questions/<int:question_id>", methods=["GET", "POST"])
def edit_question(reference: str, version: int, question_id: int) -> Page:
    """Change a question."""
    tool, refusal = draft_of_form(reference, version)
    if refusal:
        return refusal
    if _question(tool, question_id) is None and request.method == "GET":
        abort(404)
    return _question_page(tool, None, question_id)


@tools.post("/tools/<reference>/<int:version>/edit/questions/<int:question_id>/<way>")
def move_question(reference: str, version: int, question_id: int, way: str) -> Page:
    """Put a question one place higher or lower in its section."""
    return _put(reference, version, draft_parts.move_question, question_id, way, f"question-{question_id}")


@tools.post("/tools/<reference>/<int:version>/edit/questions/<int:question_id>/remove")
def remove_question(reference: str, version: int, question_id: int) -> Page:
    """Remove a question."""
    tool, refusal = draft_or_refusal(reference, version)
    return refusal or make_change(
        tool,
        lambda: draft_parts.remove_question(tool, question_id, by=current_user.email),
        part=lambda: asked(question) if (question := _question(tool, question_id)) else None,
    )


def _put(
    reference: str, version: int, move: Callable[..., None], part_id: int, way: str, beside: str
) -> Page:
    """Put a part of the draft one place higher or lower, and show the draft at it."""
    if way not in (UP, DOWN):
        abort(404)
    tool, refusal = draft_or_refusal(reference, version)
    return refusal or make_change(
        tool, lambda: move(tool, part_id, way, by=current_user.email), beside=beside
    )


def _section(tool: Tool, section_id: int) -> Section:
    section = next((section for section in tool.sections if section.id == section_id), None)
    return section or abort(404)


def _question(tool: Tool, question_id: int) -> Question | None:
    questions = (question for section in tool.sections for question in section.questions)
    return next((question for question in questions if question.id == question_id), None)


def _question_page(tool: Tool, section: Section | None, question_id: int | None) -> Page:
    """Show the page of a new question of a section, or of one that is there."""

    def filled() -> QuestionForm:
        question = _question(tool, question_id) if question_id is not None else None
        return QuestionForm(tool, queries.all_standards(), section, question)

    form = filled()
    question = _question(tool, question_id) if question_id is not None else None
    gone = question_id is not None and question is None

    def change() -> None:
        entered, section_id, by = form.asked(), form.section.data, current_user.email
        if question_id is None:
            draft_parts.add_question(tool, section_id, entered, by=by)
        else:
            draft_parts.change_question(tool, question_id, section_id, entered, by=by)
        _tell_saved(entered.text)

    return part_page(
        tool,
        form,
        "tools/question.html",
        change,
        filled if question is not None else None,
        at=lambda why: form.key if isinstance(why, Taken) else form.text,
        refused="This question is no longer in the draft" if gone else None,
        known=question.key if question is not None else None,
        double=two_in_one(form.text.data or ""),
    )


def _tell_saved(text: str) -> None:
    words = two_in_one(text)
    if words:
        flash(f"Question saved. It may ask 2 things at once: “{words}”.", "warning")
    else:
        flash("Question saved", "success")
