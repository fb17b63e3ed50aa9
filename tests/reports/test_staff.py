"""The page for staff: strengths, things to do, where to record it; no blame, no team, one page."""

from typing import Any

import pytest

from app.findings.key_area import KeyArea
from app.quick_wins.life import QuickWinState
from app.reports.content import draft
from app.reports.facts import FollowUp, Material, ReportedQuickWin
from app.reports.paper import Audience
from app.reports.staff import strengths
from tests.reports.cases import a_cycle, a_material, a_quick_win, an_area, of, text


def said(material: Material, key: str) -> list[str]:
    return of(draft(material, Audience.STAFF), key).splitlines()[1:]


def with_quick_wins(*quick_wins: ReportedQuickWin, areas: tuple[KeyArea, ...]) -> Material:
    return a_material(*areas, own=FollowUp(a_cycle(), quick_wins=quick_wins))


def areas_of(*met: int) -> tuple[KeyArea, ...]:
    """Key areas A, B, … in which so many of 25 were met."""
    return tuple(an_area(name, each, 25 - each) for name, each in zip("ABCDEFGH", met, strict=False))


@pytest.mark.parametrize(
    ("met", "strong"),
    [
        ((), ""),
        ((20,), "A"),
        ((10,), ""),
        ((20, 24, 22, 23, 10, 11), "BDC"),
        ((20, 24), "B"),
        ((20, 24, 22), "BC"),
        # those with the same figure keep the order of the tool
        ((20, 20, 20, 20, 20, 20), "ABC"),
        ((15, 13, 15, 15, 12, 12, 16), "GAC"),
        ((12, 12, 12), ""),
    ],
)
def test_strengths_are_the_highest_figures_of_a_half_or_more(met: tuple[int, ...], strong: str) -> None:
    assert "".join(area.name for area in strengths(a_material(*areas_of(*met)))) == strong


def test_what_is_below_the_expected_level_or_has_no_figure_is_no_strength() -> None:
    areas = (an_area("A", 20, 5, expected=90), an_area("B", 5, 0), an_area("C", 15, 10), an_area("D", 14, 11))
    assert [area.name for area in strengths(a_material(*areas))] == ["C", "D"]


def test_a_figure_below_the_expected_level_does_not_read_as_if_it_were_kept() -> None:
    area = an_area("A", 119, 30, expected=80)
    assert said(a_material(area), "staff-do") == ["A: found in 119 of 149 cases (79.9%)."]


def test_others_that_were_found_as_often_are_counted() -> None:
    assert said(a_material(*areas_of(20, 20, 20, 20, 20, 20)), "staff-strengths")[-1] == (
        "3 other key areas have the same figure as the last of these."
    )
    assert said(a_material(*areas_of(20, 20, 20, 20, 10, 10)), "staff-strengths")[-1] == (
        "1 other key area has the same figure as the last of these."
    )
    assert len(said(a_material(*areas_of(20, 19, 18, 17, 10, 10)), "staff-strengths")) == 3


def test_the_lowest_are_things_to_do_with_what_auditors_look_for() -> None:
    areas = areas_of(20, 19, 18, 12, 10, 11)
    material = a_material(*areas, guidance={"e": "A dated note. And a second sentence."})
    assert said(material, "staff-do") == [
        "E: found in 10 of 25 cases (40%). What auditors look for: A dated note.",
        "F: found in 11 of 25 cases (44%).",
        "D: found in 12 of 25 cases (48%).",
    ]


def test_what_is_a_strength_or_was_always_found_is_nothing_to_do() -> None:
    assert said(a_material(*areas_of(25, 25, 25, 20)), "staff-do") == ["D: found in 20 of 25 cases (80%)."]
    assert said(a_material(*areas_of(25, 25)), "staff-do") == ["Nothing stands out yet."]


def test_messages_of_quick_wins_come_first_and_are_no_strengths() -> None:
    areas = areas_of(24, 20, 19, 12, 10, 11)
    material = with_quick_wins(
        a_quick_win(question="a", message="Write down the day"),
        a_quick_win("Q2", question="d", message="Give the leaflet.", where="ICS, case note"),
        a_quick_win("Q3", question="b", state=QuickWinState.STOPPED),
        a_quick_win("Q4", question="c", to_practitioners=False),
        areas=areas,
    )
    assert said(material, "staff-do") == [
        "Give the leaflet. Where to record it: ICS, case note.",
        "Write down the day.",
        "E: found in 10 of 25 cases (40%).",
    ]
    assert [area.name for area in strengths(material)] == ["B", "C"]


def test_there_are_never_more_than_three_things_to_do() -> None:
    wins = [a_quick_win(f"Q{n}", question="abcdef"[n]) for n in range(6)]
    assert len(said(with_quick_wins(*wins, areas=areas_of(1, 2, 3, 4, 5, 6)), "staff-do")) == 3


@pytest.mark.parametrize("places", [{}, {"ICS": 12}, {"ICS": 7, "Paper file": 5}, {"ICS": None}])
def test_where_auditors_found_it_is_no_decision_where_to_record_it(places: dict[str, int | None]) -> None:
    (line,) = said(a_material(an_area("A", 12, 13, places=places)), "staff-do")
    assert line == "A: found in 12 of 25 cases (48%)."


@pytest.mark.parametrize(
    ("win", "where"),
    [
        ({"where": "ICS, case note"}, " Where to record it: ICS, case note."),
        ({"where": None}, ""),
        ({"where": "ICS", "question": "b"}, ""),
        ({"where": "ICS", "question": None}, ""),
        ({"where": "ICS", "state": QuickWinState.STOPPED}, ""),
    ],
)
def test_where_to_record_it_is_what_a_quick_win_settled(win: dict[str, Any], where: str) -> None:
    told = a_quick_win(**{"question": "a", "to_practitioners": False, **win})
    (line,) = said(with_quick_wins(told, areas=(an_area("A", 12, 13),)), "staff-do")
    assert line == f"A: found in 12 of 25 cases (48%).{where}"


def test_else_it_is_the_place_that_the_tool_names() -> None:
    area = an_area("A", 12, 13, recorded_in="Case note, visit")
    assert said(a_material(area), "staff-do") == [
        "A: found in 12 of 25 cases (48%). Where to record it: Case note, visit."
    ]
    settled = a_quick_win(question="a", where="Visit form", to_practitioners=False)
    assert said(with_quick_wins(settled, areas=(area,)), "staff-do") == [
        "A: found in 12 of 25 cases (48%). Where to record it: Visit form."
    ]


def test_no_count_of_a_place_is_on_the_page() -> None:
    page = text(draft(a_material(an_area("A", 12, 13, places={"ICS": 7, "Paper file": 5})), Audience.STAFF))
    assert " 7" not in page
    assert " 5" not in page


def test_before_anything_came_back_the_page_says_so() -> None:
    material = a_material(cycle=a_cycle(None))
    assert said(material, "staff-why") == [
        "The Child protection audits are under way. There is nothing to report yet."
    ]
