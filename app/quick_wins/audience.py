"""The audience of a quick win: people with one of its roles and, if it names teams, in one of them. Pure."""

from collections.abc import Iterable, Set
from datetime import date

from app.people.presence import PersonFacts


def is_for(
    roles: Set[str], team_ids: Set[int], *, person_roles: Iterable[str], person_team_id: int | None
) -> bool:
    """True for a person with one of the roles who is, if there are teams, in one of the teams."""
    return not roles.isdisjoint(person_roles) and (not team_ids or person_team_id in team_ids)


def reached(
    roles: Set[str], team_ids: Set[int], people: Iterable[PersonFacts], on: date
) -> list[PersonFacts]:
    """Return its audience on a day, without those who have left. Leave only delays a message."""
    return [
        person
        for person in people
        if not person.has_left(on)
        and is_for(roles, team_ids, person_roles=person.roles, person_team_id=person.team_id)
    ]
