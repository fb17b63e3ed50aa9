"""The receivers of an alert: the managers of the case's team and all coordinators. Pure."""

from collections.abc import Iterable
from datetime import date

from app.people.presence import PersonFacts
from app.people.roles import RoleName


def managers_of(team_id: int, people: Iterable[PersonFacts], on: date) -> list[PersonFacts]:
    """Return the managers of a team who have not left, by name."""
    managers = [person for person in people if person.managed_team_id == team_id and not person.has_left(on)]
    return sorted(managers, key=lambda person: person.name)


def receivers_of(team_id: int, people: Iterable[PersonFacts], on: date) -> list[PersonFacts]:
    """Return the managers of the case's team, then the coordinators: each once, also on leave, no leavers."""
    everybody = list(people)
    managers = managers_of(team_id, everybody, on)
    coordinators = [
        person
        for person in everybody
        if RoleName.COORDINATOR in person.roles and not person.has_left(on) and person not in managers
    ]
    return managers + sorted(coordinators, key=lambda person: person.name)
