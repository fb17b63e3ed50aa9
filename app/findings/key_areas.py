"""What a cycle found: the figure of each key area beside its counts, and where the evidence was."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.answers.counts import AnswerCounts, answer_counts
from app.audits.standing import Standings
from app.cycles.models import Cycle
from app.findings.figures import Counts, Figure, Minimum, Sample, figure
from app.findings.small_numbers import hide_small

SMALL_UP_TO = 4
"""Counts from 1 to this are hidden in a breakdown."""

NO_PLACE = ""


@dataclass(frozen=True)
class KeyArea:
    """One question of the cycle's tool.

    `places` tells how many of its answers had their evidence in each place, None where that is hidden. A
    place without any is left out; so is what names no place, which would give away what is hidden.
    """

    question: str
    name: str
    figure: Figure
    places: Mapping[str, int | None]


def key_areas(cycle: Cycle, standings: Standings) -> list[KeyArea]:
    """The key areas of a cycle in the order of its tool, over the returned audits that count on that day."""
    minimum = Minimum(cycle.tool.minimum_answered, cycle.tool.minimum_count)
    sample = Sample(cycle.selection, cycle.population)
    return [
        KeyArea(
            counts.question,
            counts.key_area,
            figure(
                Counts(counts.met, counts.not_met, counts.not_applicable, counts.not_answered),
                minimum,
                sample,
            ),
            _shown_places(counts),
        )
        for counts in answer_counts(cycle, standings)
    ]


def _shown_places(counts: AnswerCounts) -> dict[str, int | None]:
    """The places with small counts hidden, so that the number of answers does not give them away either."""
    table = {place: (number,) for place, number in counts.places.items()}
    table[NO_PLACE] = (counts.answered - sum(counts.places.values()),)
    shown = hide_small(table, SMALL_UP_TO)
    totals = {place: row.total for place, row in shown.rows.items() if place != NO_PLACE}
    return {place: total for place, total in totals.items() if total != 0}
