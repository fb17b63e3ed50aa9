"""The same cases audited again: what each was before and is now, and whether chance alone does that. Pure.

A case that is in both cycles is no case of two samples. It is compared with itself: only cases that differ
say anything, and chance would make as many of them better as worse.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from app.audits.selection import Selection
from app.wording import counted

LIKELY_BELOW = 0.05
"""The probability below which a change is likely real."""


def mcnemar(better: int, worse: int) -> float | None:
    """Return the probability that chance alone makes the cases differ as unevenly as that, or more so; None
    when no case differs.

    It is the exact two-sided probability of McNemar's test (McNemar 1947, Psychometrika 12:153-157, by the
    binomial distribution): twice that of at most the smaller of the two among all that differ, each as likely
    to be better as worse; never above 1.
    """
    differing = better + worse
    if not differing:
        return None
    as_few = sum(comb(differing, number) for number in range(min(better, worse) + 1))
    return float(min(Fraction(1), Fraction(2 * as_few, 2**differing)))


@dataclass(frozen=True)
class Moved:
    """The cases that have come out better, the same or worse. Of a question that is met or not met, better
    is met now and not before."""

    better: int = 0
    same: int = 0
    worse: int = 0

    def __str__(self) -> str:
        """Return "12 better, 4 the same, 2 worse"."""
        return f"{self.better:,} better, {self.same:,} the same, {self.worse:,} worse"


def moved(places: Iterable[tuple[int, int]]) -> Moved:
    """Return how cases have moved, from their places before and now in an order that has the best first."""
    ways = Counter((now < before) - (now > before) for before, now in places)
    return Moved(ways[1], ways[0], ways[-1])


@dataclass(frozen=True)
class AskedAgain:
    """A question that is met or not met in cases asked again, with the probability of McNemar's test.

    `p` is None with no case that differs, and where the cases were not all or a random share.
    """

    question: str
    name: str
    cases: Moved
    p: float | None

    @property
    def verdict(self) -> str | None:
        """Return "likely real (probability 0.0129)", or that it is not shown; None without a probability."""
        if self.p is None:
            return None
        verdict = "likely real" if self.p < LIKELY_BELOW else "not shown to be real"
        return f"{verdict} (probability {self.p:.4f})"

    @property
    def shows(self) -> str:
        """Return the verdict for a table where others have one: "no case differs" where it has none."""
        return self.verdict or "no case differs"

    def __str__(self) -> str:
        """Return "12 better, 4 the same, 2 worse: likely real (probability 0.0129)"."""
        return f"{self.cases}: {self.verdict}" if self.verdict else str(self.cases)


@dataclass(frozen=True)
class Again:
    """The cases of an earlier cycle that were audited again, among the audits that count in both.

    `cases` of them are in both, of `of` that counted in the earlier cycle. `grades` has the overall grade
    before and now with the number of cases, in the order of the scale, and `by_grade` how those moved; both
    are empty where the tool has no overall grade. `chosen` says how they were chosen, where that means that
    nothing can be said of chance.
    """

    earlier: str
    cases: int
    of: int
    grades: Mapping[str, Mapping[str, int]]
    by_grade: Moved
    questions: tuple[AskedAgain, ...] = ()
    chosen: str | None = None

    @property
    def sentences(self) -> list[str]:
        """Return what is to be kept in mind before the table is read."""
        again = (
            f"{self.cases:,} of the {counted(self.of, 'case')} of cycle {self.earlier} were audited again."
        )
        others = "This says nothing about other cases."
        return [f"{again} {others}", *([self.chosen] if self.chosen else [])]


def grades(scale: Sequence[str], pairs: Sequence[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Return the number of cases by grade before and now, of the grades that any case had before."""
    counts = Counter(pairs)
    before = {grade for grade, _ in pairs}
    return {then: {now: counts[then, now] for now in scale} for then in scale if then in before}


def why_not_chance(selection: str | None, earlier: Sequence[tuple[str | None, bool]]) -> str | None:
    """Return in a sentence why chance cannot explain how cases differ; None where all or a random share were
    asked again.

    `earlier` has each case of the earlier cycle that counted: its overall grade (None: none), and whether it
    was asked again.
    """
    if selection in (Selection.RANDOM, Selection.WHOLE_POPULATION) or all(asked for _, asked in earlier):
        return None
    if selection is None or selection == Selection.STRATIFIED:
        return UNKNOWN
    grades_asked = {grade for grade, asked in earlier if asked}
    others = {grade for grade, asked in earlier if not asked}
    return HAND_PICKED if None in grades_asked or grades_asked & others else BY_GRADE


BY_GRADE = "The cases were chosen because of their grade: some would come out better by chance."
HAND_PICKED = "The cases were hand-picked, so it cannot be said whether a change is real."
UNKNOWN = (
    "It is not known that the cases were all audited again, or a random share of them, so it cannot be said "
    "whether a change is real."
)
