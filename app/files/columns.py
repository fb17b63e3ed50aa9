"""Tables described as data: which columns a file may have and what each of their cells holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.files.cells import Cell

Reader = Callable[[Cell], object]
"""Turns a filled cell into its value, or raises `Unreadable`."""


def looked_up(_: Cell) -> object:
    """Stand for a reader that the database gives: `Table.with_readers` puts that in its place."""
    raise NotImplementedError


@dataclass(frozen=True)
class Column:
    """A column of a table.

    A `needed` column must be there and filled in every row; one that is `expected` must be there. What stands
    in a `secret` column is never repeated in a fault. `fold` gives its values as they are compared in a key.
    """

    name: str
    read: Reader
    needed: bool = False
    secret: bool = False
    expected: bool = False
    fold: Callable[[str], str] | None = None


@dataclass(frozen=True)
class Table:
    """A kind of file, such as audits. No two rows have the same values in all columns of `key`."""

    name: str
    columns: Sequence[Column]
    key: Sequence[str] = ()

    @property
    def names(self) -> list[str]:
        """The columns' names, in the order in which the table is written."""
        return [column.name for column in self.columns]

    @property
    def needed(self) -> list[str]:
        """The names of the columns without which a file is refused."""
        return [column.name for column in self.columns if column.needed or column.expected]

    def with_readers(self, **readers: Reader) -> "Table":
        """Return the table with these readers of its columns."""
        columns = [replace(column, read=readers.get(column.name, column.read)) for column in self.columns]
        return replace(self, columns=columns)

    @property
    def folds(self) -> dict[str, Callable[[str], str]]:
        """The functions that give values as they are compared, by column."""
        return {column.name: column.fold for column in self.columns if column.fold is not None}

    @property
    def secrets(self) -> set[str]:
        """The names of the columns whose cells are never repeated."""
        return {column.name for column in self.columns if column.secret}
