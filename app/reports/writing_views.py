"""`/cycles/REF/report/write/SECTION`: the page on which the analyst writes next to the figures."""

from dataclasses import replace

from flask import abort, flash, redirect, render_template
from flask_security import current_user
from flask_wtf import FlaskForm
from wtforms import HiddenField

from app.answers.merging import tidied
from app.clock import today
from app.cycles import queries
from app.cycles.day_asked import day_of
from app.identifying.checking import warned_of_all
from app.moves.fields import WordsField
from app.moves.page import Page, lets_through
from app.refusal import Refused
from app.reports import narratives
from app.reports.blueprint import reports
from app.reports.making import report_of
from app.reports.narratives import LONGEST_TEXT, WrittenMeanwhile
from app.reports.paper import Paragraph, Section
from app.reports.report_views import address, name_of
from app.reports.sections import outline_section
from app.reports.web import template_context


class WriteForm(FlaskForm):  # type: ignore[misc]
    """The form for the text of a section."""

    seen = HiddenField()
    text = WordsField("Commentary", named="the commentary", longest=LONGEST_TEXT, needed=False)


@reports.route("/cycles/<reference>/report/write/<section>", methods=["GET", "POST"])
def write(reference: str, section: str) -> Page:
    """Write a section. The service's own text is shown below it."""
    cycle = queries.found(reference) or abort(404)
    outlined = outline_section(section)
    if outlined is None or outlined[1].write_about is None:
        abort(404)
    audience, asked = outlined
    form, on, of_day = WriteForm(), today(), day_of(cycle)
    stored = narratives.narrative(cycle, section)
    back = f"{address(cycle, audience, of_day)}&draft=yes"

    def shown(
        status: int, *, theirs: WrittenMeanwhile | None = None, warnings: list[str] | None = None
    ) -> Page:
        paper = report_of(cycle, audience, of_day or on, current_user)
        page = render_template(
            "reports/write.html",
            cycle=cycle,
            form=form,
            asked=asked,
            section=_product_only(next(part for part in paper.sections if part.key == section)),
            theirs=theirs,
            warnings=warnings,
            back=back,
            thing=name_of(cycle, audience),
            **template_context(),
        )
        return page, status

    if not form.is_submitted():
        form.text.data = stored.text if stored else ""
        form.seen.data = str(stored.version if stored else 0)
        return shown(200)
    if not form.validate():
        return shown(422)
    text = tidied(form.text.data) or ""
    if not lets_through(warnings := warned_of_all([text])):
        return shown(200, warnings=warnings)
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
    if text or stored:
        flash("Commentary saved" if text else "Commentary removed", "success")
    return redirect(back)


def _product_only(section: Section) -> Section:
    """Return a section without the analyst's words."""
    parts = tuple(part for part in section.parts if not (isinstance(part, Paragraph) and part.is_written))
    return replace(section, parts=parts, only_product=False)
