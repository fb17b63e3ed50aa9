"""The figure of a key area: the cases with evidence on file, of those where it was answered. Pure.

It is never called compliance: "not met" means looked for and not found.
"""

from dataclasses import dataclass
from fractions import Fraction

from app.audits.returns import whole_per_cent
from app.audits.selection import counts_its_population, is_left_to_chance
from app.intervals import Interval, wilson
from app.wording import counted

HALF = 50
"""Per cent. Areas below it are listed."""


@dataclass(frozen=True)
class Counts:
    """The returned audits that count, by the answer that counts in each. Every audit is in one of the five.

    `not_applicable` are answers that a scale counts as excluded, and audits that the question does not apply
    to; `not_answered` are blanks, never a "no"; `neither` are answers that are neither met nor not met.
    """

    met: int = 0
    not_met: int = 0
    not_applicable: int = 0
    not_answered: int = 0
    neither: int = 0

    @property
    def answered(self) -> int:
        """Return the number of answers, which figures and shares are a share of."""
        return self.met + self.not_met + self.neither

    @property
    def applicable(self) -> int:
        """Return the audits in which the question applied, as far as is known: a blank is applicable."""
        return self.answered + self.not_answered

    @property
    def never_applied(self) -> bool:
        """True when the question was not applicable in any returned audit that counts, and there are some."""
        return self.not_applicable > 0 and not self.applicable

    @property
    def audits(self) -> int:
        """Return all returned audits that count."""
        return self.applicable + self.not_applicable


@dataclass(frozen=True)
class Minimum:
    """The least that a tool asks for before it gives a figure.

    `answered` is the least share of applicable audits that were answered (a fraction), `count` the fewest
    answers.
    """

    answered: float
    count: int


@dataclass(frozen=True)
class Sample:
    """The selection of the cases of a cycle, and the number they were selected from. None: not stated.

    `has_several_returns` is True where a figure pools several returns about one case: they are no sample.
    """

    selection: str | None = None
    population: int | None = None
    has_several_returns: bool = False


def sample_of(
    selection: str | None, population: int | None, *, cases: int, has_several_returns: bool = False
) -> Sample:
    """Return the sample of a cycle that asked for audits of so many cases. A population smaller than that
    cannot be right, so it counts as not stated: it narrows no interval."""
    known = population if population is None or population >= cases else None
    return Sample(selection, known, has_several_returns)


@dataclass(frozen=True)
class Figure:
    """The figure of a key area with its counts.

    `percent` is whole, half up. It is None when there are too few answers, and `why_no_figure` then has the
    reason; and always for a category or a number without a limit, which is neither met nor not met.
    `interval` is None without a figure, and when chance had no part in which cases were audited. `fewest` is
    the tool's fewest answers where there are fewer, although enough of the audits answered.
    """

    counts: Counts
    percent: int | None
    why_no_figure: str | None
    interval: Interval | None
    fewest: int | None = None

    @property
    def why_in_words(self) -> str | None:
        """Return why there is no figure for a reader who does not know the tool: "answered in 8 of 8 audits
        where it applied, fewer than 10 answers"."""
        if self.fewest is None:
            return self.why_no_figure
        return f"{self.why_no_figure}, fewer than {counted(self.fewest, 'answer')}"

    @property
    def share(self) -> Fraction | None:
        """Return the exact share, by which figures are put in order; None without a figure."""
        return None if self.percent is None else Fraction(self.counts.met, self.counts.answered)

    def is_below(self, per_cent: int) -> bool:
        """True when the figure is below that many per cent: strictly, and before rounding.

        50% is not below 50%, 99 of 199 (50%) is. A key area without a figure is below nothing.
        """
        return self.percent is not None and 100 * self.counts.met < per_cent * self.counts.answered

    def __str__(self) -> str:
        """Return "15 of 25 (60%)"; without a figure "4 of 9", since the counts are still given; "answered 9
        times" where answers are neither met nor not met."""
        if self.counts.neither:
            return f"answered {self.counts.neither} {'time' if self.counts.neither == 1 else 'times'}"
        counts = f"{self.counts.met} of {self.counts.answered}"
        return counts if self.percent is None else f"{counts} ({self.percent}%)"


def figure(counts: Counts, minimum: Minimum, sample: Sample, *, is_met_or_not: bool = True) -> Figure:
    """Return the figure of a key area from its counts. `is_met_or_not` is False for a category and for a
    number without a limit."""
    reason = why_no_figure(counts, minimum)
    if reason is not None or not is_met_or_not:
        return Figure(counts, None, reason, None, _fewest(counts, minimum) if reason else None)
    percent = whole_per_cent(counts.met, counts.answered)
    return Figure(counts, percent, None, interval_of(counts.met, counts.answered, sample))


def why_no_figure(counts: Counts, minimum: Minimum) -> str | None:
    """Return the reason, in words, why a key area has no figure; None when it has one.

    It has none with fewer answers than the tool's fewest (and with none at all), or when a smaller share of
    the audits where it applied was answered than the tool asks for.
    """
    if counts.audits == 0:
        return "no returned audit counts yet"
    if counts.applicable == 0:
        return f"not applicable in {_audits(counts.audits)}"
    if are_enough(counts, minimum) and counts.answered >= minimum.count and counts.answered:
        return None
    return f"answered in {counts.answered} of {_audits(counts.applicable)} where it applied"


def are_enough(counts: Counts, minimum: Minimum) -> bool:
    """True when as large a share of the audits was answered as the tool asks for, however few they are."""
    # 20 / 25 and 0.8 are the same float: both are the one nearest to four fifths
    return counts.applicable > 0 and counts.answered / counts.applicable >= minimum.answered


def _fewest(counts: Counts, minimum: Minimum) -> int | None:
    """Return the tool's fewest answers where nothing but they is missing."""
    return minimum.count if are_enough(counts, minimum) and counts.answered < minimum.count else None


def interval_of(part: int, answered: int, sample: Sample) -> Interval | None:
    """Return the 95% interval of a share of the answers; None when it would mislead or nothing is answered.

    There is none when the whole population was audited, which leaves nothing to chance, or the cases were
    hand-picked, which is not chance, or cases have several returns, which are no sample. A method that is not
    stated keeps the interval, with a caution. The size of the population counts only for a random sample: a
    stratified one keeps the wider interval, and so does a sample with more answers than its population, which
    cannot be right.
    """
    if not is_left_to_chance(sample.selection) or sample.has_several_returns or not answered:
        return None
    population = sample.population if counts_its_population(sample.selection) else None
    if population == answered:
        return None
    if population is not None and population < answered:
        population = None
    return wilson(part, answered, population=population)


def _audits(count: int) -> str:
    return f"{count} audit" if count == 1 else f"{count} audits"
