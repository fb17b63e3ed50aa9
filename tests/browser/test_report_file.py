"""The file of a report in a browser: accessible, and no wider than a telephone."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from app.reports.web import html
from tests.browser.accessibility import faults
from tests.reports.writers import RICH


@pytest.mark.parametrize("width", [1200, 360])
def test_the_file_of_a_report_is_accessible_and_fits(
    app: Flask, browser: Browser, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "report.html"
    with app.test_request_context():
        file.write_text(html(RICH), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(file.as_uri())
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
