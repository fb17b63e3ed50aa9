"""The date on which the texts of a cycle are removed, what holds it, and when it happens by itself."""

from dataclasses import replace
from datetime import date

import pytest

from app.retention.due import (
    CycleFacts,
    by_itself_on,
    due_on,
    goes_by_itself,
    held_because,
    refuse_removal,
    wants_warning,
    warn_on,
)
from app.working_days import WorkingDays

DAYS = WorkingDays()
REPORTED = CycleFacts(reported_on=date(2010, 12, 22), frozen_on=date(2010, 11, 26))
DUE = date(2012, 12, 22)
"""24 months later, a Saturday."""


@pytest.mark.parametrize(
    ("facts", "months", "due"),
    [
        (REPORTED, 24, DUE),
        (REPORTED, 12, date(2011, 12, 22)),
        (replace(REPORTED, reported_on=date(2012, 8, 31)), 18, date(2014, 2, 28)),
        (replace(REPORTED, reported_on=None), 24, None),
        (replace(REPORTED, chosen_on=date(2011, 6, 1)), 24, date(2011, 6, 1)),
        (replace(REPORTED, reported_on=None, chosen_on=date(2015, 6, 1)), 24, date(2015, 6, 1)),
    ],
)
def test_the_date_is_so_many_months_after_it_was_reported_or_the_one_that_was_set(
    facts: CycleFacts, months: int, due: date | None
) -> None:
    assert due_on(facts, months) == due


@pytest.mark.parametrize(
    ("facts", "because"),
    [
        (REPORTED, ()),
        (replace(REPORTED, hold="a complaint"), ("a complaint",)),
        (
            replace(REPORTED, frozen_on=None),
            ("its figures are not final, because the cycle is not closed and frozen",),
        ),
        (
            replace(REPORTED, audited_again_by=("2011-2",)),
            ("cycle 2011-2 audits its cases again and is not final",),
        ),
        (replace(REPORTED, unfinished=("1 remedy is not done",)), ("1 remedy is not done",)),
        (replace(REPORTED, hold="a complaint", unfinished=("one",)), ("a complaint", "one")),
    ],
)
def test_what_holds_the_texts(facts: CycleFacts, because: tuple[str, ...]) -> None:
    on = date(2013, 1, 7)
    assert held_because(facts, on) == because
    assert (refuse_removal(facts, 24, on) is None) == (not because)
    assert wants_warning(facts, 24, on, DAYS) == (not because)
    warned = replace(facts, warned_on=date(2012, 11, 1), warned_of=DUE)
    assert goes_by_itself(warned, 24, on, DAYS) == (not because)


def test_coordinators_are_warned_20_working_days_before_once_for_each_date() -> None:
    # 22 December 2012 is a Saturday and counts as Monday 24 December
    assert warn_on(REPORTED, 24, DAYS) == date(2012, 11, 26)
    assert not wants_warning(REPORTED, 24, date(2012, 11, 25), DAYS)
    assert wants_warning(REPORTED, 24, date(2012, 11, 26), DAYS)
    warned = replace(REPORTED, warned_on=date(2012, 11, 26), warned_of=DUE)
    assert not wants_warning(warned, 24, date(2012, 11, 27), DAYS)
    assert wants_warning(replace(warned, chosen_on=date(2012, 12, 3)), 24, date(2012, 11, 27), DAYS)


@pytest.mark.parametrize(
    ("warned_on", "warned_of", "then"),
    [
        (None, None, None),
        (date(2012, 11, 26), DUE, date(2012, 12, 24)),
        (date(2012, 11, 1), DUE, DUE),
        # the service was down: still 20 working days from the warning
        (date(2013, 1, 7), DUE, date(2013, 2, 4)),
        # the date was changed since
        (date(2012, 11, 26), date(2012, 12, 21), None),
    ],
)
def test_nothing_goes_by_itself_sooner_than_20_working_days_after_the_warning(
    warned_on: date | None, warned_of: date | None, then: date | None
) -> None:
    facts = replace(REPORTED, warned_on=warned_on, warned_of=warned_of)
    assert by_itself_on(facts, 24, DAYS) == then
    if then is not None:
        assert goes_by_itself(facts, 24, then, DAYS)
        assert not goes_by_itself(facts, 24, date.fromordinal(then.toordinal() - 1), DAYS)


def test_a_person_removes_from_the_date_on_without_a_warning() -> None:
    assert refuse_removal(REPORTED, 24, DUE) is None
    assert refuse_removal(REPORTED, 24, date(2012, 12, 21)) == (
        "The texts can be removed from 22 December 2012. To remove them sooner, set another date."
    )
    assert refuse_removal(replace(REPORTED, reported_on=None), 24, DUE) == (
        "The cycle has no reporting date, so set a date of removal first"
    )
