"""A summary as a file: Word or HTML for its readers, or a spreadsheet of what it says and counts."""

from collections.abc import Callable, Mapping

from app.refusal import Refused
from app.reports.formats import rendered
from app.summary.document import Summary
from app.summary.spreadsheet import summary_xlsx
from app.wording import listed

_WRITERS: Mapping[str, Callable[[Summary], bytes]] = {
    ".docx": lambda paper: rendered(paper, ".docx"),
    ".html": lambda paper: rendered(paper, ".html"),
    ".xlsx": summary_xlsx,
}
ENDINGS = tuple(_WRITERS)


def refuse_ending(ending: str) -> None:
    """Raise Refused for an ending that no summary has."""
    if ending not in ENDINGS:
        raise Refused(f"The name of a summary file must end in {listed(ENDINGS, 'or')}")


def as_file(paper: Summary, ending: str) -> bytes:
    """Return the summary as the content of a file with that ending. Raises Refused for another one."""
    refuse_ending(ending)
    return _WRITERS[ending](paper)
