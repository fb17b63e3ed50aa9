"""The parts of an audit's auditors, and those that its cycle needs. Pure.

A cycle needs two auditors for each audit, a lead and a second, or one, the lead. Where it needs one, nothing
is said of a second until one is named; then the two are a pair as in any other cycle.
"""

from collections.abc import Collection

LEAD, SECOND = "lead", "second"
PARTS = (LEAD, SECOND)
MOST_AUDITORS = len(PARTS)
"""The auditors of an audit in a cycle that does not say how many it needs."""


def needed(auditors: int) -> tuple[str, ...]:
    """Return the parts of a cycle that needs so many auditors for each audit."""
    return PARTS[:auditors]


def missing(held: Collection[str], auditors: int) -> tuple[str, ...]:
    """Return the needed parts that nobody has."""
    return tuple(part for part in needed(auditors) if part not in held)


def is_for_one(held: Collection[str], auditors: int) -> bool:
    """Return True where one auditor is enough and no second is named: nothing is said of a second."""
    return SECOND not in needed(auditors) and SECOND not in held


def name_of(part: str, *, for_one: bool) -> str:
    """Return "lead auditor" or "second auditor"; "auditor" for the one who audits alone (`is_for_one`)."""
    return "auditor" if for_one else f"{part} auditor"
