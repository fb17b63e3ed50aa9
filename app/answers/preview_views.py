"""`/tools/REF/N/preview`: the form of a version of a tool, to try it. Nothing that is entered is kept."""

from flask import abort, render_template, request

from app.answers.answered import typed_as
from app.answers.blueprint import answers
from app.answers.form_page import all_chosen, typed_answer
from app.answers.merging import BLANK
from app.answers.section_views import Shown, content_sent
from app.answers.stored_form import form_to_try
from app.moves.page import Page
from app.tools import queries


@answers.route("/tools/<reference>/<int:version>/preview", methods=["GET", "POST"])
def preview(reference: str, version: int) -> Page:
    """Show the form as auditors see it, and what applies with the answers that were tried."""
    tool = queries.found(reference, version) or abort(404)
    is_together = "meeting" in request.args
    form = form_to_try(tool, {}, frozenset(), is_together=is_together)
    faults: dict[int, str] = {}
    if request.method == "POST":
        tried = {}
        for _, question in form.questions:
            tried[question.id], fault = content_sent(question)
            if fault:
                faults[question.id] = fault
        form = form_to_try(tool, tried, all_chosen("aside"), is_together=is_together)
    shown = {
        question.id: Shown(
            question,
            question.content,
            typed_answer(question.id) if question.id in faults else typed_as(question.content),
            BLANK.fingerprint,
            faults.get(question.id),
            "answer" if question.id in faults else "",
        )
        for _, question in form.questions
    }
    return render_template(
        "answers/preview.html",
        tool=tool,
        form=form,
        shown=shown,
        is_together=is_together,
        has_meeting=any(one.per_case for section in tool.sections for one in section.questions),
    )
