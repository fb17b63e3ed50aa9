"""The middle of the numbers that a question got: median and quartiles. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from app.findings.figures import Counts, Minimum, are_enough
from app.wording import with_unit

FEWEST = 5
"""The fewest numbers that give a median and quartiles."""


@dataclass(frozen=True)
class Numbers:
    """The numbers that were answered: how many, and their median and quartiles in `unit`.

    The three are None with fewer than 5 numbers, or a smaller share answered than the tool asks for. "Not
    found" is in none of them.
    """

    answered: int
    median: float | None
    lower_quartile: float | None
    upper_quartile: float | None
    unit: str

    def __str__(self) -> str:
        """Return "6 answers, median 10.5 days, middle half from 5.75 to 19 days"."""
        text = f"{self.answered} {'answer' if self.answered == 1 else 'answers'}"
        if self.median is None:
            return text
        low, high = number_in_words(self.lower_quartile), number_in_words(self.upper_quartile)
        middle = f"median {with_unit(number_in_words(self.median), self.unit)}"
        return f"{text}, {middle}, middle half from {low} to {high} {self.unit}"


def numbers(values: Sequence[float], counts: Counts, minimum: Minimum, unit: str) -> Numbers:
    """Return the middle of these numbers: quartiles are linear between the values, ends included."""
    if len(values) < FEWEST or not are_enough(counts, minimum):
        return Numbers(len(values), None, None, None, unit)
    low, middle, high = quantiles(values, n=4, method="inclusive")
    return Numbers(len(values), middle, low, high, unit)


def number_in_words(number: float | None) -> str:
    """Return a number without needless decimals: "19", "5.75"."""
    return "" if number is None else f"{number:,.2f}".rstrip("0").rstrip(".")
