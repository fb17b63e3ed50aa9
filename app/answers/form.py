"""The form of one audit as its pages show it: the questions of its tool with what is answered so far."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.answers.answered import Answered, after_today, amount, selectable
from app.answers.applying import Applies, Conditions
from app.answers.merging import BLANK, Content
from app.tools.content import CATEGORY, EXCLUDED, RESPONSE, Asked, Limit, Scale, thing_of
from app.tools.limits import above
from app.tools.models import ScaleResponse
from app.wording import listed

NOT_STARTED, IN_PROGRESS, COMPLETED = "Not started", "In progress", "Completed"
REASON_MISSING = "Reason missing"
DOES_NOT_APPLY, CANNOT_START = "Does not apply", "Cannot start yet"


@dataclass(frozen=True)
class Saved:
    """A stored answer, with the person who saved it and the moment; None for both where a file brought it."""

    content: Content
    by: str | None
    at: datetime | None
    version: int


@dataclass(frozen=True)
class OnlyIf:
    """The condition of a question or section: an earlier question has one of these responses.

    `section` is the number of its section in the form.
    """

    question_id: int
    text: str
    section: int
    responses: Sequence[str]
    response_ids: frozenset[int]


@dataclass(frozen=True)
class FormQuestion:
    """A question with its answer so far.

    `unless_aside` says whether it would apply if its section was not set aside.
    """

    id: int
    asked: Asked
    scale: Scale
    responses: Sequence[ScaleResponse]
    saved: Saved | None
    applies: Applies
    unless_aside: Applies
    only_if: OnlyIf | None
    decides: bool
    """True where other questions apply only because of its answer."""
    is_overall: bool

    @property
    def key(self) -> str:
        """Return its key in the tool."""
        return self.asked.key

    @property
    def text(self) -> str:
        """Return its wording."""
        return self.asked.text

    @property
    def is_grade(self) -> bool:
        """True for a judgement, which needs its reason."""
        return self.scale.is_grade

    @property
    def is_category(self) -> bool:
        """True where it asks for a category, which nobody moderates."""
        return self.asked.answer == RESPONSE and self.scale.kind == CATEGORY

    @property
    def does_apply(self) -> bool:
        """True where it is asked of this case."""
        return self.applies is Applies.YES

    @property
    def content(self) -> Content:
        """Return the answer so far."""
        return self.saved.content if self.saved else BLANK

    @property
    def is_kept(self) -> bool:
        """True for an answer that does not count, since the question does not apply or waits for another."""
        return not self.does_apply and not self.content.is_blank

    @property
    def response(self) -> ScaleResponse | None:
        """Return the response so far; of several the first."""
        return self.response_of(self.content)

    @property
    def selectable(self) -> Sequence[ScaleResponse]:
        """Return the responses that a person can select; a number or dates give the others."""
        names = selectable(self.asked, self.scale)
        return [response for response in self.responses if response.response in names]

    @property
    def ids(self) -> dict[str, int]:
        """Return the ids of its responses."""
        return {response.response: response.id for response in self.responses}

    def response_of(self, given: Answered) -> ScaleResponse | None:
        """Return the response that an answer gives; None where it is not one of the question's."""
        return next((response for response in self.responses if response.id == given.response_id), None)

    def after_today(self, on: date) -> str | None:
        """Return the warning about dates of its answer that are after a day; None where there is none."""
        return after_today(self.content, self.asked, on)

    def in_words(self, given: Answered) -> str | None:
        """Return an answer in words: "yes", "home, school", "13 working days"; None where there is none."""
        if given.number is not None:
            return amount(given.number, self.asked)
        said = [response.response for response in self.responses if response.id in given.responses]
        return ", ".join(said) or None

    @property
    def lacks_reason(self) -> bool:
        """True for a judgement that was made and not reasoned; "not applicable" judges nothing."""
        response = self.response
        return (
            self.does_apply
            and self.is_grade
            and response is not None
            and response.counts_as != EXCLUDED
            and self.content.comment is None
        )


@dataclass(frozen=True)
class FormSection:
    """A section: its number is its place in the form, from 1."""

    id: int
    number: int
    title: str
    questions: Sequence[FormQuestion]
    is_completed: bool
    is_optional: bool
    is_set_aside: bool
    only_if: OnlyIf | None

    @property
    def applying(self) -> Sequence[FormQuestion]:
        """Return its questions that apply."""
        return [question for question in self.questions if question.does_apply]

    @property
    def kept(self) -> Sequence[FormQuestion]:
        """Return its questions with an answer that does not count."""
        return [question for question in self.questions if question.is_kept]

    @property
    def on_page(self) -> Sequence[FormQuestion]:
        """Return the questions that apply, or that an answer on the section's own page can make apply."""
        found: dict[int, FormQuestion] = {}
        for question in self.questions:
            decided_here = question.only_if is not None and question.only_if.question_id in found
            if decided_here or question.unless_aside is Applies.YES:
                found[question.id] = question
        return list(found.values())

    @property
    def does_not_apply(self) -> bool:
        """True where no question of it applies to the case, whatever is answered."""
        return all(question.applies is Applies.NO for question in self.questions)

    @property
    def answered(self) -> int:
        """Return how many of its questions that apply have a response."""
        return sum(question.response is not None for question in self.applying)

    @property
    def without_reason(self) -> Sequence[FormQuestion]:
        """Return its judgements that lack their reason."""
        return [question for question in self.questions if question.lacks_reason]

    @property
    def status(self) -> str:
        """Return its status: completed when the pair said so and each judgement has its reason; in progress
        once anything was answered in it."""
        if self.does_not_apply:
            return DOES_NOT_APPLY
        if not self.applying:
            return CANNOT_START
        if self.is_completed:
            return REASON_MISSING if self.without_reason else COMPLETED
        return (
            IN_PROGRESS if any(not question.content.is_blank for question in self.applying) else NOT_STARTED
        )


@dataclass(frozen=True)
class AboveLimit:
    """An overall grade above a limit of the tool: its question with the section, and the limiting grades."""

    section: FormSection
    question: FormQuestion
    limit: Limit
    grades: Sequence[FormQuestion]

    @property
    def in_words(self) -> str:
        """Return why it is above: "“Plan” is “inadequate”, so the limit is “good”"."""
        why = listed(f"“{q.text}” is “{q.response.response}”" for q in self.grades if q.response)
        return f"{why}, so the limit is “{self.limit.at_most}”"

    @property
    def lacks_reason(self) -> bool:
        """True while nobody has given the reason for it."""
        return self.question.content.above_limit_because is None


@dataclass(frozen=True)
class Form:
    """The questions and answers of one audit, and what the answers may choose from."""

    sections: Sequence[FormSection]
    places: Mapping[int, str]
    unit: str
    limits: Sequence[Limit]
    conditions: Conditions

    @property
    def questions(self) -> Iterator[tuple[FormSection, FormQuestion]]:
        """Return all questions in order, each with its section."""
        return ((section, question) for section in self.sections for question in section.questions)

    @property
    def applying(self) -> Sequence[tuple[FormSection, FormQuestion]]:
        """Return the questions that apply to the case."""
        return [(section, question) for section, question in self.questions if question.does_apply]

    @property
    def blanks(self) -> Sequence[tuple[FormSection, FormQuestion]]:
        """Return the questions that apply and are not answered."""
        return [(section, question) for section, question in self.applying if question.response is None]

    def after_today(self, on: date) -> Sequence[tuple[FormSection, FormQuestion]]:
        """Return the questions that apply and are answered with a date after a day."""
        return [(section, question) for section, question in self.applying if question.after_today(on)]

    @property
    def without_reason(self) -> Sequence[tuple[FormSection, FormQuestion]]:
        """Return the judgements that lack their reason."""
        return [(section, question) for section, question in self.questions if question.lacks_reason]

    @property
    def reasons_missing(self) -> int:
        """Return how many reasons the audit needs before it can be returned."""
        above_limit = self.above_limit
        return len(self.without_reason) + bool(above_limit and above_limit.lacks_reason)

    @property
    def not_applying(self) -> Sequence[FormSection]:
        """Return the sections that do not apply to the case."""
        return [section for section in self.sections if section.does_not_apply]

    @property
    def total(self) -> int:
        """Return how many questions apply."""
        return len(self.applying)

    @property
    def thing(self) -> str:
        """Return what is audited, in a word: the case, or what the tool is about."""
        return thing_of(self.unit)

    @property
    def above_limit(self) -> AboveLimit | None:
        """Return the strictest limit that the overall grade is above; None where it is above none."""
        overall = next((both for both in self.questions if both[1].is_overall), None)
        if overall is None or not self.limits:
            return None
        section, question = overall
        grades = {q.key: q for _, q in self.applying if q.is_grade}
        answers = {key: {q.response.response: {0}} for key, q in grades.items() if q.response}
        order = question.scale.answers
        broken = [each for each in self.limits if above(each, question.key, order, grades, answers)]
        if not broken:
            return None
        strictest = max(broken, key=lambda limit: order.index(limit.at_most))
        limiting = [
            q
            for key, q in grades.items()
            if key in (strictest.of or grades) and q.response and q.response.response in strictest.if_any
        ]
        return AboveLimit(section, question, strictest, limiting)

    @property
    def seen(self) -> int:
        """Return a number that changes with every change of an answer, or of what is set aside."""
        answers = sum(question.saved.version for _, question in self.questions if question.saved)
        return answers + sum(1000 << section.number for section in self.sections if section.is_set_aside)

    @property
    def last_saved(self) -> Saved | None:
        """Return the latest answer that a person saved."""
        answers = [question.saved for _, question in self.questions if question.saved and question.saved.at]
        return max(answers, key=lambda answer: answer.at or datetime.min, default=None)  # noqa: DTZ901

    def applies_with(self, answers: Mapping[int, Answered]) -> dict[int, Applies]:
        """Return for each question (id) whether it applies if these answers (by question id) were given."""
        found = self.conditions.applying(self._given(answers))
        return {question.id: found[question.key] for _, question in self.questions}

    def _given(self, answers: Mapping[int, Answered]) -> dict[str, str]:
        given = {q.key: q.response_of(answers.get(q.id, q.content)) for _, q in self.questions}
        return {key: response.response for key, response in given.items() if response}

    def after(
        self, answers: Mapping[int, Content], *, set_aside: frozenset[int], completed: Collection[int] = ()
    ) -> "Form":
        """Return the form with these answers (by question id), and these sections (ids) set aside, and these
        completed."""
        given = self._given(answers)
        conditions = replace(self.conditions, set_aside=set_aside)
        applies = conditions.applying(given)
        unless_aside = replace(conditions, set_aside=frozenset()).applying(given) if set_aside else applies

        def after(question: FormQuestion) -> FormQuestion:
            before = question.saved or Saved(BLANK, None, None, 0)
            return replace(
                question,
                saved=replace(before, content=answers[question.id])
                if question.id in answers
                else question.saved,
                applies=applies[question.key],
                unless_aside=unless_aside[question.key],
            )

        sections = [
            replace(
                section,
                questions=[after(question) for question in section.questions],
                is_completed=section.id in completed,
                is_set_aside=section.id in set_aside,
            )
            for section in self.sections
        ]
        return replace(self, sections=sections, conditions=conditions)
