"""The owners that a thing had, by the moves of its history that change them. Pure."""

from collections.abc import Iterable
from typing import Protocol

OTHER_OWNER = ("owner set", "owner changed", "handed back")
"""The moves, as the history calls them, by which a thing has another owner, or none."""


class Row(Protocol):
    """A row of the history."""

    @property
    def what(self) -> str: ...

    @property
    def before(self) -> str | None: ...


def owners_before(history: Iterable[Row]) -> set[str]:
    """Return the names of the owners before the one of now, as far as they are known."""
    return {row.before for row in history if row.what in OTHER_OWNER and row.before is not None}
