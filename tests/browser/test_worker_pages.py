"""The worker, an auditor and a moderator in a real browser: pages accessible and no wider than the screen."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.workers import replies
from tests.browser.accessibility import faults
from tests.browser.signing_in import sign_in
from tests.conftest import give_password
from tests.workers.conftest import AGREED, REPLY, RETURNED_ON, Scene, a_scene

pytestmark = pytest.mark.browser

PAGE = "/audits/CP-009/worker"
WIDTHS = (1200, 360)


@pytest.fixture
def scene(app: Flask, clock_at: Callable[[date], None]) -> Scene:
    """The audit returned, and its people with passwords."""
    clock_at(RETURNED_ON)
    made = a_scene()
    for person in made.people.values():
        give_password(person)
    made.returned()
    return made


def looked_at(page: Page, *addresses: str) -> list[str]:
    """Return what is wrong on these pages, on a desk and on a phone."""
    wrong = []
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            wrong += [f"{address} at {width}: {fault}" for fault in faults(page)]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{address}: wider than {width}")
    return wrong


def test_a_worker_replies_on_a_phone_and_reads_the_decision(scene: Scene, plain_page: Page) -> None:
    plain_page.set_viewport_size({"width": 360, "height": 740})
    sign_in(plain_page, "wanda.canary")
    expect(plain_page.get_by_text("You can reply by Thursday 18 November 2010.")).to_be_visible()
    plain_page.get_by_role("link", name="CP-009").click()
    plain_page.get_by_label("Your reply").fill(REPLY)
    plain_page.get_by_role("button", name="Send reply").click()
    expect(plain_page.get_by_text("Waiting for the auditors")).to_be_visible()


def test_the_pages_are_accessible_and_fit_the_screen(scene: Scene, page: Page) -> None:
    sign_in(page, "wanda.canary")
    wrong = looked_at(page, "/", PAGE)
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("link", name="Enter your reply")).to_be_visible()
    wrong += faults(page)
    scene.replied()
    replies.note_talk("CP-009", RETURNED_ON, "Both", AGREED, scene["alison"], RETURNED_ON)
    wrong += looked_at(page, PAGE)
    page.goto("/")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, "alison.hartley")
    wrong += looked_at(
        page, "/", "/audits/CP-009", "/audits/CP-009/answers", PAGE, f"{PAGE}/talk", f"{PAGE}/decide"
    )
    page.get_by_role("button", name="Save decision").click()
    expect(page.get_by_role("link", name="Select whether you leave the answers")).to_be_visible()
    wrong += faults(page)
    assert wrong == []
