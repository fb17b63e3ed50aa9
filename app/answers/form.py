"""The form of one audit as its pages show it: the questions of its tool with what is answered so far."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from app.answers.answered import Answered, amount, selectable
from app.answers.applying import Applies, Conditions
from app.answers.merging import BLANK, Content, Factor, tidied
from app.answers.models import (
    Answer,
    CompletedSection,
    ContextFactor,
    ContextNote,
    EvidencePlace,
    FormNote,
    FurtherResponse,
    LookedIn,
    SectionSetAside,
)
from app.audits.models import Audit
from app.database import db
from app.people.models import Person
from app.tools.conditions import Condition, Conditional
from app.tools.content import CATEGORY, EXCLUDED, RESPONSE, UNIT, Asked, Limit, Scale, thing_of
from app.tools.limits import above
from app.tools.models import ScaleResponse, Tool
from app.tools.queries import StoredPart, StoredQuestion, scales_of, stored_parts
from app.tools.rows import limits_of
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

    def after(self, answers: Mapping[int, Content], *, set_aside: frozenset[int]) -> "Form":
        """Return the form with these answers (by question id), and these sections (ids) set aside."""
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
                is_set_aside=section.id in set_aside,
            )
            for section in self.sections
        ]
        return replace(self, sections=sections, conditions=conditions)


def form_of(audit: Audit) -> Form:
    """Return the form of an audit, in a few queries however many questions there are."""
    tool = audit.cycle.tool
    scales, parts = scales_of(tool.id), stored_parts(tool.id)
    completed = select(CompletedSection.section_id).where(CompletedSection.audit_id == audit.id)
    return _form(
        tool,
        parts,
        scales,
        saved_answers(audit.id, several=any(scale.several for scale, _ in scales.values())),
        aside=_set_aside(audit.id) if any(section.optional for section, _ in parts) else frozenset(),
        completed=frozenset(db.session.scalars(completed)),
        is_together=audit.is_together,
    )


def form_to_try(
    tool: Tool, tried: Mapping[int, Content], aside: frozenset[int], *, is_together: bool
) -> Form:
    """Return the form of a version that nobody fills in, with answers (by question id) to try it with.

    `aside` are the sections (ids) that were set aside.
    """
    saved = {question_id: Saved(content, None, None, 0) for question_id, content in tried.items()}
    return _form(
        tool,
        stored_parts(tool.id),
        scales_of(tool.id),
        saved,
        aside=aside,
        completed=frozenset(),
        is_together=is_together,
    )


def _form(
    tool: Tool,
    parts: Sequence[tuple[StoredPart, Sequence[StoredQuestion]]],
    scales: Mapping[str, tuple[Scale, Sequence[ScaleResponse]]],
    saved: Mapping[int, Saved],
    *,
    aside: frozenset[int],
    completed: frozenset[int],
    is_together: bool,
) -> Form:
    names = {response.id: response.response for _, some in scales.values() for response in some}
    every = [question for _, questions in parts for question in questions]
    conditions = Conditions(
        [
            Conditional(question.asked.key, section.id, section.applies_if, question.asked.applies_if)
            for section, questions in parts
            for question in questions
        ],
        {question.asked.key: scales[question.scale][0].counting_as(EXCLUDED) for question in every},
        aside,
    )
    deciding = {c.question for each in conditions.questions for c in (each.of_section, each.own) if c}
    answers = {
        question.asked.key: names.get(saved[question.id].content.response_id or 0)
        for question in every
        if question.id in saved
    }
    applies = conditions.applying(answers)
    unless_aside = replace(conditions, set_aside=frozenset()).applying(answers) if aside else applies
    asked_here = [
        (section, here)
        for section, questions in parts
        # as of the rule in audits/agencies.py
        if (here := [question for question in questions if question.asked.per_case == is_together])
    ]
    places_of = {q.asked.key: (q, number) for number, (_, qs) in enumerate(asked_here, start=1) for q in qs}

    def only_if(condition: Condition | None) -> OnlyIf | None:
        if condition is None or condition.question not in places_of:
            return None
        question, number = places_of[condition.question]
        ids = [each.id for each in scales[question.scale][1] if each.response in condition.responses]
        return OnlyIf(question.id, question.asked.text, number, condition.responses, frozenset(ids))

    sections = [
        FormSection(
            id=section.id,
            number=number,
            title=section.title,
            questions=[
                FormQuestion(
                    id=question.id,
                    asked=question.asked,
                    scale=scales[question.scale][0],
                    responses=scales[question.scale][1],
                    saved=saved.get(question.id),
                    applies=applies[question.asked.key],
                    unless_aside=unless_aside[question.asked.key],
                    only_if=only_if(question.asked.applies_if),
                    decides=question.asked.key in deciding,
                    is_overall=question.asked.key == tool.overall,
                )
                for question in questions
            ],
            is_completed=section.id in completed,
            is_optional=section.optional,
            is_set_aside=section.id in aside,
            only_if=only_if(section.applies_if),
        )
        for number, (section, questions) in enumerate(asked_here, start=1)
    ]
    return Form(sections, places(), tool.unit or UNIT, limits_of(tool.limits), conditions)


def _set_aside(audit_id: int) -> frozenset[int]:
    """Return the sections (ids) that were set aside for the case of an audit."""
    query = select(SectionSetAside.section_id).where(SectionSetAside.audit_id == audit_id)
    return frozenset(db.session.scalars(query))


def saved_answers(audit_id: int, *, several: bool) -> dict[int, Saved]:
    """Return the stored answers, by question id. `several`: some may hold further responses."""
    looked: dict[int, set[int]] = defaultdict(set)
    looking = select(LookedIn.answer_id, LookedIn.place_id).join(Answer).where(Answer.audit_id == audit_id)
    for answer_id, place_id in db.session.execute(looking):
        looked[answer_id].add(place_id)
    further: dict[int, set[int]] = defaultdict(set)
    if several:
        others = select(FurtherResponse.answer_id, FurtherResponse.response_id).join(Answer)
        for answer_id, response_id in db.session.execute(others.where(Answer.audit_id == audit_id)):
            further[answer_id].add(response_id)
    query = (
        select(
            Answer.id,
            Answer.question_id,
            Answer.response_id,
            Answer.found_in_id,
            Answer.number,
            Answer.from_on,
            Answer.to_on,
            Answer.comment,
            Answer.above_limit_because,
            Answer.version,
            Answer.saved_at,
            Person.name,
        )
        .outerjoin(Person, Person.id == Answer.saved_by_id)
        .where(Answer.audit_id == audit_id)
    )
    return {
        row.question_id: Saved(
            Content(
                row.response_id,
                row.found_in_id,
                frozenset(looked[row.id]),
                tidied(row.comment),
                tidied(row.above_limit_because),
                further=frozenset(further[row.id]),
                number=row.number,
                from_on=row.from_on,
                to_on=row.to_on,
            ),
            row.name,
            row.saved_at,
            row.version,
        )
        for row in db.session.execute(query)
    }


def places() -> dict[int, str]:
    """Return the council's places of evidence, by id, in its order."""
    query = select(EvidencePlace.id, EvidencePlace.label).order_by(EvidencePlace.position)
    return dict(db.session.execute(query).all())


def factors() -> dict[int, str]:
    """Return the council's context factors, by id, in its order."""
    query = select(ContextFactor.id, ContextFactor.label).order_by(ContextFactor.position)
    return dict(db.session.execute(query).all())


def context_of(audit_id: int) -> dict[int, Factor]:
    """Return the factors that were there in an audit's case, by the factor's id."""
    query = select(ContextNote.factor_id, ContextNote.note).where(ContextNote.audit_id == audit_id)
    return {factor_id: Factor(True, note) for factor_id, note in db.session.execute(query)}


def note_of(audit_id: int) -> FormNote:
    """Return the pair's note beside the answers; a blank one, not stored, while there is none."""
    note = db.session.get(FormNote, audit_id, populate_existing=True)
    return note or FormNote(audit_id=audit_id)
