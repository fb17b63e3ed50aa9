"""A summary as a spreadsheet: what it says on the first sheet, then each of its tables. Pure."""

from collections.abc import Iterator

from app.files.workbook import Sheet, xlsx
from app.reports.paper import Bullets, Paragraph, Part
from app.summary.document import Summary


def summary_xlsx(summary: Summary) -> bytes:
    """Return the summary as a spreadsheet, its numbers and dates as such."""
    tables = [Sheet(rows.sheet, rows.headings, rows.rows) for rows in summary.tables]
    return xlsx(Sheet("Summary", ("Section", "Text"), _text(summary)), *tables, marking=summary.marking)


def _text(summary: Summary) -> Iterator[tuple[str, str]]:
    """Yield all that it says in sentences."""
    yield "Title", summary.title
    yield from summary.said_of_it
    yield from (("Main points", words) for part in summary.opening for words in _words(part))
    for section in summary.sections:
        yield from ((section.heading, words) for part in section.parts for words in _words(part))


def _words(part: Part) -> tuple[str, ...]:
    """Return the sentences of a part; tables have sheets of their own."""
    match part:
        case Paragraph(text):
            return (text,)
        case Bullets(items):
            return items
    return ()
