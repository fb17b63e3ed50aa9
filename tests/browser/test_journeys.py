"""People at work in a real browser: every page accessible and no wider than the screen, with and without
JavaScript, on a desk and on a phone."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.actions.models import Body, BodyMember, Meeting
from app.actions.recommending import recommend
from app.audits.models import Audit
from app.database import db, transaction
from app.outbox.models import Message
from app.people.models import Person
from app.reminders.daily_run import run
from tests.browser.accessibility import faults
from tests.browser.signing_in import sign_in
from tests.conftest import give_password
from tests.factories import a_cycle, a_person, an_audit
from tests.findings.test_kinds_on_pages import PAGE as FINDINGS
from tests.findings.test_kinds_on_pages import audited

pytestmark = pytest.mark.browser

FRIDAY = date(2010, 11, 5)

COORDINATORS_PAGES = (
    "/",
    "/cycles",
    "/cycles/2010-1",
    "/cycles/2010-1/edit",
    "/cycles/2010-1/cases",
    "/cycles/2010-1/close",
    "/cycles/2010-1/assign",
    "/cycles/new",
    "/programme",
    "/bodies",
    "/bodies/new",
    "/bodies/1",
    "/bodies/1/members",
    "/bodies/1/meetings/1",
    "/bodies/1/meetings/1/change",
    "/recommendations/R1",
    "/calendar",
    "/audits",
    "/audits/request",
    "/audits/CP-009",
    "/audits/CP-009/extend",
    "/audits/CP-009/reassign",
    "/audits/CP-009/log-chase",
    "/messages",
    "/messages/1",
    "/messages/coming",
    "/people",
    "/people/new",
    "/people/1",
    "/people/1/edit",
    "/people/1/leave",
    "/settings",
    "/settings/ladders",
    "/settings/ladders/audit",
    "/imports",
    "/accessibility",
    "/privacy",
)


@pytest.fixture
def people(app: Flask, clock_at: Callable[[date], None]) -> dict[str, Person]:
    """A coordinator and a pair with an audit of which they have been told."""
    clock_at(FRIDAY)
    found = {
        "jack": a_person("Jack Denny", roles=["coordinator"]),
        "chitra": a_person("Chitra Menon", telephone="01632 960108"),
        "owen": a_person("Owen Bickerton", telephone="01632 960115"),
    }
    for person in found.values():
        give_password(person)
    a_cycle("2010-1")
    an_audit("CP-009", lead=found["chitra"], second=found["owen"])
    an_audit("CP-010")
    run(FRIDAY)
    jack = found["jack"]
    with transaction():
        member = BodyMember(person_id=jack.id, part="chair")
        db.session.add(Body(name="Management Team", members=[member], meetings=[Meeting(on=FRIDAY)]))
    recommend(a_cycle("2010-1"), text="Keep chronologies", by=jack, on=FRIDAY, body_id=1)
    return found


@pytest.mark.parametrize("width", [1200, 360])
def test_every_page_of_a_coordinator_is_accessible_and_fits_the_screen(
    people: dict[str, Person], page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, "jack.denny")
    wrong = []
    for address in COORDINATORS_PAGES:
        answer = page.goto(address)
        assert answer is not None
        wrong += [f"{address}: {fault}" for fault in faults(page)]
        if answer.status != 200 or page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{address}: status {answer.status}, or wider than the screen")
    assert wrong == []


def test_the_pages_of_a_long_list_can_be_read(people: dict[str, Person], page: Page) -> None:
    for number in range(100, 160):
        an_audit(f"CP-{number}")
    sign_in(page, "jack.denny", at="/audits")
    expect(page.get_by_text("Page 1 of")).to_be_visible()
    assert faults(page) == []


def test_a_link_opens_the_audit_after_signing_in_and_the_auditor_says_that_they_cannot(
    people: dict[str, Person], plain_page: Page
) -> None:
    """Use a phone, without JavaScript."""
    plain_page.set_viewport_size({"width": 360, "height": 740})
    sign_in(plain_page, "chitra.menon", at="/audits/CP-009")
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("Audit CP-009")
    expect(plain_page.get_by_text("Owen Bickerton, 01632 960115")).to_be_visible()
    plain_page.get_by_role("link", name="I cannot do this audit").click()
    plain_page.get_by_label("I am on leave").check()
    plain_page.get_by_role("main").get_by_role("button").click()
    expect(
        plain_page.get_by_text("You do not have to do audit CP-009. The coordinators are being told.")
    ).to_be_visible()
    db.session.rollback()
    told = db.session.scalars(select(Message).where(Message.kind == "declined")).all()
    assert [message.address for message in told] == ["jack.denny@council.example"]


def test_the_lead_starts_and_returns_and_the_second_is_asked_to_confirm(
    people: dict[str, Person], page: Page
) -> None:
    sign_in(page, "chitra.menon", at="/audits/CP-009")
    page.get_by_text("Mark as started on paper").click()
    page.get_by_role("main").get_by_role("button", name="Mark as started", exact=True).click()
    page.get_by_text("Check and return").click()
    page.get_by_label("Return the audit with 1 question not answered").check()
    page.get_by_role("button", name="Return audit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Audit CP-009 returned")
    db.session.rollback()
    audit = db.session.scalars(select(Audit).where(Audit.reference == "CP-009")).one()
    assert audit.returned_on == FRIDAY
    asked = db.session.scalars(select(Message).where(Message.kind == "confirm")).all()
    assert [message.address for message in asked] == ["owen.bickerton@council.example"]


def test_the_findings_of_every_kind_of_question_fit_a_phone(app: Flask, page: Page) -> None:
    """The bar of the overall grade shrinks; tables scroll in their own frames."""
    audited()
    give_password(a_person("Harriet Somebody", roles=["leader"]))
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, "harriet.somebody", at=FINDINGS)
    bar = page.locator(".pa-findings__overall .pa-grade-bar").first.bounding_box()
    assert bar is not None
    assert bar["x"] + bar["width"] <= 360
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
