"""The summary of the report for senior managers."""

from typing import Any

import pytest

from app.audits.returns import Returns
from app.reports.council import purpose
from app.reports.facts import FollowUp, Material
from app.reports.paper import Bullets
from tests.reports.cases import a_cycle, a_material, a_recommendation, an_action, an_area, the_findings


def in_short(material: Material) -> tuple[str, ...]:
    return next(part.items for part in purpose(material) if isinstance(part, Bullets))


def areas(number: int, met: int, not_met: int, **told: Any) -> list[Any]:
    return [an_area(f"Area {n}", met, not_met, **told) for n in range(1, number + 1)]


BACK = "Audits returned by the cut-off date: 25 of 25 (100%)."


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        (
            areas(1, 15, 10),
            ["In each key area with a figure, evidence was found in at least half of the cases."],
        ),
        (areas(1, 12, 13), ["Evidence was found in fewer than half of the cases: Area 1 (12 of 25, 48%)."]),
        # five are named, six are counted
        (
            areas(5, 12, 13),
            [
                (
                    "Evidence was found in fewer than half of the cases: Area 1 (12 of 25, 48%), Area 2 "
                    "(12 of 25, 48%), Area 3 (12 of 25, 48%), Area 4 (12 of 25, 48%) and Area 5 (12 "
                    "of 25, 48%)."
                )
            ],
        ),
        (areas(6, 12, 13), ["Evidence was found in fewer than half of the cases: 6 key areas."]),
        (
            areas(1, 15, 10, expected=61),
            [
                "In each key area with a figure, evidence was found in at least half of the cases.",
                "Outside the level the council expects: Area 1, 15 of 25 (60%), expected at least 61%.",
            ],
        ),
        (areas(2, 5, 4, not_answered=16), ["Result not shown: Area 1 and Area 2."]),
        (
            areas(5, 5, 4, not_answered=16),
            ["Result not shown: Area 1, Area 2, Area 3, Area 4 and Area 5."],
        ),
        (areas(6, 5, 4, not_answered=16), ["Result not shown: 6 key areas."]),
    ],
)
def test_the_summary_names_few_key_areas_and_counts_many(found: list[Any], lines: list[str]) -> None:
    assert list(in_short(a_material(*found))) == [BACK, *lines]


def test_the_first_further_caution_is_kept_in_mind() -> None:
    said = ("25 of 25 (100%) were returned.", "The cases were hand-picked.", "This is the first cycle.")
    material = a_material(findings=the_findings(an_area("Area 1"), cautions=said))
    assert in_short(material)[-1] == "To keep in mind: The cases were hand-picked."


@pytest.mark.parametrize(
    ("returns", "lines"),
    [
        (Returns(), ["No audits have been requested yet."]),
        (Returns(3), ["Audits returned so far: 0 of 3 (0%)."]),
    ],
)
def test_before_anything_is_back_nothing_was_found(returns: Returns, lines: list[str]) -> None:
    material = a_material(findings=the_findings(returns=returns), cycle=a_cycle(None))
    assert list(in_short(material)) == lines


def test_what_was_decided_and_what_is_overdue_is_counted() -> None:
    accepted = a_recommendation("R2", state="accepted")
    waiting = FollowUp(
        a_cycle(), (a_recommendation(), accepted), (an_action(is_overdue=True), an_action("A2"))
    )
    assert in_short(a_material(*areas(1, 15, 10), own=waiting))[-2:] == (
        "2 recommendations, 1 still to be decided.",
        "1 action overdue.",
    )
    decided = FollowUp(a_cycle(), (accepted,))
    assert in_short(a_material(*areas(1, 15, 10), own=decided))[-1] == "1 recommendation, all decided."
