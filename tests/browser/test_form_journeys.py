"""Auditors at their form in a real browser: by keyboard alone on a phone, two at once, signed out."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import delete, select

from app.answers.models import Answer, FormNote
from app.audits.models import Audit
from app.database import db, transaction
from app.people.models import SignIn
from app.tools.models import Question, ScaleResponse, Section, Tool
from tests.browser.accessibility import faults
from tests.browser.conftest import visit
from tests.browser.keyboard import Keyboard
from tests.browser.signing_in import sign_in
from tests.conftest import PASSWORD, give_password
from tests.factories import a_person, a_tool, an_audit

pytestmark = pytest.mark.browser

FRIDAY = date(2010, 11, 5)
FORM = "/audits/CP-009/form"
SEEN, PLAN = "Was the child seen?", "What is the quality of the plan?"


@pytest.fixture(autouse=True)
def audit(app: Flask, clock_at: Callable[[date], None]) -> None:
    """CP-009 of Chitra and Owen, by a tool with a question of evidence and a judgement."""
    clock_at(FRIDAY)
    pair = [a_person("Chitra Menon", telephone="01632 960108"), a_person("Owen Bickerton")]
    tool_id = a_tool().id
    for person in pair:
        give_password(person)
    with transaction():
        tool = db.session.get_one(Tool, tool_id)
        for position, (response, counts_as) in enumerate(
            (("good", "met"), ("adequate", "not met"), ("inadequate", "not met")), start=1
        ):
            tool.responses.append(
                ScaleResponse(scale="judgement", position=position, response=response, counts_as=counts_as)
            )
        plan = Question(
            position=1, key="plan", key_area="Plan", text=PLAN, scale="judgement", guidance="Outcomes."
        )
        tool.sections.append(Section(position=2, title="Plans", questions=[plan]))
    an_audit("CP-009", lead=pair[0], second=pair[1])


def about(page: Page, question: str) -> Locator:
    """Return the part of the page about one question."""
    return page.get_by_role("group", name=question)


def test_an_auditor_fills_in_and_returns_an_audit_by_keyboard_alone_on_a_phone_without_javascript(
    plain_page: Page,
) -> None:
    page, keys = plain_page, Keyboard(plain_page)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/audits/CP-009")
    keys.type(page.get_by_label("Email"), "chitra.menon@council.example")
    keys.type(page.get_by_label("Password", exact=True), PASSWORD)
    keys.press(page.get_by_role("button", name="Sign in"))
    keys.press(page.get_by_role("button", name="Fill in the form"))
    keys.press(page.get_by_role("link", name="Assessment"))
    seen = about(page, SEEN)
    keys.choose(seen.get_by_label("Yes", exact=True))
    keys.type(seen.get_by_label("Where was the evidence found?"), "ICS")
    keys.press(seen.get_by_label("Paper file"), "Space")
    keys.type(seen.get_by_label("Comment"), "In the case note of 3 March.")
    keys.choose(page.get_by_label("Yes, I have completed this section"))
    keys.press(page.get_by_role("button", name="Save and continue"))
    plan = about(page, PLAN)
    keys.press(plan.locator("summary"))
    expect(plan.get_by_text("Outcomes.")).to_be_visible()
    keys.choose(plan.get_by_label("Adequate", exact=True))
    keys.press(page.get_by_role("button", name="Save and continue"))
    keys.press(page.get_by_label("Social worker vacancy", exact=True), "Space")
    keys.press(page.get_by_role("button", name="Save and continue"))
    keys.type(page.get_by_label("How many minutes"), "110")
    keys.press(page.get_by_role("button", name="Save and continue"))
    keys.press(page.get_by_role("link", name=f"Change the answer to: {PLAN}"))
    keys.type(about(page, PLAN).get_by_label("Reason for this judgement"), "Tasks, not outcomes.")
    keys.press(page.get_by_role("button", name="Save and come back later"))
    keys.press(page.get_by_role("link", name="Check your answers and return the audit"))
    keys.press(page.get_by_role("button", name="Return audit"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Audit CP-009 returned")
    db.session.rollback()
    audit = db.session.scalars(select(Audit).where(Audit.reference == "CP-009")).one()
    assert (audit.started_on, audit.returned_on) == (FRIDAY, FRIDAY)
    comments = db.session.scalars(select(Answer.comment).order_by(Answer.question_id)).all()
    assert comments == ["In the case note of 3 March.", "Tasks, not outcomes."]
    assert db.session.scalars(select(FormNote)).one().minutes == 110


def test_of_two_browsers_that_save_the_same_section_the_later_is_shown_the_conflict(
    browser: Browser, address: str
) -> None:
    with (
        visit(browser, address, javascript=True) as hers,
        visit(browser, address, javascript=True) as his,
    ):
        chitra, owen = hers.new_page(), his.new_page()
        sign_in(chitra, "chitra.menon", f"{FORM}/1")
        sign_in(owen, "owen.bickerton", f"{FORM}/1")
        about(chitra, SEEN).get_by_label("Yes", exact=True).check()
        about(chitra, SEEN).get_by_label("Comment").fill("In the case note.")
        about(owen, SEEN).get_by_label("No", exact=True).check()
        about(owen, SEEN).get_by_label("Comment").fill("Not in the assessment.")
        chitra.get_by_role("button", name="Save and continue").click()
        expect(chitra.get_by_role("heading", level=1)).to_have_text("Plans")
        owen.get_by_role("button", name="Save and continue").click()
        conflict = about(owen, SEEN)
        expect(conflict.get_by_text("Chitra Menon changed this answer")).to_be_visible()
        expect(conflict.get_by_text("In the case note.")).to_be_visible()
        expect(conflict.get_by_label("Comment")).to_have_value("Not in the assessment.")
        assert faults(owen) == []
        conflict.get_by_label("Comment").fill("In the case note, not in the assessment.")
        conflict.get_by_label("Keep mine").check()
        owen.get_by_role("button", name="Save and continue").click()
        expect(owen.get_by_role("heading", level=1)).to_have_text("Plans")
    db.session.rollback()
    saved = db.session.scalars(select(Answer)).one()
    assert (saved.comment, saved.version) == ("In the case note, not in the assessment.", 2)


def test_when_the_session_ends_nothing_is_lost_before_the_last_save_nor_what_was_typed_since(
    app: Flask, page: Page
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    sign_in(page, "chitra.menon", f"{FORM}/1")
    about(page, SEEN).get_by_label("Comment").fill("Saved before.")
    page.get_by_role("button", name="Save and continue").click()
    about(page, PLAN).get_by_label("Good", exact=True).check()
    about(page, PLAN).get_by_label("Reason").fill("Typed for an hour.\n\nIn two parts.")
    with transaction():
        db.session.execute(delete(SignIn))
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("You were signed out, so what you typed was not saved")).to_be_visible()
    assert faults(page) == []
    db.session.rollback()
    assert db.session.scalars(select(Answer.comment)).all() == ["Saved before."]
    page.get_by_label("Email").fill("chitra.menon@council.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("In two parts.")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Send what you typed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Context of the case")
    db.session.rollback()
    comments = db.session.scalars(select(Answer.comment).order_by(Answer.question_id)).all()
    assert comments == ["Saved before.", "Typed for an hour.\n\nIn two parts."]


@pytest.mark.parametrize("width", [1200, 360])
def test_every_page_of_the_form_is_accessible_and_fits_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, "chitra.menon", f"{FORM}/2")
    about(page, PLAN).get_by_label("Good", exact=True).check()
    about(page, PLAN).get_by_label("Reason").fill("Born 03/04/2005.")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Check this text again")).to_be_visible()
    wrong: list[str] = []

    def look(at: str) -> None:
        wrong.extend(f"{at}: {fault}" for fault in faults(page))
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{at}: wider than the screen")

    for step in ("", "/1", "/2", "/context", "/end", "/check"):
        page.goto(f"{FORM}{step}")
        look(step)
    page.goto(f"{FORM}/end")
    page.get_by_label("How many minutes").fill("two hours")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    look("/end, refused")
    page.goto(f"{FORM}/check")
    page.get_by_role("button", name="Return audit").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    look("/check, refused")
    page.get_by_label("Return the audit with 1 question not answered").check()
    page.get_by_role("button", name="Return audit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Audit CP-009 returned")
    look("/returned")
    for step in ("", "/2", "/context", "/end", "/check"):
        page.goto(f"{FORM}{step}")
        look(f"{step}, read only")
    assert wrong == []
    page.goto(f"{FORM}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Form for audit CP-009")
