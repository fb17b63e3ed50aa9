"""The people who are told of a child at risk."""

from datetime import date

from app.concerns.receivers import managers_of, receivers_of
from app.people.presence import LeaveSpell, PersonFacts
from app.people.roles import RoleName as R

TEAM, OTHER = 1, 2
ON = date(2010, 11, 6)


def person(
    number: int, *roles: R, team: int = OTHER, leaving_on: date | None = None, away: bool = False
) -> PersonFacts:
    leave = (LeaveSpell(ON, ON, None),) if away else ()
    address, name = f"p{number}@council.example", f"Person {number}"
    return PersonFacts(number, address, name, None, team, None, leaving_on, None, frozenset(roles), leave)


def test_the_managers_of_the_team_and_all_coordinators_are_told_leave_or_not_and_leavers_are_not() -> None:
    people = [
        person(1, R.COORDINATOR),
        person(2, R.MANAGER, team=TEAM),
        person(3, R.MANAGER, team=OTHER),
        person(4, R.AUDITOR, team=TEAM),
        person(5, R.COORDINATOR, away=True),
        person(6, R.COORDINATOR, leaving_on=date(2010, 11, 5)),
        person(7, R.MANAGER, team=TEAM, leaving_on=date(2010, 11, 5)),
        person(8, R.MANAGER, team=TEAM, leaving_on=ON),
        person(9, R.LEADER),
    ]
    assert [each.id for each in receivers_of(TEAM, people, ON)] == [2, 8, 1, 5]
    assert [each.id for each in managers_of(TEAM, people, ON)] == [2, 8]


def test_who_is_both_is_told_once() -> None:
    both = person(1, R.COORDINATOR, R.MANAGER, team=TEAM)
    assert receivers_of(TEAM, [both], ON) == [both]
