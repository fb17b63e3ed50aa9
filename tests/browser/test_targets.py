"""Buttons and links are large enough or far enough from the next, and their ring of focus is whole."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from app.database import db
from app.example import loading
from app.people.models import Person
from tests.browser.accessibility import faults
from tests.browser.signing_in import sign_in as sign_in_at
from tests.conftest import PASSWORD, give_password, let_in
from tests.factories import a_person, an_audit
from tests.pages import kind_of, reached

pytestmark = pytest.mark.browser

WIDTHS = (1280, 768, 360)
"""A desk, a tablet and a phone, in pixels."""
TODAY = date(2026, 7, 6)


SCROLLED = """() => [...document.querySelectorAll(".pa-table-frame:has(.pa-stacked)")]
    .filter((frame) => frame.scrollWidth > frame.clientWidth)
    .map((frame) => frame.getAttribute("aria-label"))"""
"""The lists that a person must scroll sideways to read."""


def test_targets_are_not_too_close_and_lists_fit(
    app: Flask, page: Page, clock_at: Callable[[date], None]
) -> None:
    clock_at(TODAY)
    loading.load(TODAY, PASSWORD)
    jack = db.session.scalars(select(Person).where(Person.email == "jack.denny@council.example")).one()
    one_of_each = {kind_of(app, path): path for path, _ in reached(app, let_in(app.test_client(), jack))}
    assert len(one_of_each) > 60
    assert "/messages" in one_of_each.values()
    sign_in_at(page, "jack.denny")
    close, scrolled = [], []
    for path in one_of_each.values():
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            close += [f"{path} at {width}: {fault}" for fault in faults(page, "target-size")]
        scrolled += [f"{path}: {label}" for label in page.evaluate(SCROLLED)]
    assert (close, scrolled) == ([], [])


CLIPPED = """() => {
    const clipped = []
    for (const frame of document.querySelectorAll(".pa-table-frame")) {
        for (const target of frame.querySelectorAll("input:not([type=hidden]), select, button")) {
            target.focus({ focusVisible: true })
            const style = getComputedStyle(target)
            const ring = parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset)
            const [inner, outer] = [target.getBoundingClientRect(), frame.getBoundingClientRect()]
            if (style.outlineStyle === "none" || ring < 3) clipped.push("no ring: " + target.outerHTML)
            const beside = inner.left - ring < outer.left
            const aboveOrBelow = inner.top - ring < outer.top || inner.bottom + ring > outer.bottom
            if (beside || aboveOrBelow) clipped.push(target.outerHTML)
        }
    }
    return clipped
}"""
"""The fields in tables whose ring of focus is cut off by the frame in which the table scrolls."""


@pytest.mark.parametrize("path", ["/audits", "/cycles/2010-1/assign"])
def test_no_ring_of_focus_is_cut_off(app: Flask, page: Page, path: str) -> None:
    give_password(a_person("Jack Denny", roles=["coordinator"]))
    a_person("Chitra Menon")
    a_person("Owen Bickerton")
    an_audit("CP-001")
    sign_in_at(page, "jack.denny")
    page.goto(path)
    assert page.locator(".pa-table-frame").locator("input, select").count() > 0
    assert page.evaluate(CLIPPED) == []
