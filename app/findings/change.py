"""The change of a key area between two cycles, and the verdict whether it may be chance. Pure."""

from dataclasses import dataclass

from app.findings.figures import Figure
from app.intervals import Interval, newcombe, whole


@dataclass(frozen=True)
class Change:
    """The difference between an earlier and a later figure, with its 95% interval; all fractions, -1 to 1."""

    difference: float
    interval: Interval

    @property
    def is_likely_real(self) -> bool:
        """True when the interval excludes 0: so large a change is rarely chance."""
        return self.interval.low > 0 or self.interval.high < 0

    @property
    def points(self) -> int:
        """Return the difference in whole percentage points, from the counts, not from rounded per cents."""
        return whole(100 * self.difference)

    @property
    def verdict(self) -> str:
        """Return in words whether it is more than chance. Never "improved": other children were audited."""
        return "likely real" if self.is_likely_real else "not shown to be real"

    def __str__(self) -> str:
        """Return "+20 points (-5 to +42), not shown to be real"."""
        low, high = self.interval.whole_per_cents
        points = "point" if abs(self.points) == 1 else "points"
        return f"{_signed(self.points)} {points} ({_signed(low)} to {_signed(high)}), {self.verdict}"


def change(before: Figure, after: Figure, *, comparable: bool) -> Change | None:
    """Return the change from an earlier figure to a later one; None when only the two values are shown.

    `comparable` is True when the question has the same key in both and both cycles are declared comparable.
    Without it there is no change, and neither when one of the two has no figure, or has no interval because
    its cases were hand-picked or were the whole population.
    """
    if not comparable or before.interval is None or after.interval is None:
        return None
    first, second = before.counts, after.counts
    return Change(
        difference=second.met / second.answered - first.met / first.answered,
        interval=newcombe((first.met, first.answered), (second.met, second.answered)),
    )


def _signed(points: int) -> str:
    return f"{points:+d}" if points else "0"
