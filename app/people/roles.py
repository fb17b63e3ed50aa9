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
"""The roles that look after people, audit tools, files and settings."""

READERS = frozenset({RoleName.COORDINATOR, RoleName.LEADER, RoleName.MANAGER})
"""The roles that read cycles, figures and reports: on pages, in the calendar and through the interface."""

READ_ANSWERS = frozenset({RoleName.COORDINATOR, RoleName.MODERATOR})
"""The roles that read the answers of every audit."""

SEE_ALL = frozenset({RoleName.COORDINATOR, RoleName.LEADER})
"""The roles that see every recommendation, action, quick win and body; others see those that concern them."""

RIGHTS_OVER_OTHERS = OFFICE | {RoleName.MODERATOR}
"""The roles that change others' access, or read every answer: nobody is added with one unseen."""

NEED_SECOND_FACTOR = RIGHTS_OVER_OTHERS
"""The roles that need a second factor, where the installation asks for one: they see what is private."""
