"""The number of answers with each response, and the level that the council expects of them. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor as floor_of

from app.audits.returns import whole_per_cent
from app.findings.figures import Figure, Sample, interval_of
from app.intervals import Interval
from app.wording import listed

FLOOR, CEILING = "floor", "ceiling"

_OUTCOMES = {FLOOR: {True: "met", False: "below"}, CEILING: {True: "within", False: "above"}}


@dataclass(frozen=True)
class Given:
    """The counted answers with one response of a scale, and how the response counts.

    `percent` is the share of the audits answered, whole, half up: with several responses to an answer the
    shares may add up to more than 100%. It is None where too few answered to give a share. `interval` is None
    there, and where chance had no part.
    """

    response: str
    counts_as: str
    count: int
    percent: int | None
    interval: Interval | None

    def __str__(self) -> str:
        """Return "14 (23%, 14% to 35%)", "14 (23%)" or "14"."""
        return self.told_with(None if self.percent is None else f"{self.percent}%")

    def told_with(self, percent: str | None) -> str:
        """Return the same with its share in these words."""
        if percent is None:
            return str(self.count)
        return f"{self.count} ({percent}{f', {self.interval}' if self.interval else ''})"


def given(
    counts: Mapping[str, int], counting: Mapping[str, str], figure: Figure, sample: Sample
) -> tuple[Given, ...]:
    """Return how many answers gave each response, in the order of the scale.

    `counts` has the counted answers by response, `counting` how each response of the scale counts, without
    those that are not applicable. `figure` is that of the question.
    """
    answered = figure.counts.answered
    shows = figure.why_no_figure is None and answered > 0
    return tuple(
        Given(
            response,
            counts_as,
            counts.get(response, 0),
            whole_per_cent(counts.get(response, 0), answered) if shows else None,
            interval_of(counts.get(response, 0), answered, sample) if shows else None,
        )
        for response, counts_as in counting.items()
    )


def together(rows: Iterable[Given], wanted: Collection[str], figure: Figure, sample: Sample) -> Given | None:
    """Return the answers with any of these responses as one, with their share; None without such a response.

    The question is one with one response to an answer: others would count twice.
    """
    chosen = [row for row in rows if row.response in wanted]
    if len(chosen) < 2:
        return next(iter(chosen), None)
    count, answered = sum(row.count for row in chosen), figure.counts.answered
    shows = figure.why_no_figure is None and answered > 0
    return Given(
        listed((row.response for row in chosen), "or"),
        chosen[0].counts_as,
        count,
        whole_per_cent(count, answered) if shows else None,
        interval_of(count, answered, sample) if shows else None,
    )


@dataclass(frozen=True)
class Level:
    """The level that the council expects: a floor ("at least 80%") or a ceiling ("no more than 10%").

    `percent` is whole. `kept` is compared before rounding, at the level is kept; None without a figure.
    """

    kind: str
    percent: int
    kept: bool | None

    @property
    def outcome(self) -> str | None:
        """Return "met" or "below" for a floor, "within" or "above" for a ceiling; None without a figure."""
        return None if self.kept is None else _OUTCOMES[self.kind][self.kept]

    def share_in_words(self, count: int, answered: int) -> str:
        """Return "23%", the share that is held to the level: in whole per cent, but with as many decimals as
        it takes to be told from a level that is not kept: "10.3%" beside a ceiling of 10%."""
        share, decimals = Fraction(100 * count, answered), 0
        while self.kept is False and _rounded(share, decimals) == self.percent:
            decimals += 1
        return f"{float(_rounded(share, decimals)):.{decimals}f}%"


def _rounded(number: Fraction, decimals: int) -> Fraction:
    """Return a number that is not negative with so many decimals, half up."""
    return Fraction(floor_of(number * 10**decimals + Fraction(1, 2)), 10**decimals)


def floor(percent: int, figure: Figure) -> Level:
    """Return a floor under the share that is met."""
    return Level(FLOOR, percent, None if figure.percent is None else not figure.is_below(percent))


def ceiling(percent: int, count: int, figure: Figure) -> Level:
    """Return a ceiling over the share of some responses, which `count` answers gave."""
    answered = figure.counts.answered
    if figure.why_no_figure is not None or not answered:
        return Level(CEILING, percent, None)
    return Level(CEILING, percent, Fraction(100 * count, answered) <= percent)
