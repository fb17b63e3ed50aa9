"""The pages of a draft's overall grade and its limits."""

from flask import flash
from flask_security import current_user

from app.moves.page import Page
from app.tools import draft_questions
from app.tools.blueprint import tools
from app.tools.draft_views import draft_of_form, draft_or_refusal, make_change, part_page
from app.tools.forms import LimitForm, OverallForm
from app.tools.queries import content_of

BESIDE = "overall"


@tools.route("/tools/<reference>/<int:version>/edit/overall", methods=["GET", "POST"])
def edit_overall(reference: str, version: int) -> Page:
    """Select the question that is the overall grade, or none."""
    tool, refusal = draft_of_form(reference, version)
    if refusal:
        return refusal

    def filled() -> OverallForm:
        return OverallForm(content_of(tool))

    form = filled()

    def change() -> None:
        draft_questions.set_overall(tool, form.overall.data or None, by=current_user.email)
        flash("Overall grade saved", "success")

    return part_page(tool, form, "tools/overall.html", change, filled, beside=BESIDE)


@tools.route("/tools/<reference>/<int:version>/edit/limits", methods=["GET", "POST"])
def add_limit(reference: str, version: int) -> Page:
    """Add a limit of the overall grade."""
    tool, refusal = draft_of_form(reference, version)
    if refusal:
        return refusal
    form = LimitForm(content_of(tool))

    def change() -> None:
        draft_questions.add_limit(tool, form.limit(), by=current_user.email)
        flash("Limit added", "success")

    return part_page(tool, form, "tools/limit.html", change, beside=BESIDE)


@tools.post("/tools/<reference>/<int:version>/edit/limits/<int:number>/remove")
def remove_limit(reference: str, version: int, number: int) -> Page:
    """Remove a limit of the overall grade."""
    tool, refusal = draft_or_refusal(reference, version)
    return refusal or make_change(
        tool,
        lambda: draft_questions.remove_limit(tool, number, by=current_user.email),
        beside=BESIDE,
        part=lambda: dict(enumerate(content_of(tool).limits, start=1)).get(number),
    )
