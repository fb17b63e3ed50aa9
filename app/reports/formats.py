"""A report as a file: Word or HTML for its readers, or a spreadsheet of its figures."""

from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy import select

from app.audits.cycle import Cycle
from app.database import db
from app.findings.document import Findings
from app.findings.files import figures_csv, figures_xlsx
from app.findings.freezing import findings_of
from app.people.models import Person, Team
from app.refusal import Refused
from app.reports import web
from app.reports.making import latest, report_of
from app.reports.models import ReportTemplate
from app.reports.paper import Audience, Paper
from app.reports.shown_to import shown_to


def as_file(cycle: Cycle, audience: Audience, ending: str, on: date, by: Person | None) -> bytes:
    """The report as a file with that ending: the final one, else a draft from what is known on the day.

    A spreadsheet has the figures alone, those that the report's readers may see. Raises Refused for an ending
    that no report has.
    """
    if ending in FIGURES:
        teams = db.session.scalars(select(Team.name)).all()
        return FIGURES[ending](shown_to(audience, findings_of(cycle, on), teams))
    if ending not in ENDINGS:
        *others, last = ENDINGS
        raise Refused(f"A report is a file that ends in {', '.join(others)} or {last}.")
    return written_as(latest(cycle, audience) or report_of(cycle, audience, on, by), ending)


def written_as(paper: Paper, ending: str) -> bytes:
    """A report as the content of a .docx or .html file."""
    return _WRITTEN[ending](paper)


def _word(paper: Paper) -> bytes:
    """In the council's own template, if one has been set."""
    # here, because what writes Word takes 15 MB that a service at rest does not need
    from app.reports import word

    template = db.session.get(ReportTemplate, 1)
    return word.docx(paper, template.content if template else None)


def _html(paper: Paper) -> bytes:
    return web.html(paper).encode()


_WRITTEN: Mapping[str, Callable[[Paper], bytes]] = {".docx": _word, ".html": _html}
FIGURES: Mapping[str, Callable[[Findings], bytes]] = {".xlsx": figures_xlsx, ".csv": figures_csv}
"""The formats that hold the figures alone, and are written from the findings."""
ENDINGS = (*_WRITTEN, *FIGURES)
