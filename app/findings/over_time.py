"""A key area over all cycles that asked about it: its figures, the breaks between them, runs and limits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from app.audits.cycle import Cycle
from app.cycles import queries
from app.cycles.models import EarlierCycle
from app.findings.comparability import (
    NOT_DECLARED,
    AskedQuestion,
    Circumstances,
    are_declared,
    changed_circumstances,
    changed_question,
)
from app.findings.earlier import Published, earlier_cycles, published
from app.findings.figures import Figure
from app.findings.freezing import findings_of
from app.findings.key_area import KeyArea
from app.findings.questions import circumstances, questions_of
from app.findings.run_chart import Limits, Run, centre_line, control_limits, runs


@dataclass(frozen=True)
class Point:
    """The figure of the key area in one cycle. A cycle without a figure is a gap.

    `breaks` are the changes since the cycle before, in words: nothing is counted across a break. `area` is
    None for a past cycle as published, of which only a percentage is known.
    """

    reference: str
    title: str
    day: date
    """The day its audits were requested; of a past cycle as published, the day it was reported."""
    found: Figure | Published
    is_open: bool = False
    breaks: Sequence[str] = ()
    area: KeyArea | None = None

    @property
    def share(self) -> float | None:
        """Return the figure as a fraction, from its counts when they are known; None: no figure."""
        if isinstance(self.found, Published):
            return self.found.percent / 100
        return None if self.found.share is None else float(self.found.share)

    @property
    def counts(self) -> tuple[int, int] | None:
        """Return (met, answered) for control limits; None without an interval, so where counts are not known
        or the cases were not left to chance."""
        if isinstance(self.found, Published) or self.found.interval is None:
            return None
        return self.found.counts.met, self.found.counts.answered


@dataclass(frozen=True)
class Stretch:
    """The points between two breaks, with the runs and limits that they have together."""

    points: Sequence[Point]
    first: int
    """The index of its first point among all."""
    median: float | None
    runs: Sequence[Run]
    limits: Limits | None

    @property
    def outside(self) -> list[Point]:
        """Return the points outside the control limits."""
        return [point for place, point in enumerate(self.points) if self.is_outside(place)]

    def is_outside(self, place: int) -> bool:
        """True when the point at that index of the stretch lies outside its control limits."""
        share = self.points[place].share
        within = None if self.limits is None else self.limits.of_each[place]
        return share is not None and within is not None and not within[0] <= share <= within[1]


def points_of(question: str, on: date) -> list[Point]:
    """Return the figure of each cycle that asked the question, as of a day, in the order of the requests.

    A cycle that did not ask it is left out: it says nothing about it.
    """
    cycles = [cycle for cycle in queries.all_cycles() if cycle.requested_on <= on]
    asked = questions_of({cycle.tool_id for cycle in cycles})
    asking: list[tuple[Point, Circumstances, AskedQuestion | None]] = [
        (_own(cycle, question, on), circumstances(cycle), asked[cycle.tool_id][question])
        for cycle in cycles
        if question in asked[cycle.tool_id]
    ]
    asking += [
        (_as_published(cycle, question), Circumstances(cycle.reference), None)
        for cycle in earlier_cycles()
        if cycle.reported_on <= on and question in published(cycle)
    ]
    asking.sort(key=lambda entry: (entry[0].day, entry[0].reference))
    return _with_breaks(asking)


def stretches(points: Sequence[Point]) -> list[Stretch]:
    """Return the points between one break and the next, each stretch by itself."""
    starts = [place for place, point in enumerate(points) if place == 0 or point.breaks]
    parts = []
    for start, end in pairwise([*starts, len(points)]):
        part = points[start:end]
        shares = [point.share for point in part]
        limits = control_limits([point.counts for point in part])
        parts.append(Stretch(part, start, centre_line(shares), runs(shares), limits))
    return parts


def _own(cycle: Cycle, question: str, on: date) -> Point:
    area = next(area for area in findings_of(cycle, on).areas if area.question == question)
    return Point(
        cycle.reference,
        cycle.title,
        cycle.requested_on,
        area.figure,
        is_open=cycle.is_open(on),
        area=area,
    )


def _as_published(cycle: EarlierCycle, question: str) -> Point:
    return Point(cycle.reference, cycle.title, cycle.reported_on, published(cycle)[question])


def _with_breaks(asking: Sequence[tuple[Point, Circumstances, AskedQuestion | None]]) -> list[Point]:
    """Return the points, each with its breaks from the one before. A cycle belongs to a stretch when it is
    declared comparable with a cycle of it and nothing else has changed since."""
    points: list[Point] = []
    stretch: list[Circumstances] = []
    for place, (point, cycle, asked) in enumerate(asking):
        breaks: list[str] = []
        if place:
            _, before, asked_before = asking[place - 1]
            if asked is not None and asked_before is not None:
                breaks += changed_question(asked_before, asked)
            breaks += changed_circumstances(before, cycle)
            if not any(are_declared(other, cycle) for other in stretch):
                breaks.append(NOT_DECLARED)
        stretch = [cycle] if breaks else [*stretch, cycle]
        points.append(replace(point, breaks=breaks))
    return points
