"""A report as a page of its own."""

from dataclasses import replace

import pytest
from flask import Flask

from app.reports.paper import NOT_WRITTEN, Section
from app.reports.web import html
from tests.reports.writers import RICH


@pytest.fixture
def page(app: Flask) -> str:
    with app.test_request_context():
        return html(RICH)


def test_it_needs_nothing_else_and_says_its_pictures_in_words(page: str) -> None:
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "<script" not in page
    assert 'aria-label="Core groups: 60%; Gatekeeping: no figure."' in page
    assert "Why &lt;this&gt; &amp; what." in page


def test_a_print_says_on_every_page_whose_report_it_is_and_whom_to_ask(app: Flask) -> None:
    with app.test_request_context():
        page = html(replace(RICH, marking="OFFICIAL", author="Jack Denny, jack.denny@council.example"))
    first, _, last = page.split("</style>")[1].partition('<div class="pa-paper__text">')
    assert RICH.organisation in first
    assert "OFFICIAL" in first
    assert "Jack Denny, jack.denny@council.example" in last.split("running--last")[1]


def test_a_draft_says_how_much_is_still_to_write_and_a_final_report_does_not(app: Flask) -> None:
    said = '<p class="govuk-body pa-paper__quiet">1 section is not written yet.</p>'
    empty = replace(RICH, sections=(*RICH.sections, Section("background", "Background", only_product=True)))
    with app.test_request_context():
        page = html(empty)
        assert page.index(said) < page.index("Draft: not final")
        assert page.count(NOT_WRITTEN.text) == 1
        assert "written yet" not in html(replace(empty, is_draft=False, number=1))
        assert "written yet" not in html(RICH)
