"""`/programme/summary`: all cycles that were reported in a period together, and its files."""

from io import BytesIO
from typing import Any

from flask import Blueprint, abort, render_template, request, send_file, url_for
from flask import Response as Plain
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms.validators import ValidationError

from app.clock import today
from app.downloads import at_once
from app.moves.day_asked import AskedDateField
from app.reports.web import template_context
from app.summary.document import summary
from app.summary.formats import ENDINGS, as_file
from app.summary.gathering import gather, number_of_audits
from app.summary.period import Period, last_quarter, offered

summaries = Blueprint("summary", __name__)

NAMES = {".docx": "Word document", ".html": "web page", ".xlsx": "spreadsheet (Excel)"}


class PeriodForm(FlaskForm):  # type: ignore[misc]
    """The form that asks for the first and the last day of a period. It is sent in the address."""

    class Meta:
        """The form changes nothing, so nobody gains by making a person send it."""

        csrf = False

    from_on = AskedDateField("First date", named="the first date")
    to_on = AskedDateField("Last date", named="the last date")

    def validate_to_on(self, field: AskedDateField) -> None:
        if field.data and self.from_on.data and field.data < self.from_on.data:
            raise ValidationError("Last date must be on or after the first date")


@summaries.get("/programme/summary")
def page() -> str | tuple[str, int]:
    """Show the summary of the period in the address, else that of the last whole quarter."""
    form, period = _asked()
    facts = gather(period, today()) if period else None
    page = render_template(
        "summary/page.html",
        form=form,
        period=period,
        paper=summary(facts) if facts else None,
        undated=facts.undated if facts else [],
        offered=[(name, one, _address("summary.page", one)) for name, one in offered(today())],
        downloads=[
            (NAMES[ending], _address("summary.download", period, ending=ending[1:])) for ending in ENDINGS
        ]
        if period
        else [],
        **template_context(),
    )
    return page if period else (page, 422)


@summaries.get("/programme/summary.<ending>")
def download(ending: str) -> Plain:
    """Send the summary as a file."""
    _, period = _asked()
    if period is None or f".{ending}" not in ENDINGS:
        abort(404)
    at_once(number_of_audits(period, today()))
    paper = summary(gather(period, today()))
    return send_file(
        BytesIO(as_file(paper, f".{ending}")),
        as_attachment=True,
        download_name=f"Practice audits summary, {period}.{ending}",
    )


def _asked() -> tuple[PeriodForm, Period | None]:
    """Return the form with the period that the address asks for; None where that is no period."""
    if not request.args.keys() & {"from_on", "to_on"}:
        quarter = last_quarter(today())
        return PeriodForm(MultiDict(), data={"from_on": quarter.from_on, "to_on": quarter.to_on}), quarter
    form = PeriodForm(request.args)
    if not form.validate():
        return form, None
    return form, Period(form.from_on.data, form.to_on.data)


def _address(endpoint: str, period: Period, **values: str) -> str:
    """Return the address of a page about a period."""
    asked: dict[str, Any] = {"from_on": period.from_on, "to_on": period.to_on, **values}
    return url_for(endpoint, **asked)
