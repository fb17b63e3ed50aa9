"""The counts of agencies: which may leave, and that those of teams and factors stay hidden beside them."""

from collections import Counter, defaultdict
from dataclasses import dataclass

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.findings.breakdowns import (
    Breakdowns,
    Cells,
    OfAgency,
    breakdowns,
    give_nothing_away_by_agency,
    of_all_agencies,
)
from app.findings.by_agency import (
    FEWEST_ANSWERS,
    Returned,
    SeveralAgencies,
    counts_by_agency,
    questions_that_leave,
)

from .test_breakdowns import AREAS, FACTORS, Case, Cases, is_about, numbers, otherwise, shown


@dataclass(frozen=True)
class Return(Case):
    """An audit of one agency."""

    agency: str = "Police"


def divided(returns: Cases, limit: int) -> tuple[Breakdowns, set[str]]:
    """The breakdowns, and the areas whose counts by agency give nothing away."""
    areas: dict[str, dict[OfAgency, Cells]] = defaultdict(dict)
    keys = {(each.group, agency_of(each)) for each in returns}
    for place, area in enumerate(AREAS):
        for group, agency in keys:
            column = Counter(
                each.answers[place] for each in returns if each.group == group and agency_of(each) == agency
            )
            areas[area][group, agency] = (column[0], column[1], column[2], column[3])
    sizes = Counter(each.group for each in returns)
    found = breakdowns(sizes, {area: of_all_agencies(groups) for area, groups in areas.items()}, limit)
    return found, give_nothing_away_by_agency(found, areas, limit)


def agency_of(each: Case) -> str:
    assert isinstance(each, Return)
    return each.agency


def by_agency(returns: Cases, areas: set[str]) -> Counter[tuple[str, ...]]:
    """The numbers that leave of agencies, by what they count."""
    found: Counter[tuple[str, ...]] = Counter()
    for each in returns:
        found["agency", agency_of(each)] += 1
        for place, area in enumerate(AREAS):
            if area in areas:
                found["agency", agency_of(each), area, str(each.answers[place])] += 1
    return found


some_returns = st.lists(
    st.builds(
        Return,
        st.sampled_from(["Crewe", "Nantwich", "Wilmslow"]),
        st.sampled_from([frozenset[str](), frozenset({"vacancy"}), frozenset(FACTORS)]),
        st.tuples(st.sampled_from([0, 1, 3]), st.sampled_from([0, 1])),
        st.sampled_from(["Police", "School"]),
    ),
    min_size=2,
    max_size=24,
).map(tuple)


def rows(*rows: tuple[str, str, int, int]) -> Cases:
    """Returns from rows of team, agency, answer, and how many there are."""
    return tuple(
        Return(team, frozenset(), (answer, 0), agency)
        for team, agency, answer, number in rows
        for _ in range(number)
    )


SETTLED = rows(("Crewe", "Police", 0, 6), ("Crewe", "Police", 1, 2), ("Nantwich", "School", 0, 7))
"""The two not met of Crewe are hidden, and are all that the police have."""
OPEN = rows(
    *(
        (team, agency, answer, 3)
        for team in ("Crewe", "Nantwich")
        for agency in ("Police", "School")
        for answer in (0, 1)
    )
)


@given(some_returns, st.integers(1, 3))
@example(SETTLED, 3)
@example(OPEN, 3)
def test_hidden_small_numbers_stay_open_beside_the_counts_of_agencies(returns: Cases, limit: int) -> None:
    found, safe = divided(returns, limit)
    every, open_to = numbers(returns), shown(returns, found)
    leaving = by_agency(returns, safe)
    hidden = {
        name
        for name, number in every.items()
        if name[0] != "area"
        and name not in open_to
        and 1 <= number <= limit
        and is_about(name, found)
        and any(area in safe for area in name)
    }
    for other in otherwise(returns):
        if not hidden:
            break
        told = numbers(other)
        if by_agency(other, safe) != leaving:
            continue
        if all(told.get(name, 0) == every.get(name, 0) for name in open_to):
            hidden = {name for name in hidden if told.get(name, 0) == every[name]}
    assert hidden == set()


def test_the_counts_of_agencies_leave_where_they_settle_nothing() -> None:
    assert divided(OPEN, 3)[1] == {"seen", "plan"}
    assert "seen" not in divided(SETTLED, 3)[1]


def test_with_one_team_there_is_nothing_to_give_away() -> None:
    assert divided(rows(("Crewe", "Police", 0, 6), ("Crewe", "School", 1, 2)), 4)[1] == {"seen", "plan"}


@pytest.mark.parametrize(
    ("answered", "safe", "leaving"),
    [
        ({"Police": 10, "School": 10}, {"seen"}, ("seen",)),
        ({"Police": 10, "School": 9}, {"seen"}, ()),
        ({"Police": 30}, {"seen"}, ()),
        ({"Police": 10, "School": 10}, set[str](), ()),
    ],
)
def test_counts_leave_only_where_every_agency_has_ten_answers(
    answered: dict[str | None, int], safe: set[str], leaving: tuple[str, ...]
) -> None:
    assert FEWEST_ANSWERS == 10
    assert questions_that_leave({"seen": answered}, ["Police", "School"], safe) == leaving
    assert questions_that_leave({"seen": answered}, [], safe) == ()


def test_what_leaves_are_the_counts_of_those_questions_alone() -> None:
    counts = counts_by_agency(
        ["Police", "School"],
        {"seen": {"Police": {"yes": 7, "no": 3}, "School": {"yes": 10}}, "plan": {"Police": {"good": 1}}},
        {"seen": ["yes", "no"], "plan": ["good"]},
    )
    assert counts["School"] == {"seen": {"yes": 10, "no": 0}, "plan": {"good": 0}}
    returns = {"Police": Returned(10, 10), "School": Returned(10, 11)}
    told = SeveralAgencies(returns, cases=11, complete=10, counts=counts, leaving=("seen",))
    assert told.counts_that_leave == {
        "Police": {"seen": {"yes": 7, "no": 3}},
        "School": {"seen": {"yes": 10, "no": 0}},
    }
    assert str(returns["School"]) == "10 of 11"
    assert SeveralAgencies(returns, 11, 10, counts).counts_that_leave is None
