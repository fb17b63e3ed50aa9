"""The questions of one form that apply to its case, by the answers so far. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from app.tools.conditions import Conditional, applied

_CASE = frozenset({0})
"""The one case of a form, for a rule that is about many."""


class Applies(Enum):
    """An answer to whether a question applies: it waits while an earlier one that decides it is blank."""

    YES = auto()
    NO = auto()
    WAITS = auto()


@dataclass(frozen=True)
class Conditions:
    """The conditions of all questions of a form, in its order.

    `excluded` has by question (key) the responses that mean "not applicable", `set_aside` the sections that
    were set aside for the case, by the number that the questions have.
    """

    questions: Sequence[Conditional]
    excluded: Mapping[str, Collection[str]]
    set_aside: frozenset[int] = frozenset()

    def applying(self, answers: Mapping[str, str | None]) -> dict[str, Applies]:
        """Return for each question (key) whether it applies, by the responses so far."""
        found = applied(
            self.questions,
            {key: {response: _CASE} for key, response in answers.items() if response is not None},
            {key: frozenset(responses) for key, responses in self.excluded.items()},
            dict.fromkeys(self.set_aside, _CASE),
            _CASE,
        )
        return {
            key: Applies.YES if case.applies else Applies.NO if case.not_applicable else Applies.WAITS
            for key, case in found.items()
        }
