"""Cycles that may be compared, and the words where they may not."""

from dataclasses import replace
from typing import Any

import pytest

from app.findings.comparability import (
    AskedQuestion,
    Circumstances,
    changed_circumstances,
    changed_question,
    is_same_question,
    why_no_change,
    why_not_comparable,
)

BEFORE = Circumstances("2010-1", None, "Child protection", "random", 180)
AFTER = Circumstances("2011-1", "2010-1", "Child protection", "random", 170)
ASKED = AskedQuestion(
    "child_seen", "child-protection", "Was the child seen?", False, {"yes": "met", "no": "not met"}
)


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (AFTER, None),
        (
            replace(AFTER, comparable_with=None),
            "Not comparable: not declared comparable.",
        ),
        (
            replace(AFTER, comparable_with="2009-1", theme="Neglect"),
            "Not comparable: different theme (Child protection, then Neglect) and not declared comparable.",
        ),
    ],
)
def test_cycles_are_comparable_only_where_that_is_declared(after: Circumstances, why: str | None) -> None:
    assert why_not_comparable(BEFORE, after) == why


def test_it_is_enough_that_one_of_the_two_names_the_other() -> None:
    assert (
        why_not_comparable(replace(BEFORE, comparable_with="2011-1"), replace(AFTER, comparable_with=None))
        is None
    )


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (ASKED, True),
        (replace(ASKED, text="Was the child seen alone?"), True),
        (replace(ASKED, key="child_heard"), False),
        (replace(ASKED, tool="neglect"), False),
        (replace(ASKED, tool="neglect", is_core=True), False),
    ],
)
def test_a_question_is_the_same_by_its_key_within_one_tool(other: AskedQuestion, same: bool) -> None:
    assert is_same_question(ASKED, other) is same


def test_a_core_question_is_the_same_in_every_tool_that_has_it_as_core() -> None:
    core = replace(ASKED, is_core=True)
    assert is_same_question(core, replace(core, tool="neglect"))
    assert not is_same_question(core, replace(core, tool="neglect", key="child_heard"))


@pytest.mark.parametrize(
    ("changes", "same"),
    [({}, True), ({"text": "Was the child seen alone?"}, False), ({"counts_as": {"yes": "met"}}, False)],
)
def test_a_quick_check_asks_a_question_again_only_word_for_word(changes: dict[str, Any], same: bool) -> None:
    check = replace(ASKED, tool="check-Q1", is_check=True)
    assert is_same_question(ASKED, replace(check, **changes)) is same


@pytest.mark.parametrize(
    ("after", "changed"),
    [
        (ASKED, []),
        (replace(ASKED, text="Was the child seen alone?"), ["question reworded"]),
        (replace(ASKED, tool="neglect"), ["question from a different audit tool"]),
        (replace(ASKED, counts_as={"yes": "met", "no": "excluded"}), ["responses are counted differently"]),
        # a response under another name, or one more, is no other way of counting
        (replace(ASKED, counts_as={"yes": "met", "not found": "not met"}), []),
    ],
)
def test_what_changed_of_a_question_is_said(after: AskedQuestion, changed: list[str]) -> None:
    assert changed_question(ASKED, after) == changed


@pytest.mark.parametrize(
    ("facts", "changed"),
    [
        ({}, []),
        ({"theme": "child protection"}, []),
        ({"theme": "Neglect"}, ["different theme (Child protection, then Neglect)"]),
        ({"selection": "hand-picked"}, ["cases chosen differently (random, then hand-picked)"]),
        ({"population": 216}, []),  # a fifth more
        ({"population": 217}, ["different number of cases to choose from (180, then 217)"]),
        ({"population": 144}, []),
        ({"population": 143}, ["different number of cases to choose from (180, then 143)"]),
        ({"theme": None, "selection": None, "population": None}, []),  # what is not stated has not changed
    ],
)
def test_what_changed_of_the_cases_is_said(facts: dict[str, str | int | None], changed: list[str]) -> None:
    assert changed_circumstances(BEFORE, replace(AFTER, **facts)) == changed  # type: ignore[arg-type]


def test_responses_counted_in_another_way_make_no_difference() -> None:
    assert why_no_change(ASKED, ASKED) is None
    otherwise = replace(ASKED, counts_as={"yes": "met", "no": "met"})
    assert why_no_change(ASKED, otherwise) == "Not comparable: responses are counted differently"
