"""The drawn bar of a figure: what it says, where its marks stand, and that a page may show it."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from app.findings.bars import interval_bar

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*figures: float | None) -> ElementTree.Element:
    return ElementTree.fromstring(interval_bar(*figures))  # type: ignore[arg-type]  # noqa: S314


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ((60, 40.7, 76.6), "60%, from 41% to 77%"),
        ((60, 40.7, 76.6, 80), "60%, from 41% to 77%; expected 80%"),
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


def test_the_range_runs_from_low_to_high_on_the_axis_from_nought_to_a_hundred() -> None:
    axis = interval_bar(60, None, None)
    assert [float(x) for x in re.search(r"M([\d.]+) [\d.]+H([\d.]+)", axis).groups()] == [12, 212]  # type: ignore[union-attr]
    assert "M62.0 12H162.0" in interval_bar(50, 25.0, 75.0)


def test_a_figure_without_an_interval_has_no_range() -> None:
    assert "#1d70b8" in interval_bar(60, 40.7, 76.6)
    assert "#1d70b8" not in interval_bar(60, None, None)


@pytest.mark.parametrize("percent", [0, 50, 100])
def test_every_mark_stays_inside_the_drawing(percent: int) -> None:
    for path in drawn(percent, 0.0, 100.0, percent).iter(f"{SVG}path"):
        assert all(0 <= float(number) <= 224 for number in re.findall(r"[\d.]+", path.get("d", "")))


def test_a_bar_has_neither_style_nor_script_of_its_own() -> None:
    bar = drawn(60, 40.7, 76.6, 80)
    assert not [element for element in bar.iter() if "style" in element.attrib or "script" in element.tag]
