"""A date as it is typed in three fields: day, month, year. Pure."""

from collections.abc import Sequence
from datetime import date

from app.working_days import FIRST_YEAR, LAST_YEAR

Parts = tuple[str, str, str]

EMPTY: Parts = ("", "", "")


def parts_sent(values: Sequence[str]) -> Parts:
    """Return the three fields as they were sent, also where a page sent fewer or more."""
    day, month, year = (*(value.strip() for value in values[:3]), *EMPTY)[:3]
    return day, month, year


def typed_date(parts: Parts, subject: str) -> date | None:
    """Return the date; None where all three fields are empty.

    Raises ValueError with the sentence that says what is wrong; `subject` is the name that it begins with.
    """
    if not any(parts):
        return None
    try:
        day, month, year = map(int, parts)
        found = date(year, month, day)
    except (ValueError, OverflowError):
        raise ValueError(f"{subject} must be a real date, such as 27 3 2027") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"{subject} must have a year of 4 digits, such as 2027")
    return found


def parts_of(day: date | None) -> Parts:
    """Return a date as its three fields show it."""
    return (str(day.day), str(day.month), str(day.year)) if day else EMPTY
