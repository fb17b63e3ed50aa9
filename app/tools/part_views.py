"""The pages of a draft's scales and sections. Each form does one thing."""

from collections.abc import Callable

from flask import abort, flash, redirect, request, url_for
from flask_security import current_user

from app.moves.meanwhile import digest
from app.moves.page import Page, asks_again
from app.refusal import Refused
from app.tools import draft_parts, queries
from app.tools.asking import can_decide
from app.tools.blueprint import tools
from app.tools.conditions import Condition
from app.tools.content import EVIDENCE, KINDS, Asked, Part, Scale
from app.tools.draft_parts import DOWN, UP
from app.tools.draft_views import (
    draft_of_form,
    draft_or_refusal,
    edit_page,
    make_change,
    part_page,
    refusal_page,
    shown,
)
from app.tools.drafting import NotADraft
from app.tools.forms import ConditionForm, EndConditionForm, ScaleForm, SectionForm, TitleForm
from app.tools.models import Section, Tool
from app.tools.queries import content_of, part


@tools.route("/tools/<reference>/<int:version>/edit/scale", methods=["GET", "POST"])
def edit_scale(reference: str, version: int) -> Page:
    """Add a scale, or change the one named by `?name=`, after a page that asks for its kind."""
    tool, refusal = draft_of_form(reference, version)
    if refusal:
        return refusal
    name = request.args.get("name")
    known = _scale(tool, name)
    gone = None
    if name is not None and known is None:
        gone = f"The scale “{name}” is no longer in this draft"
        if request.method == "GET":
            abort(404)
    kind = request.args.get("kind", known.kind if known else "")
    if kind not in KINDS:
        if request.method == "GET":
            return shown("tools/kind.html", tool=tool, name=name, kind=known.kind if known else None)
        kind = EVIDENCE

    def filled() -> ScaleForm:
        return ScaleForm(kind, _scale(tool, name))

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
        kind=kind,
    )


def _scale(tool: Tool, name: str | None) -> Scale | None:
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
    form = TitleForm()
    if form.validate():
        if asks_again(form):
            return edit_page(tool, section=form)
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
def edit_section(reference: str, version: int, section_id: int) -> Page:
    """Change the title of a section, and whether it can be set aside for a case."""
    tool, refusal = draft_of_form(reference, version)
    if refusal:
        return refusal

    def filled() -> SectionForm:
        return SectionForm(the_section(tool, section_id))

    form = filled()
    return part_page(
        tool,
        form,
        "tools/section.html",
        lambda: draft_parts.change_section(tool, section_id, form.values(), by=current_user.email),
        filled,
        at=lambda why: form.key if str(why).startswith("Key") else form.title,
        beside=f"section-{section_id}",
        title=the_section(tool, section_id).title,
    )


@tools.route(
    "/tools/<reference>/<int:version>/edit/sections/<int:section_id>/condition", methods=["GET", "POST"]
)
def edit_section_condition(reference: str, version: int, section_id: int) -> Page:
    """Say when a section applies, from the answer to the question named by `?question=`."""
    tool, refusal = draft_of_form(reference, version)
    if refusal:
        return refusal

    def change(condition: Condition | None) -> None:
        values = {"applies_if": condition}
        draft_parts.change_section(tool, section_id, values, by=current_user.email)

    return condition_page(
        tool, lambda: part(the_section(tool, section_id)), change, beside=f"section-{section_id}"
    )


def condition_page(
    tool: Tool,
    kept: Callable[[], Part | Asked],
    change: Callable[[Condition | None], None],
    *,
    beside: str,
) -> Page:
    """Show when a part applies, or change it: first the question that decides, then its responses."""
    content, now = content_of(tool), kept()
    choices = can_decide(content, now)
    key = request.args.get("question", now.applies_if.question if now.applies_if else "")
    earlier = next((question for question in choices if question.key == key), None)

    def filled() -> ConditionForm | EndConditionForm:
        kept_now, scale = kept(), content.scale_of(earlier) if earlier else None
        return ConditionForm(earlier, scale, kept_now.applies_if) if earlier and scale else EndConditionForm()

    form = filled()

    def carry_out() -> None:
        told = form.responses.data if isinstance(form, ConditionForm) else ()
        change(Condition(key, tuple(told)) if told else None)
        flash(f"{_name(now)} applies to every case" if not told else "Condition saved", "success")

    return part_page(
        tool,
        form,
        "tools/condition.html",
        carry_out,
        filled,
        mark=lambda: digest(kept().applies_if),
        beside=beside,
        name=_name(now),
        condition=now.applies_if,
        earlier=earlier,
        choices=choices,
        content=content,
    )


def _name(one: Part | Asked) -> str:
    return f"Section “{one.title}”" if isinstance(one, Part) else f"Question {one.key}"


@tools.post("/tools/<reference>/<int:version>/edit/sections/<int:section_id>/<way>")
def move_section(reference: str, version: int, section_id: int, way: str) -> Page:
    """Put a section one place higher or lower."""
    return put(reference, version, draft_parts.move_section, section_id, way, f"section-{section_id}")


@tools.post("/tools/<reference>/<int:version>/edit/sections/<int:section_id>/remove")
def remove_section(reference: str, version: int, section_id: int) -> Page:
    """Remove an empty section."""
    tool, refusal = draft_or_refusal(reference, version)
    return refusal or make_change(
        tool,
        lambda: draft_parts.remove_section(tool, section_id, by=current_user.email),
        part=lambda: next((part(one) for one in tool.sections if one.id == section_id), None),
    )


def put(reference: str, version: int, move: Callable[..., None], part_id: int, way: str, beside: str) -> Page:
    """Put a part of the draft one place higher or lower, and show the draft at it."""
    if way not in (UP, DOWN):
        abort(404)
    tool, refusal = draft_or_refusal(reference, version)
    return refusal or make_change(
        tool, lambda: move(tool, part_id, way, by=current_user.email), beside=beside
    )


def the_section(tool: Tool, section_id: int) -> Section:
    """Return a section of the draft; 404 where there is none."""
    section = next((section for section in tool.sections if section.id == section_id), None)
    return section or abort(404)
