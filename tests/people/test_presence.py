"""Leave of one person that shares days."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.people.presence import LeaveSpell, overlapping, replaced

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


@given(st.lists(spells(), max_size=5), st.lists(spells(), max_size=5))
def test_what_a_file_brings_is_stored_and_overlaps_only_what_it_brings(
    stored: list[LeaveSpell], brought: list[LeaveSpell]
) -> None:
    before = {spell.from_on: spell for spell in stored}
    rows = {spell.from_on: spell for spell in brought}
    places = replaced(before.values(), rows.values())
    gone = [spell.from_on for taken in places.values() for spell in taken]
    assert len(gone) == len(set(gone)), "no spell is replaced twice"
    after = {first: spell for first, spell in before.items() if first not in gone} | rows
    for pair in overlapping(after.values()):
        # two rows of the file, or two that overlapped before
        assert set(pair) <= set(rows.values()) or set(pair) <= set(before.values())
    again = replaced(after.values(), rows.values())
    assert again == {first: [row] for first, row in rows.items()}, "the same file again changes nothing"
