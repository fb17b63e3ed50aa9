"""Drawing cases: the right number, each case once, and the same ones again from the same seed."""

import random
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audits.selection import Selection
from app.sampling.seeded_draw import LARGEST_SEED, ListedCase, by_team, draw, next_reserve, shares

TEAMS = ("Crewe", "Macclesfield", "Nantwich", "Congleton", "Cared for Children")
SAMPLED = st.sampled_from((Selection.RANDOM, Selection.STRATIFIED))
SEEDS = st.integers(0, LARGEST_SEED)
LISTS = st.dictionaries(st.text(min_size=1, max_size=8), st.sampled_from(TEAMS), min_size=1, max_size=60).map(
    lambda teams: [ListedCase(reference, team) for reference, team in teams.items()]
)
STRATA = st.dictionaries(st.text(max_size=5), st.integers(1, 400), min_size=1, max_size=12)


def a_list(**teams: int) -> list[ListedCase]:
    """Return so many cases of each team."""
    return [ListedCase(f"{team}-{number}", team) for team, has in teams.items() for number in range(has)]


@given(LISTS, SAMPLED, SEEDS, st.data())
def test_the_size_is_met_and_each_case_stands_in_the_order_once(
    cases: list[ListedCase], method: Selection, seed: int, data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(cases)))
    order = draw(cases, method, size, seed)
    assert len(order) == len(cases)
    assert set(order) == set(cases)


@given(LISTS, SAMPLED, SEEDS, st.randoms(use_true_random=False), st.data())
def test_the_order_of_the_list_and_repeated_lines_do_not_matter(
    cases: list[ListedCase], method: Selection, seed: int, chance: random.Random, data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(cases)))
    shuffled = [*cases, *chance.choices(cases, k=5)]
    chance.shuffle(shuffled)
    assert draw(shuffled, method, size, seed) == draw(cases, method, size, seed)


def test_a_draw_is_the_same_on_every_machine_and_in_every_version() -> None:
    """Worked out with `printf '%s' 7:A | sha256sum`: A 0d…, C 7b…, B b8…, D e7…"""
    cases = [ListedCase(reference, "Crewe") for reference in "ABCD"]
    assert [case.reference for case in draw(cases, Selection.RANDOM, 2, seed=7)] == [*"ACBD"]


def test_another_seed_draws_other_cases() -> None:
    cases = a_list(Crewe=100)
    first, second = (set(draw(cases, Selection.RANDOM, 20, seed)[:20]) for seed in (1, 2))
    assert first != second


def test_each_case_is_drawn_about_as_often_as_any_other() -> None:
    """Draw 5 of 20 cases with each of 4,000 seeds: each case 1,000 times, within five standard errors."""
    cases = a_list(Crewe=12, Nantwich=8)
    for method in (Selection.RANDOM, Selection.STRATIFIED):
        drawn = Counter(case for seed in range(4000) for case in draw(cases, method, 5, seed)[:5])
        assert all(abs(times - 1000) < 5 * (4000 * 0.25 * 0.75) ** 0.5 for times in drawn.values()), drawn
        assert len(drawn) == len(cases)


@given(STRATA, st.data())
def test_each_stratum_gets_its_share_within_one(strata: dict[str, int], data: st.DataObject) -> None:
    total = sum(strata.values())
    size = data.draw(st.integers(1, total))
    given_ = shares(strata, size, data.draw(SEEDS))
    assert sum(given_.values()) == size
    assert all(0 <= given_[name] <= has for name, has in strata.items())
    exact = {name: Fraction(has * size, total) for name, has in strata.items()}
    if size >= len(strata) and min(exact.values()) < 1:
        assert min(given_.values()) >= 1  # some have more than their share, so that none goes without
    else:
        assert all(abs(given_[name] - exact[name]) < 1 for name in strata)


@pytest.mark.parametrize(
    ("strata", "size", "expected"),
    [
        ({"a": 90, "b": 60, "c": 30}, 30, {"a": 15, "b": 10, "c": 5}),
        ({"a": 100, "b": 50, "c": 30}, 30, {"a": 17, "b": 8, "c": 5}),  # 16.7, 8.3, 5
        ({"a": 170, "b": 6, "c": 4}, 30, {"a": 28, "b": 1, "c": 1}),  # c's exact share is 0.67
        ({"a": 97, "b": 1, "c": 1, "d": 1}, 4, {"a": 1, "b": 1, "c": 1, "d": 1}),
        ({"a": 97, "b": 1, "c": 1, "d": 1}, 3, {"a": 3, "b": 0, "c": 0, "d": 0}),  # not enough for all
        ({"a": 3, "b": 2}, 5, {"a": 3, "b": 2}),
        ({"a": 64, "b": 36}, 13, {"a": 8, "b": 5}),  # 8.32 and 4.68: the larger fraction, not the larger team
        # d's share of 5 is one, and of the 2 that are left once b, c and e have theirs below one
        ({"a": 13, "b": 1, "c": 1, "d": 4, "e": 1}, 5, {"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}),
    ],
)
def test_shares_by_largest_remainder(strata: dict[str, int], size: int, expected: dict[str, int]) -> None:
    assert shares(strata, size, seed=7) == expected


def test_the_cases_of_each_team_are_counted_by_name() -> None:
    assert list(by_team(a_list(Nantwich=1, Crewe=3)).items()) == [("Crewe", 3), ("Nantwich", 1)]


def test_a_seed_has_nine_digits_at_most() -> None:
    assert len(str(LARGEST_SEED)) == 9


@given(LISTS, SEEDS, st.data())
def test_a_stratified_draw_takes_from_each_team_its_share(
    cases: list[ListedCase], seed: int, data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(cases)))
    drawn = Counter(case.team for case in draw(cases, Selection.STRATIFIED, size, seed)[:size])
    assert drawn == Counter(shares(by_team(cases), size, seed))


@given(LISTS, SEEDS, st.data())
def test_within_a_team_a_stratified_draw_keeps_the_order_of_the_seed(
    cases: list[ListedCase], seed: int, data: st.DataObject
) -> None:
    """The next reserve of a team is therefore the one that a larger draw would have taken."""
    size = data.draw(st.integers(1, len(cases)))
    stratified, plain = (
        draw(cases, method, size, seed) for method in (Selection.STRATIFIED, Selection.RANDOM)
    )
    for team in by_team(cases):
        assert [case for case in stratified if case.team == team] == [
            case for case in plain if case.team == team
        ]


@pytest.mark.parametrize("method", [Selection.HAND_PICKED, Selection.WHOLE_POPULATION])
def test_of_a_hand_picked_list_and_a_whole_population_all_are_taken(method: Selection) -> None:
    cases = a_list(Crewe=3, Nantwich=2)
    assert set(draw(cases, method, 5, seed=1)) == set(cases)
    with pytest.raises(ValueError, match="all 5 are taken"):
        draw(cases, method, 4, seed=1)


@pytest.mark.parametrize("size", [0, 6])
def test_a_size_that_the_list_does_not_have_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="cannot be drawn from 5"):
        draw(a_list(Crewe=5), Selection.RANDOM, size, seed=1)


def test_a_case_in_two_teams_is_refused() -> None:
    cases = [ListedCase("A", "Crewe"), ListedCase("A", "Nantwich")]
    with pytest.raises(ValueError, match="two teams"):
        draw(cases, Selection.RANDOM, 1, seed=1)


@pytest.mark.parametrize(
    ("method", "team", "expected"),
    [
        (Selection.STRATIFIED, "Crewe", 7),
        (Selection.STRATIFIED, "Nantwich", 6),
        (Selection.STRATIFIED, "Congleton", None),
        (Selection.RANDOM, "Congleton", 6),
    ],
)
def test_the_next_reserve_is_of_the_same_team_where_the_draw_is_stratified(
    method: Selection, team: str, expected: int | None
) -> None:
    assert next_reserve([(8, "Crewe"), (6, "Nantwich"), (7, "Crewe")], method, team) == expected
