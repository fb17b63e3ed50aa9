"""The names of a list that a file uses: those of the list, and new ones, which an import would add to it."""

import difflib
from collections.abc import Collection, Iterable

from app.files.cells import Cell, text
from app.names import Names, folded

MOST_COMPARED = 100
"""The most new names of which each is told with the nearest known one; to find it takes a while."""


class NamesOfList:
    """Reads the names of a list in cells: in the spelling of the list, else in the one that came first.

    `one` is what an entry of the list is called, such as "team".
    """

    def __init__(self, one: str, known: Iterable[str], longest: int = 200) -> None:
        self._one = one
        self.known = Names((name, name) for name in known)
        self._new: Names[str] = Names()
        self._read = text(longest)

    def read(self, cell: Cell) -> str:
        """Return the name that stands in the cell. Raises Unreadable."""
        written = self._read(cell)
        return self.known.get(written) or self._new.setdefault(written, written)

    @property
    def new(self) -> list[str]:
        """Return the names that are not in the list."""
        return sorted(self._new)

    def warnings(self) -> list[str]:
        """Return a warning of each new name, as `new_names` does."""
        return new_names(self._one, self.new, self.known)


def new_names(one: str, names: Iterable[str], known: Collection[str]) -> list[str]:
    """Return a warning of each new name, such as "New team: Crew. The nearest in the list is Crewe."."""
    lines = []
    for number, name in enumerate(names):
        is_compared = bool(known) and number < MOST_COMPARED
        near = f" The nearest in the list is {_most_like(name, known)}." if is_compared else ""
        lines.append(f"New {one}: {name}.{near}")
    return lines


def _most_like(name: str, known: Iterable[str]) -> str:
    """Return the known name that looks most like this one, though it may be another."""
    wanted = folded(name)
    return max(known, key=lambda other: difflib.SequenceMatcher(None, wanted, folded(other)).ratio())
