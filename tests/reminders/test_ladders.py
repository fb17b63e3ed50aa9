"""Ladders: which can be used, and which of their steps have been reached on a day."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.reminders.ladders import (
    LadderRefused,
    Step,
    bands,
    coming_in_words,
    ladder_from,
    only,
    rows_of,
    step_from_assignment,
)
from app.working_days import WorkingDays

DAYS = WorkingDays()
EVERYBODY = {"auditors": "digest"}
ROWS: list[dict[str, Any]] = [
    {"step": "assigned", "offset": 0, "anchor": "assigned", "to": EVERYBODY},
    {"step": "due-soon", "offset": -5, "to": EVERYBODY},
    {"step": "due-today", "offset": 0, "to": EVERYBODY},
    {"step": "overdue", "offset": 2, "to": EVERYBODY},
    {"step": "overdue-manager", "offset": 5, "to": {"auditors": "digest", "line_managers": "manager"}},
    {"step": "phone-call", "offset": 10, "to": {"coordinators": "calls"}},
]
AUDIT = ladder_from(ROWS)
ASSIGNED, SOON, TODAY, OVERDUE, MANAGER, CALL = AUDIT


def a_row(step: str = "another", offset: int = 1, **more: object) -> dict[str, Any]:
    return {"step": step, "offset": offset, "to": EVERYBODY, **more}


def test_a_step_counts_from_the_due_day_unless_it_says_otherwise() -> None:
    assert (ASSIGNED.anchor, SOON.anchor) == ("assigned", "due")
    assert ladder_from(rows_of(AUDIT)) == AUDIT
    assert rows_of(AUDIT)[1] == {"step": "due-soon", "offset": -5, "anchor": "due", "to": EVERYBODY}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (a_row(), None),
        (a_row("due-today"), "Reminder “Due today” must be in the schedule only once"),
        (a_row(anchor="christmas"), "Reminder “Another” must count from “due” or “assigned”"),
        (a_row(to={}), "Select who gets the reminder “Another”"),
        (a_row(to={"everyone": "digest"}), "must have a known audience and kind of email"),
        (a_row(to={"auditors": "letter"}), "must have a known audience and kind of email"),
        (a_row(to={"auditors": "digest", "owner": "letter"}), "must have a known audience and kind of email"),
        (a_row(anchor="assigned"), None),
        (a_row(anchor="assigned", to={"coordinators": "digest"}), "can only go to the auditors"),
        (a_row(anchor="assigned", to={**EVERYBODY, "coordinators": "calls"}), "can only go to the auditors"),
        (a_row(offset=0), None),
        (a_row(offset=250), None),
        (a_row(offset=251), "Working days of “Another” must be between -250 and 250"),
        (a_row(offset=-250), None),
        (a_row(offset=-251), "Working days of “Another” must be between -250 and 250"),
    ],
)
def test_a_ladder_that_cannot_be_used_is_refused(row: dict[str, Any], why: str | None) -> None:
    if why is None:
        assert ladder_from([*ROWS, row])[-1].offset == row["offset"]
    else:
        with pytest.raises(LadderRefused, match=why):
            ladder_from([*ROWS, row])


@pytest.mark.parametrize("name", ["overdue", "overdue-manager", "phone-call"])
def test_what_says_overdue_comes_after_the_due_day(name: str) -> None:
    assert ladder_from([a_row(name, 1)])
    for offset in (0, -1):
        with pytest.raises(LadderRefused, match="must be 1 or more, after the due date"):
            ladder_from([a_row(name, offset)])


# on Monday 22 November 2010: what is due on the 15th is overdue by five working days, on the 18th by two
MONDAY = date(2010, 11, 22)
AFTER_15, AFTER_18, AFTER_22, UNTIL_29 = (date(2010, 11, day) for day in (15, 18, 22, 29))


@pytest.mark.parametrize(
    ("audience", "kind", "ranges"),
    [
        (
            "auditors",
            "digest",
            [
                (MANAGER, 4, None, AFTER_15),
                (OVERDUE, 3, AFTER_15, AFTER_18),
                (TODAY, 2, AFTER_18, AFTER_22),
                (SOON, 1, AFTER_22, UNTIL_29),
            ],
        ),
        ("line_managers", "manager", [(MANAGER, 4, None, AFTER_15)]),
        ("coordinators", "calls", [(CALL, 5, None, date(2010, 11, 8))]),
        ("coordinators", "digest", []),
    ],
)
def test_each_due_day_has_the_latest_step_that_it_has_reached(
    audience: str, kind: str, ranges: list[tuple[Step, int, date | None, date]]
) -> None:
    found = bands(AUDIT, audience, kind, MONDAY, DAYS)
    assert [(band.step, band.place, band.after, band.until) for band in found] == ranges


def test_of_two_steps_on_one_day_the_lower_in_the_table_counts() -> None:
    upper, lower = replace(OVERDUE, name="first"), replace(OVERDUE, name="second")
    found = bands((TODAY, upper, lower), "auditors", "digest", MONDAY, DAYS)
    assert [(band.step.name, band.place) for band in found] == [("second", 2), ("due-today", 0)]


def test_the_step_from_the_assignment_is_found_with_its_place() -> None:
    assert step_from_assignment(AUDIT, "auditors", "digest") == (0, ASSIGNED)
    assert step_from_assignment(AUDIT, "coordinators", "digest") is None
    assert step_from_assignment((SOON, TODAY), "auditors", "digest") is None
    assert step_from_assignment((SOON, ASSIGNED), "auditors", "digest") == (1, ASSIGNED)


def test_the_named_steps_go_to_others_instead() -> None:
    found = only(AUDIT, ("assigned", "due-today", "overdue"), "coordinators", "digest")
    to_coordinators = (("coordinators", "digest"),)
    assert found == (replace(TODAY, to=to_coordinators), replace(OVERDUE, to=to_coordinators))


DUE = date(2010, 11, 12)


def test_the_next_step_tells_the_promise_that_keeps_it_back() -> None:
    promised_on, until, wednesday = date(2010, 11, 28), date(2010, 11, 29), date(2010, 11, 30)
    assert coming_in_words(("phone-call", wednesday), promised_on, until) == (
        "promised for 28 November 2010, then phone call to make",
        wednesday,
    )
    assert coming_in_words(("due-today", DUE), promised_on, until) == ("due-date reminder", DUE)
    assert coming_in_words(("phone-call", DUE), None, None) == ("phone call to make", DUE)
    assert coming_in_words(None, promised_on, until) == ("promised for 28 November 2010", until)
    assert coming_in_words(None, None, None) == (None, None)
