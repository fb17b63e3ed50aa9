"""Encrypting with a key of case numbers, and its keyed hash of folded numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.case_keys.keys import MARK_LENGTH, CaseKey, NotSealed, id_in, key_of, may_be_one
from app.case_numbers import folded, without_slashes

SECRET, OTHER = "the first key of these tests, 32 or more", "the other key of these tests, 32 or more"
ONE, TWO = key_of(SECRET), key_of(OTHER)

numbers = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.text("0615/-. ", max_size=8)


@given(text=numbers)
def test_what_is_sealed_opens_again_and_is_never_the_same_twice(text: str) -> None:
    first, second = ONE.seal(text), ONE.seal(text)
    assert ONE.open(first) == ONE.open(second) == text
    assert first != second
    assert id_in(first) == ONE.id


def test_each_key_opens_its_own_alone() -> None:
    with pytest.raises(NotSealed):
        TWO.open(ONE.seal("0615739"))
    renamed = ONE.seal("0615739").replace(ONE.id, TWO.id)
    for key in (ONE, TWO):
        with pytest.raises(NotSealed):
            key.open(renamed)


@given(place=st.integers(min_value=0), character=st.characters(codec="ascii"))
def test_what_was_changed_does_not_open(place: int, character: str) -> None:
    sealed = ONE.seal("0615739")
    place %= len(sealed)
    changed = sealed[:place] + character + sealed[place + 1 :]
    if changed == sealed:
        return
    with pytest.raises(NotSealed):
        ONE.open(changed)


@pytest.mark.parametrize("text", ["", "0615739", "aaaaaaaa:", ":", "aaaaaaaa:0615739", "aaaaaaaa:é"])
def test_what_was_never_sealed_does_not_open(text: str) -> None:
    with pytest.raises(NotSealed):
        ONE.open(text)


def test_a_key_is_the_same_in_every_process_and_says_nothing_of_its_secret() -> None:
    again = CaseKey(SECRET)
    assert (again.id, again.fingerprint) == (ONE.id, ONE.fingerprint)
    assert again.open(ONE.seal("0615739")) == "0615739"
    assert again.compared("615739") == ONE.compared("615739")
    assert ONE.fingerprint != TWO.fingerprint
    assert SECRET not in repr(vars(ONE)) + repr(ONE)


@given(one=numbers, other=numbers)
def test_hashes_are_the_same_for_what_is_one_case_or_may_be(one: str, other: str) -> None:
    first, second = folded(one), folded(other)
    assert (ONE.compared(first) == ONE.compared(second)) == (first == second)
    bare = [without_slashes(number) or number for number in (first, second)]
    assert (may_be_one(ONE.compared(first)) == may_be_one(ONE.compared(second))) == (bare[0] == bare[1])


@pytest.mark.parametrize("number", ["615739", "cr12/34", "//"])
def test_a_hash_holds_no_number_and_is_another_with_another_key(number: str) -> None:
    compared = ONE.compared(number)
    assert len(compared) == 2 * MARK_LENGTH
    assert number not in compared
    assert compared != TWO.compared(number)
