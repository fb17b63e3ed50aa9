"""Signing in with a council account, in a real browser: from our page to the council's and back."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.accessibility import faults
from tests.council_accounts.conftest import CouncilProvider, running_provider
from tests.factories import a_person

pytestmark = pytest.mark.browser


@pytest.fixture
def council(app: Flask, address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[CouncilProvider]:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with running_provider() as provider:
        app.extensions["settings"] = replace(
            app.extensions["settings"],
            base_url=address,
            identity_provider=provider.settings(),
            local_passwords=False,
        )
        yield provider


@pytest.mark.parametrize("width", [360, 1280])
def test_one_goes_to_the_council_and_comes_back_to_the_page_that_was_asked_for(
    page: Page, council: CouncilProvider, width: int
) -> None:
    cora = a_person("Cora Webb", roles=["coordinator"])
    council.knows("s-1", email=cora.email)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/people")
    button = page.get_by_role("button", name="Sign in with your council account")
    expect(button).to_be_visible()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_placeholder("sub").fill("s-1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    for path in (f"/people/{cora.id}", "/settings/privacy", "/privacy"):
        page.goto(path)
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.goto(f"/people/{cora.id}")
    page.get_by_role("button", name="Disconnect council account").click()
    expect(page.get_by_role("button", name="Sign in with your council account")).to_be_visible()


def test_without_javascript_one_who_is_not_known_is_told_whom_to_ask(
    plain_page: Page, council: CouncilProvider
) -> None:
    council.knows("s-9", email="new.person@council.example")
    plain_page.goto("/")
    plain_page.get_by_role("button", name="Sign in with your council account").click()
    plain_page.get_by_placeholder("sub").fill("s-9")
    plain_page.get_by_role("button", name="Authorize").click()
    expect(plain_page.get_by_role("heading", name="You are not signed in")).to_be_visible()
    expect(plain_page.get_by_text("ask an audit coordinator to add you")).to_be_visible()
    plain_page.get_by_role("link", name="Go to the sign-in page").click()
    expect(plain_page.get_by_role("heading", name="Sign in")).to_be_visible()
