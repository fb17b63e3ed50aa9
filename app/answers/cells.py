"""An answer as a cell of a file has it: responses, a number, two dates. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from app.files.cells import Cell, day, listed, one_of
from app.files.faults import Unreadable
from app.tools.content import DAYS, NOT_APPLICABLE, NOT_FOUND, Asked, Scale
from app.working_days import WorkingDays

_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,6})?")
_TWO_DATES = re.compile(r"\s*(\d{4}-\d\d?-\d\d?)\s*/\s*(\d{4}-\d\d?-\d\d?)\s*")

TWO_DATES = "two dates, such as 2026-01-05/2026-01-20"


@dataclass(frozen=True)
class Given:
    """An answer: its responses in the order of the scale, and the number or the two dates beside them."""

    responses: tuple[str, ...]
    number: float | None = None
    from_on: date | None = None
    to_on: date | None = None


def read_answer(asked: Asked, scale: Scale, cell: Cell, days: WorkingDays) -> Given:
    """Return the answer in a filled cell. Raises Unreadable, with what it must be."""
    if asked.number_scale is None:
        choices = one_of(*(response for response, _ in scale.responses), also=scale.also_written)
        if not scale.several:
            return Given((choices(cell),))
        chosen = listed(choices)(cell)
        if alone := scale.standing_alone(chosen):
            raise Unreadable(f"cannot have “{alone}” together with another response")
        return Given(tuple(response for response, _ in scale.responses if response in chosen))
    expected = TWO_DATES if asked.answer == DAYS else "a number with a point, such as 3.5"
    try:
        return Given((one_of(NOT_APPLICABLE, NOT_FOUND, also=scale.also_written)(cell),))
    except Unreadable:
        pass
    if asked.answer == DAYS:
        return _dates(asked, cell, days, expected)
    if not isinstance(cell, str) or not _NUMBER.fullmatch(cell.strip()):
        raise Unreadable(f"must be {expected}, “{NOT_FOUND}” or “{NOT_APPLICABLE}”")
    number = float(cell)
    return Given((asked.response_to(number),), number)


def _dates(asked: Asked, cell: Cell, days: WorkingDays, expected: str) -> Given:
    match = _TWO_DATES.fullmatch(cell) if isinstance(cell, str) else None
    if match is None:
        raise Unreadable(f"must be {expected}, “{NOT_FOUND}” or “{NOT_APPLICABLE}”")
    from_on, to_on = day(match[1]), day(match[2])
    if to_on < from_on:
        raise Unreadable("the second date must not be before the first")
    return of_dates(asked, from_on, to_on, days)


def of_dates(asked: Asked, from_on: date, to_on: date, days: WorkingDays) -> Given:
    """Return the answer that two dates are, by their distance. `to_on` is not before `from_on`."""
    counted = asked.days_between(from_on, to_on, days)
    return Given((asked.response_to(counted),), float(counted), from_on, to_on)


def in_a_cell(given: Given) -> str:
    """Return the answer as a cell of a file has it, which `read_answer` reads."""
    if given.from_on is not None and given.to_on is not None:
        return f"{given.from_on}/{given.to_on}"
    if given.number is not None:
        return f"{given.number:.6f}".rstrip("0").rstrip(".")
    return ";".join(given.responses)
