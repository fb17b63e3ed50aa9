"""The head of a report, and its sections with and without words of the analyst."""

from dataclasses import replace
from typing import Any

import pytest

from app.reports.composing import paragraph_of
from app.reports.content import draft
from app.reports.facts import FollowUp, Material
from app.reports.paper import Audience, Paragraph
from tests.reports.cases import CLOSED, TODAY, a_cycle, a_material, a_recommendation, an_area, the_findings

COUNCIL, PARTNERSHIP, AUDITORS = Audience.COUNCIL, Audience.PARTNERSHIP, Audience.AUDITORS


def of(cycle: dict[str, Any] | None = None, **told: Any) -> Material:
    return a_material(findings=the_findings(an_area("Child seen"), **told), cycle=a_cycle(**(cycle or {})))


@pytest.mark.parametrize(
    ("material", "audience", "name", "value"),
    [
        (of(), COUNCIL, "For", None),
        (of({"reported_to": "Scrutiny"}), COUNCIL, "For", "Scrutiny"),
        (of({"reported_to": "Scrutiny"}), PARTNERSHIP, "For", None),
        (of(), COUNCIL, "Date of the meeting", None),
        (of({"meeting_on": TODAY}), COUNCIL, "Date of the meeting", "22 December 2010"),
        (of({"meeting_on": TODAY}), PARTNERSHIP, "Date of the meeting", None),
        (of(), COUNCIL, "Figures as of", None),
        (of(), AUDITORS, "Figures as of", "22 December 2010"),
        (of(frozen_on=CLOSED), AUDITORS, "Figures as of", "22 December 2010, frozen"),
        (of(), COUNCIL, "Small numbers", None),
        (of(), AUDITORS, "Small numbers", "this report has no results by place, team or context"),
        (of(), COUNCIL, "Protective marking", None),
        (of(), COUNCIL, "Date of this report", "22 December 2010"),
    ],
)
def test_the_head_of_a_report_says_what_it_is(
    material: Material, audience: Audience, name: str, value: str | None
) -> None:
    assert dict(draft(material, audience).said_of_it).get(name) == value


@pytest.mark.parametrize(("words", "only_product"), [("", True), ("One.\n\nTwo.", False)])
def test_the_analysts_words_stand_first_in_their_section(words: str, only_product: bool) -> None:
    material = a_material(an_area("Child seen"), narratives={"analysis": words, "findings": "Not asked for."})
    sections = {section.key: section for section in draft(material, COUNCIL).sections}
    written = [part for part in sections["analysis"].parts if isinstance(part, Paragraph) and part.is_written]
    assert [part.text for part in written] == words.split("\n\n" if words else None)
    assert sections["analysis"].only_product is only_product


def test_sentences_that_there_are_make_one_paragraph() -> None:
    assert paragraph_of("One.", None, "", "Two.") == [Paragraph("One. Two.")]
    assert paragraph_of(None, "") == []


def test_the_partnership_is_told_what_is_done_about_it() -> None:
    material = of()
    told = "This report tells the partnership what the council’s audits found"
    followed_up = replace(material, own=FollowUp(material.cycle, (a_recommendation(),)))
    for each, said in (
        (material, f"{told}. "),
        (followed_up, f"{told}, and what the council is doing about"),
    ):
        purpose = draft(each, PARTNERSHIP).sections[0].parts[0]
        assert isinstance(purpose, Paragraph)
        assert purpose.text.startswith(said)
