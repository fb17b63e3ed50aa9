"""Tables described as data: which columns a file may have and what each of their cells holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.files.cells import Cell


@dataclass(frozen=True)
class Column:
    """A column of a table.

    `read` turns a filled cell into its value or raises `Unreadable`. A `needed` column must be there and
    filled in every row. What stands in a `secret` column is never repeated in a fault.
    """

    name: str
    read: Callable[[Cell], object]
    needed: bool = False
    secret: bool = False


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
    def secrets(self) -> set[str]:
        """The names of the columns whose cells are never repeated."""
        return {column.name for column in self.columns if column.secret}
