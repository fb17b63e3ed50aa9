"""The audits of a cycle as pictures: returns against the due day, and the states by team. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate, pairwise

from app.drawing import INK, QUIET, RANGE, Drawing, Label, Line, Mark, box
from app.wording import counted, were
from app.working_days import WorkingDays

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 46, 600, 30, 214
ROW, NAMES, BARS_END = 34, 170, 560

FILLS: Mapping[str, str] = {
    "returned": "#1d3a5f",
    "open": "#8eb8e5",
    "overdue": "#0b0c0c",
    "not returned": "#b1b4b6",
    "withdrawn": "#dbd5e9",
}
"""The colours of the states. Colour alone carries no meaning: the number is shown too."""


def so_far(returned: Mapping[date, int]) -> list[tuple[date, int]]:
    """Return the days on which audits came back, each with the number returned by then."""
    days = sorted(returned)
    return list(zip(days, accumulate(returned[day] for day in days), strict=True))


def returns_over_time(
    returned: Mapping[date, int],
    *,
    requested: int,
    withdrawn: int = 0,
    requested_on: date,
    due_on: date,
    until: date,
) -> Drawing:
    """Draw a line that steps up with each return, the number expected above it, the due day across it.

    `returned` are numbers of audits by the day on which they came back; `until` is the last day drawn.
    Expected are those requested, without those withdrawn.
    """
    expected = requested - withdrawn
    above = f"requested, without {withdrawn} withdrawn" if withdrawn else "requested"
    last = max([until, due_on, *returned, requested_on + timedelta(days=1)])
    span = (last - requested_on).days

    def x(day: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * max(0, (day - requested_on).days) / span, 1)

    def y(number: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * number / max(expected, 1), 1)

    shapes: list[Mark] = [
        Line(LEFT, BOTTOM, RIGHT, BOTTOM, 1, QUIET),
        Line(LEFT, TOP, LEFT, BOTTOM, 1, QUIET),
        Line(LEFT, TOP, RIGHT, TOP, 1, QUIET, dashed=True),
        Label(LEFT - 6, BOTTOM, "0", 12, "end", QUIET),
        Label(LEFT - 6, TOP, str(expected), 12, "end", QUIET),
        Label(LEFT, TOP - 14, above, 12, "start", QUIET),
        Line(x(due_on), TOP, x(due_on), BOTTOM, 1.5, INK, dashed=True),
        Label(x(due_on), BOTTOM + 34, f"due {_short(due_on)}", 12, _side(x(due_on))),
        Label(LEFT, BOTTOM + 16, _short(requested_on), 12, "start", QUIET),
        Label(RIGHT, BOTTOM + 16, _short(last), 12, "end", QUIET),
    ]
    steps = [(requested_on, 0), *so_far(returned), (min(until, last), sum(returned.values()))]
    for (day, before), (next_day, after) in pairwise(steps):
        shapes.append(Line(x(day), y(before), x(next_day), y(before), 3, RANGE))
        if after != before:
            shapes.append(Line(x(next_day), y(before), x(next_day), y(after), 3, RANGE))
    shapes.append(Label(min(x(min(until, last)) + 8, RIGHT + 8), y(steps[-1][1]), str(steps[-1][1]), 13))
    return Drawing(WIDTH, HEIGHT, shapes)


def states_by_team(teams: Mapping[str, Mapping[str, int]]) -> Drawing:
    """Draw a bar for each team, divided by the states of its audits; each part with room has its number."""
    most = max((sum(states.values()) for states in teams.values()), default=1) or 1
    shapes: list[Mark] = []
    for row, (team, states) in enumerate(teams.items()):
        middle, at = TOP + ROW * row, float(NAMES)
        shapes.append(Label(0, middle, team if len(team) <= 24 else f"{team[:23]}…", 13))
        for state, colour in FILLS.items():
            width = (BARS_END - NAMES) * states.get(state, 0) / most
            if not width:
                continue
            shapes.append(box(round(at, 1), middle - 11, round(width, 1), 22, colour))
            if width >= 16:
                ink = "#ffffff" if state in ("returned", "overdue") else INK
                shapes.append(Label(round(at + width / 2, 1), middle, str(states[state]), 12, "middle", ink))
            at += width
        shapes.append(Label(round(at + 8, 1), middle, str(sum(states.values())), 12, colour=QUIET))
    below = TOP + ROW * len(teams) + 4
    x = 0.0
    for state, colour in FILLS.items():
        shapes += [box(x, below - 7, 14, 14, colour), Label(x + 20, below, state, 12)]
        x += 46 + 7 * len(state)
    return Drawing(WIDTH, below + 18, shapes)


def _short(day: date) -> str:
    return f"{day.day} {day:%b}"


def _side(x: float) -> str:
    if x < LEFT + 40:
        return "start"
    return "end" if x > RIGHT - 40 else "middle"


def in_words(
    steps: Sequence[tuple[date, int]], requested: int, withdrawn: int, due_on: date, days: WorkingDays
) -> str:
    """Return the picture of the returns in words."""
    of = counted(requested - withdrawn, "audit")
    also = f" {withdrawn} more {were(withdrawn)} requested and then withdrawn." if withdrawn else ""
    if not steps:
        return f"0 of {of} were returned so far. The due date is {_short(due_on)}.{also}"
    by_due = max((number for day, number in steps if not days.is_late(due_on, day)), default=0)
    return (
        f"{by_due} of {of} {were(by_due)} returned by the due date, "
        f"{_short(due_on)}, and {steps[-1][1]} by {_short(steps[-1][0])}, the date of the last return.{also}"
    )
