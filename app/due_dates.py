"""Due dates as people read them: the date that counts, and how long a thing has been overdue. Pure.

A due date that is not a working day counts as the next working day. Pages, emails, calendars and reports tell
the date that counts; what was entered is kept, and files have that.
"""

from datetime import date
from typing import overload

from app.wording import day_and_month, full_day, working_days
from app.wording import in_words as day_in_words
from app.working_days import WorkingDays


@overload
def that_counts(due_on: date, days: WorkingDays) -> date: ...
@overload
def that_counts(due_on: None, days: WorkingDays) -> None: ...
@overload
def that_counts(due_on: date | None, days: WorkingDays) -> date | None: ...
def that_counts(due_on: date | None, days: WorkingDays) -> date | None:
    """Return the date that a due date counts as; None where there is none."""
    return None if due_on is None else days.offset(due_on, 0)


def in_full(due_on: date | None, days: WorkingDays) -> str:
    """Return "Monday 7 December 2026 (entered as Saturday 5 December 2026)", for the page of one thing.

    The second half is there only where another date was entered than the one that counts.
    """
    counts = that_counts(due_on, days)
    return full_day(counts) if counts == due_on else f"{full_day(counts)} (entered as {full_day(due_on)})"


def in_words(due_on: date | None, days: WorkingDays) -> str:
    """Return the same without the days of the week, for sentences and the history."""
    counts = that_counts(due_on, days)
    if counts == due_on:
        return day_in_words(counts)
    return f"{day_in_words(counts)} (entered as {day_in_words(due_on)})"


def how_overdue(due_on: date | None, on: date, days: WorkingDays) -> str:
    """Return "by 2 working days", to be said after the word "overdue"; nothing where it is not overdue.

    By no working day yet, as at the weekend after it was due, it is so "since Friday 4 December".
    """
    if due_on is None or not days.is_late(due_on, on):
        return ""
    late = days.working_days_late(due_on, on)
    return f"by {working_days(late)}" if late else f"since {day_and_month(days.offset(due_on, 0))}"
