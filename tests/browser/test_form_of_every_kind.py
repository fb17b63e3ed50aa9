"""A form with answers of every kind and conditions in a real browser, with JavaScript and without."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from app.answers.models import Answer, FurtherResponse
from app.database import db
from tests.answers.every_kind import (
    DAYS,
    EARLY,
    EARLY_GRADE,
    MEETING,
    OVERALL,
    VISITS,
    WHO,
    WHY_NOT,
    a_cycle_of_every_kind,
)
from tests.answers.filling import question_id
from tests.browser.accessibility import faults
from tests.browser.conftest import visit
from tests.browser.keyboard import Keyboard
from tests.browser.signing_in import sign_in
from tests.conftest import give_password
from tests.factories import a_person, an_audit

pytestmark = pytest.mark.browser

FORM = "/audits/CP-009/form"
HANGING = (DAYS, WHO, WHY_NOT)


@pytest.fixture(autouse=True)
def audit(app: Flask, clock_at: Callable[[date], None], tmp_path: Path) -> None:
    clock_at(date(2011, 1, 14))
    pair = [a_person("Chitra Menon"), a_person("Owen Bickerton")]
    give_password(pair[0])
    an_audit("CP-009", lead=pair[0], second=pair[1], cycle=a_cycle_of_every_kind(tmp_path))


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def javascript(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def phone(browser: Browser, address: str, javascript: bool) -> Iterator[Page]:
    """A phone of 360 pixels, with JavaScript and without."""
    with visit(browser, address, javascript=javascript) as context:
        page = context.new_page()
        page.set_viewport_size({"width": 360, "height": 740})
        yield page


def about(page: Page, question: str) -> Locator:
    return page.get_by_role("group", name=question, exact=True)


def shown(page: Page) -> list[bool]:
    """Return for each question that hangs on the meeting if it can be seen."""
    return [page.get_by_role("heading", name=question, exact=True).is_visible() for question in HANGING]


def looks_right(page: Page, javascript: bool) -> None:
    # the program that checks a page runs in the page
    if javascript:
        assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def stored(question: str) -> Answer:
    db.session.rollback()
    return db.session.scalars(select(Answer).where(Answer.question_id == question_id(question))).one()


def test_an_auditor_answers_what_applies_by_keyboard_alone(phone: Page, javascript: bool) -> None:
    page, keys = phone, Keyboard(phone)
    sign_in(page, "chitra.menon", f"{FORM}/1")
    assert shown(page) == [False, False, False]
    looks_right(page, javascript)
    keys.choose(about(page, MEETING).get_by_label("Yes", exact=True))
    if not javascript:
        assert shown(page) == [False, False, False]
        keys.press(page.get_by_role("button", name="Save and continue"))
        expect(page.get_by_text("2 more questions apply now")).to_be_visible()
    assert shown(page) == [True, True, False]
    looks_right(page, javascript)
    days = about(page, DAYS)
    for name, typed in (("Referral", ("22", "12", "2010")), ("Meeting", ("10", "1", "2011"))):
        for part, text in zip(("Day", "Month", "Year"), typed, strict=True):
            keys.type(days.get_by_role("group", name=name).get_by_label(part), text)
    keys.press(about(page, WHO).get_by_label("Police"), "Space")
    keys.press(about(page, WHO).get_by_label("School"), "Space")
    keys.type(about(page, VISITS).get_by_label("Answer in visits"), "2.5")
    keys.press(page.get_by_role("button", name="Save and continue"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Early help")
    assert (stored(DAYS).number, stored(VISITS).number) == (10, 2.5)
    assert db.session.query(FurtherResponse).count() == 1
    looks_right(page, javascript)
    keys.press(page.get_by_label("This section does not apply to this case"), "Space")
    if javascript:
        expect(page.get_by_role("heading", name=EARLY)).to_be_hidden()
    keys.press(page.get_by_role("button", name="Save and continue"))
    expect(page.get_by_role("heading", level=1)).to_have_text("After the meeting")
    page.goto(FORM)
    expect(page.get_by_text("1 section does not apply")).to_be_visible()
    looks_right(page, javascript)
    page.goto(f"{FORM}/check")
    looks_right(page, javascript)


def test_an_answer_that_ceased_to_apply_is_kept_and_says_so(phone: Page, javascript: bool) -> None:
    page = phone
    sign_in(page, "chitra.menon", f"{FORM}/2")
    about(page, EARLY).get_by_label("Yes", exact=True).check()
    if not javascript:
        page.get_by_role("button", name="Save and continue").click()
    about(page, EARLY_GRADE).get_by_label("Inadequate").check()
    about(page, EARLY_GRADE).get_by_label("Reason").fill("Too late.")
    page.get_by_role("button", name="Save and continue").click()
    page.goto(f"{FORM}/4")
    about(page, OVERALL).get_by_label("Good", exact=True).check()
    about(page, OVERALL).get_by_label("Reason").fill("Good since then.")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_label("Reason why the grade is above its limit")).to_be_visible()
    looks_right(page, javascript)
    page.goto(f"{FORM}/check")
    expect(page.get_by_role("heading", name="Overall grade above its limit")).to_be_visible()
    looks_right(page, javascript)
    page.goto(f"{FORM}/2")
    about(page, EARLY).get_by_label("No", exact=True).check()
    if not javascript:
        page.get_by_role("button", name="Save and continue").click()
        page.goto(f"{FORM}/2")
    expect(page.get_by_role("heading", name=EARLY_GRADE)).to_be_hidden()
    expect(page.locator(".govuk-inset-text:visible", has_text="Kept, does not count.")).to_have_count(1)
    looks_right(page, javascript)
    page.get_by_role("button", name="Save and continue").click()
    assert stored(EARLY_GRADE).comment == "Too late."
    page.goto(f"{FORM}/check")
    expect(page.locator(".govuk-inset-text:visible", has_text="Kept, does not count.")).to_have_count(1)
    expect(page.get_by_role("heading", name="Overall grade above its limit")).to_have_count(0)
    looks_right(page, javascript)


def test_with_javascript_a_blank_that_was_seen_is_not_asked_for_again(page: Page) -> None:
    sign_in(page, "chitra.menon", f"{FORM}/1")
    about(page, MEETING).get_by_label("Yes", exact=True).check()
    assert shown(page) == [True, True, False]
    about(page, MEETING).get_by_label("No", exact=True).check()
    assert shown(page) == [False, False, True]
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Early help")


def test_what_is_wrong_leads_to_its_field(phone: Page, javascript: bool) -> None:
    page = phone
    sign_in(page, "chitra.menon", f"{FORM}/1")
    about(page, VISITS).get_by_label("Answer in visits").fill("many")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("link", name="Enter a number, such as 12 or 2.5").click()
    expect(about(page, VISITS).get_by_label("Answer in visits")).to_be_focused()
    expect(about(page, VISITS).get_by_label("Answer in visits")).to_have_value("many")
    looks_right(page, javascript)
