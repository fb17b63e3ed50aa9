"""The rule that nobody locks everyone out: the last coordinator and administrator stay. Pure."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from app.people.presence import has_left
from app.people.roles import RoleName

KEPT = (RoleName.COORDINATOR, RoleName.ADMINISTRATOR)

Person = TypeVar("Person", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Access:
    """A person's roles, and what decides whether they can sign in."""

    roles: frozenset[str]
    leaving_on: date | None = None
    active: bool = True
    has_way_in: bool = False
    """True for a password or a council account that was used, whichever this service takes."""

    def can_sign_in(self, on: date) -> bool:
        """Return True for someone who can sign in on that day. An invitation may never be followed."""
        return self.has_way_in and self.active and not has_left(self.leaving_on, on)

    def stays(self, on: date) -> bool:
        """Return True for someone who is let in after that day, too, once they have a way in."""
        return self.active and (self.leaving_on is None or self.leaving_on > on)


def taken_away(
    before: Mapping[Person, Access], after: Mapping[Person, Access], on: date
) -> list[tuple[Person, RoleName]]:
    """Return the last ones who have a role and would lose it, or be shut out, by changes made together.

    Someone who has a role counts if they stay and have a way in. Where none of them has one yet, as after a
    first import, those who stay count. A role that nobody had before the change may stay without
    anyone.
    """
    lost = []
    for role in KEPT:
        staying = [person for person, access in before.items() if role in access.roles and access.stays(on)]
        with_way_in = [person for person in staying if before[person].has_way_in]
        remains = any(
            role in access.roles and access.stays(on) and (access.has_way_in or not with_way_in)
            for access in after.values()
        )
        if not remains:
            lost += [(person, role) for person in with_way_in or staying]
    return lost


def nobody_is(role: RoleName, people: Mapping[Person, Access], on: date) -> bool:
    """Return True when nobody can sign in who has this role."""
    return not any(role in access.roles and access.can_sign_in(on) for access in people.values())


def why_not(role: RoleName) -> str:
    """Return the clause that tells whoever would take the last one away, with the way out."""
    return (
        f"this would leave no {role} who can sign in: first give the role to someone else and let them "
        "sign in"
    )
