"""`/settings/report-template`: the council's own Word template."""

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
    """The form to upload a Word document."""

    file = FileField("Word document (.docx)", named="a Word document")


@reports.route("/settings/report-template", methods=["GET", "POST"])
def template() -> Page:
    """Show the template in use, or replace it."""
    form = TemplateForm()

    def save() -> str:
        name, content = form.file.data.filename or "template.docx", form.file.data.read()
        templates.set_template(name, content, by=current_user, on=today())
        return url_for("reports.template")

    return form_page(
        form,
        lambda _shown: render_template("reports/template.html", form=form, kept=templates.template()),
        save,
        done="Template saved. Word reports use it from now on.",
        at=form.file,
    )


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
