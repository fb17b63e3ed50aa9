"""The life of a remedy, as a table of days."""

from datetime import date

import pytest

from app.concerns.remedy_life import RemedyFacts, how_overdue, refuse_change, refuse_later_day, state
from app.working_days import WorkingDays

DAYS = WorkingDays()
RAISED, SATURDAY = date(2010, 11, 1), date(2010, 11, 13)


@pytest.mark.parametrize(
    ("done_on", "withdrawn_on", "on", "expected", "overdue"),
    [
        (None, None, date(2010, 11, 12), "open", ""),
        (None, None, date(2010, 11, 15), "open", ""),  # a Saturday counts as the next working day
        (None, None, date(2010, 11, 16), "overdue", "by 1 working day"),
        (date(2010, 11, 10), None, date(2010, 11, 9), "open", ""),
        (date(2010, 11, 10), None, date(2010, 11, 10), "done", ""),
        (date(2010, 11, 10), None, date(2010, 12, 1), "done", ""),
        (None, date(2010, 11, 10), date(2010, 12, 1), "withdrawn", ""),
    ],
)
def test_the_state_follows_from_the_days(
    done_on: date | None, withdrawn_on: date | None, on: date, expected: str, overdue: str
) -> None:
    facts = RemedyFacts(RAISED, SATURDAY, done_on, withdrawn_on)
    assert state(facts, on, DAYS) == expected
    assert how_overdue(facts, on, DAYS) == overdue
    assert (refuse_change(facts, on, DAYS) is None) == (expected in ("open", "overdue"))


@pytest.mark.parametrize(
    ("to", "on", "refused"),
    [
        (date(2010, 11, 13), date(2010, 11, 1), True),
        (date(2010, 11, 12), date(2010, 11, 1), True),
        (date(2010, 11, 15), date(2010, 11, 16), True),
        (date(2010, 11, 16), date(2010, 11, 16), False),
        (date(2010, 12, 1), date(2010, 11, 1), False),
    ],
)
def test_a_later_day_is_later_and_not_past(to: date, on: date, refused: bool) -> None:
    assert (refuse_later_day(SATURDAY, to, on, DAYS) is not None) == refused


def test_a_refusal_says_the_date_that_counts_and_the_one_entered() -> None:
    refusal = refuse_later_day(SATURDAY, SATURDAY, RAISED, DAYS)
    assert refusal == (
        "New due date must be after the current due date, 15 November 2010 (entered as 13 November 2010)"
    )
