"""The small tool of a quick check: some questions, and what decides if they apply."""

from dataclasses import replace

import pytest

from app.tools.content import Content, Part
from app.tools.parts_of_tools import part_of, with_conditions
from app.tools.soundness import unsound
from tests.tools.test_asking import BY, EVERYTHING, PLAN, SEEN, WHERE, asking, only_if


@pytest.mark.parametrize(
    ("keys", "with_them"),
    [
        (["plan"], {"plan"}),
        (["by"], {"by", "seen"}),
        (["where"], {"where", "by", "seen"}),  # a chain
        (["by_again"], {"by_again", "seen"}),  # its section has a condition
        (["visits", "delay"], {"visits", "delay"}),
    ],
)
def test_a_part_has_the_questions_that_decide_if_its_own_apply(keys: list[str], with_them: set[str]) -> None:
    assert with_conditions(EVERYTHING, keys) == with_them
    part = part_of(EVERYTHING, keys)
    assert {question.key for question in part.questions()} == with_them
    assert (part.overall, part.limits) == (None, ())
    assert unsound(part) == []


def test_a_part_has_the_scales_that_it_uses() -> None:
    assert [scale.name for scale in part_of(EVERYTHING, ["by"]).scales] == ["evidence", "who"]


@pytest.mark.parametrize("keys", [["seen"], ["by"]])
def test_what_the_meeting_was_asked_is_asked_of_each_file(keys: list[str]) -> None:
    whole: Content = asking(
        replace(SEEN, per_case=True),
        replace(only_if(BY, "seen", "yes"), per_case=True),
        sections=[Part("Agencies", (PLAN, WHERE))],
    )
    assert unsound(whole) == []
    part = part_of(whole, keys)
    assert {question.per_case for question in part.questions()} == {False}
    assert unsound(part) == []
