"""Faults of a file, in words by which its author can put it right."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.names import folded

LONGEST_SHOWN = 80
"""A fault is one line: of a longer cell its beginning is enough to find it."""

MOST_LISTED = 30
"""The most choices that a fault lists: a longer list is better looked up in the service."""

MOST_SLIPS = 2
"""The most slips of the keyboard in a near spelling: with three, the meaning may be another."""


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


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name of which this is a near spelling; None where it is one of none of them.

    A near spelling is wrong by one or two letters and never by a digit or the first letter: "adequate" is
    another word than "inadequate", and 2026-1 another cycle than 2026-2.
    """
    wanted = folded(name)
    slips = {other: _slips(wanted, folded(other)) for other in known if _may_be_near(wanted, folded(other))}
    near = min(slips, key=slips.__getitem__, default=None)
    return near if near is not None and slips[near] <= _slips_allowed(wanted, folded(near)) else None


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return how a fault of an unknown name goes on: with its near spelling, else the
    choices where they are few."""
    choices = list(known)
    if near := nearest(name, choices):
        return f": the nearest is {near}"
    return f": choose from {', '.join(choices)}" if 0 < len(choices) <= MOST_LISTED else ""


def _slips_allowed(one: str, other: str) -> int:
    longest = max(len(one), len(other))
    return 0 if longest < 4 else min(MOST_SLIPS, longest // 3)


def _may_be_near(one: str, other: str) -> bool:
    same_digits = re.findall(r"\d", one) == re.findall(r"\d", other)
    return abs(len(one) - len(other)) <= MOST_SLIPS and one[:1] == other[:1] and same_digits


def _slips(one: str, other: str) -> int:
    """Return the number of letters left out, added, mistaken, or swapped with the next."""
    above, last = [0] * (len(other) + 1), list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        row = [place]
        for column, expected in enumerate(other, start=1):
            slips = min(last[column] + 1, row[-1] + 1, last[column - 1] + (letter != expected))
            if place > 1 and column > 1 and one[place - 2] == expected and other[column - 2] == letter:
                slips = min(slips, above[column - 2] + 1)
            row.append(slips)
        above, last = last, row
    return last[-1]
