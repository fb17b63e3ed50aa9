"""The life of a quick win and the days on which it goes out, as tables of cases."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from app.people.presence import LeaveSpell, PersonFacts
from app.people.roles import RoleName
from app.quick_wins.audience import is_for, reached
from app.quick_wins.life import (
    QuickWinFacts,
    passed_over,
    refuse_change,
    refuse_check,
    refuse_moved,
    refuse_spread,
    state,
)
from app.quick_wins.practice_days import end_of, next_practice_day, practice_day, practice_days
from app.working_days import WorkingDays

DAYS = WorkingDays()
# three messages, five working days apart; 27 and 28 December and 3 January are bank holidays
FACTS = QuickWinFacts(date(2010, 12, 18), 5, 3)
FIRST, SECOND, THIRD, END = (
    date(2010, 12, 20),
    date(2010, 12, 29),
    date(2011, 1, 6),
    date(2011, 1, 13),
)
STOPPED = replace(FACTS, stopped_on=date(2010, 12, 30))
CLOSED = replace(FACTS, action_ended_on=date(2010, 12, 30))


def test_its_days_are_counted_from_the_working_day_on_which_it_starts() -> None:
    assert practice_days(FACTS, DAYS) == [FIRST, SECOND, THIRD]
    assert end_of(FACTS, DAYS) == END


@pytest.mark.parametrize(
    ("on", "latest", "following"),
    [
        (date(2010, 12, 19), None, FIRST),
        (FIRST, FIRST, SECOND),
        (date(2010, 12, 28), FIRST, SECOND),
        (SECOND, SECOND, THIRD),
        (THIRD, THIRD, None),
        (date(2011, 1, 12), THIRD, None),
        (END, None, None),  # from its end on there is nothing more
    ],
)
def test_the_latest_of_its_days_is_the_one_that_goes_out(
    on: date, latest: date | None, following: date | None
) -> None:
    assert practice_day(FACTS, on, DAYS) == latest
    assert next_practice_day(FACTS, on, DAYS) == following


@pytest.mark.parametrize(
    ("facts", "on", "expected"),
    [
        (FACTS, date(2010, 12, 19), "planned"),
        (FACTS, FIRST, "going out"),
        (FACTS, date(2011, 1, 12), "going out"),
        (FACTS, END, "ended"),
        (STOPPED, date(2010, 12, 29), "going out"),
        (STOPPED, date(2010, 12, 30), "stopped"),
        (STOPPED, END, "stopped"),
        (CLOSED, date(2010, 12, 29), "going out"),
        (CLOSED, date(2010, 12, 30), "ended"),
    ],
)
def test_the_state_follows_from_the_facts_and_the_day(facts: QuickWinFacts, on: date, expected: str) -> None:
    assert state(facts, on, DAYS) == expected
    over = expected in ("ended", "stopped")
    assert (refuse_change(facts, on, DAYS) is not None) is over
    # whether the figure moved is said at its end
    assert (refuse_moved(facts, on, DAYS) is None) is over
    # its effect is measured while it goes out and afterwards
    assert (refuse_check(facts, on, DAYS) is None) is (expected in ("going out", "ended"))


def test_a_refusal_says_why() -> None:
    assert refuse_change(STOPPED, END, DAYS) == ("This quick win has been stopped, so you cannot change it")
    assert refuse_change(FACTS, END, DAYS) == ("This quick win has ended, so you cannot change it")
    assert refuse_moved(FACTS, FIRST, DAYS) == (
        "This quick win ends on 13 January 2011. Say then if the figure changed."
    )
    assert (
        refuse_check(STOPPED, END, DAYS)
        == "This quick win has been stopped, so there is no effect to measure"
    )
    assert refuse_check(FACTS, date(2010, 12, 19), DAYS) == (
        "This quick win starts on 20 December 2010. Check after that if the figure has changed."
    )


@pytest.mark.parametrize(
    ("new", "on", "before", "why"),
    [
        (FACTS, date(2010, 12, 20), None, None),  # today is not in the past
        (FACTS, date(2010, 12, 21), None, "Date of the first message must be today or later"),
        (replace(FACTS, starts_on=date(2010, 12, 22)), date(2010, 12, 19), FACTS, None),
        (
            replace(FACTS, starts_on=date(2010, 12, 15)),
            date(2010, 12, 19),
            FACTS,
            "Date of the first message must be",
        ),
        (replace(FACTS, starts_on=date(2010, 12, 22)), FIRST, FACTS, "This quick win started on 20 December"),
        (replace(FACTS, times=5), SECOND, FACTS, None),  # what is to come may change
        (replace(FACTS, every_working_days=4), FIRST, FACTS, None),
        (replace(FACTS, every_working_days=4), SECOND, FACTS, "This would change dates up to today"),
        (replace(FACTS, times=1), SECOND, FACTS, "This would change dates up to today"),
        (replace(FACTS, times=2), SECOND, FACTS, None),
    ],
)
def test_days_that_have_come_stay_as_they_were(
    new: QuickWinFacts, on: date, before: QuickWinFacts | None, why: str | None
) -> None:
    refusal = refuse_spread(new, on, DAYS, before)
    assert refusal is None if why is None else str(refusal).startswith(why)


@pytest.mark.parametrize(
    ("facts", "passed"),
    [
        (FACTS, [date(2010, 12, 27), date(2010, 12, 28), date(2011, 1, 3)]),
        (QuickWinFacts(date(2010, 12, 27), 1, 1), [date(2010, 12, 27)]),  # it would have begun on it
        (QuickWinFacts(date(2010, 12, 25), 1, 1), []),  # a Saturday is no holiday
        (QuickWinFacts(date(2010, 12, 29), 1, 1), []),
        (QuickWinFacts(date(2010, 12, 24), 1, 2), [date(2010, 12, 27), date(2010, 12, 28)]),
    ],
)
def test_holidays_that_it_passes_over_are_told(facts: QuickWinFacts, passed: list[date]) -> None:
    assert passed_over(facts, DAYS) == passed


@dataclass(frozen=True)
class Audience:
    roles: frozenset[str]
    teams: frozenset[int] = frozenset()


AUDITORS = Audience(frozenset({"auditor", "moderator"}))
CREWE, NANTWICH = 1, 2


@pytest.mark.parametrize(
    ("audience", "roles", "team", "is_in_it"),
    [
        (AUDITORS, ["auditor"], None, True),
        (AUDITORS, ["leader", "moderator"], CREWE, True),
        (AUDITORS, ["leader"], CREWE, False),
        (AUDITORS, [], CREWE, False),
        (replace(AUDITORS, teams=frozenset({CREWE})), ["auditor"], CREWE, True),
        (replace(AUDITORS, teams=frozenset({CREWE})), ["auditor"], NANTWICH, False),
        (replace(AUDITORS, teams=frozenset({CREWE})), ["auditor"], None, False),
        (replace(AUDITORS, teams=frozenset({CREWE})), ["leader"], CREWE, False),
    ],
)
def test_it_is_for_those_with_one_of_the_roles_in_one_of_the_teams(
    audience: Audience, roles: list[str], team: int | None, is_in_it: bool
) -> None:
    assert is_for(audience.roles, audience.teams, person_roles=roles, person_team_id=team) is is_in_it


def test_it_reaches_those_on_leave_and_not_those_who_have_left() -> None:
    def person(number: int, leaving_on: date | None = None, *leave: LeaveSpell) -> PersonFacts:
        return PersonFacts(
            number, f"{number}@council.example", f"Person {number}", None, CREWE, None, leaving_on, None,
            frozenset({RoleName.AUDITOR}), leave,
        )  # fmt: skip

    away = person(1, None, LeaveSpell(FIRST, FIRST, None))
    last_day, left = person(2, FIRST), person(3, date(2010, 12, 19))
    found = reached(AUDITORS.roles, AUDITORS.teams, [away, last_day, left], FIRST)
    assert [each.id for each in found] == [1, 2]
    assert reached(frozenset({"leader"}), frozenset(), [away], FIRST) == []
