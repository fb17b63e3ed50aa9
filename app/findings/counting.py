"""The key areas of a cycle: their figures and counts, the places of the evidence, teams and context."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from app.audits.cycle import Cycle
from app.audits.standing import Standings
from app.findings.breakdowns import WITH, WITHOUT, Breakdowns, breakdowns, give_nothing_away_by_agency
from app.findings.by_agency import CountsByAgency, counts_by_agency, questions_that_leave
from app.findings.figures import Counts, Minimum, Sample, figure
from app.findings.key_area import KeyArea, Share, Split
from app.findings.met_words import met_as
from app.findings.numbers import Numbers, numbers
from app.findings.responses import given, together
from app.findings.tallies import Tallies, Tally, tallies
from app.small_numbers import Shown, hide_small
from app.tools.content import DAYS, RESPONSE, WORKING

NO_PLACE = ""

CLEAR_LEAD = 5
"""Answers by which a team's main place must lead, so that few hidden ones cannot show in it."""


@dataclass(frozen=True)
class Counted:
    """The key areas in the order of the tool, and the breakdowns by team and context over all of them.

    `hides_something` is True when small numbers were hidden anywhere. `above_limit` is the number of audits
    with an overall grade above a limit of the tool, some of them with a reason. `by_agency` and the questions
    `leaving` are those of by_agency.py. `does_apply` says of a question (key) and an audit (id) whether the
    question applies to it.
    """

    areas: list[KeyArea]
    divided: Breakdowns
    main_places: Mapping[str, str]
    hides_something: bool
    above_limit: int
    above_limit_with_reason: int
    by_agency: CountsByAgency
    leaving: tuple[str, ...]
    does_apply: Callable[[str, int], bool]


def counted(cycle: Cycle, standings: Standings, sample: Sample) -> Counted:
    """Return the results of all answers of a cycle, small numbers hidden."""
    minimum = Minimum(cycle.tool.minimum_answered, cycle.tool.minimum_count)
    totals = tallies(cycle, standings)
    divisible = [tally for tally in totals.questions if tally.is_divided]
    divided, of_meetings = (
        breakdowns(
            sizes,
            {tally.question: tally.groups for tally in divisible if tally.asked.per_case is per_case},
            cycle.hide_up_to,
        )
        for sizes, per_case in ((totals.sizes, False), (totals.meetings, True))
    )
    areas = []
    hides = bool(divided.left_out) or any(size is None for size in divided.teams.values())
    for tally in totals.questions:
        counts = tally.counts
        by_place = _places(tally, totals, counts.answered, cycle.hide_up_to)
        by_team = (of_meetings if tally.asked.per_case else divided).by_team.get(tally.question)
        # a case has one meeting: of it alone there are no several returns
        of_question = replace(sample, has_several_returns=False) if tally.asked.per_case else sample
        hides = hides or by_place.hides_something
        if tally.is_met_or_not:
            hides = hides or by_team is None or by_team.hides_something
        shown = figure(counts, minimum, of_question, is_met_or_not=tally.is_met_or_not)
        asked = tally.asked
        responses = given(tally.responses, tally.counting, shown, of_question)
        areas.append(
            KeyArea(
                asked.key,
                asked.key_area,
                shown,
                _shown_places(by_place),
                asked.expected_level,
                _teams(by_team),
                {f: _split(split) for f, split in divided.by_factor.get(asked.key, {}).items()},
                kind=tally.kind,
                responses=responses,
                several=tally.scale.several,
                is_met_or_not=tally.is_met_or_not,
                numbers=_numbers(tally, minimum),
                at_most=asked.at_most,
                theme=asked.theme,
                recorded_in=asked.recorded_in,
                per_case=asked.per_case,
                met_as=met_as(tally.scale),
                at_most_share=together(responses, asked.at_most.responses, shown, of_question)
                if asked.at_most
                else None,
                asked_in=tally.asked_in,
                waiting=tally.waiting,
                no_reason_given=tally.without_reason,
            )
        )
    by_agency, leaving = _by_agency(cycle, totals, divided)
    return Counted(
        areas,
        divided,
        _main_places(totals, divided, cycle.hide_up_to),
        hides and bool(totals.sizes or totals.meetings),
        totals.above_limit,
        totals.above_limit_with_reason,
        by_agency,
        leaving,
        totals.does_apply,
    )


def _by_agency(cycle: Cycle, totals: Tallies, divided: Breakdowns) -> tuple[CountsByAgency, tuple[str, ...]]:
    """Return the counts of each agency, and the questions of which they may leave."""
    agencies = cycle.agencies
    asked = [tally for tally in totals.questions if agencies and not tally.asked.per_case]
    hides_nothing = {tally.question for tally in asked if not tally.is_met_or_not}
    safe = hides_nothing | give_nothing_away_by_agency(
        divided, {tally.question: tally.cells for tally in asked if tally.is_met_or_not}, cycle.hide_up_to
    )
    counts = counts_by_agency(
        agencies,
        {tally.question: tally.by_agency for tally in asked},
        {tally.question: list(tally.counting) for tally in asked},
    )
    leaving = questions_that_leave({tally.question: tally.answered for tally in asked}, agencies, safe)
    return counts, leaving


def _numbers(tally: Tally, minimum: Minimum) -> Numbers | None:
    """Return the middle of the numbers of a question that asks for them."""
    asked = tally.asked
    if asked.answer == RESPONSE:
        return None
    unit = asked.unit or ""
    if asked.answer == DAYS:
        unit = "working days" if asked.counted_in == WORKING else "days"
    return numbers(tally.values, tally.counts, minimum, unit)


def _places(tally: Tally, totals: Tallies, answered: int, limit: int) -> Shown:
    """Return the places with small counts hidden, so that the number of answers does not give them away."""
    counts = tally.found_in
    if not counts.total():
        # nothing is said of places that nobody gave, not even that they are hidden
        return hide_small({NO_PLACE: (0,)}, limit)
    table = {place: (counts[place],) for place in totals.places}
    table[NO_PLACE] = (answered - counts.total(),)
    return hide_small(table, limit)


def _shown_places(shown: Shown) -> dict[str, int | None]:
    totals = {place: row.total for place, row in shown.rows.items() if place != NO_PLACE}
    return {place: total for place, total in totals.items() if total != 0}


def _teams(shown: Shown | None) -> dict[str, Counts | None]:
    if shown is None or shown.is_withheld:
        return {}
    teams: dict[str, Counts | None] = {}
    for team, row in shown.rows.items():
        known = [count for count in row.counts if count is not None]
        teams[team] = Counts(*known) if row.total is not None else None
    return teams


def _split(shown: Shown) -> Split:
    def share(side: str) -> Share:
        met, not_met, _ = shown.rows[side].counts
        assert met is not None
        assert not_met is not None
        return Share(met, met + not_met)

    return Split(share(WITH), share(WITHOUT))


def _main_places(totals: Tallies, divided: Breakdowns, limit: int) -> dict[str, str]:
    """Return the place with most of each team's evidence over all questions, when it clearly leads."""
    main_places = {}
    for team, size in divided.teams.items():
        counts = totals.places_of_teams.get(team, Counter())
        (place, most), (_, second) = [*counts.most_common(2), (NO_PLACE, 0), (NO_PLACE, 0)][:2]
        if size is not None and most - second >= max(CLEAR_LEAD, limit + 1):
            main_places[team] = place
    return main_places
