"""Faults of a file, in words by which its author can put it right."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_SHOWN = 80
"""A fault is one line: of a longer cell its beginning is enough to find it."""


class Unreadable(ValueError):
    """A cell, a key or a whole file cannot be read; `str()` is the plain clause that says why.

    The clause never repeats a whole cell: `Fault` does that, where it may.
    """


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault of a file.

    `row` counts as a spreadsheet does (the heading is row 1); `column` is the column's name; `key` takes
    the place of both in a toml file ("section 2 / title"). `value` is what stands in the file, None where
    nothing stands there or where it must not be repeated. `why` is a clause such as "must be a real date".
    """

    file: str
    why: str
    row: int | None = None
    column: str | None = None
    key: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        place = []
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column is not None:
            place.append(f"column {shown(self.column)}")
        if self.key is not None:
            place.append(f"key {shown(self.key)}")
        if self.value is not None:
            place.append(f'"{shown(self.value)}"')
        return ": ".join(part for part in (shown(self.file), ", ".join(place), self.why) if part)


def shown(value: str) -> str:
    """Return the value on one line, shortened, with nothing in it that a terminal would obey."""
    line = " ".join("".join(c if c.isprintable() else " " for c in value[: 2 * LONGEST_SHOWN]).split())
    return line if len(line) <= LONGEST_SHOWN else f"{line[: LONGEST_SHOWN - 1]}…"


def folded(name: str) -> str:
    """Return the name as it is compared: letter case, spaces, underscores and hyphens make no difference."""
    return re.sub(r"[\s_-]+", "_", name.strip()).casefold()


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that looks most like this name. `known` is not empty."""
    wanted = folded(name)
    return max(
        known,
        key=lambda other: difflib.SequenceMatcher(None, wanted, folded(other)).ratio(),
    )
