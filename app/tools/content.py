"""The content of one version of a tool as plain facts, to compare, check and show. Pure."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

MET, NOT_MET, EXCLUDED = "met", "not met", "excluded"
"""How a response counts: "excluded" is not applicable and outside the figure."""

STATUTE, INSPECTION, REVIEWS, LOCAL = (
    "statute",
    "inspection criteria",
    "learning from reviews",
    "local priority",
)
SOURCES = (STATUTE, INSPECTION, REVIEWS, LOCAL)
"""What a standard, and so a question, can come from."""


@dataclass(frozen=True)
class Scale:
    """A scale and its responses in order, the best first, each with how it counts."""

    name: str
    responses: tuple[tuple[str, str], ...]

    def counting_as(self, counts_as: str) -> tuple[str, ...]:
        """The responses that count so, in order."""
        return tuple(response for response, counts in self.responses if counts == counts_as)

    @property
    def is_judgement(self) -> bool:
        """A scale of more than two counted responses is a judgement: its answer needs a reason."""
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
    """The content of a version; two that say the same are the same version.

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
        """ "child-protection 1", as the history has it."""
        return f"{self.reference} {self.version}"

    def questions(self) -> Iterator[Asked]:
        """Return all questions in the order of the form."""
        for section in self.sections:
            yield from section.questions

    def scale(self, name: str) -> Scale | None:
        """The scale of that name, if there is one."""
        return next((scale for scale in self.scales if scale.name == name), None)


def mark(said: Asked | Scale) -> str:
    """A short mark of what a question or a scale says: whatever is changed in it gives another."""
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]
