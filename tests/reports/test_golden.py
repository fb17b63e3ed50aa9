"""The reports of the first cycle: each report's whole text, as its Word file is read, in golden/."""

import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.table import Table as WordTable

from app.reports.paper import Audience, Paper
from app.reports.word import docx
from tests.reports.conftest import MEETING

GOLDEN = Path(__file__).parent / "golden"
LATER = date(2011, 7, 1)
MARKS = {"Title": "# ", "Heading 1": "## ", "Heading 2": "### ", "Heading 3": "#### ", "List Bullet": "- "}


@pytest.mark.parametrize(
    ("name", "audience", "on"),
    [
        *((audience.value, audience, MEETING) for audience in Audience),
        ("council_in_july", Audience.COUNCIL, LATER),
        ("partnership_in_july", Audience.PARTNERSHIP, LATER),
    ],
)
def test_each_report_says_exactly_what_its_golden_text_says(
    report: Callable[..., Paper], name: str, audience: Audience, on: date
) -> None:
    told = "\n".join(read_aloud(Document(io.BytesIO(docx(report(audience, on)))))) + "\n"
    file = GOLDEN / f"{name}.txt"
    if not file.exists():
        file.write_text(told, encoding="utf-8")
        pytest.fail(f"{file.name} was not there; it is written now: read it")
    assert told == file.read_text(encoding="utf-8")


def read_aloud(document: WordDocument) -> Iterator[str]:
    """A line for each heading, paragraph, item, row of a table, and alternative text, in their order."""
    number = 0
    for part in document.iter_inner_content():
        if isinstance(part, WordTable):
            yield from (" | ".join(cell.text for cell in row.cells) for row in part.rows)
            continue
        style = part.style.name if part.style else ""
        number = number + 1 if style == "List Number" else 0
        yield (f"{number}. " if number else MARKS.get(style, "")) + part.text
        yield from (f"[{picture.get('descr')}]" for picture in part._p.iter(qn("wp:docPr")))  # noqa: SLF001
