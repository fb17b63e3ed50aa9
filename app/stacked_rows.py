"""Rows of a table that narrow screens show as blocks: each cell carries the heading of its column. Pure."""

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

_ROW = re.compile(r"<tr\b(?P<given>[^>]*)>(?P<cells>.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<(?P<tag>t[dh])\b(?P<given>[^>]*)>(?P<inside>.*?)</(?P=tag)>", re.DOTALL)
_SPAN = re.compile(r'\bcolspan="(\d+)"')


def stacked(rows: str, headings: Sequence[str]) -> Markup:
    """Return rows whose cells name their column, or that they are empty.

    A table of blocks is no table any more to some screen readers, so each part also says what it is.
    """

    def row(found: re.Match[str]) -> str:
        columns = iter(headings)

        def cell(found: re.Match[str]) -> str:
            span = _SPAN.search(found["given"])
            names = [next(columns, "") for _ in range(int(span[1]) if span else 1)]
            if found["tag"] == "th":
                more = ' role="rowheader"'
            elif not found["inside"].strip():
                more = ' role="cell" data-empty'
            else:
                label = names[0] if len(names) == 1 else ""
                more = ' role="cell"' + (f' data-label="{escape(label)}"' if label else "")
            return f"<{found['tag']}{found['given']}{more}>{found['inside']}</{found['tag']}>"

        return f'<tr{found["given"]} role="row">{_CELL.sub(cell, found["cells"])}</tr>'

    return Markup(_ROW.sub(row, rows))  # noqa: S704  # nosec B704 # the rows are markup already
