"""Deputies on a day, by the rule, and by its form in SQL on the same facts."""

import random
from datetime import date, timedelta

import pytest
from flask import Flask

from app.database import db, transaction
from app.people import standing_in, standing_in_sql
from app.people.models import Leave, Person
from app.people.presence import LeaveSpell, PersonFacts
from app.people.queries import everyone
from app.people.roles import RoleName
from tests.factories import a_person

ON = date(2010, 11, 22)
BEFORE, AFTER = ON - timedelta(days=1), ON + timedelta(days=1)
AWAY, DEPUTY, OTHER = 1, 2, 3


def facts(
    number: int, *leave: LeaveSpell, leaving_on: date | None = None, role: str = "auditor"
) -> PersonFacts:
    return PersonFacts(
        number, f"{number}@council.example", f"Person {number}", None, None, None, leaving_on, None,
        frozenset({RoleName(role)}), leave,
    )  # fmt: skip


DAY = LeaveSpell(ON, ON, DEPUTY)
CASES = {
    "the deputy of today's leave": (facts(AWAY, DAY), facts(DEPUTY), DEPUTY),
    "nobody when they are there": (facts(AWAY), facts(DEPUTY), None),
    "nobody the day before": (facts(AWAY, LeaveSpell(AFTER, AFTER, DEPUTY)), facts(DEPUTY), None),
    "nobody the day after": (facts(AWAY, LeaveSpell(BEFORE, BEFORE, DEPUTY)), facts(DEPUTY), None),
    "nobody whom no leave names": (facts(AWAY, LeaveSpell(ON, ON, None)), facts(DEPUTY), None),
    "nobody when the deputy is away too": (
        facts(AWAY, DAY),
        facts(DEPUTY, LeaveSpell(BEFORE, ON, OTHER)),
        None,
    ),
    "the deputy on their last day": (facts(AWAY, DAY), facts(DEPUTY, leaving_on=ON), DEPUTY),
    "nobody when the deputy has left": (facts(AWAY, DAY), facts(DEPUTY, leaving_on=BEFORE), None),
    "nobody for who has left": (facts(AWAY, DAY, leaving_on=BEFORE), facts(DEPUTY), None),
    "the deputy of the leave that ends last": (
        facts(AWAY, LeaveSpell(BEFORE, ON, OTHER), LeaveSpell(ON, AFTER, DEPUTY)),
        facts(DEPUTY),
        DEPUTY,
    ),
}


@pytest.mark.parametrize(("away", "deputy", "expected"), CASES.values(), ids=CASES)
def test_who_stands_in(away: PersonFacts, deputy: PersonFacts, expected: int | None) -> None:
    people = {person.id: person for person in (away, deputy, facts(OTHER))}
    assert standing_in.deputy_of(away, people, ON) == expected
    assert standing_in.stood_in_for(DEPUTY, people, ON) == ([away] if expected else [])
    receiver = away.id if away.is_there(ON) else expected
    assert standing_in.receiver_of(away, people, ON) == receiver


def test_who_stands_in_for_a_coordinator_coordinates_and_nobody_else() -> None:
    people = {
        AWAY: facts(AWAY, DAY, role="coordinator"),
        DEPUTY: facts(DEPUTY),
        OTHER: facts(OTHER),
    }
    coordinating = [
        number for number, person in people.items() if standing_in.coordinates(person, people, ON)
    ]
    assert coordinating == [AWAY, DEPUTY]


def test_the_database_says_the_same_of_any_leave_deputies_and_leavers(app: Flask) -> None:
    chance = random.Random(22)
    days = [ON + timedelta(days=n) for n in range(8)]
    made = [
        a_person(
            roles=[chance.choice(["coordinator", "manager", "auditor"])],
            leaving_on=chance.choice([*[None] * 30, *days]),
        )
        for _ in range(30)
    ]
    ids = [person.id for person in made]
    with transaction():
        for person_id in ids:
            others = [other for other in ids if other != person_id]
            for from_on in chance.sample(days, 2):
                to_on = from_on + timedelta(days=chance.randrange(4))
                deputy_id = chance.choice([None, *others[:10]])
                db.session.add(Leave(person_id=person_id, from_on=from_on, to_on=to_on, deputy_id=deputy_id))
    people, found = everyone(), 0
    for on in days:
        for person in db.session.query(Person):
            expected = {away.id for away in standing_in.stood_in_for(person.id, people, on)}
            assert set(db.session.scalars(standing_in_sql.stood_in_for(person.id, on))) == expected
            coordinates = standing_in.coordinates(people[person.id], people, on)
            assert standing_in_sql.coordinates(person, on) == coordinates
            found += len(expected)
    assert found > 20
