"""The key areas of a cycle: figures beside their counts, where the evidence was, teams and context."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from app.audits.cycle import Cycle
from app.audits.standing import Standings
from app.findings.breakdowns import WITH, WITHOUT, Breakdowns, breakdowns
from app.findings.document import KeyArea, Share, Split
from app.findings.figures import Counts, Minimum, Sample, figure
from app.findings.tallies import Tallies, Tally, tallies
from app.small_numbers import Shown, hide_small

NO_PLACE = ""

CLEAR_LEAD = 5
"""By so many answers a team's main place leads: few that are hidden elsewhere cannot show in it."""


@dataclass(frozen=True)
class Counted:
    """The key areas in the order of the tool, and what is said of teams and context over all of them.

    `hides_something` tells whether small numbers were hidden anywhere.
    """

    areas: list[KeyArea]
    divided: Breakdowns
    main_places: Mapping[str, str]
    hides_something: bool


def counted(cycle: Cycle, standings: Standings, sample: Sample) -> Counted:
    """Return all that the answers of a cycle say, small numbers hidden."""
    minimum = Minimum(cycle.tool.minimum_answered, cycle.tool.minimum_count)
    told = tallies(cycle, standings)
    divided = breakdowns(told.sizes, {one.question: one.groups for one in told.questions}, cycle.hide_up_to)
    areas = []
    hides = bool(divided.left_out) or any(size is None for size in divided.teams.values())
    for tally in told.questions:
        counts = tally.counts
        by_place = _places(tally, told, counts.answered, cycle.hide_up_to)
        by_team = divided.by_team.get(tally.question)
        hides = hides or by_place.hides_something or by_team is None or by_team.hides_something
        areas.append(
            KeyArea(
                tally.question,
                tally.key_area,
                figure(counts, minimum, sample),
                _shown_places(by_place),
                tally.expected_level,
                _teams(by_team),
                {factor: _split(shown) for factor, shown in divided.by_factor[tally.question].items()},
            )
        )
    return Counted(areas, divided, _main_places(told, divided, cycle.hide_up_to), hides and bool(told.sizes))


def _places(tally: Tally, told: Tallies, answered: int, limit: int) -> Shown:
    """The places with small counts hidden, so that the number of answers does not give them away either."""
    counts = tally.found_in
    table = {place: (counts[place],) for place in told.places}
    table[NO_PLACE] = (answered - counts.total(),)
    return hide_small(table, limit)


def _shown_places(shown: Shown) -> dict[str, int | None]:
    totals = {place: row.total for place, row in shown.rows.items() if place != NO_PLACE}
    return {place: total for place, total in totals.items() if total != 0}


def _teams(shown: Shown | None) -> dict[str, Counts | None]:
    if shown is None or shown.is_withheld:
        return {}
    found: dict[str, Counts | None] = {}
    for team, row in shown.rows.items():
        known = [count for count in row.counts if count is not None]
        found[team] = Counts(*known) if row.total is not None else None
    return found


def _split(shown: Shown) -> Split:
    def share(side: str) -> Share:
        met, not_met, _ = shown.rows[side].counts
        assert met is not None
        assert not_met is not None
        return Share(met, met + not_met)

    return Split(share(WITH), share(WITHOUT))


def _main_places(told: Tallies, divided: Breakdowns, limit: int) -> dict[str, str]:
    """Return where most of each team's evidence was, over all questions, where every other is clearly
    behind."""
    found = {}
    for team, size in divided.teams.items():
        counts: Counter[str] = Counter()
        for tally in told.questions:
            counts.update(tally.places.get(team, Counter()))
        (place, most), (_, second) = [*counts.most_common(2), (NO_PLACE, 0), (NO_PLACE, 0)][:2]
        if size is not None and most - second >= max(CLEAR_LEAD, limit + 1):
            found[team] = place
    return found
