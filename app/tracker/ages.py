"""The ages of the actions still to be done, signed off or checked, counted and drawn."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import case, func, select

from app.actions.models import Action
from app.actions.standing import Standing, Standings
from app.database import db
from app.drawing import QUIET, Drawing, Label, Line, Mark, box
from app.tracker.action_list import Filters, seen
from app.wording import in_words as day_in_words

UP_TO = (30, 90, 180, 365)
"""The upper ends of the groups, in calendar days since an action was raised or agreed."""

NOT_KNOWN = "no date known"

LEFT, RIGHT, WIDTH, TOP, ROW = 170, 560, 640, 20, 34


def names() -> list[str]:
    """Return the groups, the youngest first, such as "31 to 90 days"."""
    starts = (0, *(days + 1 for days in UP_TO))
    known = [f"{first} to {last} days" for first, last in zip(starts, UP_TO, strict=False)]
    return [*known, f"more than {UP_TO[-1]} days", NOT_KNOWN]


def by_age(filters: Filters, at: Standings) -> Mapping[str, int]:
    """Count the open actions that a person may see by age, in calendar days on that day."""
    begun = func.coalesce(Action.raised_on, Action.agreed_on)
    groups = names()
    youngest_first = [
        (begun >= at.on - timedelta(days=days), name) for days, name in zip(UP_TO, groups, strict=False)
    ]
    group = case((begun.is_(None), NOT_KNOWN), *youngest_first, else_=groups[-2]).label("age")
    query = (
        select(group, func.count()).where(*seen(filters, at.on), ~at.where(Standing.CLOSED)).group_by(group)
    )
    counted: dict[str, int] = dict(db.session.execute(query).all())
    return {name: counted.get(name, 0) for name in groups}


def drawing(counted: Mapping[str, int]) -> Drawing:
    """Draw a bar for each group with its number."""
    most = max(counted.values(), default=0) or 1
    shapes: list[Mark] = [Line(LEFT, TOP - 16, LEFT, TOP + ROW * len(counted) - 16, 1, QUIET)]
    for row, (name, number) in enumerate(counted.items()):
        middle, width = TOP + ROW * row, (RIGHT - LEFT) * number / most
        shapes.append(Label(0, middle, name, 13))
        if number:
            shapes.append(box(LEFT, middle - 10, round(width, 1), 20))
        shapes.append(Label(round(LEFT + width + 8, 1), middle, f"{number:,}", 13))
    return Drawing(WIDTH, TOP + ROW * len(counted), shapes)


def in_words(counted: Mapping[str, int], on: date) -> str:
    """Say in words what the picture shows."""
    groups = ", ".join(f"{name}: {number:,}" for name, number in counted.items() if number)
    return f"Open actions by age on {day_in_words(on)}. {groups or 'No open actions'}."
