"""A report as a file: Word or HTML for its readers."""

from collections.abc import Callable, Mapping
from datetime import date

from app.cycles.models import Cycle
from app.database import db
from app.people.models import Person
from app.refusal import Refused
from app.reports import web, word
from app.reports.making import latest, report_of
from app.reports.models import ReportTemplate
from app.reports.paper import Audience, Paper


def as_file(cycle: Cycle, audience: Audience, ending: str, on: date, by: Person | None) -> bytes:
    """The report as a file with that ending: the final one, else a draft from what is known on the day.

    Raises Refused for an ending that no report has.
    """
    if ending not in ENDINGS:
        *others, last = ENDINGS
        raise Refused(f"A report is a file that ends in {', '.join(others)} or {last}.")
    return written_as(latest(cycle, audience) or report_of(cycle, audience, on, by), ending)


def written_as(paper: Paper, ending: str) -> bytes:
    """A report as the content of a .docx or .html file."""
    return _WRITTEN[ending](paper)


def _word(paper: Paper) -> bytes:
    """In the council's own template, if one has been set."""
    template = db.session.get(ReportTemplate, 1)
    return word.docx(paper, template.content if template else None)


def _html(paper: Paper) -> bytes:
    return web.html(paper).encode()


_WRITTEN: Mapping[str, Callable[[Paper], bytes]] = {".docx": _word, ".html": _html}
ENDINGS = tuple(_WRITTEN)
