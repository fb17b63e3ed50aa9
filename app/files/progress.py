"""The progress of a long import or export, for those who wait for it."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Row = TypeVar("Row")

Tell = Callable[[str, int], None]
"""Told now and then how many rows of a file are done."""


def silent(_file: str, _rows: int) -> None:
    """Tell nobody."""


def counted_rows(file: str, rows: Iterable[Row], tell: Tell, at_once: int) -> Iterator[Row]:
    """Yield rows, and tell after each so many of them how many there were."""
    for number, row in enumerate(rows, start=1):
        if number % at_once == 0:
            tell(file, number)
        yield row
