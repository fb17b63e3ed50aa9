"""The browser of the tests shows pages, and the accessibility check finds faults."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import faults

pytestmark = pytest.mark.browser

GOOD = "<html lang=en><title>A page</title><main><h1>Good morning</h1></main>"
BAD = "<html lang=en><title>A page</title><main><h1>Good morning</h1><img src='data:,'><input></main>"


def test_a_page_shows_its_text(browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"data:text/html,{GOOD}")
        expect(page.get_by_role("heading")).to_have_text("Good morning")


@pytest.mark.parametrize(
    ("content", "found"), [(GOOD, set()), (BAD, {"image-alt", "label"})], ids=["good", "bad"]
)
def test_the_accessibility_check_tells_a_bad_page_from_a_good_one(
    browser: Browser, content: str, found: set[str]
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"data:text/html,{content}")
        assert {fault.split(":")[0] for fault in faults(page)} == found


def test_the_stylesheet_and_the_script_load_without_a_complaint(page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto("/sign-in")
    expect(page.locator("body.govuk-frontend-supported")).to_have_count(1)
    assert "arial" in page.get_by_role("heading", level=1).evaluate("it => getComputedStyle(it).fontFamily")
    assert complaints == []


def test_a_page_is_readable_without_javascript(plain_page: Page) -> None:
    plain_page.goto("/sign-in")
    expect(plain_page.get_by_role("button", name="Sign in")).to_be_visible()
