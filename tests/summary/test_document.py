"""The sentences and tables of a summary, from its facts."""

from datetime import date
from typing import Any

import pytest

from app.actions.lifecycle import ActionState, RecommendationState
from app.audits.returns import Returns
from app.concerns.response_numbers import ResponseNumbers
from app.findings.again import Again, Moved
from app.findings.agreement import Agreement
from app.quick_wins.life import QuickWinState
from app.summary.facts import (
    AgreedAction,
    EmptyMonth,
    MadeRecommendation,
    MonthOfReturn,
    NotLookedAt,
    ReportedCycle,
    SentQuickWin,
)
from app.summary.period import Period
from app.tools.content import MET, NOT_MET
from tests.reports.cases import lines, the_grades
from tests.summary.cases import MODERATED, NOVEMBER, graded, made, points, reported, section

OCTOBER = date(2010, 10, 1)
BEFORE = "the 24 months before 1 October 2010"


def test_an_empty_period_says_plainly_that_nothing_was_reported() -> None:
    paper = made(months=[EmptyMonth(month) for month in Period(OCTOBER, date(2010, 12, 31)).months])
    assert points(paper) == [
        "No cycle was reported from 1 October to 31 December 2010, so there are no audits to summarise.",
        "Not looked at: 3 months (October to December 2010).",
    ]
    assert [one.key for one in paper.sections] == ["not-looked-at"]


def test_it_is_neither_a_draft_nor_final_and_names_nobody() -> None:
    paper = made(reported(), marking="OFFICIAL")
    assert (paper.state, paper.still_to_write, paper.author) == ("", None, None)
    assert paper.about == paper.title == "Practice audits: summary, 1 October to 31 December 2010"
    assert paper.said_of_it == (
        ("Period", "1 October to 31 December 2010"),
        ("Cycles", "2010-1"),
        ("Small numbers", "this summary has no counts by team, place or context"),
        ("Protective marking", "OFFICIAL"),
        ("Made on", "10 January 2011"),
    )


@pytest.mark.parametrize(
    ("returns", "in_time", "said"),
    [
        (
            Returns(3, 2, 1),
            1,
            "Audits returned: 2 of 3 (67%). 1 of 2 (50%) was returned by their first due date.",
        ),
        (
            Returns(3, 3),
            2,
            "Audits returned: 3 of 3 (100%). 2 of 3 (67%) were returned by their first due date.",
        ),
        (Returns(3, 3), 3, "Audits returned: 3 of 3 (100%). All 3 were returned by their first due date."),
        (Returns(2, 2), 2, "Audits returned: 2 of 2 (100%). Both were returned by their first due date."),
        (
            Returns(3, 3),
            0,
            "Audits returned: 3 of 3 (100%). None of the 3 were returned by their first due date.",
        ),
        (Returns(3, 1, 2), 1, "Audits returned: 1 of 3 (33%). It was returned by its first due date."),
        (Returns(3, 1, 2), 0, "Audits returned: 1 of 3 (33%). It was returned after its first due date."),
        (Returns(3, 0, 3), 0, "Audits returned: 0 of 3 (0%)."),
        (Returns(), 0, "Audits returned: 0 of 0."),
    ],
)
def test_the_returns_of_all_cycles_are_told_with_those_in_time(
    returns: Returns, in_time: int, said: str
) -> None:
    months = (MonthOfReturn(NOVEMBER, returns.returned, in_time),) if returns.returned else ()
    assert points(made(reported(returns=returns, months=months)))[1] == said


def test_audits_are_added_up_by_month_and_theme_and_a_theme_is_one_however_it_is_spelt() -> None:
    paper = made(
        reported("A", months=(MonthOfReturn(OCTOBER, 4, 3), MonthOfReturn(NOVEMBER, 1, 1))),
        reported("B", theme="child  Protection", months=(MonthOfReturn(OCTOBER, 2, 0),)),
        reported("C", theme="Neglect", months=(MonthOfReturn(NOVEMBER, 5, 5),)),
    )
    said = section(paper, "cycles")
    assert said[said.index("Audits by month of return and theme") + 1 :] == [
        "Month | Theme | Returned | In time",
        "October 2010 | Child protection | 6 | 3",
        "November 2010 | all themes | 6 | 6",
        "November 2010 | Child protection | 1 | 1",
        "November 2010 | Neglect | 5 | 5",
    ]
    assert said[:3] == [
        "Cycles reported",
        "Cycle | Theme | Reported | Requested | Returned | In time | Not returned | Withdrawn",
        "A | Child protection | 22 December 2010 | 3 | 2 | 4 | 1 | 0",
    ]


def test_answers_to_one_question_are_added_up() -> None:
    paper = made(graded("A", the_grades(1, 2, 3, 4)), graded("B", the_grades(0, 5, 5, 0)))
    assert (
        "Overall grades in both cycles: outstanding 1, good 7, requires improvement 8, inadequate 4."
        in points(paper)
    )
    said = section(paper, "grades")
    assert said[said.index("Audits by overall grade") + 1 :] == [
        "Cycle | outstanding | good | requires improvement | inadequate",
        "both cycles | 1 | 7 | 8 | 4",
        "A | 1 | 2 | 3 | 4",
        "B | 0 | 5 | 5 | 0",
    ]


def in_table(*cycles: ReportedCycle) -> list[str]:
    return [line.split(" | ")[0] for line in section(made(*cycles), "grades") if line.count(" | ") > 3]


@pytest.mark.parametrize(
    ("cycles", "rows"),
    [
        # another question, however alike its grades
        (
            [graded("A", the_grades(1, 1, 1, 1)), graded("B", the_grades(1, 1, 1, 1), "quality")],
            ["Cycle", "A", "B"],
        ),
        # two of three have the same question
        (
            [
                graded("A", the_grades(1, 1, 1, 1)),
                graded("B", the_grades(1, 1, 1, 1), "quality"),
                graded("C", the_grades(1, 1, 1, 1)),
            ],
            ["Cycle", "A and C", "A", "B", "C"],
        ),
        # the same question with other grades has a table of its own
        (
            [
                graded("A", the_grades(1, 1, 1, 1)),
                graded(
                    "B",
                    {
                        "outstanding": (MET, 1),
                        "good": (MET, 1),
                        "adequate": (NOT_MET, 1),
                        "inadequate": (NOT_MET, 1),
                    },
                ),
            ],
            ["Cycle", "A", "Cycle", "B"],
        ),
        # cases that were audited again have been counted
        (
            [
                graded("A", the_grades(1, 1, 1, 1)),
                graded("B", the_grades(1, 1, 1, 1), again=Again("A", 4, 4, {}, Moved())),
            ],
            ["Cycle", "A", "B, audited again"],
        ),
    ],
)
def test_no_answers_to_questions_with_different_keys_or_grades_are_added_up(
    cycles: list[ReportedCycle], rows: list[str]
) -> None:
    assert in_table(*cycles) == rows


def test_grades_are_the_same_however_they_are_spelt() -> None:
    capitals = {grade.title(): counts for grade, counts in the_grades(1, 0, 0, 0).items()}
    assert in_table(graded("A", the_grades(1, 0, 0, 0)), graded("B", capitals)) == [
        "Cycle",
        "both cycles",
        "A",
        "B",
    ]


def test_many_cycles_are_drawn_in_pictures_that_fit_a_page_and_counted_in_the_main_points() -> None:
    paper = made(*(graded(f"C{number}", the_grades(1, 1, 1, 1), f"q{number}") for number in range(25)))
    captions = [line for line in section(paper, "grades") if line.startswith("Overall grades from best")]
    assert captions == [
        "Overall grades from best to worst, 1 to 12 of 25",
        "Overall grades from best to worst, 13 to 25 of 25",
    ]
    assert not any("Overall grades" in point for point in points(paper))


@pytest.mark.parametrize(
    ("cycles", "said"),
    [
        ([reported("A")], ["Cycle A has no overall grade."]),
        ([reported("A"), reported("B")], ["None of these cycles has an overall grade."]),
    ],
)
def test_a_cycle_without_an_overall_grade_is_named(cycles: list[ReportedCycle], said: list[str]) -> None:
    assert section(made(*cycles), "grades") == said
    beside = section(made(graded("Z", the_grades(1, 0, 0, 0)), *cycles), "grades")
    assert beside[-1].endswith("no overall grade.")


@pytest.mark.parametrize(
    ("agreements", "said"),
    [
        ([Agreement()], None),
        ([Agreement(returned_here=2)], "Audits that a moderator reviewed: 0 of 2 (0%)."),
        (
            [MODERATED],
            "Audits that a moderator reviewed: 1 of 2 (50%). A grade was changed in 1 audit.",
        ),
        (
            [MODERATED, Agreement(moderated=1)],
            "Audits that a moderator reviewed: 2 of 4 (50%). A grade was changed in 1 audit.",
        ),
        (
            [MODERATED, Agreement()],
            (
                "Audits that a moderator reviewed: 1 of 2 (50%). A grade was changed in 1 audit. "
                "This leaves out cycle C1: its file says nothing of moderation."
            ),
        ),
        (
            [Agreement(moderated=2), Agreement(), Agreement()],
            (
                "Audits that a moderator reviewed: 2 of 2 (100%). No grades were changed. This leaves out "
                "cycles C1 and C2: their files say nothing of moderation."
            ),
        ),
    ],
)
def test_the_share_moderated_is_of_the_audits_of_which_it_is_known(
    agreements: list[Agreement], said: str | None
) -> None:
    paper = made(*(reported(f"C{place}", agreement=each) for place, each in enumerate(agreements)))
    assert [point for point in points(paper) if "moderator" in point] == ([said] if said else [])


def test_moderation_and_responses_of_several_cycles_have_a_table() -> None:
    paper = made(
        reported("A", agreement=MODERATED, responses=ResponseNumbers(14, 11, 2, 3, 1)),
        reported("B"),
    )
    assert "14 audits called for a response; 11 had one in time and 2 are not due yet." in points(paper)
    assert "The grades of 3 audits were disputed; 1 was changed." in points(paper)
    assert section(paper, "moderation")[1:] == [
        (
            "Cycle | Returned | Moderated | Grade changed | Called for a response | Had one in time | "
            "Not due yet"
        ),
        "A | 2 | 1 | 1 | 14 | 11 | 2",
        "B | 2 | not known | not known | 0 | 0 | 0",
    ]
    assert section(made(reported("A", agreement=MODERATED)), "moderation") == []


def an_action(reference: str, state: ActionState, **more: Any) -> AgreedAction:
    return AgreedAction(reference, f"Do {reference}", state, date(2011, 1, 4), **more)


def test_recommendations_and_actions_are_counted_by_state_and_those_to_look_at_are_named() -> None:
    paper = made(
        reported(
            "A",
            recommendations=(
                MadeRecommendation("R1", "Decide it", RecommendationState.AWAITING_DECISION),
                MadeRecommendation("R2", "Done", RecommendationState.CARRIED_OUT),
            ),
            actions=(
                an_action("A1", ActionState.AGREED, is_overdue=True),
                an_action("A2", ActionState.CLOSED_EFFECTIVE, effect="13 of 15 files show it"),
            ),
        ),
        reported("B", actions=(an_action("A3", ActionState.CLOSED_NOT_EFFECTIVE),)),
    )
    said = points(paper)
    assert "2 recommendations: 1 awaiting decision and 1 carried out." in said
    assert "3 actions: 1 agreed, 1 closed effective and 1 closed not effective. Overdue: 1." in said
    assert section(paper, "followed-up") == [
        "Recommendations and actions of each cycle",
        (
            "Cycle | Recommendations | Awaiting decision | Carried out | Actions | Overdue | Effective | "
            "Not effective"
        ),
        "A | 2 | 1 | 1 | 2 | 1 | 1 | 0",
        "B | 0 | 0 | 0 | 1 | 0 | 0 | 1",
        "Recommendations awaiting a decision",
        "Recommendation | Reference | Cycle",
        "Decide it | R1 | A",
        "Actions that are overdue",
        "Action | Reference | Cycle | Due",
        "Do A1 | A1 | A | 4 January 2011",
        "Actions whose effect was checked",
        "Action | Reference | Cycle | Effect | What the check found",
        "Do A2 | A2 | A | effective | 13 of 15 files show it",
        "Do A3 | A3 | B | not effective | ",
    ]


def test_where_nothing_was_recommended_the_main_points_say_so() -> None:
    paper = made(reported())
    assert "No recommendations or actions from these cycles are recorded in this service." in points(paper)
    assert section(paper, "followed-up") == []


def test_what_was_audited_again_is_told_with_what_it_says_of_others() -> None:
    again = Again("2009-1", 14, 60, {"good": {"good": 14}}, Moved(12, 2, 0), chosen="They were chosen.")
    assert section(made(reported(again=again)), "again") == [
        (
            "2010-1: 14 of the 60 cases of cycle 2009-1 were audited again. This says nothing about other "
            "cases. Overall grade: 12 better, 2 the same, 0 worse. They were chosen."
        )
    ]


@pytest.mark.parametrize(("moved", "said"), [("yes", "yes"), ("no", "no"), (None, "not known")])
def test_a_quick_win_says_whether_its_figure_moved(moved: str | None, said: str) -> None:
    win = SentQuickWin("Q1", "Child seen", QuickWinState.ENDED, moved)
    assert (
        section(made(reported(quick_wins=(win,))), "quick-wins")[-1]
        == f"Child seen | Q1 | 2010-1 | ended | {said}"
    )


def test_what_was_not_looked_at_is_named_with_who_else_looked() -> None:
    last = date(2010, 9, 3)
    paper = made(
        reported(),
        has_earlier=True,
        teams=[NotLookedAt("Crewe", last), NotLookedAt("Nantwich", last, ["2010-2", "2010-3"])],
        themes=[NotLookedAt("Neglect", last)],
        months=[
            EmptyMonth(Period(OCTOBER, date(2010, 10, 31))),
            EmptyMonth(Period(date(2010, 12, 1), date(2010, 12, 31)), ["2010-2"]),
        ],
    )
    assert points(paper)[-1] == (
        "Not looked at: 2 teams (Crewe and Nantwich), 1 theme (Neglect) and 2 months (October 2010 and "
        "December 2010)."
    )
    assert section(paper, "not-looked-at") == [
        "Teams with an audit in the 24 months before 1 October 2010, and none in the cycles reported",
        "Team | Last audit returned | Other cycles with an audit in the period",
        "Crewe | 3 September 2010 | ",
        "Nantwich | 3 September 2010 | 2010-2 and 2010-3",
        "Themes with an audit in the 24 months before 1 October 2010, and none in the cycles reported",
        "Theme | Last audit returned",
        "Neglect | 3 September 2010",
        "Months in which no audit of the cycles reported was returned",
        "Month | Other cycles with an audit in the period",
        "October 2010 | ",
        "December 2010 | 2010-2",
    ]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {},
            [f"No audits were returned in {BEFORE}, so no team or theme can be missing."],
        ),
        (
            {"has_earlier": True},
            [f"Every team and theme with an audit in {BEFORE} has one in the cycles reported."],
        ),
    ],
)
def test_where_nothing_is_missing_it_says_so(facts: dict[str, Any], said: list[str]) -> None:
    paper = made(reported(), **facts)
    assert section(paper, "not-looked-at") == said
    assert not any(point.startswith("Not looked at") for point in points(paper))


@pytest.mark.parametrize(("last", "is_listed"), [(date(2012, 9, 30), True), (date(2012, 10, 1), False)])
def test_the_months_of_more_than_two_years_are_a_number_told_once_and_last(
    last: date, is_listed: bool
) -> None:
    period = Period(OCTOBER, last)
    months = [EmptyMonth(month) for month in period.months[1:]]
    paper = made(reported(), period=period, months=months)
    number = f"Months without an audit of the cycles reported: {len(months)} of {len(months) + 1}."
    assert any("months (" in line for line in lines(paper) if line.startswith("Not looked at")) == is_listed
    assert lines(paper).count(number) == (not is_listed)
    assert (section(paper, "not-looked-at")[-1] == number) != is_listed


def test_months_in_which_no_cycle_had_an_audit_are_told_in_a_sentence() -> None:
    months = Period(OCTOBER, date(2010, 12, 31)).months
    said = section(
        made(reported(), months=[EmptyMonth(month) for month in months if month != months[1]]),
        "not-looked-at",
    )
    assert said[-1] == "Months without an audit: October 2010 and December 2010."


def test_more_than_three_teams_are_only_counted_in_the_main_points() -> None:
    teams = [NotLookedAt(f"Team {number}", OCTOBER) for number in range(4)]
    assert points(made(reported(), teams=teams))[-1] == "Not looked at: 4 teams."


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {"open_cycles": ["X"]},
            "Cycle X is still open after the reporting date, so its audits are not counted.",
        ),
        (
            {"undated": ["X", "Y"]},
            "Cycles X and Y have been closed without a reporting date, so their audits are not counted.",
        ),
        ({"published": ["X"]}, "Cycle X is known only as published, so its audits are not counted."),
    ],
)
def test_what_is_left_out_is_named(facts: dict[str, Any], said: str) -> None:
    assert said in section(made(reported(), **facts), "about")
    assert section(made(**facts), "about") == [said]


@pytest.mark.parametrize(("made_on", "is_said"), [(date(2010, 12, 30), True), (date(2010, 12, 31), False)])
def test_a_period_that_goes_on_is_said_to(made_on: date, is_said: bool) -> None:
    said = section(made(reported(), made_on=made_on), "about")
    assert ("The period had not ended when this summary was made." in said) is is_said


def test_a_closed_cycle_that_nobody_confirmed_can_still_change() -> None:
    said = "Cycle 2010-1 has not been confirmed as complete, so its counts can still change."
    assert said in section(made(reported(frozen_on=None)), "about")
    assert said not in lines(made(reported()))
