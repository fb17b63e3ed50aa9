"""How far a long import or export has come, for whoever waits for it."""

from collections.abc import Callable

Tell = Callable[[str, int], None]
"""Told now and then how many rows of a file are done."""


def silent(_file: str, _rows: int) -> None:
    """For an import or export that nobody waits for."""
