"""The questions that apply to a case: any chain of conditions, against the rule said a second time."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answers.applying import Applies, Conditions
from app.answers.form import CANNOT_START, DOES_NOT_APPLY, Form, FormQuestion, FormSection, OnlyIf
from app.answers.merging import Content
from app.tools.conditions import Condition, Conditional
from app.tools.content import Asked, Scale
from app.tools.models import ScaleResponse

SCALE = Scale(
    "judgement", (("good", "met"), ("fair", "not met"), ("poor", "not met"), ("not applicable", "excluded"))
)
RESPONSES = [
    ScaleResponse(id=number, scale=SCALE.name, position=number, response=response, counts_as=counts_as)
    for number, (response, counts_as) in enumerate(SCALE.responses, start=1)
]
IDS = {response.response: response.id for response in RESPONSES}


@dataclass(frozen=True)
class Drawn:
    """Sections of questions with conditions; each condition names an earlier question."""

    sections: list[tuple[Condition | None, bool, list[tuple[str, Condition | None]]]]

    @property
    def keys(self) -> list[str]:
        return [key for _, _, questions in self.sections for key, _ in questions]


@st.composite
def tools(draw: st.DrawFn) -> Drawn:
    sections: list[tuple[Condition | None, bool, list[tuple[str, Condition | None]]]] = []
    keys: list[str] = []

    def condition(earlier: list[str]) -> Condition | None:
        if not earlier or draw(st.booleans()):
            return None
        responses = draw(st.lists(st.sampled_from(["good", "fair", "poor"]), min_size=1, unique=True))
        return Condition(draw(st.sampled_from(earlier)), tuple(responses))

    for _ in range(draw(st.integers(1, 3))):
        of_section, optional = condition(list(keys)), draw(st.booleans())
        questions = []
        for _ in range(draw(st.integers(1, 4))):
            own = condition(keys)
            keys.append(f"q{len(keys)}")
            questions.append((keys[-1], own))
        sections.append((of_section, optional, questions))
    return Drawn(sections)


def said_again(tool: Drawn, answers: dict[str, str], aside: frozenset[int]) -> dict[str, Applies]:
    """Return what applies, by the words of the rule."""
    found: dict[str, Applies] = {}

    def by(condition: Condition | None) -> Applies:
        if condition is None:
            return Applies.YES
        if found[condition.question] is not Applies.YES:
            return found[condition.question]
        answer = answers.get(condition.question)
        if answer is None:
            return Applies.WAITS
        return Applies.YES if answer in condition.responses else Applies.NO

    for number, (of_section, _, questions) in enumerate(tool.sections, start=1):
        for key, own in questions:
            # settled by the section, it needs nothing of the question
            first = Applies.NO if number in aside else by(of_section)
            found[key] = by(own) if first is Applies.YES else first
    return found


def form_of(tool: Drawn) -> Form:
    """A form in which nothing is answered."""
    conditions = Conditions(
        [
            Conditional(key, number, of_section, own)
            for number, (of_section, _, questions) in enumerate(tool.sections, start=1)
            for key, own in questions
        ],
        {key: ["not applicable"] for key in tool.keys},
    )
    ids = {key: number for number, key in enumerate(tool.keys, start=1)}

    def only_if(condition: Condition | None) -> OnlyIf | None:
        if condition is None:
            return None
        chosen = frozenset(IDS[response] for response in condition.responses)
        return OnlyIf(ids[condition.question], condition.question, 1, condition.responses, chosen)

    def question(key: str, own: Condition | None) -> FormQuestion:
        asked = Asked(key, key, key, SCALE.name, applies_if=own)
        return FormQuestion(
            ids[key],
            asked,
            SCALE,
            RESPONSES,
            None,
            Applies.YES,
            Applies.YES,
            only_if(own),
            decides=False,
            is_overall=False,
        )

    sections = [
        FormSection(
            number,
            number,
            f"Section {number}",
            [question(key, own) for key, own in questions],
            is_completed=False,
            is_optional=optional,
            is_set_aside=False,
            only_if=only_if(of_section),
        )
        for number, (of_section, optional, questions) in enumerate(tool.sections, start=1)
    ]
    return Form(sections, {}, "child’s record", (), conditions).after({}, set_aside=frozenset())


def contents(tool: Drawn, answers: dict[int, str]) -> dict[int, Content]:
    """The answers, by the places of questions, as a form takes them."""
    return {place + 1: Content(IDS[r]) for place, r in answers.items() if place < len(tool.keys)}


answered = st.dictionaries(st.integers(0, 11), st.sampled_from(sorted(IDS)))


@given(tools(), st.lists(st.tuples(answered, st.frozensets(st.integers(1, 3))), min_size=1, max_size=4))
def test_what_does_not_apply_is_never_listed_or_required(
    tool: Drawn, saves: list[tuple[dict[int, str], frozenset[int]]]
) -> None:
    form, so_far = form_of(tool), dict[int, str]()
    for answers, wanted in saves:
        so_far |= answers
        given_so_far = {key: so_far[place] for place, key in enumerate(tool.keys) if place in so_far}
        aside = frozenset(number for number, part in enumerate(tool.sections, start=1) if part[1]) & wanted
        form = form.after(contents(tool, answers), set_aside=aside)
        expected = said_again(tool, given_so_far, aside)
        assert {question.key: question.applies for _, question in form.questions} == expected
        applying = {key for key, applies in expected.items() if applies is Applies.YES}
        assert {question.key for _, question in form.blanks} == applying - given_so_far.keys()
        assert {question.key for _, question in form.without_reason} == {
            key for key in applying if given_so_far.get(key) in SCALE.answers
        }
        assert form.total == len(applying)
        assert {q.key for _, q in form.questions if q.is_kept} == given_so_far.keys() - applying
        for section in form.sections:
            its = [expected[question.key] for question in section.questions]
            assert (section.status == DOES_NOT_APPLY) == (set(its) == {Applies.NO})
            assert (section.status == CANNOT_START) == (Applies.YES not in its and Applies.WAITS in its)
            assert {question.key for question in section.applying} <= {q.key for q in section.on_page}


@given(tools(), answered, answered)
def test_what_can_follow_on_its_own_page_is_on_it(
    tool: Drawn, before: dict[int, str], now: dict[int, str]
) -> None:
    """No answers on the page of a section make a question of it apply that the page does not have."""
    form = form_of(tool).after(contents(tool, before), set_aside=frozenset())
    for section in form.sections:
        here = {question.id for question in section.on_page}
        on_page = {key: content for key, content in contents(tool, now).items() if key in here}
        after = form.after(on_page, set_aside=frozenset())
        assert {q.id for q in after.sections[section.number - 1].applying} <= here


@pytest.mark.parametrize(
    ("answer", "applies"),
    [
        (None, Applies.WAITS),
        ("good", Applies.YES),
        ("poor", Applies.NO),
        ("not applicable", Applies.NO),
    ],
)
def test_the_answer_of_the_earlier_question_decides(answer: str | None, applies: Applies) -> None:
    conditions = Conditions(
        [Conditional("one", 1, None, None), Conditional("two", 1, None, Condition("one", ("good",)))],
        {"one": ["not applicable"], "two": ["not applicable"]},
    )
    assert conditions.applying({"one": answer})["two"] is applies
