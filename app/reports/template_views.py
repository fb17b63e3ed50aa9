"""`/settings/report-template`: the council's own Word template, looked at before it takes effect."""

from io import BytesIO

from flask import Response as Plain
from flask import abort, flash, redirect, render_template, send_file, url_for
from flask_security import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.clock import today
from app.moves.fields import FileField
from app.moves.forms import MoveForm
from app.moves.page import Page, form_page
from app.refusal import ChangedMeanwhile
from app.reports import templates
from app.reports.blueprint import reports
from app.reports.templates import Proposed


class TemplateForm(FlaskForm):  # type: ignore[misc]
    """The form to upload a Word template."""

    file = FileField("Word document or template (.docx or .dotx)", named="a Word document or template")


@reports.route("/settings/report-template", methods=["GET", "POST"])
def template() -> Page:
    """Show the template in use, or upload another one, which takes effect on the next page."""
    form = TemplateForm()

    def save() -> str:
        name, content = form.file.data.filename or "template.docx", form.file.data.read()
        token = templates.propose(name, content, by=current_user, on=today())
        return url_for("reports.proposed_template", token=token)

    return form_page(
        form,
        lambda _shown: _page(form),
        save,
        at=form.file,
    )


def _page(form: TemplateForm) -> str:
    return render_template(
        "reports/template.html", form=form, kept=templates.template(), mark=templates.mark()
    )


@reports.get("/settings/report-template/<token>")
def proposed_template(token: str) -> Page:
    """Show what of an uploaded template reports do not use, and offer an example report in it."""
    proposed = templates.proposed(token, by=current_user)
    return redirect(url_for("reports.template")) if proposed is None else _proposed_page(token, proposed)


def _proposed_page(token: str, proposed: Proposed, refused: str | None = None) -> str:
    return render_template(
        "reports/template_proposed.html",
        token=token,
        name=proposed.name,
        notes=proposed.notes,
        kept=templates.template(),
        mark=templates.mark(),
        refused=refused,
    )


@reports.get("/settings/report-template/<token>/example.docx")
def example_in_template(token: str) -> Plain:
    """Send an example report in the uploaded template."""
    proposed = templates.proposed(token, by=current_user) or abort(404)
    content = templates.example_in(proposed.content, on=today())
    return send_file(BytesIO(content), as_attachment=True, download_name="example report.docx")


@reports.post("/settings/report-template/<token>")
def use_template(token: str) -> Page:
    """Write Word reports in the uploaded template from now on."""
    if proposed := templates.proposed(token, by=current_user):
        name, content = proposed.name, proposed.content
        try:
            templates.set_template(name, content, by=current_user, on=today(), seen=MoveForm().mark)
        except ChangedMeanwhile as why:
            return _proposed_page(token, proposed, str(why)), 409
        templates.drop(token)
        flash("Template saved. Word reports use it from now on.", "success")
    return redirect(url_for("reports.template"))


@reports.post("/settings/report-template/<token>/drop")
def drop_template(token: str) -> Response:
    """Remove the uploaded template without using it."""
    if templates.proposed(token, by=current_user):
        templates.drop(token)
        flash("Uploaded file removed. Word reports look as before.", "success")
    return redirect(url_for("reports.template"))


@reports.get("/settings/report-template/file")
def template_file() -> Plain:
    """Send the template as it was uploaded."""
    template = templates.template() or abort(404)
    return send_file(BytesIO(template.content), as_attachment=True, download_name=template.name)


@reports.post("/settings/report-template/remove")
def remove_template() -> Page:
    """Go back to the product's own style."""
    try:
        templates.remove_template(by=current_user, on=today(), seen=MoveForm().mark)
    except ChangedMeanwhile as why:
        form = TemplateForm(formdata=None)
        form.form_errors = [str(why)]
        return _page(form), 409
    flash("Template removed. Word reports use the service’s own style again.", "success")
    return redirect(url_for("reports.template"))
