"""The rule of who cannot be the second person for somebody: whom they let in a short time ago. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

WITHIN = timedelta(days=30)


def givers(receiver: int, gifts: Iterable[tuple[int, int]]) -> set[int]:
    """Return those who gave a person a way in or a role, and those who gave it to them in turn.

    A gift is its giver and its receiver, by id.
    """
    givers_of: dict[int, set[int]] = defaultdict(set)
    for giver, one in gifts:
        givers_of[one].add(giver)
    found: set[int] = set()
    waiting = [receiver]
    while waiting:
        new = givers_of[waiting.pop()] - found
        found |= new
        waiting += new
    return found - {receiver}
