"""The summary of the report for senior managers."""

from typing import Any

import pytest

from app.audits.returns import Returns
from app.reports.content import draft
from app.reports.council import purpose
from app.reports.facts import FollowUp, Material
from app.reports.paper import Audience, Bullets
from app.tools.content import CATEGORY, NEITHER, Ceiling
from tests.reports.cases import (
    a_cycle,
    a_graded_area,
    a_material,
    a_recommendation,
    an_action,
    an_area,
    the_findings,
    the_grades,
)


def in_short(material: Material) -> tuple[str, ...]:
    return next(part.items for part in purpose(material) if isinstance(part, Bullets))


def areas(number: int, met: int, not_met: int, **told: Any) -> list[Any]:
    return [an_area(f"Area {n}", met, not_met, **told) for n in range(1, number + 1)]


TOO_FEW = "answered in 9 of 25 audits where it applied"
BACK = "Audits returned by the cut-off date: 25 of 25 (100%)."


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        (
            areas(1, 15, 10),
            ["In the one key area with a figure, evidence was found in at least half of the cases."],
        ),
        (
            areas(1, 12, 13),
            [
                (
                    "In the one key area with a figure, evidence was found in fewer than half of the cases: "
                    "Area 1 (12 of 25, 48%)."
                )
            ],
        ),
        # five are named, six are counted
        (
            areas(5, 12, 13),
            [
                (
                    "In all 5 key areas with a figure, evidence was found in fewer than half of the cases: "
                    "Area 1 (12 of 25, 48%), Area 2 (12 of 25, 48%), Area 3 (12 of 25, 48%), Area 4 (12 of "
                    "25, 48%) and Area 5 (12 of 25, 48%)."
                )
            ],
        ),
        (
            areas(6, 12, 13),
            ["In all 6 key areas with a figure, evidence was found in fewer than half of the cases."],
        ),
        (
            areas(1, 15, 10, expected=61),
            [
                "In the one key area with a figure, evidence was found in at least half of the cases.",
                "Outside the level the council expects: Area 1, 15 of 25 (60%), expected at least 61%.",
            ],
        ),
        (areas(2, 5, 4, not_answered=16), [f"Result not shown: Area 1 ({TOO_FEW}) and Area 2 ({TOO_FEW})."]),
        (
            areas(5, 5, 4, not_answered=16),
            [
                (
                    f"Result not shown: Area 1 ({TOO_FEW}), Area 2 ({TOO_FEW}), Area 3 ({TOO_FEW}), "
                    f"Area 4 ({TOO_FEW}) and Area 5 ({TOO_FEW})."
                )
            ],
        ),
        (areas(6, 5, 4, not_answered=16), ["Result not shown: 6 key areas."]),
    ],
)
def test_the_summary_names_few_key_areas_and_counts_many(found: list[Any], lines: list[str]) -> None:
    assert list(in_short(a_material(*found))) == [BACK, *lines]


def test_every_key_area_outside_its_level_is_in_the_summary_whatever_it_asks() -> None:
    few = Ceiling(("inadequate",), 10)
    overall = a_graded_area("Overall grade", the_grades(2, 14, 30, 14), question="overall", at_most=few)
    who = {"consultant": (NEITHER, 40), "nobody": (NEITHER, 20)}
    category = a_graded_area("Who did it", who, kind=CATEGORY, at_most=Ceiling(("nobody",), 5))
    kept = a_graded_area("Risk", the_grades(2, 14, 40, 4), at_most=few)
    findings = the_findings(overall, category, kept, overall="overall")
    assert (
        "Outside the level the council expects: Overall grade, 14 of 60 inadequate: 23% (14% to 35%), "
        "expected no more than 10% inadequate; Who did it, 20 of 60 nobody: 33% (23% to 46%), expected no "
        "more than 5% nobody."
    ) in in_short(a_material(findings=findings))


def test_the_highest_figures_are_named_with_those_that_share_them() -> None:
    few = [an_area("Best", 24, 1), an_area("Next", 20, 5), an_area("Low", 2, 23), an_area("Lower", 1, 24)]
    assert (
        list(in_short(a_material(*few)))[1]
        == "Highest figures: Best (24 of 25, 96%) and Next (20 of 25, 80%)."
    )
    tied = [an_area("Best", 24, 1), *areas(3, 20, 5), *areas(4, 2, 23)]
    assert list(in_short(a_material(*tied)))[1] == "Highest figure: Best (24 of 25, 96%)."
    outside = [an_area("Best", 24, 1, expected=98), *areas(3, 2, 23)]
    assert not any("Highest" in line for line in in_short(a_material(*outside)))


@pytest.mark.parametrize("audience", [Audience.COUNCIL, Audience.PARTNERSHIP])
def test_what_to_keep_in_mind_is_on_the_first_page_and_each_fact_is_told_once(audience: Audience) -> None:
    said = (
        "It is not known how the cases were chosen. The ranges are correct only if they were.",
        "Result not shown for “Plan”: too few answers.",
        "Counts under 5 are hidden to protect privacy in results by place, team or context.",
        "All cases were due to be audited.",
        "This is the first cycle.",
    )
    method = ("How the cases were chosen is not stated, so it is not known if the figures apply.",)
    findings = the_findings(an_area("Area 1"), cautions=said, method=method)
    first, *others = draft(a_material(findings=findings), audience).sections
    (keep,) = first.sections
    assert (keep.heading, keep.parts) == ("What to keep in mind", (Bullets((said[0], said[4])),))
    assert not any(below.key in ("cautions", "method") for one in others for below in one.sections)


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
