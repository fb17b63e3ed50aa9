"""The rule of who may look after the account of somebody else, by the roles of both. Pure.

An account gives its rights to all who get into it. Three roles give rights over others: with them people
change access or read every answer. An account that has one is opened by its equals alone.
"""

from collections.abc import Collection, Iterable
from enum import Enum

from app.people.roles import RIGHTS_OVER_OTHERS, RoleName
from app.wording import listed, plural


class Care(Enum):
    """The ways to look after an account."""

    INVITE = "invite"
    """The first link, the address, the roles and the leaving date of an account that nobody has used; a role
    that is given."""
    OPEN = "open"
    """A link that is shown, or another address: whoever does it could sign in as the person."""
    KEEP = "keep"
    """A link sent to the address that is known, a second factor reset, access off and on, a council account
    disconnected, a role taken away, a leaving date set or changed, a leaver made anonymous."""


_ADMINISTRATOR = frozenset({RoleName.ADMINISTRATOR})

ENOUGH: dict[Care, dict[RoleName, frozenset[RoleName]]] = {
    Care.INVITE: {RoleName.ADMINISTRATOR: _ADMINISTRATOR},
    Care.OPEN: {role: frozenset({role}) for role in RIGHTS_OVER_OTHERS},
    Care.KEEP: {role: _ADMINISTRATOR | {role} for role in RIGHTS_OVER_OTHERS},
}
"""The roles of which one is needed, for each role of the other person; a role that is not here needs none.
All roles of the other person count."""


def barred(own: Collection[str], care: Care) -> frozenset[RoleName]:
    """Return the roles whose accounts somebody with these roles may not look after in this way."""
    return frozenset(role for role, enough in ENOUGH[care].items() if enough.isdisjoint(own))


def why_not(name: str, own: Collection[str], theirs: Iterable[str], care: Care) -> str | None:
    """Return why somebody may not look after an account in this way, and who can; None where they may."""
    missing = sorted(barred(own, care).intersection(theirs))
    if not missing:
        return None
    roles = plural(len(missing), "role")
    also = "" if care is not Care.KEEP or RoleName.ADMINISTRATOR in missing else "an administrator or "
    others = f"{also}someone else with the same {roles}"
    return f"{name} has the {roles} {listed(missing)}, so only {others} can do this"


def why_not_given(own: Collection[str], given: Iterable[str]) -> str | None:
    """Return why somebody may not give these roles, and who can; None where they may."""
    missing = sorted(barred(own, Care.INVITE).intersection(given))
    if not missing:
        return None
    return f"Only an administrator, or a command on the server, can give the role {listed(missing)}"
