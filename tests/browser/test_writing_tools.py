"""Writing an audit tool in a real browser: without JavaScript, on a phone, every page accessible."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.tools import drafting
from tests.answers.every_kind import a_cycle_of_every_kind
from tests.browser.accessibility import faults
from tests.browser.signing_in import sign_in
from tests.conftest import give_password
from tests.factories import a_person, a_tool

pytestmark = pytest.mark.browser

DRAFT = "/tools/child-protection/2"


@pytest.fixture(autouse=True)
def coordinator(app: Flask, clock_at: Callable[[date], None]) -> None:
    clock_at(date(2010, 11, 5))
    give_password(a_person("Jack Denny", roles=["coordinator"]))
    a_tool()


def test_a_new_version_is_written_and_published_on_a_phone_without_javascript(plain_page: Page) -> None:
    page = plain_page
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, "jack.denny", at="/tools/child-protection/1")
    page.get_by_role("button", name="Create new version").click()
    page.get_by_role("link", name="Add a question to Assessment").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Question", exact=True).fill("Were visits regular and good?")
    page.get_by_label("Key area").fill("Visits")
    page.get_by_label("Scale").select_option("evidence")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This question may ask 2 things at once: “regular and good”")).to_be_visible()
    page.get_by_role("button", name="Move up visits").click()
    expect(page.get_by_role("button", name="Move down visits")).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.get_by_text("Version 2 published.")).to_be_visible()
    expect(page.get_by_text("Question visits: added")).to_be_visible()


@pytest.mark.parametrize("width", [1200, 360])
def test_every_page_of_the_editor_is_accessible_and_fits_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, "jack.denny", at="/tools/child-protection/1")
    page.get_by_role("button", name="Create new version").click()
    expect(page.get_by_role("link", name="Add a question to Assessment")).to_be_visible()
    addresses = ["/tools", "/tools/new", "/tools/standards", "/tools/standards/new", DRAFT, f"{DRAFT}/edit"]
    parts = (
        "edit/details",
        "edit/scale?name=evidence",
        "edit/sections/2",
        "edit/sections/2/questions?answer=response",
    )
    addresses += [f"{DRAFT}/{part}" for part in (*parts, "edit/questions/2", "publish", "delete")]
    wrong = []
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        wrong += [f"{address}: {fault}" for fault in faults(page)]
        if answer.status != 200 or page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{address}: status {answer.status}, or wider than the screen")
    assert wrong == []


@pytest.mark.parametrize("width", [1200, 360])
def test_every_page_of_a_tool_of_every_kind_is_accessible_and_fits_the_screen(
    page: Page, tmp_path: Path, width: int
) -> None:
    a_cycle_of_every_kind(tmp_path)
    draft = drafting.new_version("every-kind", by="jack.denny@council.example")
    address = f"/tools/every-kind/{draft.version}"
    of_section, of_question = (
        f"edit/{kind}/{rows[-1].id}"
        for kind, rows in (("sections", draft.sections), ("questions", draft.sections[-1].questions))
    )
    parts = [
        "",
        "/preview",
        "/edit",
        *(f"/edit/scale{query}" for query in ("", "?kind=evidence", "?kind=grade", "?kind=category")),
        f"/{of_section}",
        f"/{of_section}/condition?question=meeting",
        *(f"/{of_section}/questions{query}" for query in ("", "?answer=number", "?answer=days")),
        *(f"/{of_question}{page}" for page in ("", "/level", "/findings", "/condition?question=early_grade")),
        "/edit/overall",
        "/edit/limits",
    ]
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, "jack.denny", at=f"{address}/edit")
    wrong = []
    for part in parts:
        answer = page.goto(f"{address}{part}")
        assert answer is not None
        wrong += [f"{part}: {fault}" for fault in faults(page)]
        if answer.status != 200 or page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{part}: {answer.status}, or too wide")
    assert wrong == []


def test_a_grade_a_number_and_a_condition_are_written_without_javascript(plain_page: Page) -> None:
    page = plain_page
    sign_in(page, "jack.denny", at="/tools/child-protection/1")
    page.get_by_role("button", name="Create new version").click()
    page.get_by_role("link", name="Add a scale").click()
    page.get_by_label("Grade").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Name of the scale").fill("grade")
    page.get_by_label("Responses that count as met").fill("good")
    page.get_by_label("Responses that count as not met").fill("inadequate")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Grade: good (met), inadequate (not met)")).to_be_visible()
    page.get_by_role("link", name="Add a question to Assessment").click()
    page.get_by_label("A number").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Question", exact=True).fill("How many visits were made?")
    page.get_by_label("Key area").fill("Visits")
    page.get_by_label("What is counted").fill("visits")
    page.get_by_label("From the limit on").check()
    page.get_by_label("Limit", exact=True).fill("3")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Asks for a number of visits. Met from 3.")).to_be_visible()
    page.get_by_role("link", name="When it applies visits").click()
    page.get_by_label("Question that decides").select_option("child_seen")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("yes", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Applies only if “Child seen” is “yes”")).to_be_visible()
    page.get_by_role("link", name="Preview the form").click()
    expect(page.get_by_label("Answer in visits")).to_be_hidden()
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Show what applies").click()
    expect(page.get_by_label("Answer in visits")).to_be_visible()
