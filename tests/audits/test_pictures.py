"""The pictures of a cycle's audits, each drawn beside its whole drawing in golden/, and their words."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from app.audits.pictures import in_words, returns_over_time, states_by_team
from app.drawing import Drawing, Label, Line, Shape, svg
from app.working_days import WorkingDays

GOLDEN = Path(__file__).parent / "golden"
REQUESTED, DUE, UNTIL = date(2010, 10, 4), date(2010, 11, 12), date(2010, 11, 30)
RETURNED = {date(2010, 11, 1): 2, date(2010, 10, 20): 1, date(2010, 11, 15): 1}

RETURNS = returns_over_time(RETURNED, requested=6, requested_on=REQUESTED, due_on=DUE, until=UNTIL)
TEAMS = states_by_team(
    {
        "Crewe and Nantwich North": {"returned": 120, "open": 60, "overdue": 2, "not returned": 0},
        # its name has a letter too many; 8 of 195 audits have just the room for their number, 7 have not
        "Wilmslow & Knutsford East": {"returned": 7, "open": 0, "overdue": 8, "not returned": 180},
        "Handforth": {"returned": 1, "withdrawn": 20},
    }
)


@pytest.mark.parametrize(("name", "drawing"), [("returns_over_time", RETURNS), ("states_by_team", TEAMS)])
def test_a_picture_is_drawn_as_it_is_in_golden(name: str, drawing: Drawing) -> None:
    written = str(svg(drawing, name)).replace("><", ">\n<") + "\n"
    assert written == (GOLDEN / f"{name}.svg").read_text()


def test_a_tenth_of_a_point_is_fine_enough() -> None:
    """Three of seven audits are 167.142857 points of 390."""
    shapes = states_by_team({"Crewe": {"returned": 3, "open": 4}, "Nantwich": {"returned": 3}}).shapes
    boxes = [shape.corners[0][0] for shape in shapes if isinstance(shape, Shape)]
    assert boxes[:3] == [170, 337.1, 170]
    labels = [shape.x for shape in shapes if isinstance(shape, Label)]
    assert labels[:7] == [0, 253.6, 448.6, 568, 0, 253.6, 345.1]


def drawn(
    returned: dict[date, int], requested: int, due_on: date, until: date
) -> tuple[dict[str, Label], list[Line]]:
    drawing = returns_over_time(
        returned, requested=requested, requested_on=REQUESTED, due_on=due_on, until=until
    )
    labels = {shape.text: shape for shape in drawing.shapes if isinstance(shape, Label)}
    return labels, [shape for shape in drawing.shapes if isinstance(shape, Line) and shape.width == 3]


def test_a_cycle_of_which_nothing_is_asked_or_back_is_drawn_too() -> None:
    labels, line = drawn({}, 0, REQUESTED, REQUESTED)
    assert labels["5 Oct"].x == 600  # the axis has one day at least
    assert [(step.x1, step.x2, step.y1, step.y2) for step in line] == [(46, 46, 214, 214)]
    labels, line = drawn({REQUESTED: 1}, 0, DUE, UNTIL)
    assert line[-1].y2 == 30  # what is back stays on the sheet


@pytest.mark.parametrize(
    ("due_after", "of_days", "at", "side"),
    [
        (12, 180, 82.9, "start"),
        (13, 180, 86, "middle"),  # forty points from the left end there is room to either side
        (167, 180, 560, "middle"),
        (13, 14, 560.4, "end"),
    ],
)
def test_the_due_day_is_written_within_the_sheet(due_after: int, of_days: int, at: float, side: str) -> None:
    due_on, until = REQUESTED + timedelta(days=due_after), REQUESTED + timedelta(days=of_days)
    labels, _ = drawn({}, 6, due_on, until)
    due = labels[f"due {due_on.day} {due_on:%b}"]
    assert (due.x, due.side) == (at, side)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([], "0 of 6 audits were returned so far. The due date is 12 Nov."),
        (
            [(date(2010, 11, 11), 1), (DUE, 3)],  # on the due day is by the due day
            (
                "3 of 6 audits were returned by the due date, 12 Nov, and 3 by 12 Nov, "
                "the date of the last return."
            ),
        ),
        (
            [(date(2010, 11, 13), 2)],
            (
                "0 of 6 audits were returned by the due date, 12 Nov, and 2 by 13 Nov, "
                "the date of the last return."
            ),
        ),
    ],
)
def test_the_picture_of_returns_is_told_in_words(steps: list[tuple[date, int]], words: str) -> None:
    assert in_words(steps, 6, 0, DUE, WorkingDays()) == words


def test_audits_that_were_withdrawn_are_said_beside_those_that_can_come_back() -> None:
    drawing = returns_over_time(
        {REQUESTED: 3}, requested=21, withdrawn=1, requested_on=REQUESTED, due_on=DUE, until=UNTIL
    )
    told = [shape.text for shape in drawing.shapes if isinstance(shape, Label)]
    assert "requested, without 1 withdrawn" in told
    assert "20" in told
    assert "21" not in told
    assert in_words([(REQUESTED, 3)], 21, 1, DUE, WorkingDays()) == (
        "3 of 20 audits were returned by the due date, 12 Nov, and 3 by 4 Oct, the date of the last return. "
        "1 more was requested and then withdrawn."
    )
    assert in_words([], 21, 2, DUE, WorkingDays()) == (
        "0 of 19 audits were returned so far. The due date is 12 Nov. "
        "2 more were requested and then withdrawn."
    )
