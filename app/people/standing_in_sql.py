"""The rules of standing in (standing_in.py) in SQL, and the people whose work a person may see by them."""

from datetime import date

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased

from app.database import db
from app.people.models import Leave, Person, PersonRole
from app.people.presence_sql import covers, has_not_left, is_on_leave
from app.people.roles import RoleName

# made once: pages query often, and building an alias takes longer than the query
_ABSENT, _DEPUTY, _LONGER = aliased(Person), aliased(Person), aliased(Leave)


def stood_in_for(person_id: int, on: date) -> Select[int]:
    """Select the ids of the people whose leave names this person as deputy, if this person is there.

    Of two spells of leave the one that ends last counts, as in `PersonFacts.leave_on`.
    """
    another_counts = (
        select(_LONGER.id)
        .where(_LONGER.person_id == Leave.person_id, covers(_LONGER, on))
        .where(
            or_(
                _LONGER.to_on > Leave.to_on,
                and_(_LONGER.to_on == Leave.to_on, _LONGER.from_on < Leave.from_on),
            )
        )
        .correlate(Leave)
        .exists()
    )
    return (
        select(Leave.person_id)
        .join(_ABSENT, _ABSENT.id == Leave.person_id)
        .join(_DEPUTY, _DEPUTY.id == Leave.deputy_id)
        .where(Leave.deputy_id == person_id, covers(Leave, on), ~another_counts)
        .where(has_not_left(on, _ABSENT), has_not_left(on, _DEPUTY), ~is_on_leave(_DEPUTY.id, on))
    )


def stands_in_for_a_coordinator(person_id: int, on: date) -> bool:
    """Return True for a deputy of a coordinator, who may read what coordinators' messages link to."""
    role = select(PersonRole.person_id).where(
        PersonRole.name == RoleName.COORDINATOR, PersonRole.person_id.in_(stood_in_for(person_id, on))
    )
    return db.session.scalar(role.limit(1)) is not None


def coordinates(person: Person, on: date) -> bool:
    """Return True for a coordinator and for a person who stands in for one."""
    return RoleName.COORDINATOR in person.role_names or stands_in_for_a_coordinator(person.id, on)


def is_line_managed(by: Person, on: date, person: type[Person] = Person) -> ColumnElement[bool]:
    """Return the condition that a person's line manager is `by`, or somebody for whom `by` stands in."""
    return or_(person.line_manager_id == by.id, person.line_manager_id.in_(stood_in_for(by.id, on)))


def people_of(manager: Person) -> Select[int]:
    """Select the ids of those whose line manager a person is, and of the team that they manage."""
    return team_and_line(manager.managed_team_id, manager.id)


def team_and_line(team_id: int | None, manager_id: int) -> Select[int]:
    """Select the ids of those who are in a team or have this line manager."""
    in_line = Person.line_manager_id == manager_id
    in_team = [Person.team_id == team_id] if team_id is not None else []
    return select(Person.id).where(or_(in_line, *in_team))
