"""The cells of a list carry the heading of their column, for screens too narrow for a table."""

import pytest

from app.stacked_rows import stacked

HEADINGS = ("", "Audit", "Due & late", "State")


@pytest.mark.parametrize(
    ("cells", "as_blocks"),
    [
        (
            '<td class="a"><input></td><th scope="row"><a>A</a></th><td>Mon</td><td>open</td>',
            (
                '<td class="a" role="cell"><input></td><th scope="row" role="rowheader"><a>A</a></th>'
                '<td role="cell" data-label="Due &amp; late">Mon</td>'
                '<td role="cell" data-label="State">open</td>'
            ),
        ),
        (
            '<td></td>\n<th scope="row">B</th><td>\n  </td><td><div>one</div>\n<div>two</div></td>',
            (
                '<td role="cell" data-empty></td>\n<th scope="row" role="rowheader">B</th>'
                '<td role="cell" data-empty>\n  </td>'
                '<td role="cell" data-label="State"><div>one</div>\n<div>two</div></td>'
            ),
        ),
        (
            '<td>x</td><td colspan="2">to come</td><td>last</td><td>more</td>',
            (
                '<td role="cell">x</td><td colspan="2" role="cell">to come</td>'
                '<td role="cell" data-label="State">last</td><td role="cell">more</td>'
            ),
        ),
    ],
    ids=["labels", "empty", "spanning"],
)
def test_each_cell_names_its_column_or_that_it_is_empty(cells: str, as_blocks: str) -> None:
    rows = f'<tr class="r">{cells}</tr>\n' * 2
    assert stacked(rows, HEADINGS) == f'<tr class="r" role="row">{as_blocks}</tr>\n' * 2
