"""The content of a version of a tool as plain values, to compare, check and show. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.files.cells import NO, YES
from app.names import folded

MET, NOT_MET, EXCLUDED = "met", "not met", "excluded"
"""The ways a response counts: "excluded" is not applicable and outside the figure."""

_NOT_APPLICABLE = ("not applicable", "n/a", "na")

STATUTE, INSPECTION, REVIEWS, LOCAL = (
    "statute",
    "inspection criteria",
    "learning from reviews",
    "local priority",
)
SOURCES = (STATUTE, INSPECTION, REVIEWS, LOCAL)
"""The sources that a standard, and so a question, can come from."""


@dataclass(frozen=True)
class Scale:
    """A scale and its responses in order, the best first, each with how it counts."""

    name: str
    responses: tuple[tuple[str, str], ...]

    def counting_as(self, counts_as: str) -> tuple[str, ...]:
        """Return the responses that count in this way, in order."""
        return tuple(response for response, counts in self.responses if counts == counts_as)

    @property
    def also_written(self) -> dict[str, str]:
        """Return other words for its responses, folded, by which a file may mean them.

        "N/A" is the response that does not count, where the scale has exactly one; Y and 1 are yes, N and 0
        no, where those two are the responses that count.
        """
        words: dict[str, str] = {}
        if len(excluded := self.counting_as(EXCLUDED)) == 1:
            words |= {folded(word): excluded[0] for word in _NOT_APPLICABLE}
        counted = {folded(response): response for response, counts in self.responses if counts != EXCLUDED}
        if counted.keys() == {"yes", "no"}:
            words |= dict.fromkeys(YES, counted["yes"]) | dict.fromkeys(NO, counted["no"])
        return words

    @property
    def is_judgement(self) -> bool:
        """Return True for a scale of more than two counted responses, whose answers need a reason."""
        return sum(counts != EXCLUDED for _, counts in self.responses) > 2


@dataclass(frozen=True)
class Asked:
    """A question. `expected_level` is a whole per cent, None where nothing is expected."""

    key: str
    key_area: str
    text: str
    scale: str
    guidance: str | None = None
    standard: str | None = None
    expected_level: int | None = None
    is_core: bool = False


@dataclass(frozen=True)
class Part:
    """A section with its questions in order."""

    title: str
    questions: tuple[Asked, ...]


@dataclass(frozen=True)
class Content:
    """The content of a version; two that are equal are the same version.

    `minimum_answered` is a fraction, 0 to 1. Scales are in the order of their names.
    """

    reference: str
    version: int
    title: str
    minimum_answered: float
    minimum_count: int
    scales: tuple[Scale, ...]
    sections: tuple[Part, ...]

    @property
    def name(self) -> str:
        """Return the name that the history uses: "child-protection 1"."""
        return f"{self.reference} {self.version}"

    def questions(self) -> Iterator[Asked]:
        """Return all questions in the order of the form."""
        for section in self.sections:
            yield from section.questions

    def scale(self, name: str) -> Scale | None:
        """Return the scale of that name, if there is one."""
        return next((scale for scale in self.scales if scale.name == name), None)
