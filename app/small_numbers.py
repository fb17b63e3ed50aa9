"""Hiding small counts in a breakdown, and enough others that totals do not give them away. Pure.

A breakdown is a table: a row for each group (team, place, with and without a context factor), a column for
each count (met, not met, …; for places there is one column). The totals of its columns are shown whatever
they are: they are the counts of the key area over the whole cycle, which are published and are no breakdown.

**Method.** A group that has a small count in any column is hidden as a whole, with its total. That leaves to
a reader the sums of each column over the hidden groups, and nothing about how they are shared out. Further
groups, the smallest first, are hidden until the sums fit more than one sharing out.

**Promise** for each hidden number, count or total, against a reader who knows the table as shown:

- There are at least two ways to fill in the table that agree with all totals and differ in that number.
  This holds even for a reader who knows that empty groups are never hidden, so that every hidden group
  has at least one.
- A hidden number may be more than the limit: groups that have no small count are hidden in the same way
  as those that have, and nothing distinguishes them.
- With one column, even a reader who works this algorithm backwards is left with two tables that would both be
  shown so. With several columns this last is not promised.
- With several columns, hidden counts stay open to two values for a reader who has the total of every group
  from elsewhere, when at least two columns have something in them.

With one group alone, or no more audits than groups, there is nothing to hide behind: such a breakdown is
withheld, its totals included. Two breakdowns that overlap (a group and a part of it) must not both be
published, since each is made safe by itself. findings/breakdowns.py makes the breakdowns of a cycle safe
beside each other.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

HIDE_UP_TO = 4
"""The highest count that breakdowns of a new cycle hide."""

MOST_HIDDEN = 20
"""The highest that a cycle may be set to; 0 hides nothing."""


def is_small(count: int, limit: int) -> bool:
    """True when a breakdown hides this count: it is from 1 to `limit`. 0 is not small."""
    return 1 <= count <= limit


def small_in_words(limit: int) -> str:
    """Return the small counts in words: "of 1", "under 5". A count of 0 is not small."""
    return "of 1" if limit == 1 else f"under {limit + 1}"


def small_counts(limit: int) -> str:
    """Return the small counts themselves: "none", "1", "1 to 4"."""
    return "none" if limit < 1 else "1" if limit == 1 else f"1 to {limit}"


@dataclass(frozen=True)
class ShownRow:
    """The counts of a group, in the order of the columns, and their total; None is hidden."""

    counts: tuple[int | None, ...]
    total: int | None


@dataclass(frozen=True)
class Shown:
    """A breakdown as it may be published; None is hidden.

    Where it `is_withheld`, nothing of it may be published, and all numbers are None.
    """

    rows: Mapping[str, ShownRow]
    total: int | None

    @property
    def is_withheld(self) -> bool:
        return self.total is None

    @property
    def hides_something(self) -> bool:
        return any(row.total is None for row in self.rows.values())


def hide_small(
    table: Mapping[str, Sequence[int]], limit: int, *, also: Collection[str] = frozenset()
) -> Shown:
    """Return a breakdown without its counts from 1 to `limit` and without others that would give them away.

    `table` has the counts of each group, all of the same length. Its column totals are those of the whole
    cycle, so answers that belong to no group (without a place) are a row of their own. `also` are groups,
    none of them empty, that are hidden whatever their counts are, because they are hidden elsewhere.
    """
    hidden = _hidden({group: tuple(counts) for group, counts in table.items()}, limit, also)
    if hidden is None:
        nothing = tuple(None for _ in next(iter(table.values())))
        return Shown({group: ShownRow(nothing, None) for group in table}, None)
    left_over = [sum(column) for column in zip(*(table[group] for group in hidden), strict=True)]
    # where all hidden groups have 0, the column's total gives it away: 0 is shown
    unknown = tuple(None if left else 0 for left in left_over)
    rows = {
        group: ShownRow(unknown, None) if group in hidden else ShownRow(tuple(counts), sum(counts))
        for group, counts in table.items()
    }
    return Shown(rows, sum(map(sum, table.values())))


def _hidden(table: Mapping[str, tuple[int, ...]], limit: int, also: Collection[str]) -> set[str] | None:
    """Return the groups to hide; None when hiding all of them would not be enough."""
    hidden = {group for group, counts in table.items() if any(is_small(count, limit) for count in counts)}
    hidden |= table.keys() & set(also)
    if not hidden:
        return hidden
    if sum(map(sum, table.values())) <= len(table):
        return None
    candidates = {
        group: sum(counts) for group, counts in table.items() if any(counts) and group not in hidden
    }
    columns = min(2, _columns_used(table.values()))
    while not _is_open([table[group] for group in hidden], limit, columns):
        if not candidates:
            return None
        # all groups of one size together: a choice among them would reveal something
        smallest = min(candidates.values())
        hidden |= {group for group, total in candidates.items() if total == smallest}
        candidates = {group: total for group, total in candidates.items() if total > smallest}
    return hidden


def _is_open(rows: Sequence[tuple[int, ...]], limit: int, columns: int) -> bool:
    """True when the sums over these rows, none of them empty, do not determine the numbers of each row.

    They do with one row, and where the sum is the number of rows times 1 or times `limit` (all small counts
    would then be that). With fewer than two `columns` in use, where the table has two, they do for a reader
    who knows the total of each row.
    """
    total = sum(map(sum, rows))
    return len(rows) > 1 and total not in (len(rows), limit * len(rows)) and _columns_used(rows) >= columns


def _columns_used(rows: Iterable[tuple[int, ...]]) -> int:
    return sum(any(column) for column in zip(*rows, strict=True))
