"""The conditions of questions and sections: which apply to a case, from its earlier answers. Pure.

A condition names an earlier question with one response to an answer, and some of its responses. Sections and
questions are looked at in the order of the form, so a chain of conditions is followed in one pass.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Generic, TypeVar

Case = TypeVar("Case", bound=Hashable)


@dataclass(frozen=True)
class Condition:
    """A condition: the question with that key has one of these responses."""

    question: str
    responses: tuple[str, ...]


@dataclass(frozen=True)
class Conditional:
    """A question with the conditions that it stands under: that of its section, and its own.

    `section` is a number of its section, by which `set_aside` knows it.
    """

    key: str
    section: int
    of_section: Condition | None
    own: Condition | None


@dataclass(frozen=True)
class Applied(Generic[Case]):
    """The cases that a question applies to, and those that it does not apply to.

    A case in neither waits: an earlier question that decides it is blank. The question is then not shown, is
    not listed as a blank, and counts as not answered.
    """

    applies: AbstractSet[Case]
    not_applicable: AbstractSet[Case]


def applied(
    questions: Iterable[Conditional],
    answers: Mapping[str, Mapping[str, AbstractSet[Case]]],
    excluded: Mapping[str, AbstractSet[str]],
    set_aside: Mapping[int, AbstractSet[Case]],
    cases: AbstractSet[Case],
) -> dict[str, Applied[Case]]:
    """Return the cases that each question applies to, questions in the order of the form.

    `answers` has by question and response the cases with that answer, the one that counts; `excluded` by
    question the responses that mean "not applicable"; `set_aside` by section the cases it was set aside for.
    An earlier question that is not applicable, by its answer or by its own condition, makes this one not
    applicable; a blank one leaves it open. An answer to a question that does not apply decides nothing.
    """
    found: dict[str, Applied[Case]] = {}
    for question in questions:
        applies: AbstractSet[Case] = cases
        not_applicable: AbstractSet[Case] = frozenset()
        if aside := set_aside.get(question.section):
            applies, not_applicable = applies - aside, aside & cases
        for condition in (question.of_section, question.own):
            if condition is None:
                continue
            earlier = found[condition.question]
            given = answers.get(condition.question, {})
            not_counted = excluded[condition.question]
            met = _union(given, [r for r in condition.responses if r not in not_counted])
            other = _union(given, [r for r in given if r not in condition.responses or r in not_counted])
            if earlier.applies is not cases:
                other = (other & earlier.applies) | earlier.not_applicable
                met = met & earlier.applies
            decided = other & applies
            not_applicable = decided | not_applicable if not_applicable else decided
            applies = met & applies
        found[question.key] = Applied(applies, not_applicable)
    return found


def _union(given: Mapping[str, AbstractSet[Case]], responses: Sequence[str]) -> AbstractSet[Case]:
    sets = [given.get(response, frozenset()) for response in responses]
    return sets[0] if len(sets) == 1 else set().union(*sets)
