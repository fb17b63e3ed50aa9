"""The life of a remedy, as a table of days."""

from datetime import date

import pytest

from app.concerns.remedy_life import RemedyFacts, refuse_change, refuse_later_day, state, working_days_late
from app.working_days import WorkingDays

DAYS = WorkingDays()
RAISED, SATURDAY = date(2010, 11, 1), date(2010, 11, 13)


@pytest.mark.parametrize(
    ("done_on", "withdrawn_on", "on", "expected", "late"),
    [
        (None, None, date(2010, 11, 12), "open", 0),
        (None, None, date(2010, 11, 15), "open", 0),  # a Saturday counts as the next working day
        (None, None, date(2010, 11, 16), "overdue", 1),
        (date(2010, 11, 10), None, date(2010, 11, 9), "open", 0),
        (date(2010, 11, 10), None, date(2010, 11, 10), "done", 0),
        (date(2010, 11, 10), None, date(2010, 12, 1), "done", 0),
        (None, date(2010, 11, 10), date(2010, 12, 1), "withdrawn", 0),
    ],
)
def test_the_state_follows_from_the_days(
    done_on: date | None, withdrawn_on: date | None, on: date, expected: str, late: int
) -> None:
    facts = RemedyFacts(RAISED, SATURDAY, done_on, withdrawn_on)
    assert state(facts, on, DAYS) == expected
    assert working_days_late(facts, on, DAYS) == late
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
    assert (refuse_later_day(SATURDAY, to, on) is not None) == refused
