"""Rules for every report: whose words stand where, what is said of it, and what is not for its reader."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.actions.lifecycle import RecommendationState
from app.audits.returns import Returns
from app.findings.key_area import KeyArea
from app.findings.responses import Given
from app.reports.composing import Contents, paper
from app.reports.content import draft
from app.reports.facts import FollowUp, Head, Material, Work
from app.reports.paper import NOT_WRITTEN, Audience, Paragraph
from app.reports.sections import OUTLINE
from tests.reports.cases import (
    A_CATEGORY,
    A_GRADE,
    CLOSED,
    TODAY,
    a_cycle,
    a_material,
    a_quick_win,
    a_recommendation,
    an_action,
    an_area,
    of,
    text,
    the_findings,
)

COUNCIL, PARTNERSHIP = Audience.COUNCIL, Audience.PARTNERSHIP


def test_what_is_filled_in_stands_under_its_key_in_whatever_order_it_is_given() -> None:
    filled: dict[str, Contents] = {
        section.key: ([Paragraph(section.key)], []) for section in reversed(OUTLINE[COUNCIL])
    }
    draft = paper(a_material(), COUNCIL, "A report", filled)
    assert [section.key for section in draft.sections] == [section.key for section in OUTLINE[COUNCIL]]
    assert all(section.parts == (Paragraph(section.key),) for section in draft.sections)


@pytest.mark.parametrize("key", ["lessons", "appendix"])
def test_a_section_that_is_not_filled_and_one_that_is_not_there_are_faults(key: str) -> None:
    filled: dict[str, Contents] = {section.key: ([], []) for section in OUTLINE[COUNCIL]}
    if key in filled:
        del filled[key]
    else:
        filled[key] = ([], [])
    with pytest.raises(ValueError, match=key):
        paper(a_material(), COUNCIL, "A report", filled)


def test_the_analysts_words_stand_first_and_are_marked() -> None:
    narratives = {"analysis": "First thought.\n\nSecond\nthought.", "staff-thanks": "Thanks to all."}
    material = a_material(an_area("A"), narratives=narratives)
    analysis = next(one for one in draft(material, COUNCIL).sections if one.key == "analysis")
    assert analysis.parts == (Paragraph("First thought.", True), Paragraph("Second thought.", True))
    assert not analysis.only_product
    to_write = {one.key for one in draft(material, COUNCIL).sections if one.only_product}
    assert to_write == {"purpose", "background", "findings", "lessons", "recommendations"}
    thanks = draft(material, Audience.STAFF).sections[-1]
    assert thanks.parts[0] == Paragraph("Thanks to all.", True)
    assert not thanks.only_product


def test_what_is_written_for_senior_managers_stays_with_them() -> None:
    material = a_material(an_area("A"), narratives={"analysis": "Crewe has two vacancies."})
    for audience in (PARTNERSHIP, Audience.AUDITORS, Audience.STAFF):
        assert "Crewe" not in text(draft(material, audience))


def test_a_paper_says_what_it_is_made_from() -> None:
    cycle = a_cycle(reported_to="SMT", meeting_on=TODAY)
    findings = the_findings(an_area("A"), frozen_on=TODAY)
    material = a_material(
        findings=findings,
        cycle=cycle,
        marking="OFFICIAL-SENSITIVE",
        made_by="Jack Denny",
        contact="jack.denny@council.example, 01270 000000",
    )
    assert dict(draft(material, COUNCIL).said_of_it) == {
        "For": "SMT",
        "Date of the meeting": "22 December 2010",
        "Cycle": "2010-1, First cycle",
        "Author": "Jack Denny",
        "Date of this report": "22 December 2010",
    }
    made = draft(material, COUNCIL)
    assert (made.organisation, made.marking, made.author) == (
        "A council",
        "OFFICIAL-SENSITIVE",
        "Jack Denny, jack.denny@council.example, 01270 000000",
    )
    assert draft(a_material(an_area("A")), COUNCIL).author is None
    written = replace(material, heads={"council": Head("Safeguarding Unit", "", "OFFICIAL")})
    made = draft(written, COUNCIL)
    assert (made.marking, made.author, dict(made.said_of_it)["Author"]) == (
        "OFFICIAL",
        "Safeguarding Unit",
        "Safeguarding Unit",
    )
    assert draft(written, PARTNERSHIP).marking == "OFFICIAL-SENSITIVE"
    bare = draft(replace(material, heads={"council": Head()}), COUNCIL)
    assert (bare.marking, bare.author, "Author" in dict(bare.said_of_it)) == (None, None, False)
    assert of(made, "annex-method").splitlines()[1] == (
        "The audits in cycle 2010-1 (First cycle) were requested on 4 October 2010, with a due date of 12 "
        "November 2010. The cycle was closed on 17 December 2010. Each audit looks at one child’s record, "
        "using the tool “Case file audit, version 1”. The tool asks about 1 key area. Figures are as of 22 "
        "December 2010 and frozen. Counts under 5 are hidden to protect privacy in results by place, team or "
        "context."
    )


def test_where_nothing_is_hidden_the_partnership_gets_no_breakdown_at_all() -> None:
    area = an_area("A", places={"ICS": 1, "Paper file": 2})
    findings = the_findings(area, hide_up_to=0, factors={"vacancy": 1})
    material = a_material(findings=findings)
    assert "ICS" in text(draft(material, COUNCIL))
    said = text(draft(material, PARTNERSHIP))
    assert "ICS" not in said
    assert "vacancy" not in said
    assert said.count("this report has no results by place, team or context") == 1


def test_the_sentence_of_the_method_about_teams_is_for_the_council_alone() -> None:
    method = (
        "26 of 180 cases were drawn at random.",
        "By team: Crewe 5 of 30, Old Town 5 of 20.",
        "Crewe is big.",
    )
    material = a_material(findings=the_findings(an_area("A"), method=method), teams=["Crewe", "Nantwich"])
    assert "By team" in text(draft(material, COUNCIL))
    said = text(draft(material, PARTNERSHIP))
    assert "drawn at random" in said
    assert "Crewe" not in said
    assert "Old Town" not in said


@pytest.mark.parametrize(
    ("areas", "headings"),
    [
        ([an_area("High", 20, 5), an_area("Low", 10, 15)], ["Highest figures", "Lowest figures"]),
        (
            [an_area("High", 20, 5, expected=70), an_area("Low", 10, 15, expected=70)],
            ["Strengths: the highest figures", "Areas for development"],
        ),
        (
            [an_area("High", 20, 5, expected=70), an_area("Low", 10, 15)],
            ["Strengths: the highest figures", "Lowest figures"],
        ),
        ([an_area("High", 20, 5), an_area("Higher", 21, 4)], ["Highest figures", "Lowest figures"]),
    ],
)
def test_without_an_expected_level_nothing_is_judged(areas: list[KeyArea], headings: list[str]) -> None:
    said = of(draft(a_material(*areas), COUNCIL), "main-points").splitlines()
    assert [line for line in said if line.startswith(("Strengths", "Areas", "Highest", "Lowest"))] == headings


def test_that_nothing_was_returned_is_said_once_and_nothing_of_each_key_area() -> None:
    areas = [an_area(name, 0, 0) for name in ("One", "Two", "Three")]
    material = a_material(findings=the_findings(*areas, returns=Returns(3, 0, 3)))
    for audience in (COUNCIL, Audience.PARTNERSHIP):
        said = text(draft(material, audience))
        assert "not shown" not in said
        assert "No result" not in said
        assert said.count("so there are no figures") == 1


def test_the_first_page_says_what_is_asked_what_was_found_and_what_to_keep_in_mind() -> None:
    cautions = ("The cases were hand-picked.", "25 of 25 audits (100%) were returned.")
    own = FollowUp(
        a_cycle(),
        (a_recommendation(), a_recommendation("R2", state=RecommendationState.ACCEPTED)),
        (an_action(is_overdue=True),),
    )
    areas = [
        an_area("Low", 12, 13),
        an_area("Blank", 1, 1, not_answered=23),
        an_area("High", 20, 5, expected=90),
        an_area("Best", 21, 4),
    ]
    made = draft(a_material(findings=the_findings(*areas, cautions=cautions), own=own), COUNCIL)
    assert of(made, "purpose").splitlines() == [
        "What this meeting is asked to do",
        "Decide on 1 recommendation.",
        "R1: Do it (owner: Ann Lee, Head; due 1 February 2011)",
    ]
    assert of(made, "main-points").splitlines() == [
        "Main points",
        "Audits requested and returned",
        (
            "All 25 audits requested were returned by the cut-off date, 17 December 2010. None of the 25 "
            "were returned by their first due date."
        ),
        "Highest figures",
        "Best: 21 of 25 (84%)",
        "Lowest figures",
        "In 1 of the 3 key areas with a figure, evidence was found in fewer than half of the cases:",
        "Low: 12 of 25 (48%)",
        "Outside the level that the council expects:",
        "High: 20 of 25 (80%), expected at least 90%",
        "What to keep in mind",
        cautions[0],
        "No result is shown for “Blank”: answered in 2 of 25 audits where it applied.",
    ]
    assert of(made, "recommendations").splitlines() == [
        "Recommendations and actions",
        (
            "This cycle has 1 other recommendation (accepted) and 1 action (agreed). 1 action is overdue: "
            "Crewe (1). Annex C has each of them."
        ),
    ]


@pytest.mark.parametrize("met", [10, 20])
def test_what_is_said_of_hand_picked_cases_is_of_these_alone(met: int) -> None:
    areas = (an_area("Seen", met, 25 - met, selection="hand-picked"),)
    picked = a_material(findings=the_findings(*areas), cycle=a_cycle(selection="hand-picked"))
    half = "fewer than" if met < 13 else "at least"
    assert text(draft(picked, Audience.COUNCIL)).count(f"found in {half} half of these cases") == 1
    for audience in (Audience.STAFF, Audience.AUDITORS):
        assert "of these cases only" in text(draft(picked, audience))
    for audience in Audience:
        said = text(draft(picked, audience))
        assert "half of the cases" not in said
        assert "chance" not in said
        assert "other cases" not in said
        assert "these cases" not in text(draft(a_material(*areas), audience))


@pytest.mark.parametrize("audience", list(Audience))
def test_a_category_is_never_met_graded_or_found(audience: Audience) -> None:
    shares = (Given("consultant", "neither", 15, 60, None), Given("nurse", "neither", 10, 40, None))
    said = text(draft(a_material(an_area("Who", responses=shares, **A_CATEGORY)), audience))
    assert not re.search(r"graded|\bmet\b|[Ee]vidence (was )?found|below|lowest|half|too few|not shown", said)


def test_a_draft_marks_what_nobody_has_written_and_a_final_report_leaves_it_out() -> None:
    material = a_material(findings=the_findings(), cycle=a_cycle(None))
    for audience in Audience:
        paper = draft(material, audience)
        empty = [section for section in paper.sections if not section.has_content]
        to_write = [section.key for section in empty if section.only_product]
        assert [each.key for each in paper.shown if NOT_WRITTEN in each.parts] == to_write
        final = replace(paper, is_draft=False, number=1)
        assert [each.key for each in final.shown] == [each.key for each in paper.sections if each.has_content]
    background = next(each for each in draft(material, COUNCIL).shown if each.key == "background")
    assert background.parts == (NOT_WRITTEN,)


@st.composite
def materials(draw: st.DrawFn) -> Material:
    """Any cycle: its areas, returns and what is known of it are made up, teams and names are easily told."""
    audits = draw(st.integers(0, 30))
    areas = []
    for name in draw(st.sets(st.sampled_from("ABCDEF"))):
        cuts = sorted(draw(st.lists(st.integers(0, audits), min_size=3, max_size=3)))
        met, not_met, excluded = cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1]
        areas.append(
            an_area(
                f"Area {name}",
                met,
                not_met,
                not_applicable=excluded,
                not_answered=audits - cuts[2],
                places=draw(
                    st.dictionaries(st.sampled_from(["ICS", "Paris"]), st.none() | st.integers(5, 9))
                ),
                expected=draw(st.none() | st.integers(1, 100)),
                selection=draw(st.sampled_from([None, "random", "hand-picked", "whole population"])),
                theme=draw(st.sampled_from([None, "families", "Families", "plans"])),
                **draw(st.sampled_from([{}, A_GRADE, A_CATEGORY, {"kind": "days"}])),
            )
        )
    missing, withdrawn = draw(st.integers(0, 3)), draw(st.integers(0, 2))
    findings = the_findings(
        *areas,
        returns=Returns(audits + missing + withdrawn, audits, missing, withdrawn),
        teams={"Redteam": 7, "Blueteam": None},
        main_places={"Redteam": "ICS"},
        hide_up_to=draw(st.sampled_from([0, 1, 4])),
        reasons=(("sickness", missing),) if missing else (),
    )
    minutes = sorted(draw(st.lists(st.integers(1, 300), max_size=7)))
    wins = draw(st.sets(st.sampled_from("ABC")))
    return a_material(
        findings=findings,
        cycle=a_cycle(draw(st.sampled_from([None, CLOSED]))),
        work=Work(
            draw(st.integers(0, audits)),
            missing,
            2 * missing,
            minutes=tuple(minutes),
            hard_to_find=2,
            nominated=1,
        ),
        own=FollowUp(
            a_cycle(),
            (a_recommendation(owner="Red Owner"),),
            (an_action(owner="Red Owner", team="Redteam", is_overdue=True),),
            tuple(a_quick_win(question=f"area_{name.lower()}") for name in sorted(wins)),
        ),
        teams=["Redteam", "Blueteam"],
    )


@given(materials(), st.sampled_from(Audience))
def test_any_cycle_reads_as_sentences_and_keeps_what_is_not_for_the_reader(
    material: Material, audience: Audience
) -> None:
    said = text(draft(material, audience))
    assert not re.search(r"\bNone\b(?! of| was| has)|of the 0\b|  |\{|\}|\(\)", said)
    assert not re.search(
        r"(?<![\d,])1 (audits|cases|people|key areas|answers|forms)\b(?! with a figure)", said
    )
    assert not re.search(r"\. [a-z]|\.\.|,\.|: *$", said.replace("2011-1.", ""))
    if audience is not COUNCIL:
        assert not re.search(r"Redteam|Blueteam|Red Owner|sickness", said)
