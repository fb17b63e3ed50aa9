"""The roles a person can have. Pure."""

from enum import StrEnum


class RoleName(StrEnum):
    """What a person does in the work of auditing. One person may have several."""

    COORDINATOR = "coordinator"
    AUDITOR = "auditor"
    MODERATOR = "moderator"
    MANAGER = "manager"
    PRACTITIONER = "practitioner"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"


OFFICE = frozenset({RoleName.COORDINATOR, RoleName.ADMINISTRATOR})
"""Those who look after people."""
