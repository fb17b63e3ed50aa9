"""Leave of one person that shares days."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.people.presence import LeaveSpell, overlapping

DAY_ONE = date(2010, 11, 1)


def spells() -> st.SearchStrategy[LeaveSpell]:
    def spell(first: int, length: int) -> LeaveSpell:
        from_on = DAY_ONE + timedelta(first)
        return LeaveSpell(from_on, from_on + timedelta(length), None)

    return st.builds(spell, st.integers(0, 30), st.integers(0, 9))


@given(st.lists(spells(), max_size=8, unique=True))
def test_two_spells_overlap_that_share_a_day(leave: list[LeaveSpell]) -> None:
    def days(spell: LeaveSpell) -> set[date]:
        return {spell.from_on + timedelta(number) for number in range((spell.to_on - spell.from_on).days + 1)}

    expected = {frozenset(pair) for pair in combinations(leave, 2) if days(pair[0]) & days(pair[1])}
    found = overlapping(leave)
    assert {frozenset(pair) for pair in found} == expected
    assert len(found) == len(expected)
    assert all(earlier.from_on <= later.from_on for earlier, later in found)
