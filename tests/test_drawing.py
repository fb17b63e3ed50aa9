"""A drawing is written twice, as SVG and as PNG; the pictures of cycles and actions say what they show."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from PIL import Image

from app.audits.pictures import in_words, returns_over_time, so_far, states_by_team
from app.drawing import INK, PIXELS, RANGE, Drawing, Label, Line, Ring, Shape, box, diamond, png, svg
from app.people.models import Person
from app.tracker import ages
from app.working_days import WorkingDays
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]


def test_both_writings_show_the_same_shapes() -> None:
    drawing = Drawing(40, 20, [box(10, 5, 10, 10), Line(0, 1, 40, 1, dashed=True), Label(30, 10, "<1>")])
    image = Image.open(io.BytesIO(png(drawing))).convert("RGB")
    assert image.size == (40 * PIXELS, 20 * PIXELS)
    assert image.getpixel((15 * PIXELS, 10 * PIXELS)) == (0x1D, 0x70, 0xB8)
    assert image.getpixel((5 * PIXELS, 10 * PIXELS)) == (255, 255, 255)
    assert png(drawing) == png(drawing)
    written = svg(drawing, 'said "so"')
    assert f'fill="{RANGE}"' in written
    assert "&lt;1&gt;" in written
    assert "style=" not in written
    assert 'aria-label="said &#34;so&#34;"' in written


def test_edges_rings_and_dashes_are_written_both_ways() -> None:
    square = ((10, 5), (20, 5), (20, 15), (10, 15))
    ring, line = Ring(40, 10, 5), Line(50, 10, 80, 10, 2, dashed=True, dashes=(12, 4), name="median")
    drawing = Drawing(90, 20, [Shape(square, RANGE, INK, 2, "square"), ring, line], "chart")
    image = Image.open(io.BytesIO(png(drawing))).convert("RGB")
    inks = [
        image.getpixel((x * PIXELS, 10 * PIXELS)) == (0x0B, 0x0C, 0x0C) for x in (10, 15, 35, 40, 55, 64, 70)
    ]
    assert inks == [True, False, True, False, True, False, True]
    written = svg(drawing, "a chart")
    assert '<svg class="chart"' in written
    assert (
        f'<path class="square" d="M10 5L20 5L20 15L10 15Z" fill="{RANGE}" stroke="{INK}" stroke-width="2">'
        in written
    )
    assert '<circle cx="40" cy="10" r="5"' in written
    assert '<path class="median" d="M50 10H80"' in written
    assert 'stroke-dasharray="12 4"' in written


@pytest.mark.parametrize(
    ("mark", "element"),
    [
        (Line(0, 5, 30, 5), 'd="M0 5H30" stroke="#0b0c0c" stroke-width="1" fill="none"'),
        (Line(5, 0, 5, 30), 'd="M5 0V30" stroke="#0b0c0c" stroke-width="1" fill="none"'),
        (Line(0, 0, 30, 40), 'd="M0 0L30 40" stroke="#0b0c0c" stroke-width="1" fill="none"'),
        (Line(0, 0, 10 / 3, 40), 'd="M0 0L3.33 40"'),  # a hundredth of a point is fine enough
        (Shape(((0, 0), (10 / 3, 0), (0, 9))), 'd="M0 0L3.33 0L0 9Z" fill="#0b0c0c">'),
        (
            Shape(((0, 0), (9, 0), (0, 9)), edge=RANGE),
            'd="M0 0L9 0L0 9Z" fill="#0b0c0c" stroke="#1d70b8" stroke-width="1"',
        ),
        (diamond(20, 10), 'd="M14 10L20 4L26 10L20 16Z" fill="#0b0c0c" stroke="#ffffff" stroke-width="1"'),
        (box(10, 5, 7, 3), 'd="M10 5L17 5L17 8L10 8Z" fill="#1d70b8"'),
        (Ring(40, 10, 5), 'cx="40" cy="10" r="5" stroke="#0b0c0c" stroke-width="2" fill="none"'),
        (Ring(10 / 3, 10, 5), 'cx="3.33" cy="10" r="5"'),
        (Label(30, 10, "Crewe"), 'x="30" y="10" font-family="arial, sans-serif" font-size="13"'),
        (Label(30, 10, "Crewe"), 'text-anchor="start" dominant-baseline="central" fill="#0b0c0c">Crewe<'),
    ],
)
def test_each_mark_is_written_as_an_element(mark: Line | Shape | Ring | Label, element: str) -> None:
    assert element in svg(Drawing(90, 50, [mark]), "a mark")


INK_THERE, PAPER_THERE = (0x0B, 0x0C, 0x0C), (255, 255, 255)


@pytest.mark.parametrize(
    ("line", "ink", "paper"),
    [
        (Line(0, 10, 60, 10, dashes=(10, 10)), [(15, 10)], [(61, 10)]),
        (Line(0, 10, 35, 10, dashed=True, dashes=(10, 10)), [(5, 10), (25, 10)], [(15, 10), (35, 10)]),
        # along a slope a dash is as long: at 5, 15, 25, 35 and 45 of 50 points
        (
            Line(0, 0, 30, 40, dashed=True, dashes=(10, 10)),
            [(3, 4), (15, 20), (27, 36)],
            [(9, 12), (21, 28)],
        ),
        (Line(5, 5, 5, 5, dashed=True), [], [(15, 5)]),
    ],
)
def test_dashes_are_drawn_from_the_start_of_a_line(
    line: Line, ink: list[tuple[int, int]], paper: list[tuple[int, int]]
) -> None:
    image = Image.open(io.BytesIO(png(Drawing(90, 50, [line])))).convert("RGB")
    assert [image.getpixel((x * PIXELS, y * PIXELS)) for x, y in ink] == [INK_THERE] * len(ink)
    assert [image.getpixel((x * PIXELS, y * PIXELS)) for x, y in paper] == [PAPER_THERE] * len(paper)


def test_a_name_with_accents_can_be_read_in_word_too() -> None:
    def drawn(text: str) -> bytes:
        return png(Drawing(200, 20, [Label(5, 10, text)]))

    assert drawn("Siân – Łódź, Øre") == drawn("Sian - Lodz, Ore")
    assert "Siân – Łódź" in svg(Drawing(200, 20, [Label(5, 10, "Siân – Łódź")]), "a name")


RETURNED = {date(2010, 11, 1): 2, date(2010, 10, 20): 1, date(2010, 11, 15): 1}


def test_returns_add_up_day_by_day_and_are_told_against_the_due_day() -> None:
    steps = so_far(RETURNED)
    assert steps == [(date(2010, 10, 20), 1), (date(2010, 11, 1), 3), (date(2010, 11, 15), 4)]
    assert in_words(steps, 6, 0, date(2010, 11, 12), WorkingDays()) == (
        "3 of 6 audits were returned by the due date, 12 Nov, and 4 by 15 Nov, the date of the last return."
    )
    assert in_words([], 6, 0, date(2010, 11, 12), WorkingDays()) == (
        "0 of 6 audits were returned so far. The due date is 12 Nov."
    )


def test_what_comes_back_on_the_monday_after_a_due_saturday_is_told_as_in_time() -> None:
    told = in_words(so_far(RETURNED), 6, 0, date(2010, 11, 13), WorkingDays())
    assert told.startswith("4 of 6 audits were returned by the due date, 13 Nov,")


def test_the_line_of_returns_never_falls_and_stays_on_the_sheet() -> None:
    drawing = returns_over_time(
        RETURNED,
        requested=6,
        requested_on=date(2010, 10, 4),
        due_on=date(2010, 11, 12),
        until=date(2010, 11, 30),
    )
    line = [shape for shape in drawing.shapes if isinstance(shape, Line) and shape.colour == RANGE]
    assert all(step.y2 <= step.y1 and step.x2 >= step.x1 for step in line)
    assert all(0 <= step.x1 <= drawing.width and 0 <= step.y2 <= drawing.height for step in line)


def test_each_part_of_a_teams_bar_has_its_number() -> None:
    drawing = states_by_team({"Crewe": {"returned": 3, "open": 1, "overdue": 0, "not returned": 0}})
    labels = [shape.text for shape in drawing.shapes if isinstance(shape, Label)]
    assert labels[:4] == ["Crewe", "3", "1", "4"]


def test_the_page_of_a_cycle_has_its_pictures_with_a_table_behind_each(
    sign_in: SignIn, clock_at: Callable[[date], None]
) -> None:
    clock_at(date(2010, 11, 20))
    cycle = a_cycle()
    an_audit("CP-1", cycle=cycle, returned_on=date(2010, 11, 1))
    an_audit("CP-2", cycle=cycle)
    page = opened(sign_in(a_person(roles=["coordinator"])), "/cycles/2010-1")
    assert "1 of 2 audits was returned by the due date, 12 Nov" in page
    assert "Audits by team. Nantwich: 1 returned, 1 overdue." in page
    assert "Mon 1 Nov 2010 1" in visible(page)


def test_a_leader_is_not_told_of_teams(sign_in: SignIn, clock_at: Callable[[date], None]) -> None:
    clock_at(date(2010, 11, 20))
    an_audit("CP-1", cycle=a_cycle())
    page = opened(sign_in(a_person(roles=["leader"])), "/cycles/2010-1")
    assert "Returns over time" in page
    assert "Audits by team" not in page


def test_ages_are_grouped_without_a_gap() -> None:
    assert ages.names() == [
        "0 to 30 days",
        "31 to 90 days",
        "91 to 180 days",
        "181 to 365 days",
        "more than 365 days",
        "no date known",
    ]
