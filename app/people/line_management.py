"""Lines of management: nobody is in their own. Pure."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Somebody = TypeVar("Somebody", bound=Hashable)


def circles(manager_of: Mapping[Somebody, Somebody]) -> list[list[Somebody]]:
    """Return the circles in these lines of management, each a list from person to line manager and so on.

    Each person has one line manager at most, so walking up once from everybody finds every circle.
    """
    closed: list[list[Somebody]] = []
    walked: set[Somebody] = set()
    for start in manager_of:
        path: list[Somebody] = []
        on_path: dict[Somebody, int] = {}
        person = start
        while person in manager_of and person not in walked and person not in on_path:
            on_path[person] = len(path)
            path.append(person)
            person = manager_of[person]
        if person in on_path:
            closed.append(path[on_path[person] :])
        walked.update(path)
    return closed
