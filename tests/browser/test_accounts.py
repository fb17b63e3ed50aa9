"""Setting up an authenticator app, signing in with its code, and one's account, in a real browser."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app import clock
from tests.account.test_second_factor import code_of
from tests.browser.accessibility import faults
from tests.browser.keyboard import Keyboard
from tests.conftest import PASSWORD, give_password
from tests.factories import a_person

pytestmark = pytest.mark.browser

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def people(app: Flask, clock_at: Callable[[datetime], None]) -> None:
    """A coordinator, where a second factor is needed, and somebody whose access is on."""
    clock_at(NOON)
    app.extensions["settings"] = replace(app.extensions["settings"], second_factor=True)
    give_password(a_person("Jack Denny", roles=["coordinator", "administrator"]))
    give_password(a_person("Chitra Menon"))


def password(page: Page) -> None:
    page.get_by_label("Email").fill("jack.denny@council.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def shows(page: Page, heading: str, width: int) -> None:
    """The page has this heading, is accessible, and fits the screen."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert faults(page) == [], heading
    assert page.evaluate("document.documentElement.scrollWidth") <= width, heading


@pytest.mark.parametrize("width", [360, 1280])
def test_an_app_is_set_up_by_keyboard_and_its_codes_open_the_service(page: Page, width: int) -> None:
    at = page
    at.set_viewport_size({"width": width, "height": 740})
    keyboard = Keyboard(at)
    at.goto("/people")
    password(at)
    shows(at, "Set up an authenticator app", width)
    picture = at.get_by_role("img", name="QR code. If you cannot scan it, type the key below.")
    assert picture.evaluate("picture => picture.naturalWidth") > 100
    key = at.locator("code").inner_text()
    keyboard.type(at.get_by_label("Code"), code_of(key))
    keyboard.press(at.get_by_role("button", name="Continue"))
    shows(at, "Your recovery codes", width)
    recovery = at.locator("main code").first.inner_text()
    keyboard.press(at.get_by_role("button", name="Continue"))
    shows(at, "People", width)
    keyboard.press(at.get_by_role("link", name="Your account, Jack Denny"))
    shows(at, "Your account", width)
    expect(at.get_by_text("10 codes left")).to_be_visible()
    at.get_by_role("button", name="Sign out", exact=True).click()
    password(at)
    shows(at, "Enter your code", width)
    keyboard.type(at.get_by_label("Code"), recovery)
    keyboard.press(at.get_by_role("button", name="Continue"))
    expect(at.get_by_role("heading", level=1)).not_to_have_text("Enter your code")
    at.goto("/account")
    expect(at.get_by_text("9 codes left")).to_be_visible()
    clock.clock().fixed = NOON + timedelta(minutes=11)
    keyboard.press(at.get_by_role("link", name="Replace authenticator app"))
    shows(at, "Confirm that it is you", width)
    keyboard.type(at.get_by_label("Password", exact=True), PASSWORD)
    keyboard.press(at.get_by_role("button", name="Continue"))
    shows(at, "Set up an authenticator app", width)
    at.goto("/account/password")
    shows(at, "Change your password", width)
    at.get_by_label("Current password").fill(PASSWORD)
    at.get_by_label("New password").fill("JackDenny2026")
    at.get_by_role("button", name="Change password").click()
    why = "Password must not be made of your name, your email address, the council or service"
    expect(at.get_by_role("link", name=re.compile(why))).to_be_visible()
    shows(at, "Change your password", width)


def test_access_is_turned_off_on_the_page_of_a_person(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/people")
    password(page)
    page.get_by_label("Code").fill(code_of(page.locator("code").inner_text()))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Chitra Menon").click()
    shows(page, "Chitra Menon", 360)
    page.get_by_role("link", name="Turn off access").click()
    shows(page, "Turn off access", 360)
    page.get_by_role("button", name="Turn off access").click()
    expect(page.get_by_text("No, access turned off")).to_be_visible()


def test_an_app_is_set_up_and_used_without_javascript(plain_page: Page) -> None:
    plain_page.set_viewport_size({"width": 360, "height": 740})
    plain_page.goto("/people")
    password(plain_page)
    key = plain_page.locator("code").inner_text()
    plain_page.get_by_label("Code").fill("123 456")
    plain_page.get_by_role("button", name="Continue").click()
    why = plain_page.get_by_role("link", name="Code must be the one that your app shows now")
    expect(why).to_be_visible()
    assert plain_page.locator("code").inner_text() == key
    plain_page.get_by_label("Code").fill(code_of(key))
    plain_page.get_by_role("button", name="Continue").click()
    plain_page.get_by_role("button", name="Continue").click()
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("People")
    plain_page.get_by_role("button", name="Sign out").click()
    clock.clock().fixed = NOON + timedelta(minutes=1)
    password(plain_page)
    plain_page.get_by_label("Code").fill(code_of(key))
    plain_page.get_by_role("button", name="Continue").click()
    expect(plain_page.get_by_role("link", name="Your account, Jack Denny")).to_be_visible()
