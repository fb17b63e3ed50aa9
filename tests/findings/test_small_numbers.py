"""Small numbers in a breakdown cannot be computed from what is shown."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.small_numbers import (
    HIDE_UP_TO,
    MOST_HIDDEN,
    Shown,
    hide_small,
    is_small,
    small_counts,
    small_in_words,
)

Table = tuple[tuple[int, ...], ...]
LIMIT = 4


def shown(table: Table, limit: int = LIMIT) -> Shown:
    return hide_small({f"Team {number}": counts for number, counts in enumerate(table)}, limit)


def rows_of(found: Shown) -> list[tuple[int | None, ...]]:
    return [row.counts for row in found.rows.values()]


@pytest.mark.parametrize(
    ("limit", "counts", "words"),
    [(4, [1, 2, 3, 4], "under 5"), (1, [1], "of 1"), (2, [1, 2], "under 3")],
)
def test_small_is_from_1_to_the_limit_and_nought_is_not(limit: int, counts: list[int], words: str) -> None:
    assert [count for count in range(7) if is_small(count, limit)] == counts
    assert not any(is_small(count, 0) for count in range(7))
    assert small_in_words(limit) == words


@pytest.mark.parametrize(("limit", "counts"), [(0, "none"), (1, "1"), (4, "1 to 4")])
def test_the_counts_that_are_small_are_named(limit: int, counts: str) -> None:
    assert small_counts(limit) == counts


@pytest.mark.parametrize(
    ("why", "table", "rows"),
    [
        ("nothing is small", [(9, 7), (5, 0), (6, 8)], [(9, 7), (5, 0), (6, 8)]),
        ("the limit is the last that is hidden", [(5, 5), (5, 4), (5, 3)], [(5, 5), None, None]),
        ("one alone takes the smallest other with it", [(9, 9), (9, 2), (8, 8)], [(9, 9), None, None]),
        ("others of one size are hidden together", [(8, 8), (9, 2), (9, 7)], [None, None, None]),
        ("an empty group hides nothing", [(9, 9), (9, 2), (0, 0), (8, 8)], [(9, 9), None, (0, 0), None]),
        ("1 for each is too easily guessed", [(1,), (1,), (9,), (12,)], [None, None, None, (12,)]),
        ("so is the limit for each", [(4,), (4,), (9,), (12,)], [None, None, None, (12,)]),
        ("two that share are enough", [(3,), (4,), (9,), (12,)], [None, None, (9,), (12,)]),
        ("who knows the totals of groups learns nothing", [(9, 0), (3, 0), (8, 6)], [None, None, None]),
        (
            "two columns between them are enough where others have three",
            [(9, 2, 0), (8, 7, 0), (9, 0, 9)],
            [(None, None, 0), (None, None, 0), (9, 0, 9)],
        ),
        (
            "nought is shown where the column has no more",
            [(9, 0), (3, 0), (8, 0)],
            [(9, 0), (None, 0), (None, 0)],
        ),
    ],
)
def test_a_group_with_a_small_count_is_hidden_and_others_to_hide_it_among(
    why: str, table: list[tuple[int, ...]], rows: list[tuple[int | None, ...] | None]
) -> None:
    found = shown(tuple(table))
    width = len(table[0])
    assert rows_of(found) == [(None,) * width if row is None else row for row in rows], why
    assert found.total == sum(map(sum, table))
    assert found.hides_something == any(row is None or None in row for row in rows)


@pytest.mark.parametrize(
    "table",
    [
        [(12, 3)],  # one group alone
        [(12, 3), (0, 0)],
        [(1,), (1,), (1,)],  # no more audits than groups
        [(2, 0), (0, 0), (0, 1)],
        [(4,), (4,)],
    ],
)
def test_where_there_is_nothing_to_hide_behind_all_is_withheld(table: list[tuple[int, ...]]) -> None:
    found = shown(tuple(table))
    assert found.is_withheld
    assert found.hides_something
    assert {count for row in rows_of(found) for count in row} == {None}


def test_counts_from_1_to_4_are_hidden_unless_a_cycle_says_otherwise_up_to_20() -> None:
    assert (HIDE_UP_TO, MOST_HIDDEN) == (4, 20)


def test_the_limit_is_a_setting() -> None:
    table = ((9, 6), (7, 2), (8, 12))
    assert None not in rows_of(shown(table, limit=1))[1]
    assert rows_of(shown(table, limit=2))[1] == (None, None)
    assert not shown(table, limit=0).hides_something


noughts_and_more = st.just(0) | st.integers(0, 9)
tables = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.tuples(*[noughts_and_more] * width), min_size=1, max_size=5).map(tuple)
)
limits = st.integers(1, 5)


@given(tables, limits)
def test_no_small_count_is_shown(table: Table, limit: int) -> None:
    found = shown(table, limit)
    for row in found.rows.values():
        assert not any(count is not None and 1 <= count <= limit for count in (*row.counts, row.total))


@given(tables, limits)
def test_each_hidden_number_has_two_values_that_agree_with_all_that_is_shown(
    table: Table, limit: int
) -> None:
    found = shown(table, limit)
    # who has the counts of the key area knows these totals even where they are withheld; with one group they
    # are its counts
    assume(found.hides_something and len(table) > 1)
    hidden = [number for number, row in enumerate(found.rows.values()) if row.total is None]
    seen = [table, *rearranged(table, hidden, may_be_empty=found.is_withheld)]
    in_use = [any(table[number][column] for number in hidden) for column in range(len(table[0]))]
    for number in hidden:
        for column, used in enumerate(in_use):
            if used:
                assert len({one[number][column] for one in seen}) > 1, "a count can be computed"
        assert len({sum(one[number]) for one in seen}) > 1, "a total can be computed"


@given(tables, limits)
def test_hidden_counts_stay_open_when_the_total_of_each_group_is_known(table: Table, limit: int) -> None:
    found = shown(table, limit)
    columns = range(len(table[0]))
    assume(found.hides_something and not found.is_withheld)
    assume(sum(any(row[column] for row in table) for column in columns) > 1)
    hidden = [number for number, row in enumerate(found.rows.values()) if row.total is None]
    sizes = [sum(row) for row in table]
    seen = [
        one for one in rearranged(table, hidden, may_be_empty=False) if [sum(row) for row in one] == sizes
    ]
    for number, column in product(hidden, columns):
        if any(table[other][column] for other in hidden):
            assert len({table[number][column], *(one[number][column] for one in seen)}) > 1


@pytest.mark.parametrize(
    ("groups", "most", "limit"), [(2, 14, 4), (3, 14, 4), (4, 8, 2), (5, 6, 2), (3, 9, 1)]
)
def test_with_one_column_not_even_the_algorithm_gives_a_number_away(
    groups: int, most: int, limit: int
) -> None:
    """Group all tables with counts up to `most` by the numbers shown and by the key area's count."""
    alike = defaultdict(list)
    for counts in product(range(most + 1), repeat=groups):
        found = shown(tuple((count,) for count in counts), limit)
        if found.hides_something:
            alike[tuple(row.total for row in found.rows.values()), sum(counts)].append(counts)
    tried = 0
    for (totals, total), all_counts in alike.items():
        if total - sum(known for known in totals if known is not None) > most:
            continue  # others that look like it have larger counts than were tried
        tried += 1
        for number, known in enumerate(totals):
            if known is None:
                assert len({counts[number] for counts in all_counts}) > 1, all_counts
    assert tried


def rearranged(table: Table, hidden: list[int], *, may_be_empty: bool) -> Iterator[Table]:
    """Tables with the same column totals that differ in the hidden groups, by one count moved or by two.

    A reader knows that hidden groups are not empty, save where all is withheld.
    """
    moves = [
        (giver, taker, column)
        for giver, taker in product(hidden, repeat=2)
        for column in range(len(table[0]))
        if giver != taker
    ]
    for several in (*combinations(moves, 1), *combinations(moves, 2)):
        found = [list(row) for row in table]
        for giver, taker, column in several:
            found[giver][column] -= 1
            found[taker][column] += 1
        if min(map(min, found)) >= 0 and (may_be_empty or all(any(found[number]) for number in hidden)):
            yield tuple(map(tuple, found))
