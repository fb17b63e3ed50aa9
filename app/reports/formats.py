"""A report as a file: Word or HTML for its readers, or a spreadsheet of its figures."""

from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy import select

from app.audits.cycle import Cycle
from app.clock import today
from app.database import db
from app.downloads import protective_marking
from app.findings.document import Findings
from app.findings.files import figures_csv, figures_xlsx, returns_csv, returns_xlsx
from app.findings.freezing import findings_of
from app.people.models import Person, Team
from app.refusal import Refused
from app.reports import web
from app.reports.making import latest, report_of
from app.reports.models import ReportTemplate
from app.reports.paper import Audience, Paper
from app.reports.visible_to import visible_findings, without_figures


def as_file(cycle: Cycle, audience: Audience, ending: str, on: date | None, by: Person | None) -> bytes:
    """Return the report of a day as a file with that ending: the final one, or else a draft.

    Without a day it is the last final report, or else a draft as of today. A spreadsheet has the figures
    alone, those that the report's readers may see; of an open cycle, its returns so far. Raises Refused for
    an ending that no report has.
    """
    day = on or today()
    if ending in FIGURES:
        return _spreadsheet(cycle, audience, ending, day)
    if ending not in ENDINGS:
        *endings, last = ENDINGS
        raise Refused(f"The name of a report file must end in {', '.join(endings)} or {last}")
    return rendered(latest(cycle, audience, on) or report_of(cycle, audience, day, by), ending)


def _spreadsheet(cycle: Cycle, audience: Audience, ending: str, on: date) -> bytes:
    teams = db.session.scalars(select(Team.name)).all()
    findings = visible_findings(audience, findings_of(cycle, on), teams)
    if not cycle.is_closed(on):
        return _RETURNS[ending](without_figures(findings), protective_marking())
    return FIGURES[ending](findings, protective_marking())


def rendered(paper: Paper, ending: str) -> bytes:
    """Return a report as the content of a .docx or .html file."""
    return _RENDERERS[ending](paper)


def _word(paper: Paper) -> bytes:
    """Return the report as Word, in the council's own template if one has been set."""
    # here, because what writes Word takes 15 MB that a service at rest does not need
    from app.reports import word

    template = db.session.get(ReportTemplate, 1)
    return word.docx(paper, template.content if template else None)


def _html(paper: Paper) -> bytes:
    return web.html(paper).encode()


_RENDERERS: Mapping[str, Callable[[Paper], bytes]] = {".docx": _word, ".html": _html}
FIGURES: Mapping[str, Callable[[Findings, str | None], bytes]] = {
    ".xlsx": figures_xlsx,
    ".csv": lambda findings, _marking: figures_csv(findings),
}
"""The files that hold the figures alone; they are written from the findings."""
_RETURNS: Mapping[str, Callable[[Findings, str | None], bytes]] = {
    ".xlsx": returns_xlsx,
    ".csv": lambda findings, _marking: returns_csv(findings),
}
ENDINGS = (*_RENDERERS, *FIGURES)
