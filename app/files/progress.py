"""The progress of a long import or export, for those who wait for it."""

from collections.abc import Callable

Tell = Callable[[str, int], None]
"""Told now and then how many rows of a file are done."""


def silent(_file: str, _rows: int) -> None:
    """Tell nobody."""
