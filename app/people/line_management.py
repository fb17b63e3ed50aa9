"""Lines of management: nobody is in their own. Pure."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Person = TypeVar("Person", bound=Hashable)


def circles(manager_of: Mapping[Person, Person]) -> list[list[Person]]:
    """Return the circles in these lines of management, each a list from person to line manager and so on.

    Each person has one line manager at most, so walking up once from everybody finds every circle.
    """
    closed: list[list[Person]] = []
    walked: set[Person] = set()
    for start in manager_of:
        path: list[Person] = []
        on_path: dict[Person, int] = {}
        person = start
        while person in manager_of and person not in walked and person not in on_path:
            on_path[person] = len(path)
            path.append(person)
            person = manager_of[person]
        if person in on_path:
            closed.append(path[on_path[person] :])
        walked.update(path)
    return closed
