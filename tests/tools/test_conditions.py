"""Conditions of questions and sections, against rules 9."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tools.conditions import Condition, Conditional, applied

YES = Condition("seen", ("yes",))
ALONE = Condition("alone", ("yes",))


def looked_at(
    answers: Mapping[str, str], *questions: Conditional, aside: frozenset[int] = frozenset()
) -> dict[str, str]:
    """Return "applies", "not applicable" or "waits" for each question of one case."""
    found = applied(
        questions,
        {key: {response: {0}} for key, response in answers.items()},
        {question.key: frozenset({"not applicable"}) for question in questions},
        {section: frozenset({0}) for section in aside},
        frozenset({0}),
    )
    return {
        key: "applies" if each.applies else "not applicable" if each.not_applicable else "waits"
        for key, each in found.items()
    }


SEEN = Conditional("seen", 1, None, None)
SEEN_ALONE = Conditional("alone", 1, None, YES)
SAID = Conditional("said", 2, ALONE, None)


@pytest.mark.parametrize(
    ("answers", "alone", "said"),
    [
        ({"seen": "yes", "alone": "yes"}, "applies", "applies"),
        ({"seen": "yes", "alone": "no"}, "applies", "not applicable"),
        ({"seen": "yes"}, "applies", "waits"),
        ({}, "waits", "waits"),
        ({"seen": "no"}, "not applicable", "not applicable"),
        ({"seen": "not applicable"}, "not applicable", "not applicable"),
        # an answer that does not apply any more is kept, and decides nothing
        ({"seen": "no", "alone": "yes"}, "not applicable", "not applicable"),
        ({"alone": "yes"}, "waits", "waits"),
        ({"seen": "yes", "alone": "not applicable"}, "applies", "not applicable"),
    ],
)
def test_a_chain_follows_the_answers_that_count(answers: dict[str, str], alone: str, said: str) -> None:
    found = looked_at(answers, SEEN, SEEN_ALONE, SAID)
    assert found == {"seen": "applies", "alone": alone, "said": said}


def test_a_section_set_aside_makes_all_that_depends_on_it_not_applicable() -> None:
    found = looked_at({"seen": "yes", "alone": "yes"}, SEEN, SEEN_ALONE, SAID, aside=frozenset({1}))
    assert set(found.values()) == {"not applicable"}


def test_a_question_stands_under_its_section_and_its_own_condition() -> None:
    both = Conditional("why", 2, YES, ALONE)
    assert looked_at({"seen": "yes"}, SEEN, SEEN_ALONE, both)["why"] == "waits"
    assert looked_at({"seen": "yes", "alone": "no"}, SEEN, SEEN_ALONE, both)["why"] == "not applicable"
    assert looked_at({"seen": "no", "alone": "yes"}, SEEN, SEEN_ALONE, both)["why"] == "not applicable"


CHAIN = 6


@given(
    st.lists(
        st.lists(st.sampled_from(["yes", "no", "not applicable", ""]), min_size=CHAIN, max_size=CHAIN),
        min_size=1,
        max_size=8,
    )
)
def test_many_cases_at_once_are_as_each_by_itself(cases: list[list[str]]) -> None:
    chain = [
        Conditional(f"q{n}", n, Condition(f"q{n - 1}", ("yes",)) if n else None, None) for n in range(CHAIN)
    ]
    answers: dict[str, dict[str, set[int]]] = {question.key: {} for question in chain}
    for case, responses in enumerate(cases):
        for question, response in zip(chain, responses, strict=True):
            if response:
                answers[question.key].setdefault(response, set()).add(case)
    excluded = {question.key: frozenset({"not applicable"}) for question in chain}
    found = applied(chain, answers, excluded, {}, frozenset(range(len(cases))))
    for case, responses in enumerate(cases):
        state = "applies"
        for number, question in enumerate(chain):
            if number and state == "applies":
                before = responses[number - 1]
                state = {"yes": "applies", "": "waits"}.get(before, "not applicable")
            assert (case in found[question.key].applies) is (state == "applies")
            assert (case in found[question.key].not_applicable) is (state == "not applicable")
