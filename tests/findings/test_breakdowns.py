"""Teams and context beside each other: no small number can be computed from all that is shown together."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.findings.breakdowns import Breakdowns, Cells, Group, breakdowns

LIMIT = 4
AREAS = ("seen", "plan")


@dataclass(frozen=True)
class Case:
    """An audit: its team, its factors, and the column of its answer in each area."""

    team: str
    factors: frozenset[str]
    answers: tuple[int, ...]

    @property
    def group(self) -> Group:
        return self.team, self.factors


Cases = tuple[Case, ...]


def divided(cases: Cases, limit: int = LIMIT) -> Breakdowns:
    return breakdowns(*counted(cases), limit)


def counted(cases: Cases) -> tuple[dict[Group, int], dict[str, dict[Group, Cells]]]:
    sizes = Counter(case.group for case in cases)
    areas: dict[str, dict[Group, Cells]] = defaultdict(dict)
    for place, area in enumerate(AREAS):
        for group in sizes:
            column = Counter(case.answers[place] for case in cases if case.group == group)
            areas[area][group] = (column[0], column[1], column[2], column[3])
    return dict(sizes), dict(areas)


Numbers = dict[tuple[str, ...], int]


def numbers(cases: Cases) -> Numbers:
    """Return every number of every breakdown, hidden or not, by the thing that it counts."""
    found: Counter[tuple[str, ...]] = Counter()
    for case in cases:
        found["team", case.team] += 1
        for place, area in enumerate(AREAS):
            found["area", area, str(case.answers[place])] += 1
            found["team", case.team, area, str(case.answers[place])] += 1
            column = str(min(case.answers[place], 2))
            for factor in FACTORS:
                found["factor", factor, side(factor, case), area, column] += 1
        for factor in FACTORS:
            found["factor", factor, side(factor, case)] += 1
    return found


FACTORS = ("vacancy", "new manager")


def side(factor: str, case: Case) -> str:
    return "with" if factor in case.factors else "without"


def shown(cases: Cases, found: Breakdowns) -> set[tuple[str, ...]]:
    """The names of the numbers that are shown. The counts of a key area always are."""
    every = numbers(cases)
    names = {name for name in every if name[0] == "area"}
    names |= {("team", team) for team, size in found.teams.items() if size is not None}
    for area, by_team in found.by_team.items():
        if not by_team.is_withheld:
            names |= {
                ("team", team, area, str(column))
                for team, row in by_team.rows.items()
                for column, count in enumerate(row.counts)
                if count is not None
            }
    for factor in found.factors:
        names |= {("factor", factor, which) for which in ("with", "without")}
    for area, tables in found.by_factor.items():
        for factor in tables:
            names |= {
                ("factor", factor, which, area, str(column))
                for which in ("with", "without")
                for column in range(3)
            }
    return names


def otherwise(cases: Cases) -> Iterator[Cases]:
    """The same number of audits that differ in one thing: an answer, team or factor changed places between
    two of them, or one of them is of another team or had another factor, or two such at once in one area."""
    for i, j in combinations(range(len(cases)), 2):
        first, second = cases[i], cases[j]
        for place in range(len(AREAS)):
            if first.answers[place] != second.answers[place]:
                yield with_these(
                    cases, {i: answering(first, place, second), j: answering(second, place, first)}
                )
    teams = {case.team for case in cases}
    for i, case in enumerate(cases):
        for team in teams - {case.team}:
            yield with_these(cases, {i: replace(case, team=team)})
        for factor in FACTORS:
            yield with_these(cases, {i: replace(case, factors=case.factors ^ {factor})})


def answering(case: Case, place: int, other: Case) -> Case:
    answers = list(case.answers)
    answers[place] = other.answers[place]
    return replace(case, answers=tuple(answers))


def with_these(cases: Cases, changed: dict[int, Case]) -> Cases:
    return tuple(changed.get(number, case) for number, case in enumerate(cases))


some_cases = st.lists(
    st.builds(
        Case,
        st.sampled_from(["Crewe", "Nantwich", "Wilmslow"]),
        st.sampled_from([frozenset[str](), frozenset({"vacancy"}), frozenset(FACTORS)]),
        st.tuples(st.sampled_from([0, 1, 3]), st.sampled_from([0, 1])),
    ),
    min_size=2,
    max_size=24,
).map(tuple)


@given(some_cases, st.integers(1, 3))
def test_no_small_number_is_shown(cases: Cases, limit: int) -> None:
    every, found = numbers(cases), divided(cases, limit)
    small = {name for name in shown(cases, found) if 1 <= every.get(name, 0) <= limit}
    assert {name for name in small if name[0] != "area"} == set()


def an_example(*rows: tuple[str, str, int, int, int]) -> Cases:
    """Cases from rows of team, factor or nothing, answers in the two areas, and how many there are."""
    return tuple(
        Case(team, frozenset({factor} if factor else ()), (seen, plan))
        for team, factor, seen, plan, number in rows
        for _ in range(number)
    )


@given(some_cases, st.integers(1, 3))
def test_a_hidden_small_number_has_two_values_that_agree_with_all_that_is_shown(
    cases: Cases, limit: int
) -> None:
    found, every = divided(cases, limit), numbers(cases)
    open_to = shown(cases, found)
    given_away = set()
    if found.factors:  # without factors only teams are shown, of which small_numbers.py has its own proof
        hidden = {
            name
            for name, number in every.items()
            if name[0] != "area" and name not in open_to and 1 <= number <= limit and is_about(name, found)
        }
        for other in otherwise(cases):
            told = numbers(other)
            if all(told.get(name, 0) == every.get(name, 0) for name in open_to):
                hidden = {name for name in hidden if told.get(name, 0) == every[name]}
            if not hidden:
                break
        given_away = hidden
    assert given_away == set()


def is_about(name: tuple[str, ...], found: Breakdowns) -> bool:
    """A number of something that is told of at all: a factor that is kept, or one team of several (those of
    a single team are the key area's)."""
    return name[1] in found.factors if name[0] == "factor" else len(found.teams) > 1


def test_a_team_with_few_audits_is_hidden_in_every_area_with_the_same_others() -> None:
    cases = an_example(
        ("Crewe", "", 0, 0, 9),
        ("Nantwich", "", 0, 1, 3),
        ("Wilmslow", "", 1, 0, 7),
        ("Poynton", "", 0, 0, 20),
    )
    found = divided(cases)
    assert found.teams == {"Crewe": 9, "Nantwich": None, "Poynton": 20, "Wilmslow": None}
    for shown_of in found.by_team.values():
        assert {"Nantwich", "Wilmslow"} <= {t for t, row in shown_of.rows.items() if row.total is None}


def test_what_one_area_shows_does_not_give_away_the_size_of_a_team() -> None:
    """Were each area hidden by itself, one would hide Nantwich with Crewe and the other with Wilmslow."""
    cases = an_example(
        ("Crewe", "", 0, 0, 6),
        ("Nantwich", "", 0, 0, 3),
        ("Wilmslow", "", 0, 0, 8),
        ("Wilmslow", "", 1, 1, 2),
    )
    hidden = [
        {team for team, row in of.rows.items() if row.total is None} for of in divided(cases).by_team.values()
    ]
    assert all({"Nantwich", "Crewe"} <= teams for teams in hidden)


def test_results_with_and_without_a_factor_are_shown_where_no_count_is_small() -> None:
    cases = an_example(
        ("Crewe", "vacancy", 0, 0, 8),
        ("Crewe", "vacancy", 1, 1, 7),
        ("Crewe", "", 0, 0, 10),
        ("Crewe", "", 1, 1, 9),
    )
    found = divided(cases)
    assert found.factors == {"vacancy": 15}
    rows = found.by_factor["seen"]["vacancy"].rows
    assert (rows["with"].counts, rows["without"].counts) == ((8, 7, 0), (10, 9, 0))


@pytest.mark.parametrize("having", [1, 4, 36, 39])
def test_a_factor_that_few_cases_had_or_had_not_is_left_out(having: int) -> None:
    cases = an_example(
        ("Crewe", "vacancy", 0, 0, having), ("Crewe", "", 0, 0, 20 - having // 2), ("Crewe", "", 1, 1, 20)
    )[:40]
    found = divided(cases)
    assert found.factors == {}
    assert found.left_out == ("vacancy",)
    assert all(not tables for tables in found.by_factor.values())


def test_a_factor_that_would_give_a_hidden_team_away_is_left_out() -> None:
    """Vacancies were in all of Crewe and nowhere else, so the results with a vacancy are those of Crewe."""
    cases = an_example(
        ("Crewe", "vacancy", 0, 0, 12),
        ("Crewe", "vacancy", 1, 1, 3),
        ("Nantwich", "", 0, 0, 9),
        ("Nantwich", "", 1, 1, 9),
    )
    found = divided(cases)
    assert found.by_factor["seen"] == {}


@pytest.mark.parametrize(
    ("why", "rows", "kept"),
    [
        (
            "one of the few with it that are not met could be one of the met without it",
            [("Crewe", "vacancy", 0, 0, 8), ("Crewe", "vacancy", 1, 0, 2), ("Crewe", "", 0, 0, 10)],
            True,
        ),
        (
            "the few with it are as all without it, and one of these could be one of the others with it",
            [("Crewe", "vacancy", 1, 0, 3), ("Crewe", "vacancy", 2, 0, 7), ("Crewe", "", 1, 0, 10)],
            True,
        ),
        (
            "not applicable is no answer as much as a blank is",
            [("Crewe", "vacancy", 0, 0, 8), ("Crewe", "vacancy", 2, 0, 2), ("Crewe", "", 0, 0, 10)],
            True,
        ),
        (
            "not applicable and a blank are the same beside a factor",
            [
                ("Crewe", "vacancy", 0, 0, 8),
                ("Crewe", "vacancy", 2, 0, 1),
                ("Crewe", "vacancy", 3, 0, 1),
                ("Crewe", "", 0, 0, 10),
            ],
            True,
        ),
        (
            "all of Crewe is not met, with it and without, and none of Nantwich: nothing could change places",
            [
                ("Crewe", "vacancy", 1, 0, 3),
                ("Crewe", "", 1, 0, 6),
                ("Nantwich", "vacancy", 0, 0, 9),
                ("Nantwich", "", 0, 0, 9),
            ],
            False,
        ),
        (
            "all of Crewe had it and nobody else, so what is said of it is said of Crewe",
            [
                ("Crewe", "vacancy", 0, 0, 10),
                ("Crewe", "vacancy", 2, 0, 3),
                ("Crewe", "vacancy", 3, 0, 3),
                ("Nantwich", "", 0, 0, 16),
            ],
            False,
        ),
        (
            "of those who had it some are of Nantwich, and answered otherwise than the few of Crewe",
            [
                ("Crewe", "vacancy", 0, 0, 10),
                ("Crewe", "vacancy", 2, 0, 3),
                ("Crewe", "vacancy", 3, 0, 3),
                ("Nantwich", "vacancy", 0, 0, 10),
                ("Nantwich", "", 0, 0, 10),
            ],
            True,
        ),
        (
            "how many Crewe has is hidden, so one of its three could be of Wilmslow",
            [
                ("Crewe", "vacancy", 0, 0, 3),
                ("Nantwich", "vacancy", 0, 0, 10),
                ("Nantwich", "", 0, 0, 10),
                ("Wilmslow", "", 0, 0, 6),
            ],
            True,
        ),
        (
            "how many Crewe has is hidden, so one of its two could be of Wilmslow, of which none is not met",
            [
                ("Crewe", "vacancy", 1, 0, 2),
                ("Nantwich", "vacancy", 0, 0, 10),
                ("Nantwich", "vacancy", 1, 0, 5),
                ("Nantwich", "", 0, 0, 10),
                ("Wilmslow", "", 0, 0, 7),
            ],
            True,
        ),
        (
            "the one of Crewe cannot be spared, and nobody of Wilmslow is not met",
            [
                ("Crewe", "vacancy", 1, 0, 1),
                ("Nantwich", "vacancy", 0, 0, 10),
                ("Nantwich", "vacancy", 1, 0, 5),
                ("Nantwich", "", 0, 0, 10),
                ("Wilmslow", "", 0, 0, 6),
            ],
            False,
        ),
    ],
)
def test_a_factor_is_shown_where_hidden_numbers_stay_open(
    why: str, rows: list[tuple[str, str, int, int, int]], kept: bool
) -> None:
    found = divided(an_example(*rows))
    assert ("vacancy" in found.factors) is kept, why
    assert found.left_out == (() if kept else ("vacancy",)), why


def test_a_cycle_without_audits_has_nothing_to_divide() -> None:
    found = breakdowns({}, {"seen": {}}, LIMIT)
    assert (found.teams, found.by_team, found.factors, found.left_out) == ({}, {}, {}, ())
