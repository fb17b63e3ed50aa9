"""The counting rule of a cycle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audits.returns import Part, Returns, part, whole_per_cent


@pytest.mark.parametrize(
    ("counted_as", "what_happened"),
    [
        ("open", {}),
        ("returned", {"returned": True}),
        ("returned", {"returned": True, "cycle_closed": True}),
        ("returned", {"returned": True, "exempt": True}),
        ("not returned", {"returned": True, "after_cut_off": True, "cycle_closed": True}),
        ("not returned", {"cycle_closed": True}),
        ("not returned", {"exempt": True}),
        ("withdrawn", {"withdrawn": True}),
        ("withdrawn", {"withdrawn": True, "returned": True, "cycle_closed": True}),
    ],
)
def test_every_audit_is_counted_in_one_part(counted_as: str, what_happened: dict[str, bool]) -> None:
    assert part(**what_happened) == counted_as


@pytest.mark.parametrize(
    ("returned", "requested", "said"),
    [
        (26, 29, "26 of 29 (90%)"),
        (0, 29, "0 of 29 (0%)"),
        (29, 29, "29 of 29 (100%)"),
        (1, 8, "1 of 8 (13%)"),  # 12.5 is half up
        (1, 200, "1 of 200 (1%)"),  # 0.5
        (0, 0, "0 of 0"),
    ],
)
def test_returns_are_said_with_whole_per_cents_half_up(returned: int, requested: int, said: str) -> None:
    assert str(Returns(requested=requested, returned=returned)) == said


@pytest.mark.parametrize(
    ("returns", "open_", "per_cent"),
    [
        (Returns(), 0, None),
        (Returns(requested=29), 29, 0),
        (Returns(requested=29, returned=26), 3, 90),
        (Returns(requested=29, returned=26, not_returned=2), 1, 90),
        (Returns(requested=29, returned=26, not_returned=2, withdrawn=1), 0, 90),
    ],
)
def test_what_became_of_nothing_is_open(returns: Returns, open_: int, per_cent: int | None) -> None:
    assert (returns.open, returns.per_cent, returns.after_cut_off) == (open_, per_cent, 0)


@given(st.lists(st.sampled_from(Part)))
def test_requested_is_the_sum_of_its_parts(parts: list[Part]) -> None:
    counted = Returns.of(parts)
    assert counted.requested == len(parts)
    assert counted.open == parts.count(Part.OPEN)
    assert counted.requested == counted.returned + counted.not_returned + counted.withdrawn + counted.open


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_per_cent_is_never_further_off_than_half(some: int, whole: int) -> None:
    found = whole_per_cent(some, whole)
    assert -whole < 200 * some - 2 * whole * found + 1 <= whole + 1
