"""Reports are true in every case: none, one or many; open or closed; with and without figures."""

import re
from datetime import date
from typing import Any

import pytest

from app.audits.returns import Returns
from app.findings.agreement import Agreement
from app.findings.key_area import Share, Split
from app.reports.content import draft
from app.reports.facts import (
    Auditors,
    Comment,
    Comparison,
    ComparisonRow,
    Example,
    Material,
    ToolChange,
    Work,
)
from app.reports.paper import Audience, Picture, Table
from tests.reports.cases import (
    A_GRADE,
    CLOSED,
    COUNCIL,
    a_cycle,
    a_material,
    all_parts,
    an_area,
    council,
    of,
    text,
    the_findings,
)


@pytest.mark.parametrize(
    ("returns", "closed_on", "work", "said"),
    [
        (Returns(), None, Work(), "No audits have been requested yet."),
        (
            Returns(1, 1),
            CLOSED,
            Work(in_time=1),
            (
                "1 audit was requested. 1 of 1 (100%) was returned by the cut-off date, 17 December 2010. "
                "It was returned by its first due date."
            ),
        ),
        (
            Returns(29, 26, 3, after_cut_off=1),
            CLOSED,
            Work(in_time=24, chased=3, contacts=6),
            (
                "29 audits were requested. 26 of 29 (90%) were returned by the cut-off date, 17 "
                "December 2010. 24 of the 26 were returned by their first due date. 3 audits were "
                "not returned. 1 of them was returned after the cut-off date and is not in any "
                "figures. All 3 were followed up by phone, email or in person, 6 "
                "times in total."
            ),
        ),
        (
            Returns(29, 20, 0, 1),
            None,
            Work(),
            (
                "29 audits were requested. 20 of 29 (69%) were returned by 22 December 2010. None of "
                "the 20 were returned by their first due date. 8 are still to be returned. 1 was withdrawn."
            ),
        ),
        (
            Returns(2, 0, 2),
            CLOSED,
            Work(chased=1, contacts=1),
            (
                "2 audits were requested. 0 of 2 (0%) were returned by the cut-off date, 17 December 2010. 2 "
                "audits "
                "were not returned. 1 of the 2 was followed up by phone, email or in person, once."
            ),
        ),
        (
            Returns(2, 1, 1),
            CLOSED,
            Work(),
            (
                "2 audits were requested. 1 of 2 (50%) was returned by the cut-off date, 17 December "
                "2010. It was returned after its first due date. 1 audit was not returned."
            ),
        ),
    ],
)
def test_what_became_of_the_audits(returns: Returns, closed_on: date | None, work: Work, said: str) -> None:
    findings = the_findings(returns=returns, cut_off_on=closed_on)
    material = a_material(findings=findings, cycle=a_cycle(closed_on), work=work)
    assert " ".join(council(material, "returns").splitlines()[1:]) == said


@pytest.mark.parametrize(
    ("auditors", "said"),
    [
        (
            Auditors(1, (("Group Manager", 1),), 0, 25, (), 1, 0),
            (
                "Each returned audit was done by one auditor. 1 person took part. By job title: "
                "Group Manager (1). That person had been trained before their first audit."
            ),
        ),
        (
            Auditors(4, (("Chair", 2), ("Manager", 2)), 25, 0, ((("Manager", "Chair"), 25),), 4, 0),
            (
                "Each returned audit was done by a pair: a Manager as lead and a Chair as second "
                "auditor. 4 people took part. By job title: Chair (2) and Manager (2). All 4 had "
                "been trained before their first audit."
            ),
        ),
        (
            Auditors(3, (("Manager", 2), (None, 1)), 25, 0, ((("Manager", None), 25),), 2, 1),
            (
                "Each returned audit was done by 2 auditors. 3 people took part. By job title: "
                "Manager (2) and no job title recorded (1). 2 of the 3 had been trained before their "
                "first audit. For 1 of them, the only training date recorded is later."
            ),
        ),
        (
            Auditors(2, ((None, 2),), 25, 0, (((None, None), 25),), 2, 0),
            (
                "Each returned audit was done by 2 auditors. 2 people took part. "
                "Both had been trained before their first audit."
            ),
        ),
        (
            Auditors(3, (("Manager", 3),), 24, 1, ((("Manager", "Manager"), 24),), 0, 0),
            (
                "24 of the returned audits were done by 2 auditors and 1 by one auditor. 3 people "
                "took part. By job title: Manager (3)."
            ),
        ),
    ],
)
def test_who_audited_and_had_been_trained(auditors: Auditors, said: str) -> None:
    material = a_material(an_area("Child seen"), auditors=auditors)
    assert council(material, "auditors").splitlines()[-1] == said


def test_ranges_and_expected_levels_have_columns_only_where_there_are_some() -> None:
    cases = [
        (an_area("Child seen"), ["Range"]),
        (an_area("Child seen", selection="hand-picked"), []),
        (an_area("Child seen", selection="whole population", expected=80), ["Expected"]),
        (an_area("Child seen", expected=80), ["Range", "Expected"]),
    ]
    for area, wanted in cases:
        headings = _table(a_material(area)).headings
        assert [each for each in headings if each in ("Range", "Expected")] == wanted


def test_a_key_area_without_a_figure_says_why_and_keeps_its_counts() -> None:
    areas = (an_area("Child seen", not_answered=1), an_area("Gatekeeping", 5, 4, not_answered=17))
    row = _table(a_material(*areas)).rows[1]
    assert row == ("Gatekeeping", "5 of 9", "not shown", "none", "0", "17")
    why = "No result is shown for “Gatekeeping”: answered in 9 of 26 audits where it applied."
    assert council(a_material(*areas), "cautions").splitlines()[1:] == [why]


def test_without_any_figure_there_is_a_table_and_no_picture() -> None:
    paper = draft(a_material(an_area("Child seen", 1, 1)), COUNCIL)
    assert any(isinstance(part, Table) for part in all_parts(paper))
    assert not any(isinstance(part, Picture) for part in all_parts(paper))
    why_not = "answered in 2 of 2 audits where it applied, fewer than 10 answers"
    assert f"No result is shown for “Child seen”: {why_not}." in of(paper, "cautions")
    assert of(paper, "areas") == of(paper, "least") == ""


def test_the_picture_names_every_figure_in_words() -> None:
    areas = (an_area("Child seen", expected=80), an_area("Gatekeeping", 5, 4, not_answered=16))
    paper = draft(a_material(*areas), COUNCIL)
    (picture,) = (part for part in all_parts(paper) if isinstance(part, Picture))
    assert picture.alternative == (
        "One bar for each key area shows its percentage and 95% range. Child seen: 60%, range 41% to "
        "77%, expected at least 80%, found in 15 of 25."
    )
    assert [bar.expected for bar in picture.bars] == [80]


UP_TO_HALF = "up to half or more, so other cases might have given a higher figure."


@pytest.mark.parametrize(
    ("areas", "said"),
    [
        (
            [an_area("A", 12, 13), an_area("B", 13, 13)],
            [f"The range of the key area below half goes {UP_TO_HALF}"],
        ),
        (
            [an_area("A", 2, 23), an_area("B", 12, 13), an_area("C", 20, 5)],
            [f"The range of 1 of the 2 key areas below half goes {UP_TO_HALF}"],
        ),
        (
            [an_area("A", 11, 14), an_area("B", 12, 13)],
            [f"The ranges of both key areas below half go {UP_TO_HALF}"],
        ),
        ([an_area("A"), an_area("B", 20, 5, expected=90)], []),
        ([an_area("A", 1, 24, selection="hand-picked")], []),
    ],
)
def test_where_least_was_found(areas: list[Any], said: list[str]) -> None:
    assert council(a_material(*areas), "least").splitlines()[1:] == said


def test_what_is_below_a_half_is_compared_before_rounding() -> None:
    assert "A: 99 of 199 (50%)" in council(a_material(an_area("A", 99, 100)), "development")
    assert "13 of 26" not in council(a_material(an_area("A", 13, 13)), "development")


def test_levels_that_are_kept_are_told() -> None:
    kept = "Every key area with a figure and an expected level meets that level."
    areas = [an_area("A", 20, 5, expected=80), an_area("B", 20, 5)]
    assert kept in council(a_material(*areas), "strengths")
    assert kept not in council(a_material(*areas, an_area("C", 19, 6, expected=80)), "strengths")


def test_without_a_comparable_cycle_nothing_stands_beside_it() -> None:
    assert council(a_material(an_area("A")), "beside") == ""


def test_a_comparable_cycle_stands_beside_it_with_the_difference_or_why_there_is_none() -> None:
    rows = (
        ComparisonRow(
            "A", "15 of 25 (60%)", "20 of 25 (80%)", "+20 points (-5 to +42), not shown to be real"
        ),
        ComparisonRow(
            "B",
            "5 of 9, result not shown",
            "20 of 25 (80%)",
            "Difference not shown: no figure in 2010-0",
        ),
    )
    said = council(a_material(an_area("A"), comparison=Comparison("2010-0, Pilot", rows)), "beside")
    assert "Key area | 2010-0, Pilot | This cycle | Difference" in said
    assert "A | 15 of 25 (60%) | 20 of 25 (80%) | +20 points (-5 to +42), not shown to be real" in said
    why = "Not comparable: not declared comparable."
    beside = Comparison("2010-0, Pilot", (ComparisonRow("A", "60%", "15 of 25 (60%)", None),), why)
    said = council(a_material(an_area("A"), comparison=beside), "beside")
    assert why in said
    assert "Difference" not in said


def test_no_report_says_better_or_worse() -> None:
    rows = (ComparisonRow("A", "12 of 25 (48%)", "20 of 25 (80%)", "+32 points (+5 to +53), likely real"),)
    material = a_material(an_area("A"), comparison=Comparison("2010-0, Pilot", rows))
    for audience in Audience:
        assert not re.search(r"improve|better|worse|deteriorat", text(draft(material, audience)))


def test_examples_of_good_work() -> None:
    material = a_material(an_area("Plan", **A_GRADE), work=Work(nominated=2))
    assert council(material, "quality").splitlines()[1:] == [
        "2 audits were nominated as an example of good work. None has been approved for sharing yet.",
    ]
    material = a_material(an_area("A"), examples=(Example("In her words", "What she wants stands first."),))
    assert council(material, "quality").splitlines()[1:] == [
        "1 has been approved for sharing, with nothing that could identify a family:",
        "In her words: What she wants stands first.",
    ]


def test_the_tool_is_told_by_its_blanks_and_time() -> None:
    areas = (
        an_area("Plan", not_answered=1, no_reason_given=3, **A_GRADE),
        an_area("Seen", 15, 10, not_answered=6),
    )
    work = Work(minutes=(80, 95, 110, 120, 150), hard_to_find=3)
    material = a_material(*areas, work=work)
    assert council(material, "lessons").splitlines()[1:] == [
        (
            "3 forms say what was difficult to find in the records. "
            "Half of the 5 audits with a time recorded took 110 minutes or less. The "
            "shortest took 80 minutes and the longest 150."
        )
    ]
    assert council(material, "answers").splitlines()[1:] == ["6 of the 7 blank answers are on “Seen”."]


def test_the_time_of_fewer_than_five_pairs_is_not_told() -> None:
    material = a_material(an_area("A"), work=Work(minutes=(80, 95, 110, 120)))
    for audience in Audience:
        assert "minutes" not in text(draft(material, audience))


def test_what_a_newer_tool_changes_is_told_once_a_key_area() -> None:
    changes = (ToolChange("reworded", "Child seen"), ToolChange("minimum number changed", None))
    said = council(a_material(an_area("A"), tool_changes=changes), "lessons")
    assert said.endswith("with these changes:\nChild seen: reworded\nminimum number changed")


def test_context_is_told_as_far_as_it_can_be_shown() -> None:
    area = an_area("A", context={"vacancy": Split(Share(5, 8), Share(10, 17))})
    findings = the_findings(area, factors={"vacancy": 8}, factors_left_out=("illness",))
    said = council(a_material(findings=findings), "context").splitlines()
    assert "vacancy: 8 cases" in said
    assert "A | vacancy | 5 of 8 | 10 of 17" in said
    assert "Recorded, but with numbers hidden to protect privacy: illness." in said
    here = the_findings(an_area("A"), agreement=Agreement(returned_here=25))
    nothing = council(a_material(findings=here), "context")
    assert nothing.endswith("No context, such as a vacancy or a change of worker, was recorded for any case.")


def test_agreement_and_moderation() -> None:
    findings = the_findings(
        an_area("Plan", differed=2, changed=1),
        agreement=Agreement(24, 2, 3, 1, unconfirmed=1, returned_here=25),
        returns=Returns(25, 25),
    )
    assert council(a_material(findings=findings), "agreement").splitlines()[1:] == [
        (
            "The second auditor confirmed 24 of 25 audits and disagreed with something in "
            "2 audits. A moderator reviewed 3 of 25 audits. A grade was changed in 1 audit."
        ),
        "Key areas where people disagreed:",
        "Plan: the second auditor disagreed in 2 audits and the moderator changed 1 answer",
    ]


def test_comments_stand_under_their_themes() -> None:
    comments = (
        Comment("Voice of the child", "Child seen", "Her own words stand first."),
        Comment("Voice of the child", None, "Asked twice."),
        Comment("Plans", None, "Dates are missing."),
    )
    said = council(a_material(an_area("A"), comments=comments), "comments").splitlines()
    assert said[2:] == [
        "Voice of the child",
        "“Her own words stand first.” (Child seen)",
        "“Asked twice.”",
        "Plans",
        "“Dates are missing.”",
    ]


def _table(material: Material) -> Table:
    return next(part for part in all_parts(draft(material, COUNCIL)) if isinstance(part, Table))
