"""A report as a page of its own."""

import pytest
from flask import Flask

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
