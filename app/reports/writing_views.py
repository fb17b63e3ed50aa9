"""`/cycles/REF/report/write/SECTION`: the analyst writes beside the figures."""

from dataclasses import replace

from flask import abort, flash, redirect, render_template
from flask_security import current_user
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from app.answers.changes_page import warned_of
from app.answers.merging import tidied
from app.clock import today
from app.cycles import queries
from app.moves.page import Page, lets_through
from app.refusal import Refused
from app.reports import narratives
from app.reports.blueprint import reports
from app.reports.making import report_of
from app.reports.narratives import LONGEST_TEXT, WrittenMeanwhile
from app.reports.paper import Paragraph, Section
from app.reports.report_views import address
from app.reports.sections import outlined
from app.reports.web import shown_with

TOO_LONG = f"Use {LONGEST_TEXT:,} characters or fewer."


class WriteForm(FlaskForm):  # type: ignore[misc]
    """A section of a report."""

    seen = HiddenField()
    text = TextAreaField("Your text", [Length(max=LONGEST_TEXT, message=TOO_LONG)])


@reports.route("/cycles/<reference>/report/write/<section>", methods=["GET", "POST"])
def write(reference: str, section: str) -> Page:
    """Write one section, with what the service says of it below."""
    cycle = queries.found(reference) or abort(404)
    known = outlined(section)
    if known is None or known[1].write_about is None:
        abort(404)
    audience, asked = known
    form, on = WriteForm(), today()
    kept = narratives.narrative(cycle, section)
    back = f"{address(cycle, audience)}&draft=yes"

    def shown(
        status: int, *, theirs: WrittenMeanwhile | None = None, warnings: list[str] | None = None
    ) -> Page:
        paper = report_of(cycle, audience, on, current_user)
        page = render_template(
            "reports/write.html",
            cycle=cycle,
            form=form,
            asked=asked,
            section=_products(next(one for one in paper.sections if one.key == section)),
            theirs=theirs,
            warnings=warnings,
            back=back,
            **shown_with(),
        )
        return page, status

    if not form.is_submitted():
        form.text.data = kept.text if kept else ""
        form.seen.data = str(kept.version if kept else 0)
        return shown(200)
    if not form.validate():
        return shown(422)
    text = tidied(form.text.data) or ""
    if not lets_through(found := warned_of([text])):
        return shown(200, warnings=found)
    seen = form.seen.data or ""
    try:
        narratives.write(
            cycle, section, text, by=current_user, on=on, seen=int(seen) if seen.isdecimal() else 0
        )
    except WrittenMeanwhile as why:
        form.seen.data = str(why.version)
        return shown(409, theirs=why)
    except Refused as why:
        form.text.errors = [str(why)]
        return shown(422)
    if text or kept:
        flash("Your text is saved." if text else "Your text is taken out.", "success")
    return redirect(back)


def _products(section: Section) -> Section:
    """Return what the service writes in a section, without the analyst's words."""
    parts = tuple(part for part in section.parts if not (isinstance(part, Paragraph) and part.is_written))
    return replace(section, parts=parts, only_product=False)
