"""The rule of who may name somebody as the deputy of a person on leave.

A deputy sees the work of the person on leave, and all audits where that is a coordinator. Somebody who looks
after leave could otherwise give themselves this unseen, as with a role (own_roles.py).
"""

from app.people import seconds
from app.people.models import Person
from app.people.presence import LeaveSpell
from app.people.roles import RoleName


def adds_to(before: LeaveSpell | None, after: LeaveSpell) -> bool:
    """Return True where leave names a deputy for dates on which the leave before did not name them."""
    if after.deputy_id is None:
        return False
    if before is None or before.deputy_id != after.deputy_id:
        return True
    return after.from_on < before.from_on or before.to_on < after.to_on


def why_not(deputy: Person, by: str) -> str | None:
    """Return why `by` cannot name this deputy; None where they can.

    Coordinators see as much without it. Programs on the server name anybody.
    """
    if RoleName.COORDINATOR in deputy.role_names:
        return None
    if by == deputy.email:
        return "Another coordinator or administrator must name you as the deputy"
    return seconds.why_not(deputy, by, "name them as the deputy")
