"""The key areas of a cycle by team, and with and without each context factor, small numbers hidden. Pure.

Every breakdown is made safe by itself (app/small_numbers.py), and then all of them together, because a reader
of one can read them all:

- **Teams.** A team has as many audits in one key area as in any other, so that what one area shows would
  give away what another hides. Therefore a team with few audits is hidden in every area, with enough further
  teams that its size cannot be computed; of the others the size may be known, which hiding in one area
  allows for.
- **Factors.** One with few cases, or with few cases without it, is left out of every area.
- **Agencies.** Their counts stand on pages for some readers, and leave only where each agency has enough
  answers (by_agency.py). They divide the same audits once more: where they leave, a hidden small number of a
  team or a factor stays open when two audits of one agency could change places.
- **Teams and factors.** Both divide the same audits. A hidden small number of the one stays open when the
  answers of two audits could change places without a trace in anything that is shown. A factor for which that
  cannot be found, or which is in the way of it for a team, is left out of every area. With no factor left,
  what remains cannot give anything away: two areas have nothing in common but the teams.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from app.small_numbers import Shown, hide_small, is_small

MET, NOT_MET, NOT_APPLICABLE, NOT_ANSWERED = range(4)
"""The columns of an area by team. With and without a factor, the last two are one: no answer to count."""

Group = tuple[str, frozenset[str]]
"""Audits of one team whose cases have the same context factors."""
Cells = tuple[int, int, int, int]
"""The number of them that are met, not met, not applicable and not answered."""

OfAgency = tuple[Group, str | None]
"""Those of one agency; None where the cycle has no agencies."""

WITH, WITHOUT = "with", "without"

Name = TypeVar("Name", str, frozenset[str])


@dataclass(frozen=True)
class Breakdowns:
    """The breakdowns that may be shown: numbers of returned audits that count, None where hidden.

    `teams` has the audits of each team; `by_team` the four counts of each team by question. Both are empty
    when all of it is withheld. `factors` has the number of cases of each factor that can be shown at all;
    `by_factor` has by question and factor the rows "with" and "without" (met, not met, neither), but only
    those in which nothing is hidden. `left_out` are the factors that were there and are not shown in any
    area.
    """

    teams: Mapping[str, int | None]
    by_team: Mapping[str, Shown]
    factors: Mapping[str, int]
    by_factor: Mapping[str, Mapping[str, Shown]]
    left_out: tuple[str, ...]


def breakdowns(
    sizes: Mapping[Group, int], areas: Mapping[str, Mapping[Group, Cells]], limit: int
) -> Breakdowns:
    """Return the breakdowns of a cycle, counts from 1 to `limit` hidden.

    `sizes` has the number of returned audits that count in each group, none of them 0. `areas` has by
    question how the audits of each group answered it: all groups in each, the four cells adding up to its
    size.
    """
    teams = (
        hide_small(_by_team((team, (size,)) for (team, _), size in sizes.items()), limit) if sizes else None
    )
    small_teams = {} if teams is None else {team for team, row in teams.rows.items() if row.total is None}
    by_team = {
        question: hide_small(
            _by_team((team, cells) for (team, _), cells in groups.items()), limit, also=small_teams
        )
        for question, groups in areas.items()
        if teams is not None and not teams.is_withheld
    }
    present = sorted({factor for _, factors in sizes for factor in factors})
    alike = {question: _by_factors(groups) for question, groups in areas.items()}
    tables = {
        factor: {question: hide_small(_split(groups, factor), limit) for question, groups in alike.items()}
        for factor in present
        if _is_shown(factor, sizes, limit)
    }
    checked = [
        _Area(
            {(group, None): cells for group, cells in groups.items()},
            by_team.get(question),
            small_teams,
            limit,
        )
        for question, groups in areas.items()
    ]
    safe = _safe_factors(tables, dict(zip(areas, checked, strict=True)))
    return Breakdowns(
        teams={} if teams is None or teams.is_withheld else {t: row.total for t, row in teams.rows.items()},
        by_team=by_team,
        factors={f: sum(n for (_, factors), n in sizes.items() if f in factors) for f in safe},
        by_factor={
            question: {f: tables[f][question] for f in safe if not tables[f][question].hides_something}
            for question in areas
        },
        left_out=tuple(factor for factor in present if factor not in safe),
    )


def of_all_agencies(groups: Mapping[OfAgency, Cells]) -> dict[Group, Cells]:
    """Return the counts by group, those of all agencies added up."""
    together: dict[Group, Cells] = {}
    for (group, _), cells in groups.items():
        before = together.get(group)
        together[group] = cells if before is None else _added(before, cells)
    return together


def _added(some: Cells, others: Cells) -> Cells:
    met, not_met, not_applicable, not_answered = map(int.__add__, some, others)
    return met, not_met, not_applicable, not_answered


def give_nothing_away_by_agency(
    divided: Breakdowns, areas: Mapping[str, Mapping[OfAgency, Cells]], limit: int
) -> set[str]:
    """Return the questions whose counts by agency leave what the breakdowns hide as open as it is.

    `areas` has by question how the audits of each group and agency answered it.
    """
    small_teams = {team for team, size in divided.teams.items() if size is None}
    safe = set()
    for question, groups in areas.items():
        area = _Area(groups, divided.by_team.get(question), small_teams, limit)
        shown = divided.by_factor.get(question, {}).keys()
        hides_factors = all(area.hides_the_factor(f, shown) for f in divided.factors.keys() - shown)
        # the counts of one team alone are those of the key area, which are shown
        hides_teams = len({team for (team, _), _ in groups}) < 2 or area.hides_the_teams(shown)
        if hides_factors and hides_teams:
            safe.add(question)
    return safe


def _sums(parts: Iterable[tuple[Name, tuple[int, ...]]]) -> dict[Name, tuple[int, ...]]:
    """Return the counts added up by name."""
    sums: dict[Name, tuple[int, ...]] = {}
    for name, counts in parts:
        before = sums.get(name)
        sums[name] = counts if before is None else tuple(map(int.__add__, before, counts))
    return sums


def _by_team(parts: Iterable[tuple[str, tuple[int, ...]]]) -> dict[str, tuple[int, ...]]:
    """Return the counts added up by team, teams in the order of their names."""
    return dict(sorted(_sums(parts).items()))


def _by_factors(groups: Mapping[Group, Cells]) -> dict[frozenset[str], tuple[int, ...]]:
    """Return the counts of the cases with the same factors: met, not met, neither."""
    return _sums(
        (factors, (met, not_met, not_applicable + not_answered))
        for (_, factors), (met, not_met, not_applicable, not_answered) in groups.items()
    )


def _split(by_factors: Mapping[frozenset[str], tuple[int, ...]], factor: str) -> dict[str, tuple[int, ...]]:
    """Return the counts of the cases with and without a factor."""
    sides = _sums((WITH if factor in factors else WITHOUT, counts) for factors, counts in by_factors.items())
    return dict(sorted(sides.items()))


def _is_shown(factor: str, sizes: Mapping[Group, int], limit: int) -> bool:
    """True when more cases than the limit have the factor, and more than the limit have it not."""
    having = sum(size for (_, factors), size in sizes.items() if factor in factors)
    return limit < having < sum(sizes.values()) - limit


def _safe_factors(tables: Mapping[str, Mapping[str, Shown]], areas: Mapping[str, "_Area"]) -> list[str]:
    """Return the factors that give nothing away together with the teams and with each other."""
    safe = set(tables)
    while True:
        unsafe: set[str] = set()
        for question, area in areas.items():
            shown = {factor for factor in safe if not tables[factor][question].hides_something}
            unsafe |= {f for f in safe - shown if not area.hides_the_factor(f, shown)}
            if shown and not area.hides_the_teams(shown):
                unsafe |= shown
        if not unsafe:
            return sorted(safe)
        safe -= unsafe


class _Area:
    """A key area with a check whether answers could change places between audits without a trace."""

    def __init__(
        self,
        groups: Mapping[OfAgency, Cells],
        by_team: Shown | None,
        small_teams: Collection[str],
        limit: int,
    ) -> None:
        self._groups = groups
        self._limit = limit
        self._small_teams = small_teams
        teams = {team for (team, _), _ in groups}
        hidden = teams if by_team is None else {t for t, row in by_team.rows.items() if row.total is None}
        self._hidden_teams = hidden

    def hides_the_factor(self, factor: str, shown: Collection[str]) -> bool:
        """True when no small number of the hidden rows with and without a factor is settled.

        Each is open when one of its audits has the factor and another has it not, the two are of one team or
        of hidden teams, agree in the factors shown, are of one agency, and answered differently.
        """
        answers: dict[object, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
        for ((team, factors), agency), cells in self._groups.items():
            like = (None if team in self._hidden_teams else team, factors & frozenset(shown), agency)
            answers[like][factor in factors].update(_used((cells[0], cells[1], cells[2] + cells[3])))
        rows = _split(_by_factors(of_all_agencies(self._groups)), factor).values()
        small = {place for row in rows for place, count in enumerate(row) if is_small(count, self._limit)}
        return all(
            any(
                (column in have and have_not - {column}) or (column in have_not and have - {column})
                for have_not, have in answers.values()
            )
            for column in small
        )

    def hides_the_teams(self, shown: Collection[str]) -> bool:
        """True when no small number of a hidden team is settled.

        Each is open when an audit of the team and one of another hidden team agree in the factors shown, are
        of one agency and answered differently. For a team whose size is not known either it is enough that
        the team, or another such team, can spare an audit.
        """
        table = _sums((t, c) for ((t, _), _), c in self._groups.items() if t in self._hidden_teams)
        answers: dict[object, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for ((team, factors), agency), cells in self._groups.items():
            if team in self._hidden_teams:
                answers[factors & frozenset(shown), agency][team].update(_used(cells))
        return all(
            self._can_spare(table, team, column) or _can_change_places(answers.values(), team, column)
            for team, counts in table.items()
            for column, count in enumerate(counts)
            if is_small(count, self._limit)
        )

    def _can_spare(self, table: Mapping[str, tuple[int, ...]], team: str, column: int) -> bool:
        """True when the size of the team is hidden, and such an audit could be that of another such team."""
        if team not in self._small_teams:
            return False
        return any(table[t][column] and sum(table[t]) > 1 for t in self._small_teams if t in table)


def _can_change_places(alike: Iterable[Mapping[str, set[int]]], team: str, column: int) -> bool:
    for answers in alike:
        own = answers.get(team, set())
        others = set().union(*(used for other, used in answers.items() if other != team))
        if (column in own and others - {column}) or (column in others and own - {column}):
            return True
    return False


def _used(counts: tuple[int, ...]) -> set[int]:
    return {column for column, count in enumerate(counts) if count}
