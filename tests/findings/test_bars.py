"""The drawn bar of a figure: what it says, where its marks stand, and that a page may show it."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from app.findings.bars import interval_bar

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*figures: float | None) -> ElementTree.Element:
    return ElementTree.fromstring(interval_bar(*figures))  # noqa: S314


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ((60, 40.7, 76.6), "60%, from 41% to 77%"),
        ((60, 40.7, 76.6, 80), "60%, from 41% to 77%, expected 80%"),
        ((60, None, None), "60%"),
        ((0, 0.0, 27.8), "0%, from 0% to 28%"),
        ((100, 72.2, 100.0), "100%, from 72% to 100%"),
    ],
)
def test_a_bar_says_in_words_what_it_shows(figures: tuple[float | None, ...], said: str) -> None:
    bar = drawn(*figures)
    assert bar.get("role") == "img"
    assert bar.get("aria-label") == said
    assert bar.findtext(f"{SVG}title") == said


def test_each_mark_stands_where_the_scale_says() -> None:
    """Two points of the drawing to a per cent, from 12 on: 40% at 92, 50% at 112, 60% at 132, 75% at 162."""
    bar = drawn(60, 40.0, 75.0, 50)
    assert [path.get("d") for path in bar.iter(f"{SVG}path")] == [
        *("M12 25H212", "M12 21V25", "M112 2V25", "M212 21V25"),  # the half is the tall tick
        *("M112 2V25", "M108 31L116 31L112 25Z"),  # the level that is expected
        *("M92.0 12H162.0", "M92.0 7V17", "M162.0 7V17"),  # the range and its ends
        "M126 12L132 6L138 12L132 18Z",
    ]
    assert [(at.text, at.get("x"), at.get("y")) for at in bar.iter(f"{SVG}text")] == [
        ("0", "12", "33"),
        ("50", "112", "33"),
        ("100", "212", "33"),
    ]
    widths = [path.get("stroke-width") for path in bar.iter(f"{SVG}path")]
    assert widths == ["1", "1", "1", "1", "1.5", None, "4", "2", "2", "1"]
    assert {text.get("font-size") for text in bar.iter(f"{SVG}text")} == {"11"}
    dashes = [path.get("stroke-dasharray") for path in bar.iter(f"{SVG}path") if path.get("stroke-dasharray")]
    assert dashes == ["3 2"]
    assert bar.get("viewBox") == "0 0 224 40"
    # a tenth of a point is fine enough
    assert "M78.7 7V17" in [path.get("d") for path in drawn(60, 100 / 3, 75.0).iter(f"{SVG}path")]


def test_the_range_runs_from_low_to_high_on_the_axis_from_nought_to_a_hundred() -> None:
    axis = interval_bar(60, None, None)
    assert [float(x) for x in re.search(r"M([\d.]+) [\d.]+H([\d.]+)", axis).groups()] == [12, 212]  # type: ignore[union-attr]
    assert "M62.0 12H162.0" in interval_bar(50, 25.0, 75.0)


def test_a_figure_without_an_interval_has_no_range() -> None:
    assert "#1d70b8" in interval_bar(60, 40.7, 76.6)
    assert "#1d70b8" not in interval_bar(60, None, None)
    assert "#1d70b8" not in interval_bar(60, 40.7, None)  # one end alone is no range
    assert drawn(60, 40.7, None).get("aria-label") == "60%"


@pytest.mark.parametrize("percent", [0, 50, 100])
def test_every_mark_stays_inside_the_drawing(percent: int) -> None:
    for path in drawn(percent, 0.0, 100.0, percent).iter(f"{SVG}path"):
        assert all(0 <= float(number) <= 224 for number in re.findall(r"[\d.]+", path.get("d", "")))


def test_a_bar_has_neither_style_nor_script_of_its_own() -> None:
    bar = drawn(60, 40.7, 76.6, 80)
    assert not [element for element in bar.iter() if "style" in element.attrib or "script" in element.tag]
