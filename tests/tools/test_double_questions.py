"""Two questions in one are found, and the names of one thing are not taken for two."""

import tomllib

import pytest

from app.tools.double_questions import two_in_one
from config.settings import PROJECT

TWO = (
    # two judgements
    "Were visits regular and good?",
    "Was supervision regular and of good quality?",
    "Is the plan clear, specific and measurable?",
    "Is the plan specific and up to date?",
    "Were visits made regularly and purposefully?",
    "Was the decision recorded and shared?",
    "Are the minutes signed and dated?",
    "Was the child seen and spoken to?",
    "Was the child seen alone and heard?",
    "Was the assessment timely and thorough?",
    # two people
    "Is there evidence that parents and child were involved in the initial assessment?",
    "Were the mother and the father seen?",
    "Are the views of the child and their family on file?",
    "Did the social worker and the team manager agree?",
    "Were the child, parents and carers seen?",
    "Was the child's and the mother’s view asked for?",
    "Were the police & school told?",
    "Was the mother/father told?",
    # two records, two measures
    "Is there a chronology and a genogram?",
    "Are there an assessment and plan on file?",
    "Were the reports and the minutes sent?",
    "What were the quality and frequency of visits?",
    "What was the timeliness and the impact of the referral?",
    # two questions
    "Were core groups held regularly, and what was their quality?",
    "Was the child seen? Was the home seen?",
    "Was there a plan and was it shared with the family?",
    "Is a personal adviser allocated and has met the young person?",
    "Is there evidence that the child was seen and that the home was seen?",
    "Was a strategy meeting held and, if so, was it in time?",
    "Did the worker visit and record what the child said?",
    "Did managers identify and address drift?",
    "Was the plan reviewed or is a review planned?",
    # turns of phrase
    "Were parents and/or carers told?",
    "Was the school told as well as the GP?",
    "Were both risk and protective factors considered?",
    "Was the child not only seen but also heard?",
)

ONE = (
    "Are the child's wishes and feelings recorded?",
    "Are the child’s views, wishes and feelings in the plan?",
    "Is it recorded when and where the child was seen?",
    "Is it clear who, when and where the child was seen?",
    "Is it clear how and why the decision was made?",
    "Is there evidence of gatekeeping and decision making on file?",
    "Is decision making on file?",
    "Is the decision recorded, with who made it and when?",
    "Is there evidence that parents and carers were told?",
    "Is there a child and family assessment?",
    "Did children and young people shape the service?",
    "Was a mother and baby placement considered?",
    "Are family and friends considered as carers?",
    "Is contact with brothers and sisters planned?",
    "Was the child found safe and well?",
    "Is there evidence of a plan for education, training or work?",
    "Was the gap between the conference and the first core group within ten days?",
    "Was the child seen and, where appropriate, alone?",
    "What is the quality of the care plan?",
    "Is there evidence that the child was seen at the point of the core assessment?",
    "Was the plan judged good or outstanding?",
    "Were drug and alcohol services asked for help?",
    "Is the date and time of the visit recorded?",
    "Was the family told early?",
    "Is race and religion considered?",
    "Did the parent or carer sign?",
    "Was the parent/carer told?",
)


@pytest.mark.parametrize("question", TWO)
def test_two_questions_in_one_are_found(question: str) -> None:
    assert two_in_one(question)


@pytest.mark.parametrize("question", ONE)
def test_one_question_is_not_taken_for_two(question: str) -> None:
    assert two_in_one(question) is None


def test_what_was_found_is_told_in_the_questions_own_words() -> None:
    found = two_in_one("Were core groups held regularly, and what was their quality?")
    assert found == "regularly, and what was"
    assert two_in_one("Is there evidence that parents and child were involved?") == "parents and child"


def test_exactly_the_two_double_questions_of_the_first_cycles_tool_are_found() -> None:
    tool = tomllib.loads((PROJECT / "app" / "example" / "first-cycle" / "tool.toml").read_text("utf-8"))
    questions = [question for section in tool["section"] for question in section["question"]]
    found = [question["key"] for question in questions if two_in_one(question["text"])]
    assert found == ["core_groups_quality", "involvement_initial_assessment"]
