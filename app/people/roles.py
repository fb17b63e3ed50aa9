"""The roles a person can have. Pure."""

from enum import StrEnum


class RoleName(StrEnum):
    """A role in the work of auditing. A person may have several."""

    COORDINATOR = "coordinator"
    AUDITOR = "auditor"
    MODERATOR = "moderator"
    MANAGER = "manager"
    PRACTITIONER = "practitioner"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"


OFFICE = frozenset({RoleName.COORDINATOR, RoleName.ADMINISTRATOR})
"""The roles that look after people."""
