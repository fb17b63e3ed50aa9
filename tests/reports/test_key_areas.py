"""The figures of a cycle as reports show them: rows, pictures and places."""

from typing import Any

import pytest

from app.findings.key_area import KeyArea
from app.reports import key_areas
from app.reports.paper import Bar, Paragraph, Table
from tests.reports.cases import an_area, the_findings


def table_of(*areas: KeyArea) -> Table:
    return key_areas.table(the_findings(*areas))


GATEKEEPING: dict[str, Any] = {"met": 5, "not_met": 4, "not_answered": 16}
TOO_FEW = "answered in 9 of 25 audits where it applied"


def test_a_row_has_the_counts_of_its_key_area() -> None:
    areas = (an_area("Child seen", not_applicable=1200, expected=80), an_area("Gatekeeping", **GATEKEEPING))
    table = table_of(*areas)
    headings = (
        "Key area",
        "Evidence found",
        "Percentage",
        "Range",
        "Expected",
        "Not applicable",
        "Not answered",
    )
    assert (table.headings, table.numbers) == (headings, (1, 2, 3, 5, 6))
    assert table.rows == (
        ("Child seen", "15 of 25", "60%", "41% to 77%", "at least 80%", "1,200", "0"),
        ("Gatekeeping", "5 of 9", "not shown", "none", "none", "0", "16"),
    )


@pytest.mark.parametrize(
    ("area", "headings"),
    [
        (an_area("A", selection="hand-picked"), ("Percentage", "Not applicable")),
        (an_area("A"), ("Percentage", "Range", "Not applicable")),
        (an_area("A", selection="hand-picked", expected=0), ("Percentage", "Expected", "Not applicable")),
    ],
)
def test_ranges_and_levels_have_a_column_where_there_is_one(area: KeyArea, headings: tuple[str, ...]) -> None:
    assert table_of(area).headings[2:-1] == headings


@pytest.mark.parametrize(
    ("area", "words"),
    [
        (an_area("Child seen"), "Child seen: 60%, range 41% to 77%, found in 15 of 25"),
        (an_area("Child seen", selection="hand-picked"), "Child seen: 60%, found in 15 of 25"),
        (
            an_area("Child seen", selection="hand-picked", expected=80),
            "Child seen: 60%, expected at least 80%, found in 15 of 25",
        ),
    ],
)
def test_a_figure_is_told_in_words(area: KeyArea, words: str) -> None:
    assert key_areas.in_words(area) == words


def test_a_key_area_is_told_in_a_line() -> None:
    assert key_areas.found_in(an_area("Child seen")) == "Child seen: 15 of 25 (60%)"
    assert (
        key_areas.found_in(an_area("Gatekeeping", **GATEKEEPING)) == "Gatekeeping: 5 of 9, result not shown"
    )


@pytest.mark.parametrize(
    ("number", "ends"),
    [(1, [""]), (20, [""]), (21, [", 1 to 10 of 21", ", 11 to 21 of 21"]), (41, None)],
)
def test_a_picture_has_twenty_bars_at_most(number: int, ends: list[str] | None) -> None:
    drawn = key_areas.pictures(the_findings(*(an_area(f"Area {n}") for n in range(number))))
    assert sum(len(picture.bars) for picture in drawn) == number
    assert len(drawn) == -(-number // 20)
    assert ends is None or [picture.caption for picture in drawn] == [
        f"Figures for the key areas with 95% ranges{end}" for end in ends
    ]


def test_bars_have_their_range_and_without_a_figure_there_is_nothing_to_draw() -> None:
    areas = (
        an_area("Child seen", expected=80),
        an_area("Plan", selection="hand-picked"),
        an_area("Gatekeeping", **GATEKEEPING),
    )
    (picture,) = key_areas.pictures(the_findings(*areas))
    first, *others = picture.bars
    assert [first.low, first.high] == pytest.approx([40.74, 76.60], abs=0.01)
    assert (first.name, first.percent, first.expected, first.said) == (
        "Child seen",
        60,
        80,
        "15 of 25 (60%)",
    )
    assert others == [Bar("Plan", 60, said="15 of 25 (60%)")]
    assert key_areas.pictures(the_findings(an_area("Gatekeeping", **GATEKEEPING))) == []


@pytest.mark.parametrize(
    ("without", "others", "said"),
    [
        (0, 2, []),
        (1, 2, [f"No result is shown for “Area 0”: {TOO_FEW}."]),
        (3, 0, [f"No result is shown for “Area {n}”: {TOO_FEW}." for n in range(3)]),
        (4, 0, ["Results are not shown for any of the 4 key areas: too few answers."]),
        (4, 2, ["Results are not shown for 4 of 6 key areas: too few answers."]),
    ],
)
def test_few_results_that_are_not_shown_are_named_with_the_reason(
    without: int, others: int, said: list[str]
) -> None:
    areas = [an_area(f"Area {n}", **GATEKEEPING) for n in range(without)]
    seen = [an_area(f"Seen {n}") for n in range(others)]
    assert key_areas.named_without_a_result(the_findings(*areas, *seen)) == said


def places(*of_each: dict[str, int | None]) -> list[Any]:
    areas = (an_area(f"Area {n}", places=of) for n, of in enumerate(of_each, start=1))
    return key_areas.places(the_findings(*areas))


HIDDEN = "“hidden” means a count under 5, or a count that would reveal one."


@pytest.mark.parametrize(
    ("of_each", "rows", "said"),
    [
        ([{}], None, []),
        ([{"ICS": 1200}], (("Area 1", "1,200"),), []),
        ([{"ICS": 20}, {"Paper file": 15}], (("Area 1", "20", "0"), ("Area 2", "0", "15")), []),
        ([{"ICS": 20, "Paper file": None}], (("Area 1", "20", "hidden"),), [HIDDEN]),
        (
            [{"ICS": None}],
            None,
            ["Places are not shown for any key area: counts under 5, or counts that would reveal one."],
        ),
        (
            [{"ICS": 20}, {"ICS": None}],
            (("Area 1", "20"),),
            ["Places are not shown for 1 key area: counts under 5, or counts that would reveal one."],
        ),
    ],
)
def test_places_are_told_as_far_as_they_can_be(
    of_each: list[dict[str, int | None]], rows: tuple[tuple[str, ...], ...] | None, said: list[str]
) -> None:
    parts = places(*of_each)
    tables = [part for part in parts if isinstance(part, Table)]
    assert [table.rows for table in tables] == ([] if rows is None else [rows])
    assert all(table.numbers == tuple(range(1, len(table.headings))) for table in tables)
    assert [part.text for part in parts if isinstance(part, Paragraph)] == said
