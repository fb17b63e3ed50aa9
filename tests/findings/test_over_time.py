"""A key area over many cycles: the fewest cycles for a drawing, breaks, gaps, and the table behind it."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.findings.over_time import points_of, stretches
from app.people.models import Person
from app.tools.models import Tool
from tests.factories import a_person
from tests.findings.asked_cycles import a_cycle_that_found, a_tool_asking
from tests.pages import opened, visible

FIRST = date(2010, 1, 4)
LATER = date(2016, 1, 4)
ADDRESS = "/findings/over-time?question=child_seen"
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    return sign_in(a_person("The Manager", roles=["manager"]))


def a_row_of(tool: Tool, met: Sequence[int | None], **of_the_last: Any) -> None:
    """Cycles C01, C02, … each comparable with the one before, with so many met of 25; None: no figure."""
    for number, found in enumerate(met, start=1):
        facts: dict[str, Any] = {"comparable_with": f"C{number - 1:02}"} if number > 1 else {}
        if number == len(met):
            facts |= of_the_last
        answers = {"child_seen": (5, 4) if found is None else (found, 25 - found)}
        requested_on = FIRST + timedelta(days=91 * (number - 1))
        a_cycle_that_found(f"C{number:02}", tool, requested_on, answers, **facts)


def test_one_cycle_is_the_baseline_and_two_are_drawn(manager: FlaskClient) -> None:
    tool = a_tool_asking("child_seen")
    a_row_of(tool, [15])
    page = opened(manager, ADDRESS)
    assert "It is the baseline" in page
    assert "pa-over-time" not in page
    a_cycle_that_found("C02", tool, date(2010, 6, 1), {"child_seen": (20, 5)}, comparable_with="C01")
    page = opened(manager, ADDRESS)
    assert '<svg class="pa-over-time"' in page
    assert "15 of 25 (60%) 41% to 77%" in visible(page)
    assert "There are too few figures in a row without a break" in visible(page)


@pytest.mark.parametrize(
    ("cycles", "median", "limits"), [(7, False, False), (8, True, False), (11, True, False), (12, True, True)]
)
def test_a_median_comes_with_eight_figures_and_limits_with_twelve(
    manager: FlaskClient, cycles: int, median: bool, limits: bool
) -> None:
    a_row_of(a_tool_asking("child_seen"), [15, 12] * (cycles // 2) + [15] * (cycles % 2))
    page = opened(manager, ADDRESS)
    assert ("the median is" in page, "Three-sigma control limits" in page) == (median, limits)
    assert ("pa-over-time__median" in page, "pa-over-time__limits" in page) == (median, limits)


def test_shifts_and_what_is_outside_the_limits_are_told_without_praise(manager: FlaskClient) -> None:
    a_row_of(a_tool_asking("child_seen"), [12] * 6 + [13, 15, 15, 14, 16, 15, 16, 25])
    words = visible(opened(manager, ADDRESS))
    assert "Shift: 7 figures in a row are above the median, C08 to C14." in words
    assert "C14 is outside the control limits (ring)." in words
    assert "improve" not in words


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"comparable_with": None}, "not declared comparable"),
        ({"theme": "Neglect"}, "different theme (Child protection, then Neglect)"),
        ({"selection": "hand-picked"}, "cases chosen differently (random, then hand-picked)"),
        ({"population": 500}, "different number of cases to choose from (180, then 500)"),
    ],
)
def test_runs_are_not_counted_across_a_break(
    manager: FlaskClient, facts: dict[str, object], why: str
) -> None:
    """A second stretch after eight cycles: what changed is said; the median is that of the first alone."""
    tool = a_tool_asking("child_seen")
    sampled: dict[str, Any] = {"selection": "random", "population": 180}
    for number in range(1, 10):
        own = sampled | ({"comparable_with": f"C{number - 1:02}"} if number > 1 else {})
        own |= facts if number == 9 else {}
        day = FIRST + timedelta(days=91 * number)
        a_cycle_that_found(f"C{number:02}", tool, day, {"child_seen": (20 if number == 9 else 15, 5)}, **own)
    page = opened(manager, ADDRESS)
    assert why in visible(page)
    assert page.count("pa-over-time__break") == 1
    found = stretches(points_of("child_seen", LATER))
    assert [(len(stretch.points), stretch.median) for stretch in found] == [(8, 0.75), (1, None)]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"text": "Was the child seen alone?"}, "question reworded"),
        ({"reference": "neglect"}, "question from a different audit tool"),
        (
            {"counts_as": {"yes": "met", "partly": "met", "no": "not met"}},
            "responses are counted differently",
        ),
    ],
)
def test_another_question_under_the_same_key_is_a_break(
    app: object, change: dict[str, Any], why: str
) -> None:
    a_cycle_that_found("C01", a_tool_asking("child_seen"), FIRST, {"child_seen": (15, 10)})
    newer = a_tool_asking("child_seen", version=2, **change)
    a_cycle_that_found("C02", newer, date(2010, 6, 1), {"child_seen": (15, 10)}, comparable_with="C01")
    assert [list(point.breaks) for point in points_of("child_seen", LATER)] == [[], [why]]


def test_a_new_version_that_keeps_the_question_is_no_break(app: object) -> None:
    a_cycle_that_found("C01", a_tool_asking("child_seen"), FIRST, {"child_seen": (15, 10)})
    newer = a_tool_asking("child_seen", "gatekeeping", version=2)
    a_cycle_that_found("C02", newer, date(2010, 6, 1), {"child_seen": (15, 10)}, comparable_with="C01")
    assert not any(point.breaks for point in points_of("child_seen", LATER))


def test_a_cycle_without_a_figure_is_a_gap_and_never_nought(manager: FlaskClient) -> None:
    a_row_of(a_tool_asking("child_seen"), [15, None, 20])
    page = opened(manager, ADDRESS)
    assert "5 of 9: result not shown, answered in 9 of 9 audits where it applied none" in visible(page)
    assert [point.share for point in points_of("child_seen", LATER)] == [0.6, None, 0.8]
    assert page.count(">not shown</text>") == 1


@pytest.mark.parametrize("selection", ["hand-picked", "whole population"])
def test_cases_not_left_to_chance_have_no_range_and_no_control_limits(app: object, selection: str) -> None:
    tool = a_tool_asking("child_seen")
    for number in range(1, 14):
        facts: dict[str, Any] = {"comparable_with": f"C{number - 1:02}"} if number > 1 else {}
        day = FIRST + timedelta(days=91 * number)
        a_cycle_that_found(f"C{number:02}", tool, day, {"child_seen": (15, 10)}, selection=selection, **facts)
    (stretch,) = stretches(points_of("child_seen", LATER))
    assert (stretch.median, stretch.limits) == (0.6, None)


def test_a_cycle_that_did_not_ask_or_has_not_begun_is_not_among_them(app: object) -> None:
    a_cycle_that_found("C01", a_tool_asking("child_seen"), FIRST, {"child_seen": (15, 10)})
    a_cycle_that_found("N01", a_tool_asking("parents", reference="neglect"), FIRST, {"parents": (15, 10)})
    assert [point.reference for point in points_of("child_seen", LATER)] == ["C01"]
    assert points_of("child_seen", date(2010, 1, 3)) == []


def test_an_open_cycle_says_that_it_may_change(manager: FlaskClient) -> None:
    tool = a_tool_asking("child_seen")
    a_row_of(tool, [15, 20], closed=False)
    assert "20 of 25 (80%) still open, so may change" in visible(opened(manager, ADDRESS))


def test_the_page_offers_the_key_areas_and_knows_no_other(manager: FlaskClient) -> None:
    a_tool_asking("child_seen")
    page = opened(manager, "/findings/over-time")
    assert '<option value="child_seen">Child seen</option>' in page
    assert "No cycle has asked about this key area yet." in opened(manager, ADDRESS)
    assert manager.get("/findings/over-time?question=nothing").status_code == 404
