"""A cycle beside an earlier one, as its readers see it."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from app.answers.models import Answer
from app.database import db, transaction
from app.findings.freezing import keep
from app.people.models import Person
from tests.factories import a_person
from tests.findings.asked_cycles import a_cycle_that_found, a_tool_asking
from tests.pages import opened, visible

FIRST, SECOND, THIRD = date(2010, 10, 4), date(2011, 4, 4), date(2011, 10, 3)
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def leader(sign_in: SignIn) -> FlaskClient:
    return sign_in(a_person("The Leader", roles=["leader"]))


def test_comparable_cycles_have_their_differences_in_words(leader: FlaskClient) -> None:
    tool = a_tool_asking("core_groups", "complaints", "gatekeeping")
    a_cycle_that_found(
        "2010-1", tool, FIRST, {"core_groups": (15, 10), "complaints": (12, 13), "gatekeeping": (5, 4)}
    )
    a_cycle_that_found(
        "2011-1",
        tool,
        SECOND,
        {"core_groups": (20, 5), "complaints": (20, 5), "gatekeeping": (20, 5)},
        comparable_with="2010-1",
    )
    words = visible(opened(leader, "/cycles/2011-1/compared"))
    assert "Core groups 15 of 25 (60%), 41% to 77%" in words
    assert "+20 points (-5 to +42), not shown to be real" in words
    assert "+32 points (+5 to +53), likely real" in words
    assert "5 of 9: result not shown, answered in 9 of 25 audits where it applied" in words
    assert (
        "5 of 9, then 20 of 25 (80%); no figure in 2010-1 (answered in 9 of 25 audits where it applied)"
        in words
    )
    assert "These cycles have been declared comparable. No case was in both." in words


@pytest.mark.parametrize(
    ("theme", "why"),
    [
        ("Child protection", "Not comparable: not declared comparable."),
        (
            "Neglect",
            "Not comparable: different theme (Child protection, then Neglect) and not declared comparable.",
        ),
    ],
)
def test_otherwise_two_values_stand_side_by_side_and_the_page_says_why(
    leader: FlaskClient, theme: str, why: str
) -> None:
    tool = a_tool_asking("child_seen")
    a_cycle_that_found("2010-1", tool, FIRST, {"child_seen": (12, 13)})
    a_cycle_that_found("2011-1", tool, SECOND, {"child_seen": (20, 5)}, theme=theme)
    page = opened(leader, "/cycles/2011-1/compared")
    words = visible(page)
    assert why in words
    assert "Child seen 12 of 25 (48%), 30% to 67%" in words
    assert "20 of 25 (80%)" in words
    assert "points" not in words
    assert "Difference" not in words
    for word in ("improve", "better", "worse", "declin", "↑", "↓", "&uarr;", "→"):
        assert word not in page.lower()


def test_the_cycle_declared_comparable_is_shown_first_and_any_earlier_one_on_request(
    leader: FlaskClient,
) -> None:
    tool = a_tool_asking("child_seen")
    a_cycle_that_found("2010-1", tool, FIRST, {"child_seen": (12, 13)})
    a_cycle_that_found("2011-1", tool, SECOND, {"child_seen": (20, 5)})
    cycle = a_cycle_that_found("2011-2", tool, THIRD, {"child_seen": (20, 5)}, comparable_with="2010-1")
    assert "Compare cycle 2011-2 with 2010-1" in visible(opened(leader, "/cycles/2011-2/compared"))
    assert "Compare cycle 2011-2 with 2011-1" in visible(
        opened(leader, "/cycles/2011-2/compared?with=2011-1")
    )
    with transaction():
        cycle.comparable_with = None
    assert "Compare cycle 2011-2 with 2011-1" in visible(opened(leader, "/cycles/2011-2/compared"))
    assert leader.get("/cycles/2011-1/compared?with=2011-2").status_code == 404


def test_a_cycle_stands_beside_the_one_before_and_not_beside_a_quick_check(leader: FlaskClient) -> None:
    tool = a_tool_asking("core_groups")
    a_cycle_that_found("2010-1", tool, FIRST, {"core_groups": (15, 10)})
    check = a_tool_asking("core_groups", reference="check-Q1")
    a_cycle_that_found("check-Q1-1", check, SECOND, {"core_groups": (20, 5)}, checks="Q1")
    a_cycle_that_found("2011-1", tool, THIRD, {"core_groups": (18, 7)})
    words = visible(opened(leader, "/cycles/2011-1/compared"))
    assert "15 of 25 (60%)" in words
    assert "20 of 25 (80%)" not in words


def test_the_first_cycle_is_the_baseline(leader: FlaskClient) -> None:
    a_cycle_that_found("2010-1", a_tool_asking("child_seen"), FIRST, {"child_seen": (12, 13)})
    assert "this one is the baseline" in visible(opened(leader, "/cycles/2010-1/compared"))


def test_only_questions_with_the_same_key_stand_side_by_side(leader: FlaskClient) -> None:
    a_cycle_that_found("2010-1", a_tool_asking("child_seen", "complaints"), FIRST, {"child_seen": (12, 13)})
    newer = a_tool_asking("gatekeeping", "child_seen", version=2, text="Is it on file?")
    a_cycle_that_found("2011-1", newer, SECOND, {"child_seen": (20, 5)}, comparable_with="2010-1")
    words = visible(opened(leader, "/cycles/2011-1/compared"))
    assert "Child seen question reworded 12 of 25" in words
    assert "Only in 2010-1 Complaints" in words
    assert "Only in 2011-1 Gatekeeping" in words


@pytest.mark.parametrize(("core", "said"), [(True, "+32 points"), (False, "no questions in common")])
def test_across_tools_core_questions_are_the_same_by_their_key(
    leader: FlaskClient, core: bool, said: str
) -> None:
    first = a_tool_asking("child_seen", core=core)
    other = a_tool_asking("child_seen", reference="neglect", core=core)
    a_cycle_that_found("2010-1", first, FIRST, {"child_seen": (12, 13)})
    a_cycle_that_found("2011-1", other, SECOND, {"child_seen": (20, 5)}, comparable_with="2010-1")
    words = visible(opened(leader, "/cycles/2011-1/compared"))
    assert said in words
    assert ("Asked in both, with different audit tools" in words) != core
    assert "Only in" not in words


def test_responses_that_count_in_another_way_make_no_difference(leader: FlaskClient) -> None:
    a_cycle_that_found("2010-1", a_tool_asking("child_seen"), FIRST, {"child_seen": (12, 13)})
    kinder = a_tool_asking(
        "child_seen", version=2, counts_as={"yes": "met", "partly": "met", "no": "not met"}
    )
    a_cycle_that_found("2011-1", kinder, SECOND, {"child_seen": (20, 5)}, comparable_with="2010-1")
    words = visible(opened(leader, "/cycles/2011-1/compared"))
    assert "Not comparable: responses are counted differently" in words
    assert "points" not in words


def test_a_frozen_cycle_stands_there_as_it_was_frozen(leader: FlaskClient) -> None:
    tool = a_tool_asking("child_seen")
    first = a_cycle_that_found("2010-1", tool, FIRST, {"child_seen": (12, 13)})
    a_cycle_that_found("2011-1", tool, SECOND, {"child_seen": (20, 5)}, comparable_with="2010-1")
    with transaction():
        first.frozen_on = first.closed_on
        keep(first)
    with transaction():
        db.session.execute(delete(Answer))
    words = visible(opened(leader, "/cycles/2011-1/compared"))
    assert "12 of 25 (48%), 30% to 67%" in words
    assert "12 of 25 (48%), then 0 of 0; no figure in 2011-1 (answered in 0 of 25 audits" in words


def test_whole_populations_have_an_exact_difference_and_no_word_of_chance(leader: FlaskClient) -> None:
    tool = a_tool_asking("consent")
    a_cycle_that_found("2005", tool, FIRST, {"consent": (16, 42)}, selection="whole population")
    a_cycle_that_found(
        "2012", tool, SECOND, {"consent": (73, 2)}, selection="whole population", comparable_with="2005"
    )
    words = visible(opened(leader, "/cycles/2012/compared"))
    assert "+70 points, every case counted in both" in words
    assert "Each difference is in percentage points." in words
    assert "range includes 0" not in words


def test_the_cases_in_both_cycles_are_looked_up_by_their_folded_numbers(leader: FlaskClient) -> None:
    tool = a_tool_asking("child_seen")
    before = [f"0{number}-A" for number in range(100, 125)]
    after = [*(f"{number} a" for number in range(100, 104)), *(f"N{number}" for number in range(21))]
    a_cycle_that_found("2010-1", tool, FIRST, {"child_seen": (12, 13)}, cases=before)
    cycle = a_cycle_that_found(
        "2011-1", tool, SECOND, {"child_seen": (20, 5)}, cases=after, comparable_with="2010-1"
    )
    words = visible(opened(leader, "/cycles/2011-1/compared"))
    assert "4 of the 25 cases were in both cycles." in words
    assert "+32 points, 4 of the 25 cases were in both cycles" in words
    assert "real" not in words.partition("About the cycles")[0]
    with transaction():
        cycle.comparable_with = None
    words = visible(opened(leader, "/cycles/2011-1/compared"))
    assert "Not comparable: not declared comparable." in words
    assert "4 of the 25 cases were in both cycles." in words


def test_the_report_says_of_the_cases_what_the_page_says(leader: FlaskClient) -> None:
    tool = a_tool_asking("child_seen")
    cases = [f"N{number}" for number in range(25)]
    a_cycle_that_found("2010-1", tool, FIRST, {"child_seen": (12, 13)}, cases=cases)
    a_cycle_that_found("2011-1", tool, SECOND, {"child_seen": (20, 5)}, cases=cases, comparable_with="2010-1")
    words = visible(opened(leader, "/cycles/2011-1/report"))
    assert "25 of the 25 cases were in both cycles." in words
    assert "+32 points, 25 of the 25 cases were in both cycles" in words


def test_several_returns_about_one_case_have_no_range_and_the_page_says_why(leader: FlaskClient) -> None:
    tool = a_tool_asking("child_seen")
    a_cycle_that_found("2010-1", tool, FIRST, {"child_seen": (15, 10)}, selection="random")
    a_cycle_that_found(
        "2011-1",
        tool,
        SECOND,
        {"child_seen": (6, 6)},
        cases=["A1", "A2"],
        selection="random",
        population=40,
        comparable_with="2010-1",
    )
    words = visible(opened(leader, "/cycles/2011-1/findings"))
    assert "There are 12 returns about 2 cases, so figures that count all returns have no ranges." in words
    assert "6 of 12 (50%)" in words
    assert "% to " not in words
    assert "12 of 12 (100%) returned, 12 returns about 2 cases." in words
    assert "12 of 12 (100%) returned, 12 returns about 2 cases" in visible(opened(leader, "/cycles/2011-1"))
    report = visible(opened(leader, "/cycles/2011-1/report"))
    assert "There are 12 returns about 2 cases." in report
    assert "in each key area (12 returns about 2 cases)" in report
    assert "at least half of the returns were graded yes" in report
    staff = visible(opened(leader, "/cycles/2011-1/report?for=staff"))
    assert "audited the records of 2 cases" in staff
    assert "graded yes in 6 of 12 returns (50%)" in staff
    words = visible(opened(leader, "/cycles/2011-1/compared"))
    assert "-10 points, 12 returns about 2 cases in 2011-1" in words
