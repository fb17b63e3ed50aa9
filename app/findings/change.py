"""The difference of a share between two cycles, and what may be said of it. Pure.

Chance is spoken of only where chance chose the cases of at least one side. Never "improved": what a figure
says of practice is for its readers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.audits.returns import whole_per_cent
from app.audits.selection import Selection
from app.findings.figures import Figure
from app.intervals import Interval, newcombe, whole
from app.wording import listed, plural


@dataclass(frozen=True)
class SameCases:
    """The number of cases of the later of two cycles that were in the earlier one too, of all its cases.

    They are audits that count, by case number. None: some have no case number any more.
    """

    number: int | None
    of: int

    def __str__(self) -> str:
        """Return "14 of the 14 cases were in both cycles", or that none was, or that it is not known."""
        if self.number is None:
            return "it is not known whether any case was in both"
        if not self.number:
            return "no case was in both"
        return f"{self.number:,} of the {self.of:,} cases {plural(self.number, 'was', 'were')} in both cycles"


@dataclass(frozen=True)
class Side:
    """A share in one of two cycles: `met` of `answered`, with its 95% interval if it has one.

    `asked` are the audits of the cycle that were not withdrawn, `returned` those of them that count, and
    `applicable` those of these in which the question applied. `several_returns` says where cases have several
    returns: "12 returns about 2 cases".
    """

    cycle: str
    met: int
    answered: int
    interval: Interval | None
    selection: str | None
    asked: int
    returned: int
    applicable: int
    several_returns: str | None = None

    def __str__(self) -> str:
        """Return "15 of 25 (60%)"."""
        of = f"{self.met:,} of {self.answered:,}"
        return f"{of} ({whole_per_cent(self.met, self.answered)}%)" if self.answered else of

    @property
    def share(self) -> Fraction:
        """Return the exact share."""
        return Fraction(self.met, self.answered)

    @property
    def is_hand_picked(self) -> bool:
        """True when the cases were picked, so that nothing follows for others."""
        return self.selection == Selection.HAND_PICKED

    @property
    def asked_all(self) -> bool:
        """True when all cases there are were to be audited, or a sample turned out to be all of them."""
        if self.selection == Selection.WHOLE_POPULATION:
            return True
        return self.interval is None and self.several_returns is None and not self.is_hand_picked

    @property
    def counted_all(self) -> bool:
        """True when nothing is left to chance: all were asked, all came back, and all were answered."""
        return self.asked_all and self.returned == self.asked and self.answered == self.applicable

    @property
    def missing(self) -> str:
        """Return "6 of 34 are missing", or answers that are; nothing where none is."""
        returns, answers = self.asked - self.returned, self.applicable - self.answered
        parts = []
        if returns:
            parts.append(f"{returns:,} of {self.asked:,} {plural(returns, 'is', 'are')} missing")
        if answers:
            parts.append(f"{answers:,} of {self.applicable:,} answers {plural(answers, 'is', 'are')} missing")
        return listed(parts)

    @property
    def limits(self) -> Interval | None:
        """Return the bounds that its difference to another side is reckoned with."""
        return Interval(float(self.share), float(self.share)) if self.counted_all else self.interval


@dataclass(frozen=True)
class Change:
    """The difference between an earlier and a later share; fractions, -1 to 1.

    It has a 95% interval where chance had a part in it, else what it rests on, in words.
    """

    difference: Fraction
    interval: Interval | None = None
    rests_on: str | None = None

    @property
    def is_likely_real(self) -> bool:
        """True when the interval excludes 0: so large a change is rarely chance."""
        return self.interval is not None and (self.interval.low > 0 or self.interval.high < 0)

    @property
    def points(self) -> int:
        """Return the difference in whole percentage points, from the counts, not from rounded per cents."""
        return whole(100 * self.difference)

    def __str__(self) -> str:
        """Return "+20 points (-5 to +42), not shown to be real", "+70 points, every case counted in both"."""
        points = f"{_signed(self.points)} {plural(abs(self.points), 'point')}"
        if self.interval is None:
            return f"{points}, {self.rests_on}"
        low, high = self.interval.whole_per_cents
        verdict = "likely real" if self.is_likely_real else "not shown to be real"
        return f"{points} ({_signed(low)} to {_signed(high)}), {verdict}"


def change(before: Side, after: Side, same_cases: SameCases) -> Change:
    """Return the change from an earlier share to a later one of comparable cycles, both answered.

    A range says how far chance may have moved it. There is one only if the cycles have different cases, and
    those of one cycle at least were chosen at random. Cases that are in both are not two samples.
    """
    difference = after.share - before.share
    rests_on = _rests_on(before, after, same_cases)
    if rests_on is not None:
        return Change(difference, rests_on=rests_on)
    assert before.limits is not None
    assert after.limits is not None
    interval = newcombe((float(before.share), before.limits), (float(after.share), after.limits))
    return Change(difference, interval)


def _rests_on(before: Side, after: Side, same_cases: SameCases) -> str | None:
    """Return in words what a difference without an interval rests on; None where it has one."""
    sides = (before, after)
    if any(side.is_hand_picked for side in sides):
        return "these cases only"
    if all(side.counted_all for side in sides):
        return "every case counted in both"
    if any(side.asked_all and not side.counted_all for side in sides):
        return _asked_all(sides)
    if same_cases.number != 0:
        return str(same_cases)
    pooled = [side for side in sides if side.several_returns and not side.counted_all]
    return listed(f"{side.several_returns} in {side.cycle}" for side in pooled) or None


def _asked_all(sides: Sequence[Side]) -> str:
    """Return "all cases were asked; 6 of 34 are missing in 2005"."""
    asked = [side for side in sides if side.asked_all]
    if len(asked) == 1:
        return f"all cases of {asked[0].cycle} were asked; {asked[0].missing}"
    missing = listed(f"{side.missing} in {side.cycle}" for side in asked if side.missing)
    return f"all cases were asked; {missing}"


def without_figure(before: tuple[str, Figure], after: tuple[str, Figure]) -> str | None:
    """Return both counts and why there is no figure to compare, each with its cycle; None when both have one.

    It is never called "no difference": nothing is known of that.
    """
    why = [f"{cycle} ({figure.why_no_figure})" for cycle, figure in (before, after) if figure.why_no_figure]
    return f"{before[1]}, then {after[1]}; no figure in {listed(why)}" if why else None


def _signed(points: int) -> str:
    return f"{points:+d}" if points else "0"
