"""The counting rule of a cycle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audits.returns import Returns, whole_per_cent


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


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_per_cent_is_never_further_off_than_half(some: int, whole: int) -> None:
    found = whole_per_cent(some, whole)
    assert -whole < 200 * some - 2 * whole * found + 1 <= whole + 1
