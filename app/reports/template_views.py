"""`/settings/report-template`: the council's own Word template, looked at before it takes effect."""

from io import BytesIO

from flask import Response as Plain
from flask import abort, flash, redirect, render_template, send_file, url_for
from flask_security import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.clock import today
from app.moves.fields import FileField
from app.moves.page import Page, form_page
from app.reports import templates
from app.reports.blueprint import reports


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
        lambda _shown: render_template("reports/template.html", form=form, kept=templates.template()),
        save,
        at=form.file,
    )


@reports.get("/settings/report-template/<token>")
def proposed_template(token: str) -> Page:
    """Show what of an uploaded template reports do not use, and offer an example report in it."""
    proposed = templates.proposed(token, by=current_user)
    if proposed is None:
        return redirect(url_for("reports.template"))
    return render_template(
        "reports/template_proposed.html",
        token=token,
        name=proposed.name,
        notes=proposed.notes,
        kept=templates.template(),
    )


@reports.get("/settings/report-template/<token>/example.docx")
def example_in_template(token: str) -> Plain:
    """Send an example report in the uploaded template."""
    proposed = templates.proposed(token, by=current_user) or abort(404)
    content = templates.example_in(proposed.content, on=today())
    return send_file(BytesIO(content), as_attachment=True, download_name="example report.docx")


@reports.post("/settings/report-template/<token>")
def use_template(token: str) -> Response:
    """Write Word reports in the uploaded template from now on."""
    if proposed := templates.proposed(token, by=current_user):
        templates.set_template(proposed.name, proposed.content, by=current_user, on=today())
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
def remove_template() -> Response:
    """Go back to the product's own style."""
    templates.remove_template(by=current_user, on=today())
    flash("Template removed. Word reports use the service’s own style again.", "success")
    return redirect(url_for("reports.template"))
