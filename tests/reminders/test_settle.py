"""The receivers and messages for each thing due, and why others do not get one."""

from datetime import date

import pytest

from app.people.presence import LeaveSpell, PersonFacts
from app.people.roles import RoleName
from app.reminders.due import NOBODY, Due
from app.reminders.settle import receiver_of, settle

ON = date(2010, 11, 26)
THERE, AWAY, LEFT, AWAY_ALONE, BOTH_AWAY, DEPUTY = range(1, 7)


def a_person(number: int, *leave: LeaveSpell, leaving_on: date | None = None) -> PersonFacts:
    return PersonFacts(
        number, f"{number}@council.example", f"Person {number}", None, None, None, leaving_on, None,
        frozenset({RoleName.COORDINATOR}), leave,
    )  # fmt: skip


PEOPLE = {
    person.id: person
    for person in (
        a_person(THERE),
        a_person(AWAY, LeaveSpell(ON, ON, DEPUTY)),
        a_person(LEFT, leaving_on=date(2010, 11, 25)),
        a_person(AWAY_ALONE, LeaveSpell(ON, ON, None)),
        a_person(BOTH_AWAY, LeaveSpell(ON, ON, AWAY_ALONE)),
        a_person(DEPUTY),
    )
}


def due(person: int, kind: str = "digest", reference: str = "CP-001") -> Due:
    day = date(2010, 11, 12)
    return Due("audit", int(reference[-3:]), reference, person, kind, "overdue", day, ON, day)


def test_what_is_due_has_no_leaver_unless_somebody_left() -> None:
    assert due(THERE).leaver_id == NOBODY


@pytest.mark.parametrize(
    ("person", "kind", "receiver", "reason"),
    [
        (THERE, "digest", THERE, ""),
        (AWAY, "digest", None, "on leave"),
        # a deputy gets these three instead of who is away, and nothing else
        (AWAY, "manager", DEPUTY, ""),
        (AWAY, "calls", DEPUTY, ""),
        (AWAY, "weekly", DEPUTY, ""),
        (AWAY, "practice", None, "on leave"),
        (AWAY_ALONE, "manager", None, "on leave"),
        (BOTH_AWAY, "manager", None, "on leave"),
        (LEFT, "digest", None, "left"),
        (LEFT, "manager", None, "left"),
        (NOBODY, "calls", None, "nobody to send to"),
    ],
)
def test_who_gets_a_message_that_day(person: int, kind: str, receiver: int | None, reason: str) -> None:
    assert receiver_of(person, kind, PEOPLE, ON) == (receiver, reason)
    found = settle([due(person, kind)], PEOPLE, ON, set())
    assert list(found.messages) == ([] if receiver is None else [(receiver, kind)])
    assert [each.reason for each in found.not_sent] == ([reason] if reason else [])


def test_all_that_is_due_to_a_person_is_one_message_of_each_kind() -> None:
    items = [due(THERE), due(THERE, reference="CP-002"), due(THERE, "manager"), due(AWAY, "manager")]
    found = settle(items, PEOPLE, ON, set())
    assert {key: [item.reference for item in of] for key, of in found.messages.items()} == {
        (THERE, "digest"): ["CP-001", "CP-002"],
        (THERE, "manager"): ["CP-001"],
        (DEPUTY, "manager"): ["CP-001"],
    }
    assert found.not_sent == []


def test_one_message_of_a_kind_goes_to_a_person_on_a_day() -> None:
    items = [due(THERE), due(THERE, "manager"), due(AWAY, "calls")]
    found = settle(items, PEOPLE, ON, {(THERE, "digest"), (DEPUTY, "calls")})
    assert list(found.messages) == [(THERE, "manager")]
    assert [(each.due, each.reason) for each in found.not_sent] == [
        (items[0], "today's message already sent"),
        (items[2], "today's message already sent"),
    ]


@pytest.mark.parametrize(("written", "sent"), [(set(), ["CP-001"]), ({(THERE, "practice")}, [])])
def test_one_practice_message_goes_to_a_person_on_a_day_the_first_that_is_due(
    written: set[tuple[int, str]], sent: list[str]
) -> None:
    items = [due(THERE, "practice"), due(THERE, "practice", "CP-002")]
    found = settle(items, PEOPLE, ON, written)
    assert [item.reference for of in found.messages.values() for item in of] == sent
    assert [each.reason for each in found.not_sent] == (
        ["another practice message goes first"] * (2 - len(sent))
    )
