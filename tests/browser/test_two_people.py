"""Two people in two browsers edit one page: the later sees both versions, changes theirs and saves it."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import faults
from tests.browser.conftest import visit
from tests.browser.signing_in import sign_in
from tests.conftest import give_password
from tests.test_meanwhile import ON, the_people
from tests.test_two_people import DRAFT, filled, things_to_edit

pytestmark = pytest.mark.browser

PAGES = [
    ("/cycles/2010-1/edit", "Title", "Save"),
    (f"{DRAFT}/questions/{{question}}", "Question", "Save"),
    ("/bodies/1/meetings/1/change", "Note (optional)", "Save"),
    ("/cycles/2010-1/report/comments/{comment}", "Comment", "Save"),
    ("/actions/A-1/edit", "What needs to be done?", "Save"),
]


@pytest.fixture
def kept(app: Flask, clock_at: Callable[[date], None]) -> dict[str, object]:
    clock_at(ON)
    people = the_people()
    kept = things_to_edit(people)
    for who in ("cora", "colin"):
        give_password(people[who])
    return kept


@pytest.mark.parametrize(("edited", "field", "button"), PAGES)
def test_both_versions_are_shown_and_one_is_saved_knowingly(
    browser: Browser, address: str, kept: dict[str, object], edited: str, field: str, button: str
) -> None:
    at = filled(edited, kept)
    with (
        visit(browser, address, javascript=True) as ones,
        visit(browser, address, javascript=False) as others,
    ):
        one, other = ones.new_page(), others.new_page()
        one.set_viewport_size({"width": 360, "height": 740})
        sign_in(one, "cora.coordinator", at)
        sign_in(other, "colin.coordinator", at)
        write(other, field, "What my colleague wrote", button)
        other.wait_for_url(lambda url: not url.endswith(at))
        write(one, field, "What I wrote", button)
        row = one.get_by_role("row").filter(has_text="What my colleague wrote")
        expect(row).to_contain_text("What I wrote")
        expect(one.get_by_label(field, exact=True)).to_have_value("What I wrote")
        assert faults(one) == []
        assert one.evaluate("document.documentElement.scrollWidth") <= 360
        write(one, field, "What we both meant", button)
        one.wait_for_url(lambda url: not url.endswith(at))
        one.goto(at)
        expect(one.get_by_label(field, exact=True)).to_have_value("What we both meant")


def write(page: Page, field: str, text: str, button: str) -> None:
    page.get_by_label(field, exact=True).fill(text)
    page.get_by_role("button", name=button, exact=True).click()
