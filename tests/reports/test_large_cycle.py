"""A report of a tool with many questions stays readable: what is many is drawn in parts, or counted."""

from app.findings.key_area import KeyArea, Share, Split
from app.reports.content import draft
from app.reports.facts import FollowUp, Material, ReportedKeyArea
from app.reports.paper import Audience, Picture
from tests.reports.cases import a_cycle, a_material, a_recommendation, an_area, of, the_findings


def council(material: Material, key: str) -> list[str]:
    return of(draft(material, Audience.COUNCIL), key).splitlines()[1:]


def many(number: int, met: int = 15) -> list[KeyArea]:
    return [an_area(f"Area {n}", met, 25 - met) for n in range(1, number + 1)]


def test_figures_are_drawn_in_pictures_that_fit_a_page_each_with_its_own_words() -> None:
    paper = draft(a_material(*many(41)), Audience.COUNCIL)
    parts = [part for one in paper.sections for below in one.sections for part in below.parts]
    pictures = [part for part in parts if isinstance(part, Picture)]
    assert [len(picture.bars) for picture in pictures] == [13, 14, 14]
    assert [picture.caption for picture in pictures] == [
        "Figures for the key areas with 95% ranges, 1 to 13 of 41",
        "Figures for the key areas with 95% ranges, 14 to 27 of 41",
        "Figures for the key areas with 95% ranges, 28 to 41 of 41",
    ]
    drawn = [bar.name for picture in pictures for bar in picture.bars]
    assert drawn == [f"Area {n}" for n in range(1, 42)]
    assert all(f"{bar.name}: 60%" in picture.alternative for picture in pictures for bar in picture.bars)


def test_twenty_figures_are_one_picture() -> None:
    said = council(a_material(*many(20)), "areas")
    assert "Figures for the key areas with 95% ranges" in said


def test_of_many_key_areas_below_a_half_the_lowest_are_named() -> None:
    areas = [an_area(f"Area {n}", n, 50 - n) for n in range(24, 12, -1)]
    assert council(a_material(*areas), "development") == [
        "In all 12 key areas with a figure, evidence was found in fewer than half of the cases:",
        *(f"Area {n}: {n} of 50 ({2 * n}%)" for n in range(13, 18)),
        "7 more key areas",
    ]


def test_of_many_recommendations_the_first_are_asked_for_and_all_others_stand_in_the_annex() -> None:
    own = FollowUp(a_cycle(), tuple(a_recommendation(f"R{n}", text=f"Do {n}") for n in range(1, 13)))
    material = a_material(*many(1), own=own)
    asked = council(material, "purpose")
    assert asked[0] == "Decide on 12 recommendations."
    assert [line.partition(":")[0] for line in asked[1:]] == [
        *(f"R{n}" for n in range(1, 11)),
        "2 more recommendations are in Annex C",
    ]
    annex = council(material, "annex-follow-up")
    assert [row.partition(" ")[0] for row in annex if row.startswith("R")] == [
        "Recommendations",
        "Reference",
        "R11",
        "R12",
    ]


def test_of_many_key_areas_without_an_action_those_with_a_reason_are_named() -> None:
    blank = [ReportedKeyArea(str(n), f"Area {n}", has_action=False, left_because=None) for n in range(11)]
    assert council(a_material(*many(1), answered=tuple(blank)), "without-action") == [
        "11 key areas have no action, and no one has said why."
    ]
    reasoned = ReportedKeyArea("r", "Area R", has_action=False, left_because="it is part of R1")
    assert council(a_material(*many(1), answered=(*blank, reasoned)), "without-action") == [
        "1 key area has no action, for a reason:",
        "Area R: it is part of R1",
        "11 other key areas have no action, and no one has said why.",
    ]


def test_a_long_table_of_context_stays_in_the_service() -> None:
    split = {"vacancy": Split(Share(5, 8), Share(10, 17))}
    areas = [an_area(f"Area {n}", context=split) for n in range(31)]
    material = a_material(findings=the_findings(*areas, factors={"vacancy": 8}))
    assert council(material, "context")[-1] == (
        "The findings in the service show each key area with and without each factor."
    )
    few = a_material(findings=the_findings(*areas[:30], factors={"vacancy": 8}))
    assert council(few, "context")[-1] == "Area 29 | vacancy | 5 of 8 | 10 of 17"
