"""The rules of what a tool asks for, as a table of cases with their sentences."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from app.tools.asking import can_be_overall, can_decide
from app.tools.conditions import Condition
from app.tools.content import (
    CALENDAR,
    CATEGORY,
    DAYS,
    EVIDENCE,
    GRADE,
    NUMBER,
    Asked,
    CallsForResponse,
    Ceiling,
    Content,
    Limit,
    Part,
    Scale,
)
from app.tools.soundness import unsound

YES_NO = Scale("evidence", (("yes", "met"), ("no", "not met"), ("unknown", "excluded")))
GRADES = Scale(
    "grade", (("good", "met"), ("fair", "not met"), ("poor", "not met"), ("n/a", "excluded")), GRADE
)
WHO = Scale("who", (("doctor", "neither"), ("nurse", "neither")), CATEGORY)
PLACES = Scale("places", (("home", "neither"), ("school", "neither")), CATEGORY, several=True)

SEEN = Asked("seen", "Child seen", "Was the child seen?", "evidence")
BY = Asked("by", "Seen by", "Who saw the child?", "who")
WHERE = Asked("where", "Seen where", "Where was the child seen?", "places")
PLAN = Asked("plan", "Plan", "How good is the plan?", "grade")
VISITS = Asked("visits", "Visits", "How many visits?", answer=NUMBER, unit="visits")
DELAY = Asked(
    "delay",
    "Delay",
    "How long did it take?",
    answer=DAYS,
    from_label="Referral",
    to_label="Visit",
    counted_in=CALENDAR,
)
OVERALL = Asked("overall", "Overall", "How good is the work?", "grade")


def asking(*questions: Asked, sections: Iterable[Part] = (), **told: object) -> Content:
    """A version whose first section asks these questions, followed by other sections."""
    scales = (YES_NO, GRADES, PLACES, WHO)
    first = Part("The child", questions)
    return replace(Content("cp", 1, "Audit", 0.8, 10, scales, (first, *sections)), **told)  # type: ignore[arg-type]


def only_if(question: Asked, key: str, *responses: str) -> Asked:
    return replace(question, applies_if=Condition(key, responses))


EVERYTHING = asking(
    SEEN,
    only_if(BY, "seen", "yes"),
    only_if(WHERE, "by", "doctor", "nurse"),
    replace(PLAN, at_most=Ceiling(("poor",), 10), calls_for_response=CallsForResponse(("poor",), 3)),
    replace(VISITS, met_from=3.0),
    replace(DELAY, met_up_to=10.0, expected_level=80),
    sections=[
        Part("Later", (replace(BY, key="by_again"),), "later", True, Condition("seen", ("no",))),
        Part("Overall", (OVERALL,)),
    ],
    overall="overall",
    limits=(Limit(("poor",), (), "fair"), Limit(("poor", "fair"), ("plan",), "fair")),
)


def sentences(content: Content) -> list[str]:
    return [str(reason) for reason in unsound(content)]


def test_all_that_a_tool_can_ask_is_sound() -> None:
    assert sentences(EVERYTHING) == []


def test_a_tool_that_asks_for_numbers_alone_needs_no_scale() -> None:
    assert sentences(asking(VISITS, DELAY, scales=())) == []
    assert sentences(asking(SEEN, VISITS, scales=()))[0] == "The list of scales is empty"


NOT_ALWAYS = (
    "The overall grade “plan” must be asked in every audit, without a condition and in a section that is "
    "never set aside"
)
TWICE = "cannot be given twice: either at least (expected_level) or no more than (at_most)"
NEITHER_MET = "the expected level “80” is not for a question without met and not met"
NO_GRADE = "is not the key of a question that asks for a grade: choose from overall, plan"
UNKNOWN = "is not a response of the scale “grade”: choose from good, fair, poor"
NOT_DAYS = "is only for a question that asks for days"
NOT_EARLIER = "is not the key of an earlier question"
NOT_ONE_SCALE = "is only for a question that is answered by one response of a scale"
FIRST = "Section 1, question 1"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        # for numbers and days alone
        (replace(SEEN, met_up_to=3.0), "the limit is only for a question that asks for a number or days"),
        (replace(SEEN, met_from=3.0), "the limit is only for a question that asks for a number or days"),
        (replace(SEEN, unit="visits"), "the unit is only for a question that asks for a number or days"),
        (
            replace(SEEN, from_label="Referral"),
            "the name of the first date is only for a question that asks for a number or days",
        ),
        (
            replace(SEEN, counted_in=CALENDAR),
            "the way to count the days is only for a question that asks for a number or days",
        ),
        (
            replace(VISITS, to_label="Visit"),
            f"the name of the second date {NOT_DAYS}",
        ),
        (replace(DELAY, from_label=None), "the name of the first date is missing"),
        (replace(DELAY, to_label=None), "the name of the second date is missing"),
        (replace(DELAY, counted_in=None), "the way to count the days is missing"),
        (replace(DELAY, unit="days"), "the unit “days” is not for a question that asks for days"),
        (
            replace(VISITS, scale="evidence"),
            "the scale “evidence” is not for a question that asks for a number or days",
        ),
        (
            replace(VISITS, met_up_to=3.0, met_from=1.0),
            "the limit cannot be given twice: either met_up_to or met_from",
        ),
        # levels
        (replace(BY, expected_level=80), NEITHER_MET),
        (replace(VISITS, expected_level=80), NEITHER_MET),
        (
            replace(PLAN, expected_level=80, at_most=Ceiling(("poor",), 10)),
            f"the expected level {TWICE}",
        ),
        (
            replace(PLAN, at_most=Ceiling(("pour",), 10)),
            "the expected level “pour” is not a response of the scale “grade”: the nearest is poor",
        ),
        (replace(PLAN, at_most=Ceiling((), 10)), "the expected level needs at least one response"),
        (
            replace(PLAN, at_most=Ceiling(("n/a",), 10)),
            f"the expected level “n/a” {UNKNOWN}",
        ),
        (replace(WHERE, at_most=Ceiling(("home",), 10)), f"the expected level {NOT_ONE_SCALE}"),
        (replace(VISITS, at_most=Ceiling(("given",), 10)), f"the expected level {NOT_ONE_SCALE}"),
        (
            replace(VISITS, calls_for_response=CallsForResponse(("given",))),
            f"the call for a response {NOT_ONE_SCALE}",
        ),
        (
            replace(PLAN, calls_for_response=CallsForResponse(("bad",))),
            f"the call for a response “bad” {UNKNOWN}",
        ),
        # its own condition
        (only_if(SEEN, "seen", "yes"), f"the condition “seen” {NOT_EARLIER}"),
        (only_if(SEEN, "later", "yes"), f"the condition “later” {NOT_EARLIER}"),
    ],
)
def test_a_question_says_only_what_fits_its_answer(question: Asked, said: str) -> None:
    assert sentences(asking(question)) == [f"{FIRST}: {said}"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            asking(PLAN, only_if(SEEN, "plam", "poor")),
            f"the condition “plam” {NOT_EARLIER}: the nearest is plan",
        ),
        (asking(SEEN, only_if(PLAN, "seen")), "the condition needs at least one response"),
        (
            asking(SEEN, only_if(PLAN, "seen", "yes", "unknown")),
            "the condition “unknown” is not a response of the scale “evidence”: choose from yes, no",
        ),
        (
            asking(WHERE, only_if(PLAN, "where", "home")),
            "the condition “where” is not the key of a question that is answered by one response of a scale",
        ),
        (
            asking(VISITS, only_if(PLAN, "visits", "given")),
            "the condition “visits” is not the key of a question that is answered by one response of a scale",
        ),
        (
            asking(SEEN, replace(only_if(PLAN, "seen", "yes"), per_case=True)),
            (
                "the condition “seen” is the key of a question that is asked in the audits of the agencies, "
                "and this one is asked in the meeting of a case"
            ),
        ),
        (
            asking(replace(SEEN, per_case=True), only_if(PLAN, "seen", "yes")),
            (
                "the condition “seen” is the key of a question that is asked in the meeting of a case, "
                "and this one is asked in the audits of the agencies"
            ),
        ),
    ],
)
def test_a_condition_names_an_earlier_question_of_one_response(content: Content, said: str) -> None:
    assert sentences(content) == [f"Section 1, question 2: {said}"]


@pytest.mark.parametrize(
    ("section", "said"),
    [
        (Part("Later", ()), " has no questions"),
        (Part("Later", (PLAN,), None, True), " is optional, so it needs a key"),
        (
            Part("Later", (PLAN,), applies_if=Condition("plan", ("poor",))),
            ": the condition “plan” is not the key of a question of an earlier section: choose from seen",
        ),
        (
            Part("Later", (PLAN, replace(BY, per_case=True)), applies_if=Condition("seen", ("yes",))),
            (
                ": the condition “seen” is the key of a question that is asked in "
                "the audits of the agencies, and the section has a question asked in the meeting of a case"
            ),
        ),
    ],
)
def test_a_section_says_when_it_applies(section: Part, said: str) -> None:
    assert sentences(asking(SEEN, sections=[section])) == [f"Section 2{said}"]


def test_two_sections_have_two_keys() -> None:
    later = [Part("One", (PLAN,), "later"), Part("Two", (BY,), "Later")]
    assert sentences(asking(SEEN, sections=later)) == [
        "Section 2: the key “later” is the key of 2 sections",
        "Section 3: the key “Later” is the key of 2 sections",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            asking(SEEN, overall="seem"),
            "The overall grade “seem” is not the key of a question: the nearest is seen",
        ),
        (asking(SEEN, overall="seen"), "The overall grade “seen” is not a question that asks for a grade"),
        (asking(BY, overall="by"), "The overall grade “by” is not a question that asks for a grade"),
        (
            asking(SEEN, only_if(PLAN, "seen", "yes"), overall="plan"),
            NOT_ALWAYS,
        ),
        (
            asking(replace(PLAN, per_case=True), overall="plan"),
            NOT_ALWAYS,
        ),
        (
            asking(SEEN, sections=[Part("Later", (PLAN,), "later", True)], overall="plan"),
            NOT_ALWAYS,
        ),
        (
            asking(SEEN, limits=(Limit(("poor",), (), "fair"),)),
            "A limit of the overall grade needs an overall grade: name its question in [tool] as overall",
        ),
        *(
            (
                asking(SEEN, PLAN, OVERALL, overall="overall", limits=(limit,)),
                f"Limit 1 of the overall grade: {said}",
            )
            for limit, said in (
                (Limit((), (), "fair"), "the grade needs at least one grade"),
                (
                    Limit(("bad",), (), "fair"),
                    "the grade “bad” is not one of the grades: choose from good, fair, poor",
                ),
                (
                    Limit(("poor",), ("seen",), "fair"),
                    f"the question “seen” {NO_GRADE}",
                ),
                (
                    Limit(("poor",), ("overall",), "fair"),
                    "the question “overall” is the overall grade itself",
                ),
                (
                    Limit(("poor",), (), "n/a"),
                    f"the highest grade “n/a” {UNKNOWN}",
                ),
            )
        ),
    ],
)
def test_the_overall_grade_is_a_grade_in_every_audit(content: Content, said: str) -> None:
    assert said in sentences(content)


@pytest.mark.parametrize(
    ("scale", "said"),
    [
        (
            Scale("who", (("doctor", "met"),), CATEGORY),
            "is a category, so no response can count as met or not met",
        ),
        (Scale("who", (("unknown", "excluded"),), CATEGORY), "needs a response that is not left out"),
        (
            Scale("who", (("yes", "met"), ("no", "not met")), EVIDENCE, several=True),
            "can only have several responses to an answer if its kind is category",
        ),
        (
            Scale("who", (("yes", "met"), ("no", "neither")), EVIDENCE),
            "must say of each response if it counts as met, not met or excluded",
        ),
        (
            Scale("who", (("unknown", "excluded"),), EVIDENCE),
            "needs a response that counts as met or not met",
        ),
        (Scale("who", (("good", "met"), ("n/a", "excluded")), GRADE), "needs at least 2 grades"),
        (
            Scale("a number with a limit", (("yes", "met"), ("no", "not met"))),
            "needs another name, because the service uses this one for numbers",
        ),
    ],
)
def test_a_scale_fits_its_kind(scale: Scale, said: str) -> None:
    content = replace(asking(SEEN), scales=(YES_NO, scale))
    assert sentences(content) == [f"Scale “{scale.name}” {said}"]


@pytest.mark.parametrize(
    ("part", "keys"),
    [
        (SEEN, []),
        (WHERE, ["seen", "by"]),
        (PLAN, ["seen", "by"]),  # no answer that can hold several responses
        (DELAY, ["seen", "by", "plan"]),  # no number
        (Part("Later", (OVERALL,)), ["seen", "by", "plan"]),
        (Part("Later", (replace(OVERALL, per_case=True),)), []),
    ],
)
def test_earlier_questions_of_one_response_can_decide(part: Asked | Part, keys: list[str]) -> None:
    later = part if isinstance(part, Part) else Part("Later", (OVERALL,))
    content = asking(SEEN, BY, WHERE, PLAN, VISITS, DELAY, sections=[later])
    assert [question.key for question in can_decide(content, part)] == keys


def test_grades_in_every_audit_can_be_the_overall_grade() -> None:
    assert [question.key for question in can_be_overall(EVERYTHING)] == ["plan", "overall"]
