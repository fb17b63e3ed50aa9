"""Circles in lines of management, by hand."""

import pytest

from app.people.line_management import circles


@pytest.mark.parametrize(
    ("manager_of", "closed"),
    [
        ({}, []),
        ({"Ann": "Ben", "Ben": "Cyd"}, []),
        ({"Ann": "Ann"}, [["Ann"]]),
        ({"Ann": "Ben", "Ben": "Ann"}, [["Ann", "Ben"]]),
        # those who lead up to a circle are not in it
        ({"Dot": "Ann", "Ann": "Ben", "Ben": "Cyd", "Cyd": "Ann"}, [["Ann", "Ben", "Cyd"]]),
        ({"Dot": "Eve", "Eve": "Ann", "Ann": "Ben", "Ben": "Ann"}, [["Ann", "Ben"]]),
        # each circle once, from whomever one comes to it
        ({"Ann": "Ben", "Ben": "Ann", "Dot": "Ann", "Eve": "Ben"}, [["Ann", "Ben"]]),
        ({"Ann": "Ben", "Ben": "Ann", "Dot": "Eve", "Eve": "Dot"}, [["Ann", "Ben"], ["Dot", "Eve"]]),
    ],
)
def test_nobody_is_in_their_own_line_of_management(
    manager_of: dict[str, str], closed: list[list[str]]
) -> None:
    assert circles(manager_of) == closed
