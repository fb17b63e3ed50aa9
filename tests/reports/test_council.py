"""The first page of the report for senior managers, and what stands beside the last cycle."""

from dataclasses import replace
from typing import Any

import pytest

from app.reports.content import draft
from app.reports.facts import Comparison, ComparisonRow, FollowUp, Material, ReportedRecommendation
from app.reports.paper import Audience, Bullets
from app.tools.content import CATEGORY, NEITHER, Ceiling
from tests.reports.cases import (
    a_cycle,
    a_graded_area,
    a_material,
    a_recommendation,
    an_area,
    council,
    lines,
    of,
    the_findings,
    the_grades,
)


def said_of(material: Material, *keys: str) -> list[str]:
    return [line for key in keys for line in council(material, key).splitlines()[1:]]


def areas(number: int, met: int, not_met: int, **told: Any) -> list[Any]:
    return [an_area(f"Area {n}", met, not_met, **told) for n in range(1, number + 1)]


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
                "In the one key area with a figure, evidence was found in fewer than half of the cases:",
                "Area 1: 12 of 25 (48%)",
            ],
        ),
        # five are named, and the others are counted
        (
            areas(6, 12, 13),
            [
                "In all 6 key areas with a figure, evidence was found in fewer than half of the cases:",
                *(f"Area {n}: 12 of 25 (48%)" for n in range(1, 6)),
                "1 more key area",
            ],
        ),
        # one that is below half and outside its level is named once
        (
            [*areas(1, 12, 13, expected=61), an_area("High", 15, 10, expected=61)],
            [
                "In 1 of the 2 key areas with a figure, evidence was found in fewer than half of the cases:",
                "Area 1: 12 of 25 (48%), expected at least 61%",
                "Outside the level that the council expects:",
                "High: 15 of 25 (60%), expected at least 61%",
            ],
        ),
        (
            [*areas(1, 12, 13, theme="families"), an_area("B", 11, 14, theme="families")],
            [
                "In both key areas with a figure, evidence was found in fewer than half of the cases:",
                "B: 11 of 25 (44%)",
                "Area 1: 12 of 25 (48%)",
                "Both areas below half are about families.",
            ],
        ),
    ],
)
def test_areas_for_development_name_few_and_count_many(found: list[Any], lines: list[str]) -> None:
    assert said_of(a_material(*found), "development") == lines


def test_every_key_area_outside_its_level_is_in_the_summary_whatever_it_asks() -> None:
    few = Ceiling(("inadequate",), 10)
    overall = a_graded_area("Overall grade", the_grades(2, 14, 30, 14), question="overall", at_most=few)
    who = {"consultant": (NEITHER, 40), "nobody": (NEITHER, 20)}
    category = a_graded_area("Who did it", who, kind=CATEGORY, at_most=Ceiling(("nobody",), 5))
    kept = a_graded_area("Risk", the_grades(2, 14, 40, 4), at_most=few)
    findings = the_findings(overall, category, kept, overall="overall")
    told = draft(a_material(findings=findings), Audience.COUNCIL)
    # what is said of the overall grade stands above all
    assert "(23%, 14% to 35%), above the council’s ceiling of 10%" in lines(told)[1]
    assert of(told, "development").splitlines()[-2:] == [
        "Outside the level that the council expects:",
        "Who did it: 20 of 60 nobody: 33% (23% to 46%), expected no more than 5% nobody",
    ]


def test_the_highest_figures_are_named_with_those_that_share_them() -> None:
    few = [an_area("Best", 24, 1), an_area("Next", 20, 5), an_area("Low", 2, 23), an_area("Lower", 1, 24)]
    assert said_of(a_material(*few), "strengths") == ["Best: 24 of 25 (96%)", "Next: 20 of 25 (80%)"]
    tied = [an_area("Best", 24, 1), *areas(4, 20, 5), *areas(4, 2, 23)]
    assert said_of(a_material(*tied), "strengths") == ["Best: 24 of 25 (96%)"]
    outside = [an_area("Best", 24, 1, expected=98), *areas(3, 2, 23)]
    assert said_of(a_material(*outside), "strengths") == []


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
    _, points, *others = draft(a_material(findings=findings), audience).sections
    keep = points.sections[-1]
    assert (keep.heading, keep.parts) == ("What to keep in mind", (Bullets((said[0], said[4])),))
    assert not any(below.key in ("cautions", "method") for one in others for below in one.sections)


def test_what_is_to_be_decided_is_asked_of_the_meeting() -> None:
    cycle = a_cycle(reported_to="SMT")
    made = (
        a_recommendation(body="smt", owner=None, due_on=None),
        a_recommendation("R2", body="LSCB"),
        a_recommendation("R3", state="accepted"),
    )

    def asked(*recommendations: ReportedRecommendation) -> list[str]:
        own = FollowUp(cycle, recommendations)
        return said_of(a_material(an_area("A"), cycle=cycle, own=own), "purpose")

    assert asked(*made) == [
        "Decide on 2 recommendations. 1 of 2 recommendations still needs an owner or a due date.",
        "R1: Do it",
        "R2: Do it (to be decided by LSCB; owner: Ann Lee, Head; due 1 February 2011)",
    ]
    assert asked(made[2]) == ["No recommendation is waiting for a decision."]
    assert asked() == ["No recommendations from cycle 2010-1 are recorded yet."]


def test_what_was_weak_last_time_stands_beside_now() -> None:
    weak = Comparison("2010-0, Pilot", (ComparisonRow("B", "9 of 25 (36%)", "15 of 25 (60%)", "+24 points"),))
    both = Comparison("2010-0, Pilot", (*weak.rows, ComparisonRow("A", "60%", "64%", "+4 points")))
    material = a_material(an_area("A"), development_before=weak, comparison=both)
    assert said_of(material, "before-and-now") == [
        "Key areas below half or outside the expected level in 2010-0, Pilot, then and now",
        "Key area | 2010-0, Pilot | This cycle | Difference",
        "B | 9 of 25 (36%) | 15 of 25 (60%) | +24 points",
    ]
    # the annex has the others
    assert said_of(material, "beside")[2:] == ["A | 60% | 64% | +4 points"]
    assert (
        said_of(a_material(an_area("A"), development_before=replace(weak, rows=())), "before-and-now") == []
    )
