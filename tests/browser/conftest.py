"""A browser, a page in it, and the service at an address it can open."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.chromium import chromium
from tests.browser.serving import served


# not for the whole session: while it runs, no other test of this process could start an event loop
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A real browser, started once for the tests of this folder."""
    with chromium().started() as started:
        yield started


def visit(browser: Browser, address: str, *, javascript: bool) -> BrowserContext:
    context = browser.new_context(
        base_url=address,
        java_script_enabled=javascript,
        locale="en-GB",
        timezone_id="Europe/London",
    )
    context.set_default_timeout(10_000)
    return context


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The address of the service of this test."""
    with served(app) as started:
        yield started


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page of a person who has just opened their browser; `page.goto("/")` opens the service."""
    with visit(browser, address, javascript=True) as context:
        yield context.new_page()


@pytest.fixture
def plain_page(browser: Browser, address: str) -> Iterator[Page]:
    """The same in a browser without JavaScript."""
    with visit(browser, address, javascript=False) as context:
        yield context.new_page()
