"""The file of a report in a browser: accessible, and no wider than a telephone."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from app.reports.paper import Paper
from app.reports.web import html
from tests.browser.accessibility import faults
from tests.reports.conftest import first_cycle, report, whole_first_cycle
from tests.reports.writers import RICH

__all__ = ["first_cycle", "report", "whole_first_cycle"]


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


def test_the_first_cycle_is_told_on_two_pages_and_the_rest_in_annexes(
    app: Flask, browser: Browser, tmp_path: Path, report: Callable[..., Paper]
) -> None:
    whole = report()
    author = "Jack Denny, jack.denny@council.example, 01270 000000"
    body = replace(whole, sections=tuple(one for one in whole.sections if not one.is_annex), author=author)
    first_page = replace(body, sections=body.sections[:2])
    assert [printed(app, browser, tmp_path, paper) for paper in (first_page, body)] == [1, 2]


def printed(app: Flask, browser: Browser, tmp_path: Path, paper: Paper) -> int:
    """Return the number of pages of the printed file of a report."""
    file = tmp_path / "report.html"
    with app.test_request_context():
        file.write_text(html(paper), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    content = page.pdf(prefer_css_page_size=True)
    page.close()
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", content))
