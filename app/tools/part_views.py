"""The pages of a draft's parts: its scales, sections and questions. Each form does one thing."""

from collections.abc import Callable

from flask import abort, flash, redirect, request, url_for
from flask_security import current_user
from wtforms import Field

from app.moves.page import Page
from app.refusal import Refused
from app.tools import draft_parts, queries
from app.tools.blueprint import tools
from app.tools.content import Asked, Scale, mark
from app.tools.double_questions import two_in_one
from app.tools.draft_parts import DOWN, UP, ChangedMeanwhile, Taken
from app.tools.draft_views import draft_or_refusal, edit_page, make_change, refusal_page, shown
from app.tools.drafting import NotADraft
from app.tools.forms import QuestionForm, ScaleForm, SectionForm
from app.tools.models import Question, Section, Tool
from app.tools.queries import asked, content_of


@tools.route("/tools/<reference>/<int:version>/edit/scale", methods=["GET", "POST"])
def edit_scale(reference: str, version: int) -> Page:
    """Add a scale, or change the one named by `?name=`."""
    tool, refusal = draft_or_refusal(reference, version)
    if refusal:
        return refusal
    name = request.args.get("name")
    scale = content_of(tool).scale(name) if name is not None else None
    if name is not None and scale is None:
        abort(404)
    form = ScaleForm(scale)
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                seen = request.form.get("seen", "")
                draft_parts.save_scale(tool, name, form.scale(), seen=seen, by=current_user.email)
            except NotADraft as why:
                return refusal_page(tool, str(why))
            except ChangedMeanwhile as why:
                status = 409
                form.form_errors.append(str(why))
                tool = queries.found(reference, version) or abort(404)
                scale = content_of(tool).scale(name or "")
            except Refused as why:
                form.name.errors = [str(why)]
            else:
                flash(f"Scale “{form.name.data}” saved", "success")
                return redirect(url_for("tools.edit", reference=reference, version=version))
    return shown("tools/scale.html", status, tool=tool, form=form, scale=scale, seen=_seen(status, scale))


@tools.post("/tools/<reference>/<int:version>/edit/scale/remove")
def remove_scale(reference: str, version: int) -> Page:
    """Remove the scale named by `?name=`."""
    tool, refusal = draft_or_refusal(reference, version)
    name = request.args.get("name", "")
    return refusal or make_change(tool, lambda: draft_parts.remove_scale(tool, name, by=current_user.email))


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
    tool, refusal = draft_or_refusal(reference, version)
    if refusal:
        return refusal
    section = _section(tool, section_id)
    form = SectionForm(data={"title": section.title})
    title = section.title
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                draft_parts.rename_section(tool, section_id, form.title.data, by=current_user.email)
            except NotADraft as why:
                return refusal_page(tool, str(why))
            except Refused as why:
                form.title.errors = [str(why)]
            else:
                return redirect(url_for("tools.edit", reference=reference, version=version))
    return shown("tools/section.html", status, tool=tool, title=title, form=form)


@tools.post("/tools/<reference>/<int:version>/edit/sections/<int:section_id>/<way>")
def move_section(reference: str, version: int, section_id: int, way: str) -> Page:
    """Put a section one place higher or lower."""
    return _put(reference, version, draft_parts.move_section, section_id, way, f"section-{section_id}")


@tools.post("/tools/<reference>/<int:version>/edit/sections/<int:section_id>/remove")
def remove_section(reference: str, version: int, section_id: int) -> Page:
    """Remove an empty section."""
    tool, refusal = draft_or_refusal(reference, version)
    return refusal or make_change(
        tool, lambda: draft_parts.remove_section(tool, section_id, by=current_user.email)
    )


@tools.route(
    "/tools/<reference>/<int:version>/edit/sections/<int:section_id>/questions", methods=["GET", "POST"]
)
def add_question(reference: str, version: int, section_id: int) -> Page:
    """Add a question to a section."""
    tool, refusal = draft_or_refusal(reference, version)
    return refusal or _question_page(tool, _section(tool, section_id), None)


@tools.route("/tools/<reference>/<int:version>/edit/questions/<int:question_id>", methods=["GET", "POST"])
def edit_question(reference: str, version: int, question_id: int) -> Page:
    """Change a question."""
    tool, refusal = draft_or_refusal(reference, version)
    if refusal:
        return refusal
    placed = ((section, question) for section in tool.sections for question in section.questions)
    place = next(((section, question) for section, question in placed if question.id == question_id), None)
    return _question_page(tool, *(place or abort(404)))


@tools.post("/tools/<reference>/<int:version>/edit/questions/<int:question_id>/<way>")
def move_question(reference: str, version: int, question_id: int, way: str) -> Page:
    """Put a question one place higher or lower in its section."""
    return _put(reference, version, draft_parts.move_question, question_id, way, f"question-{question_id}")


@tools.post("/tools/<reference>/<int:version>/edit/questions/<int:question_id>/remove")
def remove_question(reference: str, version: int, question_id: int) -> Page:
    """Remove a question."""
    tool, refusal = draft_or_refusal(reference, version)
    return refusal or make_change(
        tool, lambda: draft_parts.remove_question(tool, question_id, by=current_user.email)
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


def _question_page(tool: Tool, section: Section, question: Question | None) -> Page:
    form = QuestionForm(tool, queries.all_standards(), section, question)
    reference, version = tool.reference, tool.version
    question_id, shown_before = (question.id, asked(question)) if question else (None, None)
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            entered, section_id, by = form.asked(), form.section.data, current_user.email
            seen = request.form.get("seen", "")
            try:
                if question_id is None:
                    draft_parts.add_question(tool, section_id, entered, by=by)
                else:
                    draft_parts.change_question(tool, question_id, section_id, entered, seen=seen, by=by)
            except NotADraft as why:
                return refusal_page(tool, str(why))
            except ChangedMeanwhile as why:
                status = 409
                form.form_errors.append(str(why))
            except Refused as why:
                _field_of(why, form).errors = [str(why)]
            else:
                _tell_saved(entered.text)
                return redirect(url_for("tools.edit", reference=reference, version=version))
        tool = queries.found(reference, version) or abort(404)
    return shown(
        "tools/question.html",
        status,
        tool=tool,
        form=form,
        known=shown_before.key if shown_before else None,
        double=two_in_one(form.text.data or ""),
        seen=_seen(status, shown_before),
    )


def _seen(status: int, content: Asked | Scale | None) -> str:
    """Return the mark of what the person has seen; a form shown again with errors keeps its own."""
    if status == 422:
        return request.form.get("seen", "")
    return mark(content) if content is not None else ""


def _field_of(why: Refused, form: QuestionForm) -> Field:
    field: Field = form.key if isinstance(why, Taken) else form.text
    return field


def _tell_saved(text: str) -> None:
    words = two_in_one(text)
    if words:
        flash(f"Question saved. It may ask 2 things at once: “{words}”.", "warning")
    else:
        flash("Question saved", "success")
