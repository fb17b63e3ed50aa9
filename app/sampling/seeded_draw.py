"""A draw of cases from a list that anybody can repeat. Pure.

A draw depends on the cases, the method, the size and the seed alone: not on the order of the list, on
repeated cases or on the machine. Each case has its own place in the order of a seed: the
SHA-256 of "seed:case number" in UTF-8. Python's `random` is not used, because what its shuffle does with a
seed is not promised from one version to the next and depends on the order of the list.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from app.audits.selection import Selection, is_left_to_chance

LARGEST_SEED = 999_999_999
"""Nine digits, easily copied from a report by hand."""


@dataclass(frozen=True)
class ListedCase:
    """A case of a list: its number in the record system, and its team, the stratum of a stratified draw."""

    reference: str
    team: str


def draw(cases: Iterable[ListedCase], method: Selection, size: int, seed: int) -> Sequence[ListedCase]:
    """Return the cases in the order of the draw: the first `size` are drawn, the others are reserves.

    A random draw takes the first of the seed's order. A stratified one takes from each team its share
    (`shares`), of each team the first of the seed's order. Of a hand-picked list and of a whole population
    all are taken, so `size` is how many there are.

    Raises ValueError when the size does not fit the list, or one case is in two teams.
    """
    ordered = sorted(set(cases), key=lambda case: (_place(seed, case.reference), case.reference))
    if len({case.reference for case in ordered}) < len(ordered):
        raise ValueError("a case is in two teams")
    if not 1 <= size <= len(ordered):
        raise ValueError(f"{size} cannot be drawn from {len(ordered)}")
    if takes_all(method) and size < len(ordered):
        raise ValueError(f"all {len(ordered)} are taken where the method is {method}")
    if method is not Selection.STRATIFIED:
        return ordered
    left = dict(shares(Counter(case.team for case in ordered), size, seed))
    drawn: list[ListedCase] = []
    reserves: list[ListedCase] = []
    for case in ordered:
        (drawn if left[case.team] > 0 else reserves).append(case)
        left[case.team] -= 1
    return [*drawn, *reserves]


def takes_all(method: Selection) -> bool:
    """Return True for a method that takes every case of the list, so that nothing is left to chance."""
    return not is_left_to_chance(method)


def shares(strata: Mapping[str, int], size: int, seed: int) -> Mapping[str, int]:
    """Return the number of cases to draw from each stratum, `size` in all, given its number of cases.

    In proportion, by largest remainder: each stratum gets the whole part of its exact share, and what is left
    goes to the largest fractions; of two alike the larger stratum first, then by the seed. Where there are
    enough for all, a stratum whose exact share is below one gets one, and the others divide the rest in
    proportion. So each number is within one of the exact share (of the rest, where some strata got their
    one).
    """
    ones: dict[str, int] = {}
    left = dict(strata)
    if size >= len(strata):
        while small := [name for name, has in left.items() if has * (size - len(ones)) < sum(left.values())]:
            for name in small:
                ones[name] = 1
                del left[name]
    return {**ones, **_in_proportion(left, size - len(ones), seed)}


def _in_proportion(strata: Mapping[str, int], size: int, seed: int) -> Mapping[str, int]:
    total = sum(strata.values())
    shares = {name: has * size // total for name, has in strata.items()}
    by_fraction = sorted(
        strata, key=lambda name: (-(strata[name] * size % total), -strata[name], _place(seed, name), name)
    )
    for name in by_fraction[: size - sum(shares.values())]:
        shares[name] += 1
    return shares


def next_reserve(reserves: Iterable[tuple[int, str]], method: Selection, team: str) -> int | None:
    """Return the position of the reserve that stands in for a case of `team`; `reserves` are (position,
    team).

    In a stratified draw it is the first of the same team, otherwise the first of all. None when there is none
    left, as always where all cases of the list were taken.
    """
    fitting = (at for at, of_team in reserves if method is not Selection.STRATIFIED or of_team == team)
    return min(fitting, default=None)


def by_team(cases: Iterable[ListedCase]) -> Mapping[str, int]:
    """Count the cases of each team, the teams by name."""
    counted: dict[str, int] = defaultdict(int)
    for case in cases:
        counted[case.team] += 1
    return dict(sorted(counted.items()))


def _place(seed: int, name: str) -> bytes:
    return sha256(f"{seed}:{name}".encode()).digest()
