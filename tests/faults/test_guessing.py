"""Guessing from many addresses at four processes: few guesses are checked, and everybody else gets in."""

import pytest

from tests.faults.guessing import Found, guess

pytestmark = pytest.mark.faults

PEOPLE, GUESSES = 40, 40


def holds(found: Found) -> None:
    assert found.checked >= 10, "none is refused too early"
    assert found.most_checked <= 10, "counted by all processes together, from however many addresses"
    assert found.most_checked_from_one_address <= 5, "forged headers are not believed"
    assert found.victim_gets_in
    assert found.signed_in == found.people == PEOPLE, "behind the same address as the guesser"


def test_guessing_at_four_processes_is_hopeless_and_locks_nobody_out() -> None:
    holds(guess(PEOPLE, GUESSES))


@pytest.mark.postgresql
def test_guessing_on_postgresql_is_as_hopeless(postgresql_url: str) -> None:
    holds(guess(PEOPLE, GUESSES, postgresql_url))
