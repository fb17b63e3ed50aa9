"""The feedback to auditors: whom it thanks and what it says of the records."""

from typing import Any

import pytest

from app.audits.returns import Returns
from app.reports.content import draft
from app.reports.facts import Auditors, ToolChange
from app.reports.paper import Audience
from tests.reports.cases import a_material, an_area, of, the_findings

THANKS = "Thank you for taking part in the cycle on Child protection."


def feedback(section: str, *areas: Any, returns: Returns, **told: Any) -> str:
    findings = the_findings(*areas, returns=returns)
    return of(draft(a_material(findings=findings, **told), Audience.AUDITORS), section)


@pytest.mark.parametrize(
    ("people", "returned", "said"),
    [
        (
            15,
            26,
            f"{THANKS} 15 of you audited 26 cases.",
        ),
        (2, 26, f"{THANKS} 2 of you audited 26 cases."),
        (1, 1, f"{THANKS} You audited 1 case."),
        (0, 26, THANKS),
        (0, 0, THANKS),
    ],
)
def test_those_who_read_cases_are_thanked(people: int, returned: int, said: str) -> None:
    thanks = feedback(
        "auditors-thanks",
        an_area("Child seen"),
        returns=Returns(29, returned),
        auditors=Auditors(people=people),
    )
    assert thanks.split("\n")[1] == said


@pytest.mark.parametrize(
    ("places", "spread"),
    [
        ({}, False),
        ({"ICS": 20}, False),
        ({"ICS": 20, "Paper file": 5}, True),
        ({"ICS": 20, "Paper file": 0}, False),
        # what is hidden may be no place at all
        ({"ICS": 20, "Paper file": None}, False),
        ({"ICS": None, "Paper file": None}, False),
    ],
)
def test_evidence_in_several_places_is_a_caution(places: dict[str, int | None], spread: bool) -> None:
    areas = (an_area("Child seen", places=places), an_area("Plan"))
    process = feedback("auditors-process", *areas, returns=Returns(25, 25))
    assert ("For 1 of 2 key areas, evidence was found in more than one place" in process) is spread
    assert ("in more than one place" in process) is spread


def test_a_key_area_that_hides_its_places_may_be_one_in_several() -> None:
    areas = (
        an_area("Child seen", places={"ICS": 20, "Paper file": 5}),
        an_area("Plan", places={"ICS": 20, "Paper file": None}),
    )
    process = feedback("auditors-process", *areas, returns=Returns(25, 25))
    assert "For at least 1 of 2 key areas, evidence was found in more than one place" in process


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ((), "A newer version of the audit tool has been published. It asks the same questions."),
        (
            (ToolChange("reworded", "Plan"),),
            "A newer version of the audit tool has been published, with these changes:",
        ),
    ],
)
def test_what_changes_is_told(changes: tuple[ToolChange, ...], said: str) -> None:
    told = feedback("auditors-next", an_area("Plan"), returns=Returns(25, 25), tool_changes=changes)
    lines = [line for line in told.split("\n") if "newer version" in line]
    assert lines == [said]
